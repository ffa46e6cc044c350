#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/value.h"
#include "ser/ser.h"

struct fix {
	struct arena	*a;
	struct buf	*b;
	struct value	 dict;
};

static int
setup(void **state)
{
	struct fix	*f = malloc(sizeof *f);

	f->a = arena_new();
	f->b = buf_new(f->a);
	f->dict = value_dict(f->a);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fix	*f = *state;

	arena_free(f->a);
	free(f);
	return 0;
}

static const char *
written(struct fix *f, unsigned int flags)
{
	struct ser	*s;

	buf_clear(f->b);
	s = ser_new(f->a, SER_XML, flags, f->b);
	ser_put(s, NULL, NULL, &f->dict);
	ser_finish(s);
	assert_int_equal(f->b->n, strlen(f->b->p));
	return f->b->p;
}

/* What {key: v} becomes. */
static void
check(struct fix *f, const char *key, struct value v, const char *want)
{
	f->dict = value_dict(f->a);
	value_set(f->a, &f->dict, key, v);
	assert_string_equal(written(f, 0), want);
}

static void
test_manual(void **state)
{
	struct fix	*f = *state;
	struct value	 ids = value_list(f->a, 0), rec = value_dict(f->a);
	struct value	 country = value_list(f->a, 0);

	check(f, "count", value_int(19), "<count type=\"int\">19</count>");
	check(f, "return", value_bool(true),
	    "<return type=\"bool\">true</return>");
	value_push(f->a, &ids, value_int(7));
	value_push(f->a, &ids, value_int(18));
	check(f, "res.partner", ids, "<res.partner type=\"list\">"
	    "<item type=\"int\">7</item><item type=\"int\">18</item>"
	    "</res.partner>");
	value_push(f->a, &country, value_int(482));
	value_push(f->a, &country, value_text("Taiwan"));
	value_set(f->a, &rec, "state_id", value_bool(false));
	value_set(f->a, &rec, "country_id", country);
	check(f, "res.partner", rec, "<res.partner type=\"dict\">"
	    "<state_id type=\"bool\">false</state_id>"
	    "<country_id type=\"list\"><item type=\"int\">482</item>"
	    "<item type=\"str\">Taiwan</item></country_id></res.partner>");
}

static void
test_scalars(void **state)
{
	struct fix	*f = *state;
	struct value	 bytes = value_text("\x01\xff");

	bytes.type = VALUE_BYTES;
	check(f, "k", value_text(""), "<k type=\"str\"></k>");
	check(f, "k", value_null(), "<k type=\"null\"></k>");
	check(f, "k", value_float(2), "<k type=\"float\">2.0</k>");
	check(f, "k", value_float(1e-5), "<k type=\"float\">1e-05</k>");
	check(f, "k", value_decimal(1250, 2), "<k type=\"float\">12.5</k>");
	check(f, "k", value_date(0), "<k type=\"str\">1970-01-01</k>");
	check(f, "k", value_datetime(0),
	    "<k type=\"str\">1970-01-01 00:00:00</k>");
	check(f, "k", bytes, "<k type=\"str\">Af8=</k>");
	check(f, "k", value_list(f->a, 0), "<k type=\"list\"></k>");
	check(f, "k", value_dict(f->a), "<k type=\"dict\"></k>");
}

static void
test_lists(void **state)
{
	struct fix	*f = *state;
	struct value	 in = value_list(f->a, 0), out = value_list(f->a, 0);

	value_push(f->a, &in, value_bool(true));
	value_push(f->a, &in, value_null());
	value_push(f->a, &out, in);
	value_push(f->a, &out, value_dict(f->a));
	check(f, "k", out, "<k type=\"list\"><item type=\"list\">"
	    "<item type=\"bool\">true</item><item type=\"null\"></item></item>"
	    "<item type=\"dict\"></item></k>");
}

static void
test_text(void **state)
{
	struct fix	*f = *state;

	check(f, "k", value_text("&\"'<>"),
	    "<k type=\"str\">&amp;&quot;&apos;&lt;&gt;</k>");
	check(f, "k", value_text("a&amp;]]>"),
	    "<k type=\"str\">a&amp;amp;]]&gt;</k>");
	check(f, "k", value_text("a\tb\nc\rd"),
	    "<k type=\"str\">a\tb\nc&#13;d</k>");
	check(f, "k", value_text("\x01\x0b\x1f\x7f"), "<k type=\"str\">"
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x7f</k>");
	check(f, "k", value_text("\xef\xbf\xbe\xef\xbf\xbfz"),
	    "<k type=\"str\">\xef\xbf\xbd\xef\xbf\xbdz</k>");
	check(f, "k", value_text("\xef\xbf\xbd\xef\xbc\xa1\xc3\xa9"),
	    "<k type=\"str\">\xef\xbf\xbd\xef\xbc\xa1\xc3\xa9</k>");
}

static void
test_names(void **state)
{
	static const char *const	 rows[][2] = {
		{ "res.partner", "<res.partner type=\"int\">1</res.partner>" },
		{ "__last_update",
		    "<__last_update type=\"int\">1</__last_update>" },
		{ "x-1", "<x-1 type=\"int\">1</x-1>" },
		{ "42", "<n42 type=\"int\">1</n42>" },
		{ "007", "<n007 type=\"int\">1</n007>" },
		{ "1.5", "<n1.5 type=\"int\">1</n1.5>" },
		{ "1e2", "<n100.0 type=\"int\">1</n100.0>" },
		{ "-3", "<n-3.0 type=\"int\">1</n-3.0>" },
		{ "1e+20", "<key name=\"1e+20\" type=\"int\">1</key>" },
		{ "bad key", "<bad_key type=\"int\">1</bad_key>" },
		{ "1num", "<key name=\"1num\" type=\"int\">1</key>" },
		{ "@x", "<key name=\"@x\" type=\"int\">1</key>" },
		{ "", "<key name=\"\" type=\"int\">1</key>" },
		{ "a:b", "<key name=\"a:b\" type=\"int\">1</key>" },
		{ ".a", "<key name=\".a\" type=\"int\">1</key>" },
		{ "-", "<key name=\"-\" type=\"int\">1</key>" },
		{ "a<b", "<key name=\"a&lt;b\" type=\"int\">1</key>" },
		{ "a\t\n\r\"'\x02",
		    "<key name=\"a&#9;&#10;&#13;&quot;&apos;\xef\xbf\xbd\" "
		    "type=\"int\">1</key>" },
		{ "gr\xc3\xb6\xc3\x9f" "e",
		    "<gr\xc3\xb6\xc3\x9f" "e type=\"int\">1"
		    "</gr\xc3\xb6\xc3\x9f" "e>" },
		{ "\xe5\x90\x8d",
		    "<\xe5\x90\x8d type=\"int\">1</\xe5\x90\x8d>" },
		{ "a\xf0\x9f\x98\x80", "<key name=\"a\xf0\x9f\x98\x80\" "
		    "type=\"int\">1</key>" },
		{ "\xc3\x97", "<key name=\"\xc3\x97\" type=\"int\">1</key>" },
	};
	struct fix			*f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check(f, rows[i][0], value_int(1), rows[i][1]);
}

static void
test_odd_name_of_scope(void **state)
{
	struct fix	*f = *state;
	struct value	 in = value_dict(f->a);

	value_set(f->a, &in, "1 x", value_int(1));
	check(f, "@", in, "<key name=\"@\" type=\"dict\">"
	    "<key name=\"1 x\" type=\"int\">1</key></key>");
}

static void
test_document(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(written(f, 0), "");
	value_set(f->a, &f->dict, "a", value_int(1));
	assert_string_equal(written(f, 0), "<a type=\"int\">1</a>");
	value_set(f->a, &f->dict, "b", value_text("x"));
	assert_string_equal(written(f, 0),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><root>"
	    "<a type=\"int\">1</a><b type=\"str\">x</b></root>");
	assert_string_equal(written(f, SER_XML_BARE),
	    "<a type=\"int\">1</a><b type=\"str\">x</b>");
}

static void
test_list_document(void **state)
{
	struct fix	*f = *state;

	f->dict = value_list(f->a, 0);
	assert_string_equal(written(f, 0), "");
	value_push(f->a, &f->dict, value_int(1));
	assert_string_equal(written(f, 0), "<item type=\"int\">1</item>");
	value_push(f->a, &f->dict, value_int(2));
	assert_string_equal(written(f, 0),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><root>"
	    "<item type=\"int\">1</item><item type=\"int\">2</item></root>");
	f->dict = value_bool(false);
	assert_string_equal(written(f, 0), "<item type=\"bool\">false</item>");
}

static void
test_appends(void **state)
{
	struct fix	*f = *state;
	struct ser	*s;

	buf_str(f->b, "before ");
	s = ser_new(f->a, SER_XML, 0, f->b);
	ser_object_open(s, NULL);
	ser_int(s, "a", 1);
	ser_int(s, "b", 2);
	ser_object_close(s);
	ser_finish(s);
	assert_string_equal(f->b->p,
	    "before <?xml version=\"1.0\" encoding=\"UTF-8\" ?><root>"
	    "<a type=\"int\">1</a><b type=\"int\">2</b></root>");
}

static void
test_types(void **state)
{
	struct fix	*f = *state;
	struct value	 text = value_text("x"), null = value_null();
	struct value	 list = value_list(f->a, 0);
	struct ser	*s = ser_new(f->a, SER_XML,
			    SER_NULL_FALSE | SER_XML_BARE, f->b);

	value_push(f->a, &list, value_int(1));
	ser_object_open(s, NULL);
	ser_put(s, "a", "char", &text);
	ser_put(s, "b", "char", &null);
	ser_put(s, "c", "many2many", &list);
	ser_text(s, "d", NULL);
	ser_object_close(s);
	ser_finish(s);
	assert_string_equal(f->b->p, "<a type=\"char\">x</a>"
	    "<b type=\"bool\">false</b><c type=\"many2many\">"
	    "<item type=\"int\">1</item></c><d type=\"bool\">false</d>");
}

static void
test_keys_need_not_last(void **state)
{
	struct fix	*f = *state;
	struct ser	*s = ser_new(f->a, SER_XML, 0, f->b);
	char		 key[] = "first";

	ser_object_open(s, NULL);
	ser_object_open(s, key);
	strcpy(key, "other");
	ser_object_close(s);
	ser_object_close(s);
	ser_finish(s);
	assert_string_equal(f->b->p, "<first type=\"dict\"></first>");
}

static void
test_deep(void **state)
{
	struct fix	*f = *state;
	struct ser	*s = ser_new(f->a, SER_XML, 0, f->b);

	for (int i = 0; i < 200; i++)
		ser_array_open(s, NULL);
	for (int i = 0; i < 200; i++)
		ser_array_close(s);
	ser_finish(s);
	assert_int_equal(f->b->n, 199 * strlen("<item type=\"list\"></item>"));
}

static void
test_content_type(void **state)
{
	(void)state;
	assert_string_equal(ser_content_type(SER_XML),
	    "application/xml; charset=utf-8");
	assert_string_equal(ser_content_type(SER_JSON),
	    "application/json; charset=utf-8");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_manual), TEST(test_scalars), TEST(test_lists),
		TEST(test_text), TEST(test_names),
		TEST(test_odd_name_of_scope), TEST(test_document),
		TEST(test_list_document), TEST(test_appends),
		TEST(test_types), TEST(test_keys_need_not_last),
		TEST(test_deep), TEST(test_content_type),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ser_xml", tests, NULL, NULL);
}
