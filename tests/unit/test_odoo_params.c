#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "api/dialect.h"
#include "api/odoo.h"
#include "base/arena.h"
#include "base/codec.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "base/literal_write.h"
#include "orm/domain.h"

static const struct route	 reading = { "GET", "/x", 0, NULL };
static const struct route	 writing = { "POST", "/x", ROUTE_WRITE, NULL };

struct fix {
	struct arena		*a;
	struct request		 req;
	struct conf		 conf;
	struct call		 c;
	struct err		 err;
	struct odoo_args	 args;
	const struct route	*route;
};

static int
setup(void **state)
{
	struct arena	*a = arena_new();
	struct fix	*f = arena_alloc(a, sizeof *f);

	f->a = a;
	assert_true(conf_load(a, NULL, "/nonexistent/conf", &f->conf,
	    &f->err));
	f->route = &reading;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	arena_free(((struct fix *)*state)->a);
	return 0;
}

/* Reads the parameters of a request with this query and body. */
static bool
args(struct fix *f, const char *query, const char *type, const char *body)
{
	static const struct http_limits	  limits = { 100000, 100000 };
	const char			**vars = arena_array(f->a, 5,
					    sizeof *vars);

	vars[0] = "REQUEST_METHOD=POST";
	vars[1] = "REQUEST_URI=/x";
	vars[2] = arena_printf(f->a, "QUERY_STRING=%s", query);
	vars[3] = arena_printf(f->a, "CONTENT_TYPE=%s", type);
	memset(&f->req, 0, sizeof f->req);
	err_clear(&f->err);
	assert_true(request_parse(&f->req, f->a, vars, "", &limits, &f->err));
	assert_true(request_body(&f->req, span_of(body), &f->err));
	f->c = (struct call){
		.req = &f->req, .route = f->route, .conf = &f->conf,
		.env = { .arena = f->a, .err = &f->err, .conf = &f->conf },
	};
	return odoo_args(&f->c, &f->args);
}

static void
refused(struct fix *f, enum err_code code)
{
	assert_int_equal(f->err.code, code);
	assert_string_not_equal(f->err.msg, "");
	err_clear(&f->err);
}

/* The names as one text, "a|b", or NULL if they are refused. */
static const char *
names(struct fix *f, const char *query)
{
	struct buf	*b = buf_new(f->a);
	struct names	 n;

	assert_true(args(f, query, "", ""));
	if (!odoo_arg_names(&f->args, "fields", &n)) {
		refused(f, ERR_VALUE);
		return NULL;
	}
	for (size_t i = 0; i < n.n; i++)
		buf_printf(b, i == 0 ? "%s" : "|%s", n.v[i]);
	return b->p == NULL ? "" : b->p;
}

static void
test_names(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(names(f, ""), "");
	assert_string_equal(names(f, "fields="), "");
	assert_string_equal(names(f, "fields=[]"), "");
	assert_string_equal(names(f, "fields=None"), "");
	assert_string_equal(names(f, "fields=False"), "");
	assert_string_equal(names(f, "fields=['name','zip']"), "name|zip");
	assert_string_equal(names(f, "fields=(u'name',)"), "name");
	assert_string_equal(names(f, "fields=%5B%22name%22%2C%22zip%22%5D"),
	    "name|zip");
	assert_string_equal(names(f, "fields='name'"), "name");
	assert_string_equal(names(f, "fields=name"), "name");
	assert_string_equal(names(f, "fields=name,+zip"), "name|zip");
	assert_null(names(f, "fields=name,,zip"));
	assert_null(names(f, "fields=,"));
	assert_null(names(f, "fields=['name'"));
	assert_null(names(f, "fields=["));
	assert_null(names(f, "fields='name"));
	assert_null(names(f, "fields=[1]"));
	assert_null(names(f, "fields=[['name']]"));
	assert_null(names(f, "fields={'name':1}"));
	assert_null(names(f, "fields=12"));
	assert_null(names(f, "fields=True"));
}

/* The ids as one text, "-" if none are given, NULL if they are refused. */
static const char *
ids(struct fix *f, const char *query, const char *body)
{
	struct buf	*b = buf_new(f->a);
	struct ids	 got;
	bool		 given;

	assert_true(args(f, query, "application/json", body));
	if (!odoo_arg_ids(&f->args, &got, &given)) {
		refused(f, ERR_VALUE);
		return NULL;
	}
	if (!given)
		return "-";
	for (size_t i = 0; i < got.n; i++)
		buf_printf(b, "%lld ", (long long)got.v[i]);
	return b->p == NULL ? "" : b->p;
}

static void
test_ids(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(ids(f, "", ""), "-");
	assert_string_equal(ids(f, "ids=", ""), "");
	assert_string_equal(ids(f, "ids=[]", ""), "");
	assert_string_equal(ids(f, "", "{\"ids\":null}"), "");
	assert_string_equal(ids(f, "", "{\"ids\":[]}"), "");
	assert_string_equal(ids(f, "ids=17", ""), "17 ");
	assert_string_equal(ids(f, "ids=17,20,17", ""), "17 20 17 ");
	assert_string_equal(ids(f, "ids=17,%2020", ""), "17 20 ");
	assert_string_equal(ids(f, "ids=[17,20]", ""), "17 20 ");
	assert_string_equal(ids(f, "ids=(17,20)", ""), "17 20 ");
	assert_string_equal(ids(f, "", "{\"ids\":[17,20]}"), "17 20 ");
	assert_string_equal(ids(f, "", "{\"ids\":\"17,20\"}"), "17 20 ");
	assert_string_equal(ids(f, "", "{\"ids\":17}"), "17 ");
	assert_string_equal(ids(f, "ids=1", "{\"ids\":[2]}"), "2 ");
	assert_string_equal(ids(f, "ids=9223372036854775807", ""),
	    "9223372036854775807 ");
	assert_null(ids(f, "ids=9223372036854775808", ""));
	assert_null(ids(f, "ids=17,,20", ""));
	assert_null(ids(f, "ids=17,", ""));
	assert_null(ids(f, "ids=,17", ""));
	assert_null(ids(f, "ids=,", ""));
	assert_null(ids(f, "ids=%20", ""));
	assert_null(ids(f, "ids=17%2C2x", ""));
	assert_null(ids(f, "ids=1+7", ""));
	assert_null(ids(f, "ids=-17", ""));
	assert_null(ids(f, "ids=1.5", ""));
	assert_null(ids(f, "ids=all", ""));
	assert_null(ids(f, "ids=True", ""));
	assert_null(ids(f, "ids=[17", ""));
	assert_null(ids(f, "ids=[17.0]", ""));
	assert_null(ids(f, "ids=['17']", ""));
	assert_null(ids(f, "ids=[True]", ""));
	assert_null(ids(f, "ids=[-1]", ""));
	assert_null(ids(f, "", "{\"ids\":true}"));
	assert_null(ids(f, "", "{\"ids\":{\"a\":1}}"));
	f->conf.max_ids = 3;
	assert_string_equal(ids(f, "ids=1,2,3", ""), "1 2 3 ");
	assert_null(ids(f, "ids=1,2,3,4", ""));
	assert_null(ids(f, "ids=[1,2,3,4]", ""));
}

static int64_t
number(struct fix *f, const char *query)
{
	int64_t	 n;

	assert_true(args(f, query, "", ""));
	if (odoo_arg_number(&f->args, "limit", &n))
		return n;
	refused(f, ERR_VALUE);
	return -1;
}

static void
test_number(void **state)
{
	struct fix	*f = *state;

	assert_int_equal(number(f, ""), 0);
	assert_int_equal(number(f, "limit="), 0);
	assert_int_equal(number(f, "limit=None"), 0);
	assert_int_equal(number(f, "limit=False"), 0);
	assert_int_equal(number(f, "limit=0"), 0);
	assert_int_equal(number(f, "limit=80"), 80);
	assert_int_equal(number(f, "limit=-1"), -1);
	assert_int_equal(number(f, "limit=True"), -1);
	assert_int_equal(number(f, "limit=1.5"), -1);
	assert_int_equal(number(f, "limit=ten"), -1);
	assert_int_equal(number(f, "limit=9223372036854775808"), -1);
}

static int
flag(struct fix *f, const char *query)
{
	bool	 b = true;

	assert_true(args(f, query, "", ""));
	if (odoo_arg_flag(&f->args, "count", &b))
		return b;
	refused(f, ERR_VALUE);
	return -1;
}

static void
test_flag(void **state)
{
	struct fix	*f = *state;

	assert_int_equal(flag(f, ""), 1);
	assert_int_equal(flag(f, "count="), 1);
	assert_int_equal(flag(f, "count=None"), 1);
	assert_int_equal(flag(f, "count=True"), 1);
	assert_int_equal(flag(f, "count=true"), 1);
	assert_int_equal(flag(f, "count=1"), 1);
	assert_int_equal(flag(f, "count=False"), 0);
	assert_int_equal(flag(f, "count=false"), 0);
	assert_int_equal(flag(f, "count=0"), 0);
	assert_int_equal(flag(f, "count=2"), -1);
	assert_int_equal(flag(f, "count=yes"), -1);
}

/* The text, "-" for none. */
static const char *
text(struct fix *f, const char *query)
{
	const char	*s;

	assert_true(args(f, query, "", ""));
	if (!odoo_arg_text(&f->args, "order", &s)) {
		refused(f, ERR_VALUE);
		return NULL;
	}
	return s == NULL ? "-" : s;
}

static void
test_text(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(text(f, ""), "-");
	assert_string_equal(text(f, "order=None"), "-");
	assert_string_equal(text(f, "order=name desc, id"), "name desc, id");
	assert_string_equal(text(f, "order='name desc'"), "name desc");
	assert_string_equal(text(f, "order=id"), "id");
	assert_null(text(f, "order=1"));
	assert_null(text(f, "order=['name']"));
}

static int
domain(struct fix *f, const char *query)
{
	const struct domain	*d;

	assert_true(args(f, query, "", ""));
	if (!odoo_arg_domain(&f->args, &d)) {
		refused(f, ERR_VALUE);
		return -1;
	}
	return d != NULL;
}

static void
test_domain(void **state)
{
	struct fix	*f = *state;

	assert_int_equal(domain(f, ""), 0);
	assert_int_equal(domain(f, "domain="), 0);
	assert_int_equal(domain(f, "domain=[]"), 0);
	assert_int_equal(domain(f, "domain=None"), 0);
	assert_int_equal(domain(f, "domain=[('a','=',1)]"), 1);
	assert_int_equal(domain(f, "domain=[[\"a\",\"=\",null]]"), 1);
	assert_int_equal(domain(f, "domain=[('a','=',1)"), -1);
	assert_int_equal(domain(f, "domain=a"), -1);
	assert_int_equal(domain(f, "domain=7"), -1);
	assert_int_equal(domain(f, "domain=True"), -1);
	assert_int_equal(domain(f, "domain={'a':1}"), -1);
}

/* The values as a literal, "-" if none are given. */
static const char *
vals(struct fix *f, const char *query, const char *type, const char *body)
{
	struct buf	*b = buf_new(f->a);
	struct value	 v;
	bool		 given;

	f->route = &writing;
	if (!args(f, query, type, body))
		return NULL;
	if (!odoo_arg_vals(&f->args, &v, &given)) {
		refused(f, ERR_VALUE);
		return NULL;
	}
	if (!given)
		return "-";
	literal_write(b, &v);
	return b->p;
}

#define JSON	"application/json"
#define FORM	"application/x-www-form-urlencoded"

/* Spec 2.1: all the places, and which goes first. */
static void
test_vals_places(void **state)
{
	struct fix	*f = *state;
	const char	*want = vals(f, "vals={'a':1}", "", "");

	assert_non_null(want);
	assert_string_equal(vals(f, "vals={%22a%22:1}", "", ""), want);
	assert_string_equal(vals(f, "", JSON, "{\"vals\":{\"a\":1}}"), want);
	assert_string_equal(vals(f, "", JSON, "{\"vals\":\"{'a':1}\"}"), want);
	assert_string_equal(vals(f, "args=[{'a':1}]", "", ""), want);
	assert_string_equal(vals(f, "", JSON, "{\"args\":[{\"a\":1}]}"), want);
	assert_string_equal(vals(f, "", JSON, "{\"a\":1}"), want);
	assert_string_equal(vals(f, "", "", "{'a': 1}"), want);
	assert_string_equal(vals(f, "", "text/plain", " {'a': 1}\n"), want);
	assert_string_equal(vals(f, "", FORM, "vals={'a':1}"), want);
	assert_string_equal(vals(f, "", FORM, "args=[{'a':1},{'b':2}]"), want);
	assert_string_equal(vals(f, "", FORM, "{\"a\":1}"), want);
	assert_string_equal(vals(f, "", JSON, "[{\"a\":1}]"), want);
	assert_string_equal(vals(f, "", "application/xml",
	    "<vals><a>1</a></vals>"), want);
	assert_string_equal(vals(f, "", "text/xml",
	    "<args><item><a type=\"int\">1</a></item></args>"), want);
	assert_string_equal(vals(f, "", "application/xml",
	    "<kwargs><vals><a>1</a></vals></kwargs>"), want);

	assert_string_equal(vals(f, "vals={'a':1}", JSON,
	    "{\"vals\":{\"b\":2}}"), want);
	assert_string_equal(vals(f, "args={'b':2}", JSON,
	    "{\"vals\":{\"a\":1}}"), want);
	assert_string_equal(vals(f, "args={'a':1}", JSON, "{\"b\":2}"), want);
}

static void
test_vals_refused(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(vals(f, "", "", ""), "-");
	assert_string_equal(vals(f, "ids=1", "", ""), "-");
	assert_string_equal(vals(f, "", JSON, "{}"), "-");
	assert_string_equal(vals(f, "", JSON, "{\"ids\":[3,7]}"), "-");
	assert_string_equal(vals(f, "", FORM, "name=x"), "-");
	assert_null(vals(f, "vals=", "", ""));
	assert_null(vals(f, "vals=None", "", ""));
	assert_null(vals(f, "vals=[]", "", ""));
	assert_null(vals(f, "vals=5", "", ""));
	assert_null(vals(f, "vals={'a':1", "", ""));
	assert_null(vals(f, "vals={1:2}", "", ""));
	assert_null(vals(f, "vals=name", "", ""));
}

static void
test_body(void **state)
{
	struct fix	*f = *state;

	assert_false(args(f, "", JSON, "{\"a\":1"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", JSON, "{'a':1}"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", "", "{'a':1"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", JSON, "5"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", JSON, "[5]"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", JSON, "{\"a\":1,\"a\":2}"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", "application/xml", "<vals><a>1</vals>"));
	refused(f, ERR_BAD_REQUEST);
	assert_false(args(f, "", "application/xml", "<other/>"));
	refused(f, ERR_BAD_REQUEST);
	assert_true(args(f, "", JSON, " \r\n"));
	assert_true(args(f, "", JSON, "null"));
}

/* "\/" is a slash in JSON and two characters in Python. */
static void
test_json_first(void **state)
{
	struct fix	*f = *state;

	assert_string_equal(vals(f, "", JSON, "{\"a\":\"\\/\"}"),
	    vals(f, "vals={'a':'/'}", "", ""));
	assert_string_equal(vals(f, "", "text/plain", "{\"a\":\"\\/\"}"),
	    vals(f, "vals={'a':'%5C%5C/'}", "", ""));
}

static void
test_context(void **state)
{
	struct fix	*f = *state;

	assert_true(args(f, "context={'lang':'fr_BE','tz':'UTC'}", "", ""));
	assert_true(odoo_arg_context(&f->args));
	assert_string_equal(f->c.env.lang, "fr_BE");
	assert_string_equal(f->c.env.tz, "UTC");
	assert_non_null(value_get(f->c.env.context, "lang"));

	assert_true(args(f, "context=False", "", ""));
	assert_true(odoo_arg_context(&f->args));
	assert_null(f->c.env.context);
	assert_true(args(f, "context=[1]", "", ""));
	assert_false(odoo_arg_context(&f->args));
	refused(f, ERR_VALUE);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ids, setup, teardown),
		cmocka_unit_test_setup_teardown(test_number, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flag, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_domain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_vals_places, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_vals_refused, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_body, setup, teardown),
		cmocka_unit_test_setup_teardown(test_json_first, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_context, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
