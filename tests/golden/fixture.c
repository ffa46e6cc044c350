#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "worker/app.h"
#include "worker/loader.h"
#include "worker/user.h"

static const char *
fixture_path(struct arena *a, const char *path)
{
	const char	*top = getenv("TOP_SRCDIR");

	return arena_printf(a, "%s/%s", top == NULL ? "." : top, path);
}

static bool
fixture_user(struct env *env, const char *login, const char *password,
    char key[TOKEN_SIZE])
{
	int64_t	 uid, id;

	return user_find(env, login, &uid) &&
	    user_set_password(env, uid, span_of(password)) &&
	    token_make(env, uid, "golden tests", 0, key, &id);
}

/* Uses an id up, so that the next one does not depend on what base has. */
static bool
fixture_skip(struct env *env, const char *model, int64_t id,
    struct value *vals)
{
	const struct model	*m = registry_model(env->reg, model);
	struct ids		 ids = { &id, 1 };

	value_set(env->arena, vals, "id", value_int(id));
	return model_create(env, m, vals, &id) && model_unlink(env, m, &ids);
}

/* The next model is the manual's, 104; the next field is 2000. */
static bool
fixture_ids(struct env *env)
{
	struct value	 model = value_dict(env->arena);
	struct value	 field = value_dict(env->arena);

	value_set(env->arena, &model, "name", value_text("Gone"));
	value_set(env->arena, &model, "model", value_text("x_gone"));
	value_set(env->arena, &field, "name", value_text("x_gone"));
	value_set(env->arena, &field, "model", value_text("ir.model"));
	value_set(env->arena, &field, "model_id", value_int(1));
	value_set(env->arena, &field, "ttype", value_text("char"));
	return fixture_skip(env, "ir.model", 103, &model) &&
	    fixture_skip(env, "ir.model.fields", 1999, &field);
}

static bool
fixture_fill(struct app *app, struct env *env, char key[TOKEN_SIZE],
    char demo_key[TOKEN_SIZE])
{
	if (!env_begin(env, ENV_WRITE))
		return false;
	if (loader_module(app, env, "manual") && fixture_ids(env) &&
	    fixture_user(env, "admin", FIXTURE_ADMIN_PASSWORD, key) &&
	    fixture_user(env, "demo", FIXTURE_DEMO_PASSWORD, demo_key) &&
	    env_generation_next(env) && env_commit(env))
		return true;
	env_rollback(env);
	return false;
}

/* base from its own folder, then the fixture from the tests'. */
static bool
fixture_load(struct app *app, struct env *env, char key[TOKEN_SIZE],
    char demo_key[TOKEN_SIZE])
{
	struct loader_passwords	 passwords;

	app->conf.iso_codes_dir = fixture_path(app->arena,
	    "tests/data/iso-codes");
	app->conf.schema_dir = fixture_path(app->arena, "schema");
	if (!loader_init(app, FIXTURE_DATABASE, NULL, 0, &passwords,
	    env->err))
		return false;
	app->conf.schema_dir = fixture_path(app->arena, "tests/data");
	env->db = databases_named(app->dbs, FIXTURE_DATABASE, env->err);
	return env->db != NULL && database_open(env->db, env->err) &&
	    fixture_fill(app, env, key, demo_key);
}

bool
fixture_make(const char *dir, char key[TOKEN_SIZE], char demo_key[TOKEN_SIZE])
{
	struct err	 err = { 0 };
	struct app	 app;
	struct env	 env = { .uid = SUPERUSER, .su = true,
	    .loading = true, .conf = &app.conf, .err = &err };
	bool		 ok;

	if (!app_open(&app, "/dev/null", dir, &err)) {
		fprintf(stderr, "fixture: %s\n", err.msg);
		return false;
	}
	env.arena = app.arena;
	ok = fixture_load(&app, &env, key, demo_key);
	if (!ok)
		fprintf(stderr, "fixture: %s (%s)\n", err.msg, err.cause);
	app_close(&app);
	return ok;
}

void
fixture_drop(const char *dir)
{
	DIR		*d = opendir(dir);
	struct dirent	*e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}
