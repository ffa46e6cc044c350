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

typedef struct span text_func(struct arena *, struct span);

static void
becomes(text_func *map, const char *text, const char *expected)
{
	struct arena	*a = arena_new();
	struct span	 s = map(a, span_of(text));

	assert_true(span_is(s, expected));
	assert_int_equal(s.p[s.n], '\0');
	arena_free(a);
}

static void
fold_is(const char *text, const char *expected)
{
	becomes(utf8_fold, text, expected);
}

static void
test_flat(void **state)
{
	(void)state;
	becomes(utf8_flat, "", "");
	becomes(utf8_flat, "\xc3\x89t\xc3\xa9 A_%", "ete a_%");
	becomes(utf8_flat, "e\xcc\x81\xcc\x88x", "ex");
	becomes(utf8_flat, "\xcc\x81", "");
	becomes(utf8_flat, "\xc4\xb0stanbul", "istanbul");
	becomes(utf8_flat, "Stra\xe1\xba\x9e" "e", "strasse");
	becomes(utf8_flat, "\xd0\x99", "\xd0\xb8");
	becomes(utf8_flat, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80");
	/* Iota below: folded it is a letter of its own. */
	becomes(utf8_flat, "\xe1\xbe\xb3", "\xce\xb1\xce\xb9");
	becomes(utf8_flat, "\xff\xc3", "\xff\xc3");
}

static void
test_case(void **state)
{
	(void)state;
	becomes(utf8_lower, "A@Z[\xc3\x89 \xd0\x9c\xce\xa3",
	    "a@z[\xc3\xa9 \xd0\xbc\xcf\x83");
	becomes(utf8_lower, "\xe4\xb8\xad", "\xe4\xb8\xad");
	becomes(utf8_upper, "a`z{\xc3\xa9 \xd0\xbc\xcf\x82",
	    "A`Z{\xc3\x89 \xd0\x9c\xce\xa3");
	becomes(utf8_upper, "", "");
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
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_case),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
