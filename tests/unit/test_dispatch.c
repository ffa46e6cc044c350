#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../golden/exchange.h"
#include "../golden/fixture.h"
#include "api/dispatch.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/behaviour.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/observer.h"
#include "worker/app.h"
#include "worker/loader.h"

#define PARTNER	"/restapi/1.0/object/res.partner"
#define CREATE	"POST " PARTNER "?vals={'name':'Tried','ref':'%s'} HTTP/1.1\n" \
		"Authorization: Bearer {ADMIN}\n"

/* What a create of this process is to fail with, and how often still. */
static enum err_code	 failure;
static int		 failures, tries;

static bool
failing_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	(void)m;
	(void)vals;
	if (ids != NULL)
		return true;
	tries++;
	if (failures == 0)
		return true;
	failures--;
	env_fail(env, failure, "told /etc/secret");
	err_cause(env->err, "the cause");
	return false;
}

static bool
failing_created(struct env *env, const struct model *m, int64_t id)
{
	(void)id;
	return failing_prepare(env, m, NULL, NULL);
}

static const struct observer	 before[] = {
	{ .model = "res.partner", .prepare = failing_prepare },
};
static const struct observer	 after[] = {
	{ .model = "res.partner", .created = failing_created },
};

struct fix {
	struct arena	*a;
	char		 dir[32];
	struct conf	 conf;
	struct site	 site;
	struct behaviour behaviour;
	struct keys	 keys;
};

static void
observe(struct fix *f, const struct observer *o)
{
	if (f->site.dbs != NULL)
		databases_close(f->site.dbs);
	f->behaviour = (struct behaviour){ .observers = o, .nobservers = 1 };
	f->site.dbs = databases_new(f->a, &f->conf, &f->behaviour);
}

static int
setup(void **state)
{
	struct arena	*a = arena_new();
	struct fix	*f = arena_alloc(a, sizeof *f);
	struct err	 err = { 0 };

	*state = f;
	f->a = a;
	snprintf(f->dir, sizeof f->dir, "/tmp/dispatch-XXXXXX");
	if (mkdtemp(f->dir) == NULL ||
	    !fixture_make(f->dir, f->keys.admin, f->keys.demo) ||
	    !conf_load(a, NULL, "/nonexistent", &f->conf, &err))
		return -1;
	f->conf.data_dir = f->dir;
	f->site.conf = &f->conf;
	observe(f, before);
	return 0;
}

static int
teardown(void **state)
{
	struct fix	*f = *state;

	databases_close(f->site.dbs);
	fixture_drop(f->dir);
	arena_free(f->a);
	return 0;
}

static const char *
ask(struct fix *f, int status, const char *request)
{
	struct answer	 answer;

	exchange_run(f->a, &f->site, &f->keys, request, "application/json",
	    &answer);
	assert_int_equal(answer.status, status);
	return arena_strndup(f->a, answer.body.p, answer.body.n);
}

/* A create with this reference that fails so many times. */
static const char *
create(struct fix *f, int status, const char *ref, enum err_code code, int n)
{
	failure = code;
	failures = n;
	tries = 0;
	return ask(f, status, arena_printf(f->a, CREATE, ref));
}

static void
created(struct fix *f, const char *ref, int n)
{
	assert_string_equal(ask(f, 200, arena_printf(f->a, "GET " PARTNER
	    "/search_count?domain=[('ref','=','%s')] HTTP/1.1\n"
	    "Authorization: Bearer {ADMIN}\n", ref)),
	    arena_printf(f->a, "{\"count\":%d}", n));
}

/* A lost race is run again, three times in all, and leaves one record. */
static void
test_retry(void **state)
{
	struct fix	*f = *state;

	create(f, 200, "once", ERR_RETRY, 0);
	assert_int_equal(tries, 1);
	create(f, 200, "twice", ERR_RETRY, 1);
	assert_int_equal(tries, 2);
	create(f, 200, "thrice", ERR_RETRY, 2);
	assert_int_equal(tries, 3);
	create(f, 503, "never", ERR_RETRY, 3);
	assert_int_equal(tries, 3);
	create(f, 403, "refused", ERR_VALIDATION, 1);
	assert_int_equal(tries, 1);
	created(f, "once", 1);
	created(f, "twice", 1);
	created(f, "thrice", 1);
	created(f, "never", 0);
	created(f, "refused", 0);
}

/* The same when the record is there already, and must go. */
static void
test_retry_late(void **state)
{
	struct fix	*f = *state;

	observe(f, after);
	create(f, 200, "late", ERR_RETRY, 2);
	assert_int_equal(tries, 3);
	created(f, "late", 1);
	create(f, 503, "too late", ERR_RETRY, 9);
	created(f, "too late", 0);
	observe(f, before);
}

/* What broke inside stays inside. */
static void
test_inside(void **state)
{
	static const char	 answer[] = "{\"error\":{\"code\":500,"
				    "\"message\":\"Internal server error\"}}";
	struct fix		*f = *state;

	assert_string_equal(create(f, 500, "x", ERR_INTERNAL, 1), answer);
	assert_string_equal(create(f, 500, "x", ERR_DATABASE, 1), answer);
	assert_null(strstr(create(f, 507, "x", ERR_FULL, 1), "cause"));
	assert_null(strstr(create(f, 503, "x", ERR_TIMEOUT, 1), "cause"));
	created(f, "x", 0);
}

/* A second database beside the first. */
static void
second(struct fix *f)
{
	struct loader_passwords	 passwords;
	struct app		 app;
	struct err		 err = { 0 };
	const char		*top = getenv("TOP_SRCDIR");

	top = top == NULL ? "." : top;
	assert_true(app_open(&app, "/dev/null", f->dir, &err));
	app.conf.schema_dir = arena_printf(app.arena, "%s/schema", top);
	app.conf.iso_codes_dir = arena_printf(app.arena,
	    "%s/tests/data/iso-codes", top);
	assert_true(loader_init(&app, "second", NULL, 0, &passwords, &err));
	app_close(&app);
}

/* A read of the first database's partner by password. */
static const char *
basic(struct fix *f, const char *header)
{
	struct buf	*b = buf_new(f->a);

	base64_encode(b, span_of("demo:" FIXTURE_DEMO_PASSWORD));
	return arena_printf(f->a, "GET " PARTNER "/12?fields=zip HTTP/1.1\n"
	    "Authorization: Basic %s\n%s", b->p, header);
}

static void
test_databases(void **state)
{
	struct fix	*f = *state;

	ask(f, 200, basic(f, ""));		/* the only one */
	second(f);
	ask(f, 401, basic(f, ""));
	ask(f, 200, "GET " PARTNER "/12 HTTP/1.1\n"
	    "Authorization: Bearer {DEMO}\n");	/* by its tag */
	ask(f, 200, basic(f, "X-Odoo-Database: manual\n"));
	ask(f, 401, basic(f, "X-Odoo-Database: second\n"));
	ask(f, 401, basic(f, "X-Odoo-Database: third\n"));
	ask(f, 401, basic(f, "X-Odoo-Database: ../manual\n"));

	map_put(f->conf.hosts, span_of("manual.example.org"),
	    arena_strdup(f->a, "manual"));
	ask(f, 200, basic(f, "Host: Manual.Example.org:8069\n"));
	ask(f, 401, basic(f, "Host: example.org\n"));
	ask(f, 401, basic(f, "Host: manual.example.org\n"
	    "X-Odoo-Database: second\n"));
	f->conf.default_database = "manual";
	ask(f, 200, basic(f, ""));
	ask(f, 200, basic(f, "Host: example.org\n"));
	f->conf.default_database = "third";
	ask(f, 401, basic(f, ""));
	f->conf.default_database = "";
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_retry_late),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_databases),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
