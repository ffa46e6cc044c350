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

#include "../golden/fixture.h"
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "http/request.h"
#include "models/models.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"

#define ALL	(AUTH_BIT(bearer) | AUTH_BIT(basic))
#define NOW	"2017-07-14 09:00:00"
#define NOW_S	1500022800

struct fix {
	struct arena	*a;
	char		 dir[32];
	struct conf	 conf;
	struct env	 env;
	struct err	 err;
	char		 admin[TOKEN_SIZE], demo[TOKEN_SIZE];
};

static int
setup(void **state)
{
	struct arena		*a = arena_new();
	struct fix		*f = arena_alloc(a, sizeof *f);
	struct databases	*dbs;

	*state = f;
	f->a = a;
	snprintf(f->dir, sizeof f->dir, "/tmp/auth-XXXXXX");
	setenv("CARDFILE_NOW", NOW, 1);
	if (mkdtemp(f->dir) == NULL ||
	    !fixture_make(f->dir, f->admin, f->demo) ||
	    !conf_load(a, NULL, "/nonexistent", &f->conf, &f->err))
		return -1;
	f->conf.data_dir = f->dir;
	dbs = databases_new(a, &f->conf, &models_behaviour);
	f->env = (struct env){
		.db = databases_named(dbs, FIXTURE_DATABASE, &f->err),
		.conf = &f->conf, .arena = a, .err = &f->err,
		.uid = SUPERUSER, .su = true,
	};
	return database_open(f->env.db, &f->err) ? 0 : -1;
}

static int
teardown(void **state)
{
	struct fix	*f = *state;

	databases_close(f->env.db->all);
	fixture_drop(f->dir);
	arena_free(f->a);
	return 0;
}

/* Who an Authorization header says it is; 0 if it is refused as it should. */
static int64_t
ask(struct fix *f, unsigned int schemes, const char *authorization,
    struct identity *who)
{
	const char	*vars[] = {
		arena_printf(f->a, "HTTP_AUTHORIZATION=%s", authorization),
		NULL,
	};
	struct request	 req = { .arena = f->a, .vars = vars };

	memset(who, 0, sizeof *who);
	err_clear(&f->err);
	if (auth_identify(&f->env, &req, schemes, who))
		return who->uid;
	assert_int_equal(f->err.code, ERR_AUTH);
	assert_string_equal(f->err.msg, "Authentication required");
	assert_string_equal(f->err.cause, "");
	err_clear(&f->err);
	return 0;
}

static int64_t
user(struct fix *f, const char *authorization)
{
	struct identity	 who;

	return ask(f, ALL, authorization, &who);
}

static int64_t
bearer(struct fix *f, const char *token)
{
	return user(f, arena_printf(f->a, "Bearer %s", token));
}

static int64_t
basic(struct fix *f, const char *login, const char *password)
{
	struct buf	*b = buf_new(f->a);

	buf_str(b, "Basic ");
	base64_encode(b, span_of(arena_printf(f->a, "%s:%s", login,
	    password)));
	return user(f, b->p);
}

static void
begin(struct fix *f, enum env_txn txn)
{
	assert_true(env_begin(&f->env, txn));
}

static void
archive(struct fix *f, int64_t uid)
{
	struct value	 vals = value_dict(f->a);
	struct ids	 ids = { &uid, 1 };

	value_set(f->a, &vals, "active", value_bool(false));
	assert_true(model_write(&f->env, registry_model(f->env.reg,
	    "res.users"), &ids, &vals));
}

static void
test_bearer(void **state)
{
	struct fix	*f = *state;
	struct identity	 who;
	int64_t		 demo;
	char		*other;

	begin(f, ENV_READ);
	assert_int_equal(bearer(f, f->admin), SUPERUSER);
	demo = bearer(f, f->demo);
	assert_true(demo > SUPERUSER);
	assert_int_equal(user(f, arena_printf(f->a, "bEARER   %s", f->demo)),
	    demo);
	assert_int_equal(ask(f, AUTH_BIT(basic), arena_printf(f->a,
	    "Bearer %s", f->demo), &who), 0);

	for (size_t i = 0; i < TOKEN_SIZE - 1; i++) {
		other = arena_strdup(f->a, f->demo);
		other[i] = other[i] == 'a' ? 'b' : 'a';
		assert_int_equal(bearer(f, other), 0);
	}
	assert_int_equal(bearer(f, ""), 0);
	assert_int_equal(bearer(f, arena_strndup(f->a, f->demo, 39)), 0);
	assert_int_equal(user(f, f->demo), 0);
	assert_int_equal(user(f, arena_printf(f->a, "Bearer%s", f->demo)), 0);
	assert_int_equal(user(f, "Token abc"), 0);
	assert_int_equal(user(f, ""), 0);
	env_rollback(&f->env);
}

static void
test_expiry(void **state)
{
	struct fix	*f = *state;
	char		 now[TOKEN_SIZE], soon[TOKEN_SIZE];
	int64_t		 id;

	begin(f, ENV_WRITE);
	assert_true(token_make(&f->env, SUPERUSER, "now", NOW_S, now, &id));
	assert_true(token_make(&f->env, SUPERUSER, "soon", NOW_S + 1, soon,
	    &id));
	assert_int_equal(bearer(f, now), 0);
	assert_int_equal(bearer(f, soon), SUPERUSER);
	env_rollback(&f->env);
}

static void
test_revoked(void **state)
{
	struct fix	*f = *state;
	char		 key[TOKEN_SIZE];
	int64_t		 id;

	begin(f, ENV_WRITE);
	assert_true(token_make(&f->env, SUPERUSER, "key", 0, key, &id));
	assert_int_equal(strlen(key), TOKEN_SIZE - 1);
	assert_memory_equal(key, f->env.db->tag, DATABASE_TAG);
	assert_int_equal(bearer(f, key), SUPERUSER);
	assert_true(token_revoke(&f->env, id));
	assert_int_equal(bearer(f, key), 0);
	assert_int_equal(bearer(f, f->admin), SUPERUSER);
	env_rollback(&f->env);
}

/* The key is nowhere in the files, nor is a password. */
static void
test_at_rest(void **state)
{
	struct fix	*f = *state;
	DIR		*d = opendir(f->dir);
	struct dirent	*e;
	size_t		 seen = 0;

	while ((e = readdir(d)) != NULL) {
		const char	*path = arena_printf(f->a, "%s/%s", f->dir,
				    e->d_name);
		FILE		*file = e->d_name[0] == '.' ? NULL :
				    fopen(path, "r");
		char		*text;
		size_t		 n;

		if (file == NULL)
			continue;
		fseek(file, 0, SEEK_END);
		n = (size_t)ftell(file);
		rewind(file);
		text = arena_text(f->a, n);
		assert_int_equal(fread(text, 1, n, file), n);
		fclose(file);
		assert_null(memmem(text, n, f->demo, TOKEN_SIZE - 1));
		assert_null(memmem(text, n, FIXTURE_DEMO_PASSWORD,
		    strlen(FIXTURE_DEMO_PASSWORD)));
		seen += memmem(text, n, "$argon2id$", 10) != NULL;
	}
	closedir(d);
	assert_true(seen > 0);
}

static void
test_archived(void **state)
{
	struct fix	*f = *state;
	int64_t		 demo;

	begin(f, ENV_WRITE);
	demo = bearer(f, f->demo);
	assert_int_equal(basic(f, "demo", FIXTURE_DEMO_PASSWORD), demo);
	archive(f, demo);
	assert_int_equal(bearer(f, f->demo), 0);
	assert_int_equal(basic(f, "demo", FIXTURE_DEMO_PASSWORD), 0);
	env_rollback(&f->env);
}

static void
test_basic(void **state)
{
	struct fix	*f = *state;
	struct identity	 who;

	begin(f, ENV_READ);
	assert_int_equal(basic(f, "admin", FIXTURE_ADMIN_PASSWORD), SUPERUSER);
	assert_int_equal(basic(f, "admin", FIXTURE_DEMO_PASSWORD), 0);
	assert_int_equal(basic(f, "admin", ""), 0);
	assert_int_equal(basic(f, "Admin", FIXTURE_ADMIN_PASSWORD), 0);
	assert_int_equal(basic(f, "", FIXTURE_ADMIN_PASSWORD), 0);
	assert_int_equal(basic(f, "nobody", FIXTURE_ADMIN_PASSWORD), 0);
	assert_int_equal(basic(f, "' OR 1=1 --", "x"), 0);
	assert_int_equal(basic(f, "admin\xff", "x"), 0);
	assert_int_equal(user(f, "Basic"), 0);
	assert_int_equal(user(f, "Basic ???"), 0);
	assert_int_equal(user(f, "Basic YWRtaW4="), 0);	/* no colon */
	assert_int_equal(ask(f, AUTH_BIT(bearer), "Basic YTpi", &who), 0);
	env_rollback(&f->env);
}

/* The use of a key is noted once an hour, by who may write. */
static void
test_last_use(void **state)
{
	struct fix	*f = *state;
	struct identity	 who;
	const char	*header = arena_printf(f->a, "Bearer %s", f->admin);

	begin(f, ENV_WRITE);
	assert_int_equal(ask(f, ALL, header, &who), SUPERUSER);
	assert_true(who.key > 0);
	assert_true(who.stale);
	assert_true(auth_used(&f->env, &who));
	assert_true(env_commit(&f->env));

	begin(f, ENV_READ);
	assert_int_equal(ask(f, ALL, header, &who), SUPERUSER);
	assert_false(who.stale);
	assert_true(auth_used(&f->env, &who));	/* writes nothing */
	env_rollback(&f->env);

	setenv("CARDFILE_NOW", "2017-07-14 10:00:00", 1);
	begin(f, ENV_READ);
	assert_int_equal(ask(f, ALL, header, &who), SUPERUSER);
	assert_true(who.stale);
	env_rollback(&f->env);
}

static void
test_credential(void **state)
{
	struct fix	*f = *state;
	const char	*vars[] = { "HTTP_AUTHORIZATION=Bearer abc", NULL };
	struct request	 req = { .arena = f->a, .vars = vars };

	err_clear(&f->err);
	assert_string_equal(auth_credential(&f->env, &req), "abc");
	vars[0] = "HTTP_AUTHORIZATION=Basic YTpi";
	assert_null(auth_credential(&f->env, &req));
	vars[0] = "X=";
	assert_null(auth_credential(&f->env, &req));
	assert_int_equal(f->err.code, ERR_OK);
	vars[0] = "HTTP_AUTHORIZATION=Bearer abc, Bearer def";
	assert_null(auth_credential(&f->env, &req));
	assert_int_equal(f->err.code, ERR_BAD_REQUEST);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_revoked),
		cmocka_unit_test(test_at_rest),
		cmocka_unit_test(test_archived),
		cmocka_unit_test(test_basic),
		cmocka_unit_test(test_credential),
		cmocka_unit_test(test_last_use),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
