#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/value.h"
#include "ser/ser.h"

struct fix {
	struct arena	*a;
	struct buf	*b;
	struct ser	*s;
};

static int
setup(void **state)
{
	struct fix	*f = malloc(sizeof *f);

	f->a = arena_new();
	f->b = buf_new(f->a);
	f->s = ser_new(f->a, SER_JSON, 0, f->b);
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

static void
check(struct fix *f, struct value v, const char *want)
{
	buf_clear(f->b);
	f->s = ser_new(f->a, SER_JSON, 0, f->b);
	ser_put(f->s, NULL, NULL, &v);
	ser_finish(f->s);
	assert_string_equal(f->b->p, want);
	assert_int_equal(f->b->n, strlen(want));
}

static void
test_document(void **state)
{
	struct fix	*f = *state;

	ser_object_open(f->s, NULL);
	ser_array_open(f->s, "res.partner");
	ser_object_open(f->s, NULL);
	ser_int(f->s, "id", 7);
	ser_text(f->s, "name", "Peter");
	ser_bool(f->s, "customer", true);
	ser_text(f->s, "street", NULL);
	ser_array_open(f->s, "country_id");
	ser_int(f->s, NULL, 482);
	ser_text(f->s, NULL, "Taiwan");
	ser_array_close(f->s);
	ser_object_close(f->s);
	ser_object_open(f->s, NULL);
	ser_object_close(f->s);
	ser_array_close(f->s);
	ser_array_open(f->s, "none");
	ser_array_close(f->s);
	ser_object_close(f->s);
	ser_finish(f->s);
	assert_string_equal(f->b->p, "{\"res.partner\":[{\"id\":7,"
	    "\"name\":\"Peter\",\"customer\":true,\"street\":null,"
	    "\"country_id\":[482,\"Taiwan\"]},{}],\"none\":[]}");
}

static void
test_text(void **state)
{
	struct fix	*f = *state;

	check(f, value_text(""), "\"\"");
	check(f, value_span((struct span){ NULL, 0 }), "\"\"");
	check(f, value_text("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
	check(f, value_text("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
	check(f, value_text("\x01\x0b\x1f\x7f"),
	    "\"\\u0001\\u000b\\u001f\x7f\"");
	check(f, value_text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	check(f, value_text("\"\"\""), "\"\\\"\\\"\\\"\"");
}

static void
test_escapes_at_every_place(void **state)
{
	struct fix	*f = *state;
	char		 text[64], want[80];

	for (size_t i = 0; i < 40; i++) {
		memset(text, 'x', 40);
		text[40] = '\0';
		text[i] = '"';
		snprintf(want, sizeof want, "\"%.*s\\\"%s\"", (int)i, text,
		    text + i + 1);
		check(f, value_text(text), want);
	}
}

static void
test_integer(void **state)
{
	struct fix	*f = *state;

	check(f, value_int(0), "0");
	check(f, value_int(-1), "-1");
	check(f, value_int(INT64_MAX), "9223372036854775807");
	check(f, value_int(INT64_MIN), "-9223372036854775808");
}

static void
test_float(void **state)
{
	struct fix	*f = *state;

	check(f, value_float(0), "0.0");
	check(f, value_float(-0.0), "-0.0");
	check(f, value_float(2), "2.0");
	check(f, value_float(-2.5), "-2.5");
	check(f, value_float(0.1), "0.1");
	check(f, value_float(0.1 + 0.2), "0.30000000000000004");
	check(f, value_float(123.45), "123.45");
	check(f, value_float(100), "100.0");
	check(f, value_float(1e-5), "1e-05");
	check(f, value_float(0.0001), "0.0001");
	check(f, value_float(9007199254740993.0), "9007199254740992.0");
	check(f, value_float(1e16), "1e+16");
	check(f, value_float(12345678901234568.0), "1.2345678901234568e+16");
	check(f, value_float(DBL_MAX), "1.7976931348623157e+308");
	check(f, value_float(1.0 / 3), "0.3333333333333333");
	check(f, value_float(NAN), "null");
	check(f, value_float(-INFINITY), "null");
}

static void
test_float_reads_back(void **state)
{
	struct fix	*f = *state;
	uint64_t	 seed = 42, bits;
	double		 x;

	for (int i = 0; i < 20000; i++) {
		struct value	 v;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		bits = seed ^ seed >> 29;
		memcpy(&x, &bits, sizeof x);
		if (i % 2 == 0)
			x = (double)(int64_t)(bits >> 20) / 1000;
		if (!isfinite(x))
			continue;
		v = value_float(x);
		buf_clear(f->b);
		f->s = ser_new(f->a, SER_JSON, 0, f->b);
		ser_put(f->s, NULL, NULL, &v);
		assert_true(strtod(f->b->p, NULL) == x);
		assert_non_null(strpbrk(f->b->p, ".e"));
	}
}

static void
test_decimal(void **state)
{
	struct fix	*f = *state;

	check(f, value_decimal(1250, 2), "12.5");
	check(f, value_decimal(10000, 2), "100.0");
	check(f, value_decimal(100, 0), "100.0");
	check(f, value_decimal(-5, 2), "-0.05");
	check(f, value_decimal(0, 2), "0.0");
	check(f, value_decimal(123456789, 6), "123.456789");
	check(f, value_decimal(INT64_MIN, 2), "-92233720368547758.08");
	check(f, value_decimal(INT64_MAX, 19), "0.9223372036854775807");
	check(f, value_decimal(1, 20), "0.00000000000000000001");
}

static void
test_others(void **state)
{
	struct fix	*f = *state;
	struct value	 bytes = value_text("\x01\xff");

	bytes.type = VALUE_BYTES;
	check(f, bytes, "\"Af8=\"");
	check(f, value_null(), "null");
	check(f, value_bool(false), "false");
	check(f, value_date(0), "\"1970-01-01\"");
	check(f, value_datetime(1499866462), "\"2017-07-12 13:34:22\"");
}

static void
test_nested(void **state)
{
	struct fix	*f = *state;
	struct value	 list = value_list(f->a, 0), dict = value_dict(f->a);

	value_push(f->a, &list, value_int(1));
	value_push(f->a, &list, value_list(f->a, 0));
	value_set(f->a, &dict, "a\nb", list);
	value_set(f->a, &dict, "", value_dict(f->a));
	check(f, dict, "{\"a\\nb\":[1,[]],\"\":{}}");
}

static void
test_deep(void **state)
{
	struct fix	*f = *state;

	for (int i = 0; i < 200; i++)
		ser_array_open(f->s, NULL);
	for (int i = 0; i < 200; i++)
		ser_array_close(f->s);
	ser_finish(f->s);
	assert_int_equal(f->b->n, 400);
	assert_memory_equal(f->b->p + 199, "[]", 2);
}

static void
test_null_as_false(void **state)
{
	struct fix	*f = *state;
	struct value	 list = value_list(f->a, 0);

	value_push(f->a, &list, value_null());
	f->s = ser_new(f->a, SER_JSON, SER_NULL_FALSE, f->b);
	ser_object_open(f->s, NULL);
	ser_text(f->s, "a", NULL);
	ser_put(f->s, "b", NULL, &list);
	ser_object_close(f->s);
	ser_finish(f->s);
	assert_string_equal(f->b->p, "{\"a\":false,\"b\":[false]}");
}

static void
test_appends(void **state)
{
	struct fix	*f = *state;

	buf_str(f->b, "before ");
	f->s = ser_new(f->a, SER_JSON, 0, f->b);
	ser_int(f->s, NULL, 1);
	ser_finish(f->s);
	assert_string_equal(f->b->p, "before 1");
}

static void
key_in_list(struct ser *s)
{
	ser_array_open(s, NULL);
	ser_int(s, "key", 1);
}

static void
no_key_in_object(struct ser *s)
{
	ser_object_open(s, NULL);
	ser_int(s, NULL, 1);
}

static void
key_outside(struct ser *s)
{
	ser_object_open(s, "key");
}

static void
two_documents(struct ser *s)
{
	ser_int(s, NULL, 1);
	ser_int(s, NULL, 2);
}

static void
wrong_close(struct ser *s)
{
	ser_object_open(s, NULL);
	ser_array_close(s);
}

static void
close_too_much(struct ser *s)
{
	ser_object_close(s);
}

static void
unclosed(struct ser *s)
{
	ser_object_open(s, NULL);
	ser_finish(s);
}

static void
test_misuse(void **state)
{
	static void	(*const misuses[])(struct ser *) = {
		key_in_list, no_key_in_object, key_outside, two_documents,
		wrong_close, close_too_much, unclosed,
	};
	struct fix	*f = *state;
	int		 status;

	for (size_t i = 0; i < sizeof misuses / sizeof misuses[0]; i++) {
		pid_t	 pid = fork();

		if (pid == 0) {
			signal(SIGABRT, SIG_DFL);
			close(STDERR_FILENO);
			misuses[i](f->s);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_document), TEST(test_text),
		TEST(test_escapes_at_every_place), TEST(test_integer),
		TEST(test_float), TEST(test_float_reads_back),
		TEST(test_decimal), TEST(test_others), TEST(test_nested),
		TEST(test_deep), TEST(test_null_as_false),
		TEST(test_appends), TEST(test_misuse),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ser_json", tests, NULL, NULL);
}
