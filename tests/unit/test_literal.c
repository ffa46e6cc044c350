#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/map.h"
#include "base/value.h"

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

static bool
parse(const char *text, struct value *v, struct err *err)
{
	memset(err, 0, sizeof *err);
	return literal_parse(arena, span_of(text), &parse_limits_default, v,
	    err);
}

static struct value
accepted(const char *text)
{
	struct value	 v;
	struct err	 err;

	if (!parse(text, &v, &err))
		fail_msg("%s: %s", text, err.msg);
	return v;
}

/* Both texts mean the same. */
static void
same(const char *text, const char *other)
{
	struct value	 v = accepted(text), w = accepted(other);

	if (!value_equal(&v, &w))
		fail_msg("%s is not %s", text, other);
}

static void
refused(const char *text, const char *message)
{
	struct value	 v;
	struct err	 err;

	if (parse(text, &v, &err))
		fail_msg("%s was accepted", text);
	assert_int_equal(err.code, ERR_VALUE);
	assert_string_equal(err.msg, message);
}

static void
test_words(void **state)
{
	(void)state;
	assert_int_equal(accepted("None").type, VALUE_NULL);
	assert_int_equal(accepted(" null\n").type, VALUE_NULL);
	assert_true(accepted("True").u.b);
	assert_true(accepted("true").u.b);
	assert_int_equal(accepted("false").type, VALUE_BOOL);
	assert_false(accepted("False").u.b);
	refused("NONE", "position 1: no value can be read here");
	refused("Truex", "position 1: no value can be read here");
	refused("True_", "position 5: the text goes on after its value");
}

static void
test_numbers(void **state)
{
	(void)state;
	assert_int_equal(accepted("1_000").u.i, 1000);
	assert_int_equal(accepted("- 0x_fF").u.i, -255);
	assert_int_equal(accepted("+0o17").u.i, 15);
	assert_int_equal(accepted("0B11").u.i, 3);
	assert_true(accepted("-9223372036854775808").u.i == INT64_MIN);
	assert_true(accepted("9223372036854775807").u.i == INT64_MAX);
	assert_int_equal(accepted("1.").type, VALUE_FLOAT);
	assert_true(accepted("-1_0.5e+1_0").u.f == -10.5e10);
	assert_true(accepted(".5").u.f == 0.5);
	assert_true(accepted("010.5").u.f == 10.5);
	refused("9223372036854775808",
	    "position 1: an integer must fit in 64 bit");
	refused("-9223372036854775809",
	    "position 2: an integer must fit in 64 bit");
	refused("0x10000000000000000",
	    "position 3: an integer must fit in 64 bit");
	refused("012", "position 1: an integer must not begin with 0");
	refused("1e999", "position 1: the number is too large");
	refused("1__0", "position 2: the text goes on after its value");
	refused("--1", "position 2: a sign must be followed by a number");
	refused("-True", "position 2: a sign must be followed by a number");
	refused("1j", "position 2: the text goes on after its value");
	refused(".", "position 1: a digit is missing here");
	refused("0x", "position 3: a digit is missing here");
}

static void
test_texts(void **state)
{
	(void)state;
	same("'a\\n\\x41\\u00e9\\U0001F600\\101'",
	    "\"a\\12A\xc3\xa9\xf0\x9f\x98\x80" "A\"");
	same("u'a' R'\\n' \"b\"", "'a\\\\nb'");
	same("'''a\r\n'b'\rc'''", "'a\\n\\'b\\'\\nc'");
	same("'a\\\nb\\\r\nc'", "'abc'");
	same("'\\d\\8'", "'\\\\d\\\\8'");
	same("('a'\n'b')", "'ab'");
	same("''''''", "''");
	assert_int_equal(accepted("b'\\0\\xff'").type, VALUE_BYTES);
	assert_int_equal(accepted("b'\\0\\xff'").u.text.n, 2);
	assert_int_equal(accepted("'\xf0\x9f\x98\x80'").u.text.p[4], '\0');
	refused("'a", "position 1: the string does not end");
	refused("'a\nb'", "position 1: the string does not end");
	refused("'a\\", "position 1: the string does not end");
	refused("'''a''", "position 1: the string does not end");
	refused("'a\\0'", "position 3: a text must not contain NUL");
	refused("'\xc3\xa9\\ud800'", "position 3: there is no such character");
	refused("'\\U00110000'", "position 2: there is no such character");
	refused("'\\x4'", "position 2: a hexadecimal digit is missing");
	refused("'\\N{DASH}'", "position 2: \\N{...} is not understood");
	refused("'a' b'b'",
	    "position 5: a text and bytes cannot be joined");
	refused("b'\xc3\xa9'", "position 3: bytes are written in ASCII");
	refused("f'a'", "position 1: no value can be read here");
	refused("'a'\n'b'", "position 5: the text goes on after its value");
}

static void
test_lists(void **state)
{
	(void)state;
	same("( 'a' , 1 )", "['a',1,]");
	same("(1,)", "[1]");
	same("()", "[ ]");
	same("((1))", "1");
	same("[('name','=','x'),'|',(\n'id' , 'in', [1,2] )]",
	    "[['name','=','x'],'|',['id','in',[1,2]]]");
	refused("[1, 2", "position 6: a list must end with ]");
	refused("[1 2]", "position 4: a list must end with ]");
	refused("[1,", "position 4: a list must end with ]");
	refused("(1", "position 3: a tuple must end with )");
	refused("[,]", "position 2: no value can be read here");
	refused("[1]]", "position 4: the text goes on after its value");
	refused("1, 2", "position 2: the text goes on after its value");
	refused("[1, # one\n2]", "position 5: no value can be read here");
}

static void
test_dictionaries(void **state)
{
	struct value	 v = accepted("{'a': 1, 'b' 'c': {}, 'a': 3,}");

	(void)state;
	assert_int_equal(map_count(v.u.dict), 2);
	assert_int_equal(value_get(&v, "a")->u.i, 3);
	assert_int_equal(value_get(&v, "bc")->type, VALUE_DICT);
	assert_true(span_is(map_key(v.u.dict, 0), "a"));
	refused("{'a': 1", "position 8: a dictionary must end with }");
	refused("{'a' 1}", "position 6: a key must be followed by :");
	refused("{'a'}", "position 5: a key must be followed by :");
	refused("{'a':}", "position 6: no value can be read here");
	refused("{1: 2}", "position 2: a key must be a text");
	refused("{b'a': 2}", "position 2: a key must be a text");
	refused("{1, 2}", "position 2: a key must be a text");
}

static void
test_encoding(void **state)
{
	struct value	 v;
	struct err	 err = { .code = ERR_OK };

	(void)state;
	refused("", "position 1: a value is missing here");
	refused("'\xff'", "the text is not UTF-8 or contains NUL");
	assert_false(literal_parse(arena, (struct span){ "'\0'", 3 },
	    &parse_limits_default, &v, &err));
	refused("\xc2\xa0" "1", "position 1: no value can be read here");
	refused("__import__('os')", "position 1: no value can be read here");
}

/* The text is accepted with these limits and refused with one less. */
static void
limited(const char *text, struct parse_limits fits,
    struct parse_limits one_less, const char *message)
{
	struct value	 v;
	struct err	 err = { .code = ERR_OK };

	assert_true(literal_parse(arena, span_of(text), &fits, &v, &err));
	assert_false(literal_parse(arena, span_of(text), &one_less, &v,
	    &err));
	assert_int_equal(err.code, ERR_VALUE);
	assert_non_null(strstr(err.msg, message));
}

static void
test_limits(void **state)
{
	(void)state;
	limited("[({'a': []})]", (struct parse_limits){ 4, 9, 9 },
	    (struct parse_limits){ 3, 9, 9 }, "position 9: nested too deep");
	limited("((1))", (struct parse_limits){ 2, 9, 9 },
	    (struct parse_limits){ 1, 9, 9 }, "nested too deep");
	limited("[1,[2],3]", (struct parse_limits){ 9, 5, 9 },
	    (struct parse_limits){ 9, 4, 9 }, "too many values");
	limited("{'a':1,'b':2}", (struct parse_limits){ 9, 9, 2 },
	    (struct parse_limits){ 9, 9, 1 }, "too many keys");
}

/* What is refused must not first have filled the memory. */
static void
test_bombs(void **state)
{
	size_t			 n = 4 << 20, before;
	char			*text = malloc(n);
	struct value		 v;
	struct err		 err = { .code = ERR_OK };
	static const char *const forms[] = { "[", "[],", "{'a':", "((", "-" };

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t	 size = strlen(forms[i]);

		for (size_t k = 0; k < n; k++)
			text[k] = forms[i][k % size];
		text[0] = '[';
		before = arena_used(arena);
		assert_false(literal_parse(arena, (struct span){ text, n },
		    &parse_limits_default, &v, &err));
		assert_true(arena_used(arena) - before < 64 << 20);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_dictionaries),
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_bombs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
