#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"

static void
test_base64_vectors(void **state)
{
	/* RFC 4648, section 10. */
	static const char *const	 rows[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xff\xfe\xfb", "//77" }, { "\xfb\xef", "++8=" }
	};
	struct arena			*a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf	*b = buf_new(a);
		struct span	 s;

		base64_encode(b, span_of(rows[i][0]));
		assert_string_equal(b->p, rows[i][1]);
		assert_true(base64_decode(a, span_of(rows[i][1]), &s));
		assert_true(span_is(s, rows[i][0]));
		assert_int_equal(s.p[s.n], '\0');
	}
	arena_free(a);
}

static void
test_base64_long(void **state)
{
	struct arena	*a = arena_new();
	char		 bytes[5000];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * i >> 3);
	for (size_t n = 0; n < sizeof bytes; n += 131) {
		struct buf	*b = buf_new(a);
		struct span	 s = { bytes, n }, back;

		base64_encode(b, s);
		assert_int_equal(b->n, (n + 2) / 3 * 4);
		assert_true(base64_decode(a, buf_text(b), &back));
		assert_true(span_equal(s, back));
	}
	arena_free(a);
}

static void
test_base64_white_space(void **state)
{
	struct arena	*a = arena_new();
	struct span	 s;

	(void)state;
	assert_true(base64_decode(a, span_of(" Zm\r\n9v\tYg =\n= "), &s));
	assert_true(span_is(s, "foob"));
	assert_true(base64_decode(a, span_of(" \n"), &s));
	assert_int_equal(s.n, 0);
	arena_free(a);
}

static void
test_base64_refused(void **state)
{
	static const char *const	 bad[] = {
		"Z", "Zg", "Zg=", "Zg===", "Zm8", "Zm8==", "Zm9v=", "=", "====",
		"Zg==Zg==", "Zg=a", "Z===", "Zm9-", "Zm9_", "Zm9v!", "Zh==",
		"Zm9=", "Zm\xc3\xa9"
	};
	struct arena			*a = arena_new();
	struct span			 s;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(base64_decode(a, span_of(bad[i]), &s));
	assert_false(base64_decode(a, (struct span){ "Zm9\0", 4 }, &s));
	arena_free(a);
}

static void
test_hex(void **state)
{
	char	 out[9];

	(void)state;
	hex_encode("\x00\xff\x1a\x90", 4, out);
	assert_string_equal(out, "00ff1a90");
	hex_encode("", 0, out);
	assert_string_equal(out, "");
}

static void
test_percent_decode(void **state)
{
	static const char *const	 rows[][3] = {
		/* as sent, as a path, as a query */
		{ "", "", "" },
		{ "a+b", "a+b", "a b" },
		{ "%41%2b%2B", "A++", "A++" },
		{ "%2541", "%41", "%41" },
		{ "%", "%", "%" }, { "%4", "%4", "%4" },
		{ "%4g%zz%%41", "%4g%zz%A", "%4g%zz%A" },
		{ "%c3%a9", "\xc3\xa9", "\xc3\xa9" }
	};
	struct arena			*a = arena_new();
	struct span			 s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		s = percent_decode(a, span_of(rows[i][0]), false);
		assert_true(span_is(s, rows[i][1]));
		s = percent_decode(a, span_of(rows[i][0]), true);
		assert_true(span_is(s, rows[i][2]));
	}
	s = percent_decode(a, span_of("a%00b"), false);
	assert_int_equal(s.n, 3);
	assert_memory_equal(s.p, "a\0b", 4);
	arena_free(a);
}

static void
test_percent_encode(void **state)
{
	struct arena	*a = arena_new();
	struct buf	*b = buf_new(a);

	(void)state;
	percent_encode(b, span_of("aZ09-._~ +%/\xc3\xa9"));
	assert_string_equal(b->p, "aZ09-._~%20%2B%25%2F%C3%A9");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_base64_vectors),
		cmocka_unit_test(test_base64_long),
		cmocka_unit_test(test_base64_white_space),
		cmocka_unit_test(test_base64_refused),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_percent_decode),
		cmocka_unit_test(test_percent_encode),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
