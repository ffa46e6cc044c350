#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/response.h"

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

static const char *
head(const struct response *r)
{
	struct buf	*b = buf_new(r->arena);

	response_head(r, b);
	return b->p;
}

static void
test_empty(void **state)
{
	struct response	 r;

	response_init(&r, *state);
	assert_string_equal(head(&r), "Status: 200 OK\r\n"
	    "Content-Length: 0\r\nX-Content-Type-Options: nosniff\r\n\r\n");
}

static void
test_full(void **state)
{
	struct response	 r;

	response_init(&r, *state);
	r.status = 401;
	r.type = "application/json; charset=utf-8";
	buf_str(r.body, "{}");
	response_header(&r, "WWW-Authenticate", "Bearer");
	response_header(&r, "WWW-Authenticate", "Basic realm=\"x\"");
	assert_string_equal(head(&r), "Status: 401 Unauthorized\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "Content-Length: 2\r\nX-Content-Type-Options: nosniff\r\n"
	    "WWW-Authenticate: Bearer\r\n"
	    "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n");
	assert_string_equal(r.body->p, "{}");
}

static void
test_no_injection(void **state)
{
	struct response	 r;
	char		 value[] = "/a\r\nSet-Cookie: x=1";

	response_init(&r, *state);
	response_header(&r, "Location", value);
	response_header(&r, "X-Line", "b\nc");
	memset(value, 'z', 3);
	assert_string_equal(head(&r), "Status: 200 OK\r\n"
	    "Content-Length: 0\r\nX-Content-Type-Options: nosniff\r\n"
	    "Location: /a\r\nX-Line: b\r\n\r\n");
}

static void
test_clear(void **state)
{
	struct response	 r;

	response_init(&r, *state);
	r.status = 500;
	r.type = "text/plain";
	r.head = true;
	buf_str(r.body, "half");
	response_header(&r, "X-A", "b");
	response_clear(&r);
	assert_true(r.head);
	assert_string_equal(head(&r), "Status: 200 OK\r\n"
	    "Content-Length: 0\r\nX-Content-Type-Options: nosniff\r\n\r\n");
}

static void
test_head_tells_the_length(void **state)
{
	struct response	 r;

	response_init(&r, *state);
	r.head = true;
	buf_str(r.body, "12345");
	assert_non_null(strstr(head(&r), "Content-Length: 5\r\n"));
}

static void
test_no_length(void **state)
{
	struct response	 r;

	response_init(&r, *state);
	r.status = 204;
	assert_string_equal(head(&r), "Status: 204 No Content\r\n"
	    "X-Content-Type-Options: nosniff\r\n\r\n");
	r.status = 304;
	assert_null(strstr(head(&r), "Content-Length"));
}

static void
test_status(void **state)
{
	(void)state;
	assert_string_equal(status_text(404), "Not Found");
	assert_string_equal(status_text(507), "Insufficient Storage");
	assert_string_equal(status_text(299), "Unknown");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_empty), TEST(test_full), TEST(test_no_injection),
		TEST(test_clear), TEST(test_head_tells_the_length),
		TEST(test_no_length), TEST(test_status),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
