#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/request.h"

static int
setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	arena_free(*state);
	return 0;
}

/* What is parsed, written as name=value| each. */
static const char *
parsed(struct arena *a, const char *text)
{
	struct params	 p = { NULL, 0 };
	struct err	 err = { 0 };
	struct buf	*b = buf_new(a);

	if (!params_parse(a, span_of(text), &p, &err)) {
		assert_int_equal(err.code, ERR_BAD_REQUEST);
		return arena_strdup(a, err.msg);
	}
	for (size_t i = 0; i < p.n; i++) {
		buf_span(b, p.v[i].name);
		buf_char(b, '=');
		buf_span(b, p.v[i].value);
		buf_char(b, '|');
	}
	return b->p;
}

static void
test_parse(void **state)
{
	static const char *const	 rows[][2] = {
		{ "", "" },
		{ "a=1", "a=1|" },
		{ "a=1&b=2", "a=1|b=2|" },
		{ "a", "a=|" },
		{ "a=", "a=|" },
		{ "=a", "=a|" },
		{ "&&a=1&", "a=1|" },
		{ "a=b=c", "a=b=c|" },
		{ "a=1;b=2", "a=1;b=2|" },
		{ "a=1&a=2", "a=1|a=2|" },
		{ "a=x+y%20z%2B", "a=x y z+|" },
		{ "a+b%3D=1", "a b==1|" },
		{ "a=%26%3D", "a=&=|" },
		{ "a=%2541", "a=%41|" },
		{ "a=%foo%", "a=%foo%|" },
		{ "a=%zz%4", "a=%zz%4|" },
		{ "domain=[('name','ilike','%25foo%25')]",
		    "domain=[('name','ilike','%foo%')]|" },
		{ "vals={'street2':'Chung Hsiao'}",
		    "vals={'street2':'Chung Hsiao'}|" },
		{ "a=%C3%A9\xc3\xa9", "a=\xc3\xa9\xc3\xa9|" },
		{ "a=%0D%0A", "a=\r\n|" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(parsed(*state, rows[i][0]), rows[i][1]);
}

static void
test_refused(void **state)
{
	static const char *const	 rows[][2] = {
		{ "a=%FF", "parameter 1 is not UTF-8 text" },
		{ "a=1&b=\xff", "parameter 2 is not UTF-8 text" },
		{ "a=1&%c3=1", "parameter 2 is not UTF-8 text" },
		{ "a=%00", "parameter 1 is not UTF-8 text" },
		{ "a=%ed%a0%80", "parameter 1 is not UTF-8 text" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(parsed(*state, rows[i][0]), rows[i][1]);
}

static void
test_too_many(void **state)
{
	struct buf	*b = buf_new(*state);
	struct params	 p = { NULL, 0 };
	struct err	 err = { 0 };

	for (int i = 0; i < PARAMS_MAX; i++)
		buf_str(b, "&a=1");
	assert_true(params_parse(*state, buf_text(b), &p, &err));
	assert_int_equal(p.n, PARAMS_MAX);
	assert_false(params_parse(*state, span_of("b=1"), &p, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void
test_get(void **state)
{
	struct params	 p = { NULL, 0 };
	struct err	 err = { 0 };

	assert_null(params_get(&p, "a"));
	assert_true(params_parse(*state, span_of("a=1&b=2&a=3"), &p, &err));
	assert_true(params_parse(*state, span_of("c=4"), &p, &err));
	assert_true(span_is(*params_get(&p, "a"), "1"));
	assert_true(span_is(*params_get(&p, "c"), "4"));
	assert_null(params_get(&p, "A"));
	assert_null(params_get(&p, ""));
}

static void
test_add(void **state)
{
	struct params	 p = { NULL, 0 };
	char		 name[8] = "p0";

	for (int i = 0; i < 100; i++) {
		name[1] = (char)('!' + i % 90);
		params_add(*state, &p, span_of(arena_strdup(*state, name)),
		    span_of("v"));
	}
	assert_int_equal(p.n, 100);
	assert_true(span_is(p.v[0].name, "p!"));
	assert_true(span_is(p.v[64].name, "pa"));
	assert_true(span_is(p.v[99].name, "p*"));
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_parse), TEST(test_refused), TEST(test_too_many),
		TEST(test_get), TEST(test_add),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
