#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

/* In a place of its own size, so that reading too far is seen. */
static bool
valid(const char *p, size_t n)
{
	char	*copy = malloc(n == 0 ? 1 : n);
	bool	 ok;

	memcpy(copy, p, n);
	ok = utf8_valid((struct span){ copy, n });
	free(copy);
	return ok;
}

/* The bytes behind n plain letters, and before some more. */
static bool
valid_within(size_t n, const char *bytes, size_t size)
{
	char	 text[64];

	memset(text, 'a', sizeof text);
	memcpy(text + n, bytes, size);
	return valid(text, n + size) && valid(text, n + size + 9);
}

static void
test_every_code_point(void **state)
{
	(void)state;
	for (unsigned long code = 1; code < 0x110400; code++) {
		char	 bytes[4];
		size_t	 n = utf8_put(code, bytes);

		if ((code >= 0xd800 && code < 0xe000) || code > 0x10ffff) {
			assert_int_equal(n, 0);
			continue;
		}
		assert_true(utf8_valid((struct span){ bytes, n }));
		assert_int_equal(utf8_length((struct span){ bytes, n }), 1);
		assert_false(utf8_valid((struct span){ bytes, n - 1 }) &&
		    n > 1);
	}
}

static void
test_refused(void **state)
{
	static const char *const	 bad[] = {
		"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xc2 ",
		"\xe0\x80\xaf", "\xe0\x9f\xbf", "\xe1\x80", "\xe1\x80 ",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf",
		"\xf0\x8f\xbf\xbf", "\xf1\x80\x80", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xfe", "\xc3\xa9\xa9"
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t n = 0; n < 20; n++)
			assert_false(valid_within(n, bad[i], strlen(bad[i])));
	for (size_t n = 0; n < 20; n++)
		assert_false(valid_within(n, "", 1));	/* NUL */
}

static void
test_accepted(void **state)
{
	(void)state;
	assert_true(valid("", 0));
	for (size_t n = 0; n < 20; n++) {
		assert_true(valid_within(n, "\x01\x7f", 2));
		assert_true(valid_within(n, "\xc3\xa9\xe4\xb8\xad", 5));
		assert_true(valid_within(n, "\xf0\x9f\x98\x80", 4));
	}
}

static void
test_length(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(span_of("")), 0);
	assert_int_equal(utf8_length(span_of("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
}

static void
fold_is(const char *text, const char *expected)
{
	struct arena	*a = arena_new();
	struct span	 s = utf8_fold(a, span_of(text));

	assert_string_equal(s.p, expected);
	assert_int_equal(s.n, strlen(expected));
	arena_free(a);
}

static void
test_fold(void **state)
{
	(void)state;
	fold_is("", "");
	fold_is("Hello, [WORLD] @`z", "hello, [world] @`z");
	fold_is("\xc3\x89T\xc3\x89", "\xc3\xa9t\xc3\xa9");
	fold_is("Stra\xc3\x9f" "e", "strasse");
	fold_is("\xce\xa3\xcf\x82", "\xcf\x83\xcf\x83");
	fold_is("\xe4\xb8\xad", "\xe4\xb8\xad");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_fold),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
