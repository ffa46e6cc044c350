/* Semantics 3.2, 4.2 and 7, with design 8.4 and 8.7. */

#include "orm_case.h"

#include <string.h>

#include "base/literal.h"
#include "base/map.h"
#include "orm/number.h"

#define CASE	struct orm_case *c = *state

static const struct field *
field(struct orm_case *c, const char *name)
{
	return map_get(c->partner.by_name, span_of(name));
}

static struct value
converted(struct orm_case *c, const char *name, const char *text)
{
	const struct field	*f = field(c, name);
	struct value		 in = literal(c, text), out;

	done(c, f->type->convert(&c->env, f, CONVERT_ODOO, &in, &out));
	return out;
}

static void
refuse(struct orm_case *c, const char *name, const char *text,
    enum err_code code, const char *why)
{
	const struct field	*f = field(c, name);
	struct value		 in = literal(c, text), out;
	bool			 ok;

	ok = f->type->convert(&c->env, f, CONVERT_ODOO, &in, &out);
	if (!ok)
		assert_string_equal(c->err.field, name);
	refused(c, ok, code, why);
}

static void
takes(struct orm_case *c, const char *name, const char *text,
    struct value want)
{
	struct value	 got = converted(c, name, text);

	if (!value_equal(&got, &want))
		fail_msg("%s: %s gives a wrong %s", name, text,
		    value_type_name(got.type));
}

static void
table(void **state)
{
	(void)state;
	assert_ptr_equal(field_type_named("many2one"), &field_many2one);
	assert_ptr_equal(field_type_named("html"), &field_html);
	assert_ptr_equal(field_type_named("one2many"), &field_one2many);
	assert_null(field_type_named("many2many_reference"));
	assert_null(field_type_named(""));
}

static void
nothing_clears_any(void **state)
{
	CASE;

	for (size_t i = 1; i < c->partner.nfields; i++) {
		const char	*name = c->partner.fields[i].name;

		if (field_is_x2many(&c->partner.fields[i]))
			continue;	/* takes commands */
		takes(c, name, "None", value_null());
		takes(c, name, "False", strcmp(name, "active") == 0 ||
		    strcmp(name, "is_company") == 0 ? value_bool(false) :
		    value_null());
	}
}

static void
texts(void **state)
{
	CASE;
	struct field	*name = &c->partner.fields[1];

	takes(c, "name", "'x'", value_text("x"));
	takes(c, "name", "''", value_text(""));
	takes(c, "name", "' x '", value_text(" x "));
	takes(c, "name", "5", value_text("5"));
	takes(c, "name", "5.0", value_text("5.0"));
	takes(c, "name", "True", value_text("True"));
	refuse(c, "name", "[1]", ERR_VALUE, "name of partner wants a text, "
	    "got list");
	name->size = 3;
	takes(c, "name", "'Köl'", value_text("Köl"));
	refuse(c, "name", "'Köln'", ERR_VALIDATION, "longer than 3");
}

static void
booleans(void **state)
{
	CASE;

	takes(c, "active", "True", value_bool(true));
	takes(c, "active", "1", value_bool(true));
	takes(c, "active", "0", value_bool(false));
	takes(c, "active", "'x'", value_bool(true));
	takes(c, "active", "''", value_bool(false));
	refuse(c, "active", "'false'", ERR_VALUE, "wants true or false");
	refuse(c, "active", "'False'", ERR_VALUE, "got the text \"False\"");
	refuse(c, "active", "'0'", ERR_VALUE, "wants true or false");
	refuse(c, "active", "[]", ERR_VALUE, "got list");
}

static void
integers(void **state)
{
	CASE;

	takes(c, "age", "5", value_int(5));
	takes(c, "age", "'-05'", value_int(-5));
	takes(c, "age", "5.0", value_int(5));
	takes(c, "age", "True", value_int(1));
	takes(c, "age", "'9223372036854775807'", value_int(INT64_MAX));
	takes(c, "age", "'-9223372036854775808'", value_int(INT64_MIN));
	refuse(c, "age", "3.9", ERR_VALUE, "wants an integer");
	refuse(c, "age", "1e300", ERR_VALUE, "wants an integer");
	refuse(c, "age", "'9223372036854775808'", ERR_VALUE, "64 bits");
	refuse(c, "age", "'3.0'", ERR_VALUE, "wants an integer");
	refuse(c, "age", "''", ERR_VALUE, "wants an integer");
	refuse(c, "age", "' 5'", ERR_VALUE, "wants an integer");
	refuse(c, "age", "'+'", ERR_VALUE, "wants an integer");
	refuse(c, "age", "'abc'", ERR_VALUE, "the text \"abc\"");
	refuse(c, "age", "{}", ERR_VALUE, "wants a number");
}

static void
floats(void **state)
{
	CASE;

	takes(c, "weight", "5", value_float(5));
	takes(c, "weight", "'0.1'", value_float(0.1));
	takes(c, "weight", "'-1.5e3'", value_float(-1500));
	takes(c, "weight", "9007199254740992", value_float(0x1p53));
	refuse(c, "weight", "9007199254740993", ERR_VALUE, "53 bits");
	refuse(c, "weight", "9223372036854775807", ERR_VALUE, "53 bits");
	refuse(c, "weight", "'1,5'", ERR_VALUE, "wants a number");
	refuse(c, "weight", "'nan'", ERR_VALUE, "wants a number");
	refuse(c, "weight", "'inf'", ERR_VALUE, "wants a number");
	refuse(c, "weight", "'1e999'", ERR_VALUE, "wants a number");
	refuse(c, "weight", "'0x1'", ERR_VALUE, "wants a number");
	refuse(c, "weight", "'1e'", ERR_VALUE, "wants a number");
}

/* Exact, rounded once, half away from zero. */
static void
decimals(void **state)
{
	CASE;

	takes(c, "credit", "2.5", value_decimal(250, 2));
	takes(c, "credit", "0.1", value_decimal(10, 2));
	takes(c, "credit", "2.675", value_decimal(268, 2));
	takes(c, "credit", "-2.675", value_decimal(-268, 2));
	takes(c, "credit", "1.005", value_decimal(101, 2));
	takes(c, "credit", "'1.004999999999999999999'", value_decimal(100, 2));
	takes(c, "credit", "'0.005'", value_decimal(1, 2));
	takes(c, "credit", "'-0.0049'", value_decimal(0, 2));
	takes(c, "credit", "1e-300", value_decimal(0, 2));
	takes(c, "credit", "'1.5e3'", value_decimal(150000, 2));
	takes(c, "credit", "7", value_decimal(700, 2));
	takes(c, "credit", "'99999999999999.99'",
	    value_decimal(INT64_C(9999999999999999), 2));
	refuse(c, "credit", "100000000000000", ERR_VALUE,
	    "at most 16 digits, 2 of them");
	refuse(c, "credit", "'99999999999999.995'", ERR_VALUE, "at most 16");
	refuse(c, "credit", "1e30", ERR_VALUE, "wants fewer digits");
	refuse(c, "credit", "'x'", ERR_VALUE, "wants a number");
}

static void
dates(void **state)
{
	CASE;

	takes(c, "born", "'1970-01-02'", value_date(1));
	takes(c, "born", "'1970-01-02 10:00:00'", value_date(1));
	refuse(c, "born", "''", ERR_VALUE, "wants a date");
	refuse(c, "born", "'1970-01-023'", ERR_VALUE, "wants a date");
	refuse(c, "born", "'02/01/1970'", ERR_VALUE, "wants a date");
	refuse(c, "born", "'1970-02-30'", ERR_VALUE, "wants a date");
	refuse(c, "born", "0", ERR_VALUE, "wants a date");
	takes(c, "seen", "'1970-01-02 00:00:01'", value_datetime(86401));
	takes(c, "seen", "'1970-01-02'", value_datetime(86400));
	refuse(c, "seen", "'1970-01-02T00:00:01'", ERR_VALUE, "and time");
	refuse(c, "seen", "'1970-01-02 00:00:01.5'", ERR_VALUE, "and time");
	refuse(c, "seen", "'1970-01-02 00:00:01Z'", ERR_VALUE, "and time");
	refuse(c, "seen", "'1970-01-02 24:00:00'", ERR_VALUE, "and time");
}

static void
others(void **state)
{
	CASE;
	struct value	 v;

	takes(c, "kind", "'a'", value_text("a"));
	refuse(c, "kind", "'A'", ERR_VALUE, "Wrong value for partner.kind: A");
	refuse(c, "kind", "''", ERR_VALUE, "Wrong value for partner.kind: ");
	v = converted(c, "photo", "'aGk='");
	assert_int_equal(v.type, VALUE_BYTES);
	assert_true(span_is(v.u.text, "hi"));
	refuse(c, "photo", "'aGk'", ERR_VALUE, "wants base64");
	refuse(c, "photo", "5", ERR_VALUE, "wants base64");
	takes(c, "country_id", "5", value_int(5));
	refuse(c, "country_id", "'Belgium'", ERR_VALUE, "wants an id");
	refuse(c, "country_id", "'5'", ERR_VALUE, "wants an id");
	refuse(c, "country_id", "[5, 'Belgium']", ERR_VALUE, "got list");
	refuse(c, "country_id", "0", ERR_VALUE, "wants an id, got 0");
	refuse(c, "country_id", "-1", ERR_VALUE, "wants an id");
	refuse(c, "country_id", "5.0", ERR_VALUE, "wants an id");
	refuse(c, "country_id", "True", ERR_VALUE, "wants an id");
}

static void
html(void **state)
{
	CASE;
	static const char *const	 good[] = {
		"plain", "a < b, 1<2 and x > 3", "<p>once = 5</p>", "",
		"<a href=\"https://x.org/?a=1&amp;b=2\" title='>'>x</a>",
		"<img src=\"data:image/png;base64,aGk=\"/>", "<br/>", "x <",
		"<p class=x style='color: red'>on click = 1</p>", "<p\nid=a>",
	};
	static const char *const	 bad[] = {
		"<script>x</script>", "<SCRIPT src=x>", "</script>",
		"<p onclick=x>", "<p ONCLICK = 'x'>", "<p/onclick=x>",
		"<p title='>' onclick=x>", "<p title=\"a\"onclick=x>",
		"<a href=javascript:x>", "<a href=' java\tscript:x'>",
		"<a href='&#106;avascript:x'>",
		"<a href='&#x6A;avascript&colon;x'>",
		"<a href='&#0000106avascript:x'>",
		"<a href='j&Tab;avascript:x'>",
		"<a href='vbscript:x'>", "<a href='data:text/html,x'>",
		"<iframe src=x>", "<p srcdoc=x>", "<svg>", "<style>x</style>",
		"<!-- <a title=\" --><img onerror=x> \"", "<!doctype html>",
		"<?php ?>", "</ p>", "<p", "<p title='x>", "<p a=",
		"<p =onx=1 onx>",
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct value	 v = value_text(good[i]), out;

		done(c, field_html.convert(&c->env, field(c, "note"),
		    CONVERT_ODOO, &v, &out));
		assert_true(value_equal(&v, &out));
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct value	 v = value_text(bad[i]), out;

		if (field_html.convert(&c->env, field(c, "note"),
		    CONVERT_ODOO, &v, &out))
			fail_msg("%s", bad[i]);
		refused(c, false, ERR_VALIDATION, "no scripts");
	}
}

static struct value
shown(struct orm_case *c, const char *name, struct value first,
    struct value second)
{
	const struct field	*f = field(c, name);
	struct value		 cells[2] = { first, second }, out;

	f->type->present(&c->env, f, cells, &out);
	return out;
}

static void
shows(struct orm_case *c, const char *name, struct value cell,
    struct value want)
{
	struct value	 got = shown(c, name, cell, value_null());

	if (!value_equal(&got, &want))
		fail_msg("%s is shown as a %s", name,
		    value_type_name(got.type));
}

static void
presents(void **state)
{
	CASE;
	struct value	 v;

	shows(c, "name", value_null(), value_null());
	shows(c, "name", value_text(""), value_text(""));
	shows(c, "age", value_null(), value_int(0));
	shows(c, "weight", value_null(), value_float(0));
	shows(c, "credit", value_null(), value_float(0));
	shows(c, "credit", value_decimal(250, 2), value_decimal(250, 2));
	shows(c, "active", value_null(), value_bool(false));
	shows(c, "born", value_date(1), value_date(1));
	v = value_span((struct span){ "h\0i", 3 });
	v.type = VALUE_BYTES;
	shows(c, "photo", v, value_text("aABp"));
	shows(c, "photo", value_null(), value_null());
	shows(c, "country_id", value_null(), value_null());
	v = shown(c, "country_id", value_int(5), value_text("Belgium"));
	assert_int_equal(v.type, VALUE_LIST);
	assert_int_equal(v.u.list->n, 2);
	assert_int_equal(v.u.list->v[0].u.i, 5);
	assert_true(value_is_text(&v.u.list->v[1], "Belgium"));
}

static void
describes(void **state)
{
	CASE;
	struct value		 d = value_dict(c->a);
	const struct value	*v;

	field_many2one.describe(&c->env, field(c, "country_id"), &d);
	assert_true(value_is_text(value_get(&d, "relation"), "country"));
	assert_int_equal(value_get(&d, "context")->type, VALUE_DICT);
	field_monetary.describe(&c->env, field(c, "credit"), &d);
	v = value_get(&d, "digits");
	assert_int_equal(v->u.list->v[0].u.i, 16);
	assert_int_equal(v->u.list->v[1].u.i, 2);
	d = value_dict(c->a);
	field_char.describe(&c->env, field(c, "name"), &d);
	assert_null(value_get(&d, "size"));
	assert_false(value_get(&d, "translate")->u.b);
	field_float.describe(&c->env, field(c, "weight"), &d);
	assert_null(value_get(&d, "digits"));
	field_selection.describe(&c->env, field(c, "kind"), &d);
	assert_int_equal(value_get(&d, "selection")->u.list->n, 2);
}

/* What is written is what is read, whatever the column. */
static void
comes_back(void **state)
{
	CASE;
	struct value	 v;

	add(c, &c->partner, "{'name': 'é', 'age': -5, 'weight': 0.1,"
	    " 'credit': '-12.345', 'active': False, 'born': '0001-01-01',"
	    " 'seen': '9999-12-31 23:59:59', 'photo': 'AAE='}");
	assert_true(value_is_text(&(struct value[]){ get(c, &c->partner, 1,
	    "name") }[0], "é"));
	assert_int_equal(get(c, &c->partner, 1, "id").u.i, 1);
	assert_int_equal(get(c, &c->partner, 1, "age").u.i, -5);
	assert_true(get(c, &c->partner, 1, "weight").u.f == 0.1);
	v = get(c, &c->partner, 1, "credit");
	assert_int_equal(v.type, VALUE_DECIMAL);
	assert_int_equal(v.u.i, -1235);
	v = get(c, &c->partner, 1, "active");
	assert_int_equal(v.type, VALUE_BOOL);
	assert_false(v.u.b);
	assert_int_equal(get(c, &c->partner, 1, "born").u.i, -719162);
	assert_int_equal(get(c, &c->partner, 1, "seen").type, VALUE_DATETIME);
	v = get(c, &c->partner, 1, "photo");
	assert_int_equal(v.u.text.n, 2);
	assert_int_equal(get(c, &c->partner, 1, "city").type, VALUE_NULL);
}

static void
names_its_records(void **state)
{
	CASE;
	const struct field	*f = field(c, "country_id");
	struct value		 v;

	add(c, &c->country, "{'name': 'Belgium'}");
	add(c, &c->partner, "{'country_id': 1}");
	v = look(c, &c->partner, 1, field_name_expr(&c->env, f,
	    field_expr(&c->env, f)));
	assert_true(value_is_text(&v, "Belgium"));
	c->country.rec_name = NULL;
	v = get(c, &c->country, 1, "display_name");
	assert_true(value_is_text(&v, "country,1"));
	c->country.rec_name = model_field(&c->country, "id");
	v = get(c, &c->country, 1, "display_name");
	assert_true(value_is_text(&v, "1"));
	c->partner.rec_name = f;
	v = look(c, &c->partner, 1, field_name_expr(&c->env, f,
	    field_expr(&c->env, f)));
	assert_true(value_is_text(&v, "1"));
}

static void
writes_numbers(void **state)
{
	CASE;
	static const struct {
		struct value	 v;
		const char	*text;
	}			 cases[] = {
		{ { .type = VALUE_FLOAT, .u.f = 5 }, "5.0" },
		{ { .type = VALUE_FLOAT, .u.f = -0.1 }, "-0.1" },
		{ { .type = VALUE_FLOAT, .u.f = 1e16 }, "1e+16" },
		{ { .type = VALUE_FLOAT, .u.f = 123456789012345680.0 },
		    "1.2345678901234568e+17" },
		{ { .type = VALUE_FLOAT, .u.f = 9007199254740993.0 },
		    "9007199254740992.0" },
		{ { .type = VALUE_FLOAT, .u.f = 0.0001 }, "0.0001" },
		{ { .type = VALUE_FLOAT, .u.f = 0.00001234 }, "1.234e-05" },
		{ { .type = VALUE_FLOAT, .u.f = 1.0 / 3 },
		    "0.3333333333333333" },
		{ { VALUE_DECIMAL, 2, { .i = -5 } }, "-0.05" },
		{ { VALUE_DECIMAL, 0, { .i = 7 } }, "7" },
		{ { VALUE_DECIMAL, 3, { .i = INT64_MIN } },
		    "-9223372036854775.808" },
		{ { .type = VALUE_INT, .u.i = INT64_MIN },
		    "-9223372036854775808" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(number_text(c->a, &cases[i].v).p,
		    cases[i].text);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(table),
		TEST(nothing_clears_any),
		TEST(texts),
		TEST(booleans),
		TEST(integers),
		TEST(floats),
		TEST(decimals),
		TEST(dates),
		TEST(others),
		TEST(html),
		TEST(presents),
		TEST(describes),
		TEST(comes_back),
		TEST(names_its_records),
		TEST(writes_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
