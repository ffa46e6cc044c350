#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/crypto.h"
#include "http/request.h"

#define END	((const char *)NULL)

static const struct http_limits	 limits = { 100, 1000 };

struct fix {
	struct arena	*a;
	struct request	 r;
	struct err	 err;
};

static int
setup(void **state)
{
	struct arena	*a = arena_new();
	struct fix	*f = arena_alloc(a, sizeof *f);

	f->a = a;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct fix *)*state)->a);
	return 0;
}

/* Parses GET with these variables besides. */
static bool
parse(struct fix *f, const char *mount, ...)
{
	const char	**vars = arena_array(f->a, 16, sizeof *vars), *var;
	size_t		  n = 0;
	va_list		  ap;

	va_start(ap, mount);
	while ((var = va_arg(ap, const char *)) != NULL)
		vars[n++] = var;
	va_end(ap);
	vars[n] = "REQUEST_METHOD=GET";
	memset(&f->r, 0, sizeof f->r);
	err_clear(&f->err);
	return request_parse(&f->r, f->a, vars, mount, &limits, &f->err);
}

/* The segments, each in brackets. */
static const char *
segments(struct fix *f)
{
	struct buf	*b = buf_new(f->a);

	for (size_t i = 0; i < f->r.nsegments; i++) {
		assert_int_equal(f->r.segments[i].p[f->r.segments[i].n], 0);
		buf_char(b, '[');
		buf_span(b, f->r.segments[i]);
		buf_char(b, ']');
	}
	return b->p;
}

static void
assert_span(struct span s, const char *want)
{
	if (!span_is(s, want))
		fail_msg("%.*s is not %s", (int)s.n, s.p, want);
}

static void
test_path(void **state)
{
	static const char *const	 rows[][2] = {
		{ "REQUEST_URI=/a/b", "[a][b]" },
		{ "REQUEST_URI=/", "" },
		{ "REQUEST_URI=//a///b//", "[a][b]" },
		{ "REQUEST_URI=/a?b=/c", "[a]" },
		{ "REQUEST_URI=/a#b?c", "[a]" },
		{ "REQUEST_URI=/a%20b/c+d", "[a b][c+d]" },
		{ "REQUEST_URI=/a%2Fb", "[a/b]" },
		{ "REQUEST_URI=/a%252Fb", "[a%2Fb]" },
		{ "REQUEST_URI=/a%3Fb", "[a?b]" },
		{ "REQUEST_URI=/a%zz%", "[a%zz%]" },
		{ "REQUEST_URI=/...", "[...]" },
		{ "REQUEST_URI=/\xc3\xa9%C3%A9", "[\xc3\xa9\xc3\xa9]" },
		{ "REQUEST_URI=http://host/a/b", "[a][b]" },
		{ "REQUEST_URI=https://u@host:1/a?x=http://y/", "[a]" },
		{ "REQUEST_URI=http://host", "" },
		{ "REQUEST_URI=http://host?a=1", "" },
		{ "REQUEST_URI=/a/http://b", "[a][http:][b]" },
	};
	struct fix			*f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(parse(f, "", rows[i][0], END));
		assert_string_equal(segments(f), rows[i][1]);
	}
}

static void
test_path_refused(void **state)
{
	static const struct {
		const char	*uri;
		enum err_code	 code;
	} rows[] = {
		{ "REQUEST_URI=/a/../b", ERR_NOT_FOUND },
		{ "REQUEST_URI=/./b", ERR_NOT_FOUND },
		{ "REQUEST_URI=/a/%2e%2E", ERR_NOT_FOUND },
		{ "REQUEST_URI=/%2e", ERR_NOT_FOUND },
		{ "REQUEST_URI=/a%FF", ERR_BAD_REQUEST },
		{ "REQUEST_URI=/\xff", ERR_BAD_REQUEST },
		{ "REQUEST_URI=/a%00b", ERR_BAD_REQUEST },
		{ "REQUEST_URI=*", ERR_BAD_REQUEST },
		{ "REQUEST_URI=a/b", ERR_BAD_REQUEST },
	};
	struct fix	*f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_false(parse(f, NULL, rows[i].uri, END));
		assert_int_equal(f->err.code, rows[i].code);
	}
}

static void
test_target(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, "/api", "REQUEST_URI=http://h/api//a%20b/?x=%41#y",
	    "QUERY_STRING=x=%41", END));
	assert_span(f->r.method, "GET");
	assert_true(request_is(&f->r, "GET"));
	assert_false(request_is(&f->r, "HEAD"));
	assert_span(f->r.target, "/api//a%20b/?x=%41");
	assert_span(f->r.path, "//a%20b/");
	assert_true(f->r.trailing_slash);
	assert_true(parse(f, "/api", "REQUEST_URI=/api/a?x=/", END));
	assert_span(f->r.path, "/a");
	assert_false(f->r.trailing_slash);
	assert_true(parse(f, "/api", "REQUEST_URI=/api", END));
	assert_span(f->r.path, "");
	assert_false(f->r.trailing_slash);
}

static void
test_no_method(void **state)
{
	static const char *const	 vars[] = { "REQUEST_URI=/", NULL };
	struct fix			*f = *state;

	assert_false(request_parse(&f->r, f->a, vars, NULL, &limits, &f->err));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
	assert_int_equal(strlen(f->r.id), 16);
}

static void
test_mount(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, "/x/api/", "REQUEST_URI=/x/api/a", END));
	assert_string_equal(segments(f), "[a]");
	assert_true(parse(f, "/x/api", "REQUEST_URI=//x/%61pi//a", END));
	assert_string_equal(segments(f), "[a]");
	assert_span(f->r.path, "//a");
	assert_true(parse(f, "/", "REQUEST_URI=/api/a", "SCRIPT_NAME=/api",
	    "PATH_INFO=/a", END));
	assert_string_equal(segments(f), "[api][a]");
	assert_false(parse(f, "/api", "REQUEST_URI=/apix/a", END));
	assert_int_equal(f->err.code, ERR_NOT_FOUND);
	assert_false(parse(f, "/api/x", "REQUEST_URI=/api", END));
	assert_int_equal(f->err.code, ERR_NOT_FOUND);
}

/* The ways of the servers (spec/reliability 3.1). */
static void
test_mount_told(void **state)
{
	static const char *const	 rows[][4] = {
		/* lighttpd at / and Apache alias */
		{ "REQUEST_URI=/restapi/1.0/object", "SCRIPT_NAME=",
		    "PATH_INFO=/restapi/1.0/object", "[restapi][1.0][object]" },
		{ "REQUEST_URI=/api/restapi/1.0/", "SCRIPT_NAME=/api",
		    "PATH_INFO=/restapi/1.0/", "[restapi][1.0]" },
		{ "REQUEST_URI=/api//restapi/a%20b", "SCRIPT_NAME=/api",
		    "PATH_INFO=/restapi/a b", "[restapi][a b]" },
		{ "REQUEST_URI=/api/a%2Fb", "SCRIPT_NAME=/api",
		    "PATH_INFO=/a/b", "[a/b]" },
		{ "REQUEST_URI=/api/", "SCRIPT_NAME=/api",
		    "PATH_INFO=/", "" },
		/* .htaccess rewrite */
		{ "REQUEST_URI=/x/restapi/1.0", "SCRIPT_NAME=/x/cardfile.fcgi",
		    "PATH_INFO=/restapi/1.0", "[restapi][1.0]" },
		{ "REQUEST_URI=/restapi/1.0", "SCRIPT_NAME=/cardfile.fcgi",
		    "PATH_INFO=/restapi/1.0", "[restapi][1.0]" },
		/* the program named in the URI */
		{ "REQUEST_URI=/cgi-bin/cardfile.cgi/restapi",
		    "SCRIPT_NAME=/cgi-bin/cardfile.cgi", "PATH_INFO=/restapi",
		    "[restapi]" },
		{ "REQUEST_URI=/cgi-bin/cardfile.fcgi",
		    "SCRIPT_NAME=/cgi-bin/cardfile.fcgi", "PATH_INFO=", "" },
		/* mod_proxy_fcgi and nginx: all in SCRIPT_NAME */
		{ "REQUEST_URI=/restapi/1.0/object",
		    "SCRIPT_NAME=/restapi/1.0/object", "X=",
		    "[restapi][1.0][object]" },
		/* PATH_INFO that has nothing to do with the URI */
		{ "REQUEST_URI=/api/a", "SCRIPT_NAME=/api", "PATH_INFO=/b",
		    "[a]" },
		{ "REQUEST_URI=/a", "SCRIPT_NAME=/", "PATH_INFO=/b/a", "[a]" },
		{ "REQUEST_URI=/xa", "SCRIPT_NAME=", "PATH_INFO=a", "[xa]" },
		{ "REQUEST_URI=/api", "SCRIPT_NAME=/other", "X=", "[api]" },
		{ "REQUEST_URI=/apix/a", "SCRIPT_NAME=/api", "X=",
		    "[apix][a]" },
	};
	struct fix			*f = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(parse(f, NULL, rows[i][0], rows[i][1], rows[i][2],
		    END));
		assert_string_equal(segments(f), rows[i][3]);
	}
}

static void
test_no_uri(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, NULL, "SCRIPT_NAME=/cgi-bin/cardfile.cgi",
	    "PATH_INFO=/a b/c%20d", "QUERY_STRING=x=1", END));
	assert_string_equal(segments(f), "[a b][c%20d]");
	assert_span(f->r.target,
	    "/cgi-bin/cardfile.cgi/a%20b/c%2520d?x=1");
	assert_span(*params_get(&f->r.query, "x"), "1");
	assert_true(parse(f, NULL, "REQUEST_URI=", "PATH_INFO=/a", END));
	assert_string_equal(segments(f), "[a]");
	assert_true(parse(f, NULL, END));
	assert_span(f->r.path, "/");
}

static void
test_query(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, NULL, "REQUEST_URI=/a?x=raw",
	    "QUERY_STRING=x=%5B1%5D&y", END));
	assert_int_equal(f->r.query.n, 2);
	assert_span(*params_get(&f->r.query, "x"), "[1]");
	assert_true(parse(f, NULL, "REQUEST_URI=/a?x=1#y=2",
	    "QUERY_STRING=", END));
	assert_int_equal(f->r.query.n, 1);
	assert_span(*params_get(&f->r.query, "x"), "1");
	assert_true(parse(f, NULL, "REQUEST_URI=/a#?x=1", END));
	assert_int_equal(f->r.query.n, 0);
	assert_true(parse(f, NULL, "REQUEST_URI=/a?", END));
	assert_int_equal(f->r.query.n, 0);
	assert_false(parse(f, NULL, "REQUEST_URI=/a?x=1&y=%FF", END));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
	assert_string_equal(f->err.msg, "parameter 2 is not UTF-8 text");
}

static void
test_limits(void **state)
{
	char		 query[160] = "QUERY_STRING=x=";
	struct fix	*f = *state;

	memset(query + 15, 'a', 98);
	assert_true(parse(f, NULL, "REQUEST_URI=/", query, END));
	query[113] = 'a';
	assert_false(parse(f, NULL, "REQUEST_URI=/", query, END));
	assert_int_equal(f->err.code, ERR_TOO_LARGE);
	assert_true(parse(f, NULL, "CONTENT_LENGTH=1000", END));
	assert_false(parse(f, NULL, "CONTENT_LENGTH=1001", END));
	assert_int_equal(f->err.code, ERR_TOO_LARGE);
	assert_false(parse(f, NULL, "CONTENT_LENGTH=-1", END));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
	assert_false(parse(f, NULL, "CONTENT_LENGTH=99999999999999999999",
	    END));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
}

static void
test_id(void **state)
{
	static const char *const	 bad[] = {
		"HTTP_X_REQUEST_ID=", "HTTP_X_REQUEST_ID=a b",
		"HTTP_X_REQUEST_ID=a\n", "HTTP_X_REQUEST_ID=\xc3\xa9",
		"HTTP_X_REQUEST_ID=012345678901234567890123456789012", "X=",
	};
	struct fix			*f = *state;
	char				 last[REQUEST_ID_SIZE] = "";

	assert_true(parse(f, NULL,
	    "HTTP_X_REQUEST_ID=Az09._-8901234567890123456789012", END));
	assert_string_equal(f->r.id, "Az09._-8901234567890123456789012");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_true(parse(f, NULL, bad[i], END));
		assert_int_equal(strlen(f->r.id), 16);
		assert_int_equal(strspn(f->r.id, "0123456789abcdef"), 16);
		assert_string_not_equal(f->r.id, last);
		strcpy(last, f->r.id);
	}
}

static void
test_var(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, NULL, "HTTP_AB=2", "HTTP_A=1", "HTTP_E=", END));
	assert_string_equal(request_var(&f->r, "HTTP_A"), "1");
	assert_string_equal(request_var(&f->r, "HTTP_E"), "");
	assert_null(request_var(&f->r, "HTTP"));
	assert_null(request_var(&f->r, "http_a"));
}

static void
test_authorization(void **state)
{
	static const char *const	 good[] = {
		"Basic YTpi", "Basic YTpiYw==", "Bearer a.b-c_d~e+f/g=",
		"Bearer", "x", "OAuth a=\"b\"",
		"OAuth realm=\"x\", oauth_nonce=\"1\",oauth_token = \"2\"",
		"OAuth realm=\"a, Bearer b\", x=\"y\"",
		"OAuth realm=\"a\\\", Bearer b\", x=\"y\",",
		"OAuth oauth_token=abc,oauth_version=1.0",
		"Digest username=\"a\", nc=00000001, qop=auth",
	};
	static const char *const	 bad[] = {
		"Bearer a, Bearer b", "Basic x, Bearer y", "Bearer a,Bearer b",
		"Basic YTpi==, Basic YTpi==", "Bearer a, b",
		"OAuth a=\"b\", Bearer c", "OAuth a=\"b\", OAuth a=\"c\"",
		"Bearer a, OAuth x=\"y\"", "Bearer a, x=y", "Bearer, Basic a",
		"OAuth a=\"b\", Bearer",
	};
	struct fix			*f = *state;
	const char			*value;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_true(parse(f, NULL, arena_printf(f->a,
		    "HTTP_AUTHORIZATION=%s", good[i]), END));
		assert_true(request_authorization(&f->r, &value, &f->err));
		assert_string_equal(value, good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_true(parse(f, NULL, arena_printf(f->a,
		    "HTTP_AUTHORIZATION=%s", bad[i]), END));
		if (request_authorization(&f->r, &value, &f->err))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(f->err.code, ERR_BAD_REQUEST);
	}
}

static void
test_authorization_ways(void **state)
{
	struct fix	*f = *state;
	const char	*value;

	assert_true(parse(f, NULL, END));
	assert_true(request_authorization(&f->r, &value, &f->err));
	assert_null(value);
	assert_true(parse(f, NULL, "REDIRECT_HTTP_AUTHORIZATION=Bearer b",
	    "HTTP_AUTHORIZATION=Bearer a", END));
	assert_true(request_authorization(&f->r, &value, &f->err));
	assert_string_equal(value, "Bearer a");
	assert_true(parse(f, NULL, "REDIRECT_HTTP_AUTHORIZATION=Bearer b",
	    "HTTP_AUTHORIZATION=", END));
	assert_true(request_authorization(&f->r, &value, &f->err));
	assert_string_equal(value, "Bearer b");
	assert_true(parse(f, NULL, "HTTP_X_AUTHORIZATION=Bearer c", END));
	assert_true(request_authorization(&f->r, &value, &f->err));
	assert_string_equal(value, "Bearer c");
	assert_true(parse(f, NULL, "HTTP_X_AUTHORIZATION=Bearer c",
	    "HTTP_AUTHORIZATION=Bearer c", END));
	assert_true(request_authorization(&f->r, &value, &f->err));
	assert_string_equal(value, "Bearer c");
	assert_true(parse(f, NULL, "HTTP_X_AUTHORIZATION=Bearer c",
	    "HTTP_AUTHORIZATION=Bearer d", END));
	assert_false(request_authorization(&f->r, &value, &f->err));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
}

static void
test_body(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, NULL, "CONTENT_LENGTH=2",
	    "CONTENT_TYPE=Application/JSON; charset=UTF-8", END));
	assert_true(request_body(&f->r, span_of("{}"), &f->err));
	assert_span(f->r.type, "application/json");
	assert_span(f->r.body, "{}");
	assert_int_equal(f->r.form.n, 0);
	assert_false(request_body(&f->r, span_of("{"), &f->err));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
	assert_string_equal(f->err.msg, "the body is shorter than announced");
	err_clear(&f->err);
	assert_false(request_body(&f->r, span_of("{ }"), &f->err));
	assert_string_equal(f->err.msg, "the body is longer than announced");
	assert_true(parse(f, NULL, "CONTENT_LENGTH=", END));
	assert_true(request_body(&f->r, span_of("abc"), &f->err));
	assert_span(f->r.type, "");
}

static void
test_forms(void **state)
{
	struct fix	*f = *state;

	assert_true(parse(f, NULL, "REQUEST_URI=/?a=0",
	    "CONTENT_TYPE=application/x-www-form-urlencoded", END));
	assert_true(request_body(&f->r, span_of("a=1&b=x+y"), &f->err));
	assert_span(*params_get(&f->r.form, "a"), "1");
	assert_span(*params_get(&f->r.form, "b"), "x y");
	assert_span(*params_get(&f->r.query, "a"), "0");
	assert_true(parse(f, NULL,
	    "CONTENT_TYPE=Multipart/Form-Data; boundary=XX", END));
	assert_true(request_body(&f->r, span_of("--XX\r\n"
	    "Content-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--"),
	    &f->err));
	assert_span(*params_get(&f->r.form, "a"), "1");
	assert_true(request_body(&f->r, span_of(""), &f->err));
	assert_false(request_body(&f->r, span_of("--XX\r\n"), &f->err));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(test_path), TEST(test_path_refused), TEST(test_target),
		TEST(test_no_method), TEST(test_mount), TEST(test_mount_told),
		TEST(test_no_uri), TEST(test_query), TEST(test_limits),
		TEST(test_id), TEST(test_var), TEST(test_authorization),
		TEST(test_authorization_ways), TEST(test_body),
		TEST(test_forms),
	};

	crypto_init();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
