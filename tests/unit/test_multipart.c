#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/request.h"

#define TYPE	"multipart/form-data; boundary=XX"
#define PART(name)	"Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

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

/* What is parsed, written as name=value| each, or the message. */
static const char *
parsed_as(struct arena *a, const char *type, struct span body)
{
	struct params	 p = { NULL, 0 };
	struct err	 err = { 0 };
	struct buf	*b = buf_new(a);

	if (!multipart_parse(a, body, type, &p, &err)) {
		assert_int_equal(err.code, ERR_BAD_REQUEST);
		return arena_strdup(a, err.msg);
	}
	for (size_t i = 0; i < p.n; i++) {
		assert_int_equal(p.v[i].value.p[p.v[i].value.n], 0);
		buf_span(b, p.v[i].name);
		buf_char(b, '=');
		buf_span(b, p.v[i].value);
		buf_char(b, '|');
	}
	return b->p;
}

static const char *
parsed(struct arena *a, const char *body)
{
	return parsed_as(a, TYPE, span_of(body));
}

static void
test_parse(void **state)
{
	static const char *const	 rows[][2] = {
		{ "--XX\r\n" PART("a") "1\r\n--XX--\r\n", "a=1|" },
		{ "--XX\r\n" PART("a") "1\r\n--XX--", "a=1|" },
		{ "--XX\r\n" PART("a") "1\r\n--XX--\r\nepilogue", "a=1|" },
		{ "--XX\r\n" PART("a") "1\r\n--XX\r\n" PART("b")
		    "2\r\n--XX--\r\n", "a=1|b=2|" },
		{ "--XX\r\n" PART("a") "\r\n--XX--\r\n", "a=|" },
		{ "--XX\r\n" PART("a") "--XX--\r\n", "a=|" },
		{ "--XX\r\n" PART("a") "\r\n\r\n--XX--\r\n", "a=\r\n|" },
		{ "--XX \t\r\n" PART("a") "1\r\n--XX-- \r\n", "a=1|" },
		{ "--XX\r\n" PART("a") "x\r\n--XXY\r\n--X\r\n-- XX"
		    "\r\n--XX--\r\n", "a=x\r\n--XXY\r\n--X\r\n-- XX|" },
		{ "--XX\r\n" PART("a") "x--XX--\r\n--XX--", "a=x--XX--|" },
		{ "--XX\r\n" PART("") "1\r\n--XX--\r\n", "=1|" },
		{ "--XX\r\n" PART("a\\\"b\\\\c;d=1") "1\r\n--XX--\r\n",
		    "a\"b\\c;d=1=1|" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(parsed(*state, rows[i][0]), rows[i][1]);
}

static void
test_heads(void **state)
{
	static const char *const	 heads[] = {
		"content-disposition:form-data;name=a",
		"CONTENT-DISPOSITION: form-data; NAME=\"a\"",
		"Content-Disposition: form-data; filename=\"name=x\"; name=a",
		"Content-Disposition: form-data; x; name=a; filename=b.txt",
		"Content-Type: text/plain\r\n"
		    "Content-Disposition: form-data; name=\"a\"",
		"Content-Disposition: form-data; name=\"a\"\r\n"
		    "Content-Type: text/plain; charset=utf-8",
		"Content-Disposition: form-data; ;;name=a",
		"Content-Disposition: form-data; xname=b; name=a ; name=c",
	};
	char				 body[256];

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		snprintf(body, sizeof body,
		    "--XX\r\n%s\r\n\r\n1\r\n--XX--\r\n", heads[i]);
		assert_string_equal(parsed(*state, body), "a=1|");
	}
}

static void
test_boundaries(void **state)
{
	static const char *const	 good[] = {
		"multipart/form-data; boundary=XX",
		"multipart/form-data;boundary=\"XX\"",
		"multipart/form-data; charset=utf-8; Boundary=XX ; x=y",
	};
	static const char *const	 bad[] = {
		"multipart/form-data",
		"multipart/form-data; boundary=",
		"multipart/form-data; boundary=\"XX",
		"multipart/form-data; xboundary=XX",
		"multipart/form-data; boundary=0123456789012345678901234567890"
		    "1234567890123456789012345678901234567890",
	};
	struct span			 body;

	body = span_of("--XX\r\n" PART("a") "1\r\n--XX--\r\n");
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_string_equal(parsed_as(*state, good[i], body), "a=1|");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_string_equal(parsed_as(*state, bad[i], body),
		    "the multipart body has no usable boundary");
}

static void
test_no_beginning(void **state)
{
	static const char *const	 bodies[] = {
		"", "--", "--XX", "--XX--\r\n", "--XX--", "--XXY\r\n",
		"\r\n--XX\r\n", "--YY\r\n" PART("a") "1\r\n--YY--\r\n",
		"--XX\n" PART("a") "1\r\n--XX--",
	};

	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
		assert_string_equal(parsed(*state, bodies[i]),
		    "the multipart body does not begin with its boundary");
}

/* Every beginning of a body is refused. */
static void
test_cut_off(void **state)
{
	static const char	 body[] = "--XX\r\n" PART("a")
				    "1\r\n--XX\r\n" PART("b") "2\r\n--XX--";
	struct span		 cut = { body, 0 };

	assert_string_equal(parsed(*state, body), "a=1|b=2|");
	for (; cut.n < sizeof body - 1; cut.n++) {
		char		*copy;
		const char	*got;

		copy = arena_strndup(*state, body, cut.n);
		got = parsed(*state, copy);
		assert_non_null(strstr(got, "the multipart body"));
	}
}

static void
test_refused(void **state)
{
	static const char	 nul[] = "--XX\r\n" PART("a") "1\0"
				    "2\r\n--XX--";

	assert_string_equal(parsed(*state, "--XX\r\n\r\n1\r\n--XX--\r\n"),
	    "a part of the multipart body has no name");
	assert_string_equal(parsed(*state, "--XX\r\n"
	    "Content-Disposition: form-data\r\n\r\n1\r\n--XX--\r\n"),
	    "a part of the multipart body has no name");
	assert_string_equal(parsed(*state, "--XX\r\n"
	    "Content-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--\r\n"),
	    "a part of the multipart body has no name");
	assert_string_equal(parsed(*state, "--XX\r\n" PART("a")
	    "\xff\r\n--XX--\r\n"), "parameter 1 is not UTF-8 text");
	assert_string_equal(parsed(*state, "--XX\r\n" PART("\xff")
	    "1\r\n--XX--\r\n"), "parameter 1 is not UTF-8 text");
	assert_string_equal(parsed_as(*state, TYPE,
	    (struct span){ nul, sizeof nul - 1 }),
	    "parameter 1 is not UTF-8 text");
}

static void
test_too_many(void **state)
{
	struct buf	*b = buf_new(*state);
	struct params	 p = { NULL, 0 };
	struct err	 err = { 0 };

	for (int i = 0; i < PARAMS_MAX; i++)
		buf_str(b, "--XX\r\n" PART("a") "1\r\n");
	buf_str(b, "--XX--");
	assert_true(multipart_parse(*state, buf_text(b), TYPE, &p, &err));
	assert_int_equal(p.n, PARAMS_MAX);
	assert_false(multipart_parse(*state, buf_text(b), TYPE, &p, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_parse), TEST(test_heads), TEST(test_boundaries),
		TEST(test_no_beginning), TEST(test_cut_off),
		TEST(test_refused), TEST(test_too_many),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("multipart", tests, NULL, NULL);
}
