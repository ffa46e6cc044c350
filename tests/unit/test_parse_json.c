#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/value.h"
#include "ser/parse.h"

static struct arena	*arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* In a place of its own size, so that reading too far is seen. */
static bool
parse(const char *text, size_t n, struct value *v, struct err *err)
{
	char	*copy = malloc(n == 0 ? 1 : n);
	bool	 ok;

	memcpy(copy, text, n);
	memset(err, 0, sizeof *err);
	ok = parse_json(arena, (struct span){ copy, n },
	    &parse_limits_default, v, err);
	free(copy);
	return ok;
}

static struct value
accepted(const char *text)
{
	struct value	 v;
	struct err	 err;

	if (!parse(text, strlen(text), &v, &err))
		fail_msg("%s: %s", text, err.msg);
	return v;
}

static void
refused(const char *text, const char *message)
{
	struct value	 v;
	struct err	 err;

	if (parse(text, strlen(text), &v, &err))
		fail_msg("%s was accepted", text);
	assert_int_equal(err.code, ERR_VALUE);
	assert_string_equal(err.msg, message);
}

static void
test_scalars(void **state)
{
	(void)state;
	assert_int_equal(accepted("null").type, VALUE_NULL);
	assert_true(accepted(" true\r\n\t").u.b);
	assert_false(accepted("false").u.b);
	assert_int_equal(accepted("7").u.i, 7);
	assert_int_equal(accepted("-0").type, VALUE_INT);
	assert_true(accepted("9223372036854775807").u.i == INT64_MAX);
	assert_true(accepted("-9223372036854775808").u.i == INT64_MIN);
	assert_int_equal(accepted("1.0").type, VALUE_FLOAT);
	assert_true(accepted("1E2").u.f == 100.0);
	assert_true(signbit(accepted("-0.0").u.f));
	assert_true(accepted("1e-400").u.f == 0.0);
	assert_string_equal(accepted("\"a\"").u.text.p, "a");
}

static void
test_texts(void **state)
{
	(void)state;
	assert_string_equal(accepted("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"").u.text.p,
	    "\"\\/\b\f\n\r\t");
	assert_string_equal(accepted("\"\\u00e9\xc3\xa9\"").u.text.p,
	    "\xc3\xa9\xc3\xa9");
	assert_string_equal(accepted("\"\\ud83d\\uDE00\"").u.text.p,
	    "\xf0\x9f\x98\x80");
	/* U+1D800 and U+2DCF8, in which json-c sees surrogates. */
	assert_string_equal(
	    accepted("\"\\\\ud\\ud836\\udc00x\\ud877\\udcf8\"").u.text.p,
	    "\\ud\xf0\x9d\xa0\x80x\xf0\xad\xb3\xb8");
}

static void
test_structure(void **state)
{
	struct value		 v = accepted(
	    " { \"b\" : [ 1 , [ ] , { } ] , \"a\" : null , \"\" : 2 } ");
	const struct value	*b = value_get(&v, "b");

	(void)state;
	assert_int_equal(map_count(v.u.dict), 3);
	assert_true(span_is(map_key(v.u.dict, 0), "b"));
	assert_int_equal(b->u.list->n, 3);
	assert_int_equal(b->u.list->v[0].u.i, 1);
	assert_int_equal(value_get(&v, "a")->type, VALUE_NULL);
	assert_int_equal(value_get(&v, "")->u.i, 2);
}

static void
test_refused_grammar(void **state)
{
	(void)state;
	refused("", "position 1: a value is missing here");
	refused("[1", "position 3: an array must end with ]");
	refused("[1 2]", "position 4: an array must end with ]");
	refused("[1,]", "position 4: a value is missing here");
	refused("{\"a\":1,}", "position 8: a value is missing here");
	refused("{\"a\":1", "position 7: an object must end with }");
	refused("{", "position 2: an object must end with }");
	refused("{'a':1}", "position 2: a key must be a string");
	refused("{a:1}", "position 2: a key must be a string");
	refused("{\"a\" 1}", "position 6: a key must be followed by :");
	refused("'a'", "position 1: no value can be read here");
	refused("True", "position 1: no value can be read here");
	refused("tru", "position 1: no value can be read here");
	refused("1 2", "position 3: the text goes on after its value");
	refused("\"\xc3\xa9\" x", "position 5: the text goes on after its value");
	refused("// a\n1", "position 1: no value can be read here");
}

static void
test_refused_numbers(void **state)
{
	(void)state;
	refused("01", "position 2: the text goes on after its value");
	refused("+1", "position 1: no value can be read here");
	refused(".5", "position 1: no value can be read here");
	refused("1.", "position 3: a digit is missing here");
	refused("1e+", "position 4: a digit is missing here");
	refused("-", "position 2: a digit is missing here");
	refused("[9223372036854775808]",
	    "position 2: an integer must fit in 64 bit");
	refused("18446744073709551616",
	    "position 1: an integer must fit in 64 bit");
	refused("-9223372036854775809",
	    "position 1: an integer must fit in 64 bit");
	refused("1e400", "position 1: the number is too large");
	refused("NaN", "position 1: no value can be read here");
	refused("-Infinity", "position 2: a digit is missing here");
}

static void
test_refused_texts(void **state)
{
	struct value	 v;
	struct err	 err;

	(void)state;
	refused("\"a", "position 1: the string does not end");
	refused("\"a\\", "position 3: the string does not end");
	refused("\"a\nb\"", "position 3: a control character must be escaped");
	refused("\"\\x41\"", "position 2: there is no such escape");
	refused("\"\\u12\"",
	    "position 2: four hexadecimal digits must follow");
	refused("\"\\u0000\"", "position 2: a text must not contain NUL");
	refused("\"\\ud83d\"", "position 2: half of a surrogate pair");
	refused("\"\\ude00\"", "position 2: half of a surrogate pair");
	refused("\"\\ud83d\\u0041\"", "position 2: half of a surrogate pair");
	refused("\"\xc0\xaf\"", "the text is not UTF-8 or contains NUL");
	refused("\"\xed\xa0\x80\"", "the text is not UTF-8 or contains NUL");
	assert_false(parse("\"\0\"", 3, &v, &err));
	assert_false(parse("1\0", 2, &v, &err));
}

static void
test_keys_twice(void **state)
{
	(void)state;
	refused("{\"a\":1,\"a\":1}", "position 1: the object has a key twice");
	refused("[{},{\"a\":1,\"\\u0061\":2}]",
	    "position 5: the object has a key twice");
	refused("{\"x\":{\"a\":1},\"y\":{\"a\":1,\"b\":2,\"a\":3}}",
	    "position 18: the object has a key twice");
	accepted("{\"a\":{\"a\":{\"a\":1}},\"A\":1}");
}

/* The text is accepted with these limits and refused with one less. */
static void
limited(const char *text, struct parse_limits fits,
    struct parse_limits one_less, const char *message)
{
	struct value	 v;
	struct err	 err = { .code = ERR_OK };

	assert_true(parse_json(arena, span_of(text), &fits, &v, &err));
	assert_false(parse_json(arena, span_of(text), &one_less, &v, &err));
	assert_non_null(strstr(err.msg, message));
}

static void
test_limits(void **state)
{
	char	 deep[401] = "";

	(void)state;
	limited("[{\"a\":[]}]", (struct parse_limits){ 3, 9, 9 },
	    (struct parse_limits){ 2, 9, 9 }, "position 7: nested too deep");
	limited("[1,[2],3]", (struct parse_limits){ 9, 5, 9 },
	    (struct parse_limits){ 9, 4, 9 }, "too many values");
	limited("{\"a\":1,\"b\":2}", (struct parse_limits){ 9, 9, 2 },
	    (struct parse_limits){ 9, 9, 1 }, "too many keys");
	memset(deep, '[', 200);
	memset(deep + 200, ']', 200);
	limited(deep, (struct parse_limits){ 200, 999, 9 },
	    (struct parse_limits){ 199, 999, 9 }, "nested too deep");
}

/* A million {} must be refused before json-c builds 700 MB of them. */
static void
test_bomb(void **state)
{
	size_t		 n = 3000001, before = arena_used(arena);
	char		*text = malloc(n);
	struct value	 v;
	struct err	 err = { .code = ERR_OK };

	(void)state;
	text[0] = '[';
	for (size_t i = 1; i < n; i++)
		text[i] = "{},"[(i - 1) % 3];
	text[n - 1] = ']';
	assert_false(parse_json(arena, (struct span){ text, n },
	    &parse_limits_default, &v, &err));
	assert_non_null(strstr(err.msg, "too many values"));
	assert_true(arena_used(arena) - before < 16 << 20);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_refused_grammar),
		cmocka_unit_test(test_refused_numbers),
		cmocka_unit_test(test_refused_texts),
		cmocka_unit_test(test_keys_twice),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_bomb),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
