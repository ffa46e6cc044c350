#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "api/dialect.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "models/models.h"

struct fix {
	struct arena		*a;
	struct request		 req;
	struct call		 c;
	struct err		 err;
	const char		*allow;
	size_t			 skip;
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

/* The dialect of a request. */
static const struct dialect *
dialect(struct fix *f, const char *method, const char *uri)
{
	static const struct http_limits	  limits = { 1000, 1000 };
	const char			**vars = arena_array(f->a, 3,
					    sizeof *vars);

	vars[0] = arena_printf(f->a, "REQUEST_METHOD=%s", method);
	vars[1] = arena_printf(f->a, "REQUEST_URI=%s", uri);
	memset(&f->req, 0, sizeof f->req);
	memset(&f->c, 0, sizeof f->c);
	err_clear(&f->err);
	f->allow = NULL;
	assert_true(request_parse(&f->req, f->a, vars, "", &limits, &f->err));
	f->c.req = &f->req;
	f->c.dialect = dialect_find(&f->req, &f->skip);
	f->c.behaviour = &models_behaviour;
	return f->c.dialect;
}

static bool
find(struct fix *f, const char *method, const char *uri)
{
	assert_non_null(dialect(f, method, uri));
	return route_find(&f->c, f->skip, &f->allow, &f->err);
}

static void
test_dialect(void **state)
{
	struct fix	*f = *state;

	assert_ptr_equal(dialect(f, "GET", "/restapi/1.0/common/version"),
	    &dialect_odoo);
	assert_int_equal(f->skip, 2);
	assert_ptr_equal(dialect(f, "GET", "//restapi//1.0"), &dialect_odoo);
	assert_null(dialect(f, "GET", "/"));
	assert_null(dialect(f, "GET", "/restapi"));
	assert_null(dialect(f, "GET", "/restapi/1.00/common/version"));
	assert_null(dialect(f, "GET", "/restapi/2.0/common/version"));
	assert_null(dialect(f, "GET", "/RESTAPI/1.0/common/version"));
	assert_null(dialect(f, "GET", "/restapi%2F1.0/common/version"));
}

/* The path pattern of the row that a request finds. */
static const char *
row(struct fix *f, const char *method, const char *uri)
{
	return find(f, method, uri) && f->c.route != NULL ?
	    f->c.route->path : NULL;
}

static void
test_rows(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(row(f, "GET", "/restapi/1.0/object/a.b/12"),
	    "/object/{model}/{id}");
	assert_string_equal(f->c.vars[0], "a.b");
	assert_string_equal(f->c.vars[1], "12");
	assert_string_equal(row(f, "GET", "/restapi/1.0/object/a.b/?x=1"),
	    "/object/{model}");
	assert_string_equal(row(f, "GET", "/restapi/1.0/object/a%2Eb/search"),
	    "/object/{model}/{method}");
	assert_string_equal(f->c.vars[0], "a.b");
	assert_string_equal(row(f, "HEAD", "/restapi/1.0/common/version"),
	    "/common/version");
	assert_string_equal(row(f, "PUT", "/restapi/1.0/object/a.b"),
	    "/object/{model}");
	assert_true(f->c.route->flags & ROUTE_WRITE);
}

static void
test_absent(void **state)
{
	static const char *const	 paths[] = {
		"/restapi/1.0", "/restapi/1.0/", "/restapi/1.0/object",
		"/restapi/1.0/object/a/1/2", "/restapi/1.0/object/a/b/read",
		"/restapi/1.0/common", "/restapi/1.0/common/version/1",
		"/restapi/1.0/Object/a/12",
	};
	struct fix	*f = *state;

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		assert_false(find(f, "GET", paths[i]));
		assert_int_equal(f->err.code, ERR_NOT_FOUND);
		assert_null(f->allow);
		assert_false(find(f, "OPTIONS", paths[i]));
	}
}

static void
test_method(void **state)
{
	struct fix	*f = *state;

	assert_false(find(f, "PATCH", "/restapi/1.0/object/a/search"));
	assert_int_equal(f->err.code, ERR_METHOD);
	assert_string_equal(f->allow, "GET, HEAD, POST, PUT, DELETE, OPTIONS");
	assert_false(find(f, "POST", "/restapi/1.0/common/version"));
	assert_string_equal(f->allow, "GET, HEAD, OPTIONS");
	assert_false(find(f, "get", "/restapi/1.0/common/version"));
	assert_int_equal(f->err.code, ERR_METHOD);

	assert_true(find(f, "OPTIONS", "/restapi/1.0/object/a"));
	assert_null(f->c.route);
	assert_string_equal(f->allow, "GET, HEAD, POST, PUT, DELETE, OPTIONS");
}

/* Whether a path that names a method writes is known before anybody asks. */
static void
test_model_method(void **state)
{
	static const char *const	 paths[] = {
		"/restapi/1.0/object/a/write", "/restapi/1.0/object/a/1/write",
	};
	struct fix	*f = *state;

	assert_true(find(f, "GET", "/restapi/1.0/object/a/1/exists"));
	assert_false(route_writes(&f->c));
	assert_string_equal(f->c.vars[2], "exists");
	assert_true(find(f, "DELETE", "/restapi/1.0/object/a/12x"));
	assert_false(route_writes(&f->c));
	for (size_t i = 0; i < 2; i++) {
		assert_false(find(f, "GET", paths[i]));
		assert_int_equal(f->err.code, ERR_METHOD);
		assert_string_equal(f->allow, "POST, PUT, DELETE, OPTIONS");
		assert_false(find(f, "HEAD", paths[i]));
		assert_true(find(f, "PUT", paths[i]));
		assert_true(route_writes(&f->c));
	}
}

/* No row that only reads writes, nor is one public but the version. */
static void
test_flags(void **state)
{
	(void)state;
	for (size_t i = 0; i < dialect_odoo.nroutes; i++) {
		const struct route	*r = &dialect_odoo.routes[i];

		if (strcmp(r->method, "GET") == 0)
			assert_false(r->flags & ROUTE_WRITE);
		else if (strcmp(r->method, "POST") != 0 &&
		    strcmp(r->method, "*") != 0)
			assert_true(r->flags & ROUTE_WRITE);
		assert_int_equal((r->flags & ROUTE_PUBLIC) != 0,
		    strcmp(r->path, "/common/version") == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(test_dialect, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rows, setup, teardown),
		cmocka_unit_test_setup_teardown(test_absent, setup, teardown),
		cmocka_unit_test_setup_teardown(test_method, setup, teardown),
		cmocka_unit_test_setup_teardown(test_model_method, setup,
		    teardown),
		cmocka_unit_test(test_flags),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
