#include "worker/loader.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "ser/parse.h"
#include "store/store.h"
#include "worker/app.h"
#include "worker/file.h"
#include "worker/loader_data.h"
#include "worker/loader_private.h"
#include "worker/user.h"

static bool
loader_module_valid(const char *module)
{
	size_t	 n = strlen(module);

	return n > 0 && n < 64 &&
	    strspn(module, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static bool
loader_json(struct env *env, const char *path, struct value *out)
{
	struct err	 inner = { 0 };
	struct span	 text;

	if (!file_read(env->arena, path, &text, env->err))
		return false;
	if (parse_json(env->arena, text, &parse_limits_default, out, &inner))
		return true;
	return env_fail(env, inner.code, "%s: %s", path, inner.msg);
}

bool
loader_describe(struct app *app, struct env *env, const char *module,
    struct value *out)
{
	static const char *const	 words[] = {
		"depends", "models", "data",
	};

	if (!loader_module_valid(module))
		return env_fail(env, ERR_VALUE, "\"%.80s\" is no module name",
		    module);
	if (!loader_json(env, arena_printf(env->arena, "%s/%s/module.json",
	    app->conf.schema_dir, module), out))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct value	*v = value_get(out, words[i]);

		if (v == NULL || v->type != VALUE_LIST)
			return env_fail(env, ERR_VALUE, "module %s: %s must "
			    "be a list", module, words[i]);
		for (size_t j = 0; j < v->u.list->n; j++)
			if (v->u.list->v[j].type != VALUE_TEXT)
				return env_fail(env, ERR_VALUE, "module %s: "
				    "%s must hold texts", module, words[i]);
	}
	return true;
}

static bool
loader_ordered(const struct loader *l, const char *module)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->order[i], module) == 0)
			return true;
	return false;
}

/* depth tells a circle of dependencies. */
bool
loader_order(struct loader *l, const char *module, int depth)
{
	struct value		 file;
	const struct value_list	*depends;

	if (loader_ordered(l, module))
		return true;
	if (depth == LOADER_MODULES)
		return env_fail(l->env, ERR_VALUE,
		    "module %s depends on itself", module);
	if (!loader_describe(l->app, l->env, module, &file))
		return false;
	depends = value_get(&file, "depends")->u.list;
	for (size_t i = 0; i < depends->n; i++)
		if (!loader_order(l, depends->v[i].u.text.p, depth + 1))
			return false;
	if (l->n == LOADER_MODULES)
		return env_fail(l->env, ERR_VALUE, "more than %d modules",
		    LOADER_MODULES);
	l->order[l->n++] = module;
	return true;
}

static bool
loader_models(struct app *app, struct env *env, const char *module,
    const struct value_list *names)
{
	struct value	*files = arena_array(env->arena, names->n,
			    sizeof *files);

	for (size_t i = 0; i < names->n; i++)
		if (!loader_json(env, arena_printf(env->arena,
		    "%s/%s/models/%s.json", app->conf.schema_dir, module,
		    names->v[i].u.text.p), &files[i]))
			return false;
	return database_install(env, module, files, names->n);
}

static bool
loader_record(struct env *env, const char *model, const char *id,
    struct value vals)
{
	struct value	 record = value_dict(env->arena);
	struct value	 records = value_list(env->arena, 1);

	value_set(env->arena, &record, "id", value_text(id));
	value_set(env->arena, &record, "values", vals);
	value_push(env->arena, &records, record);
	return database_load(env, "base", model, &records, false);
}

/* The module's own row in ir.module.module. */
static bool
loader_installed(struct app *app, struct env *env, const char *module,
    const struct value *file)
{
	struct value		 vals = value_dict(env->arena);
	const struct value	*name = value_get(file, "name");
	const struct value	*summary = value_get(file, "summary");
	char			 sum[SHA256_HEX];

	if (!loader_checksum(app, env, module, sum))
		return false;
	value_set(env->arena, &vals, "checksum", value_text(sum));
	value_set(env->arena, &vals, "name", value_text(module));
	value_set(env->arena, &vals, "state", value_text("installed"));
	if (name != NULL)
		value_set(env->arena, &vals, "shortdesc", *name);
	if (summary != NULL)
		value_set(env->arena, &vals, "summary", *summary);
	return loader_record(env, "ir.module.module",
	    arena_printf(env->arena, "module_%s", module), vals);
}

bool
loader_module(struct app *app, struct env *env, const char *module)
{
	struct value		 file;
	const struct value_list	*data;

	if (!loader_describe(app, env, module, &file) ||
	    !loader_models(app, env, module,
	    value_get(&file, "models")->u.list))
		return false;
	data = value_get(&file, "data")->u.list;
	for (size_t i = 0; i < data->n; i++) {
		const char	*name = data->v[i].u.text.p;

		if (!(strcmp(name, "iso-codes") == 0 ?
		    loader_iso_codes(app, env) :
		    loader_data(env, module, arena_printf(env->arena,
		    "%s/%s/%s", app->conf.schema_dir, module, name))))
			return false;
	}
	return loader_installed(app, env, module, &file);
}

static bool
loader_parameter(struct env *env, const char *id, const char *key,
    const char *text)
{
	struct value	 vals = value_dict(env->arena);

	value_set(env->arena, &vals, "key", value_text(key));
	value_set(env->arena, &vals, "value", value_text(text));
	return loader_record(env, "ir.config_parameter", id, vals);
}

/* What a database is told about itself once. */
static bool
loader_parameters(struct app *app, struct env *env)
{
	const char	*url = app->conf.base_url;
	char		 uuid[37];

	crypto_uuid(uuid);
	return loader_parameter(env, "icp_database_uuid", "database.uuid",
	    uuid) &&
	    loader_parameter(env, "icp_web_base_url", "web.base.url",
	    url[0] == '\0' ? "http://localhost:8069" : url);
}

static bool
loader_password(struct env *env, const char *login, char out[33])
{
	int64_t	 uid;

	crypto_token(out, 24);
	return user_find(env, login, &uid) &&
	    user_set_password(env, uid, span_of(out));
}

static bool
loader_passwords(struct loader *l, struct loader_passwords *passwords)
{
	memset(passwords, 0, sizeof *passwords);
	return loader_password(l->env, "admin", passwords->admin) &&
	    (!loader_ordered(l, "demo") ||
	    loader_password(l->env, "demo", passwords->demo));
}

/* All of it in the env's write transaction. */
static bool
loader_fill(struct loader *l, struct loader_passwords *passwords)
{
	for (size_t i = 0; i < l->n; i++)
		if (!loader_module(l->app, l->env, l->order[i]))
			return false;
	return loader_parameters(l->app, l->env) &&
	    loader_passwords(l, passwords) &&
	    env_generation_next(l->env);
}

static bool
loader_run(struct loader *l, struct loader_passwords *passwords)
{
	store_set_budget(l->env->db->store, 0);
	if (!env_begin(l->env, ENV_WRITE))
		return false;
	if (loader_fill(l, passwords) && env_commit(l->env))
		return true;
	env_rollback(l->env);
	return false;
}

void
loader_close(struct database *db)
{
	store_close(db->store);
	db->store = NULL;
	database_forget(db);
}

static bool
loader_make(struct loader *l, const char *name, const char *const *modules,
    size_t n, struct loader_passwords *passwords)
{
	struct databases	*dbs = l->app->dbs;

	if (!loader_order(l, "base", 0))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!loader_order(l, modules[i], 0))
			return false;
	if (!database_create(dbs, name, &l->env->db, l->env->err))
		return false;
	if (!loader_run(l, passwords) ||
	    !databases_publish(dbs, l->env->db, l->env->err)) {
		database_discard(l->env->db);
		return false;
	}
	loader_close(l->env->db);
	return true;
}

bool
loader_init(struct app *app, const char *name, const char *const *modules,
    size_t nmodules, struct loader_passwords *passwords, struct err *err)
{
	struct arena	*a = arena_new();
	struct env	 env = {
		.conf = &app->conf, .arena = a, .err = err,
		.uid = SUPERUSER, .su = true, .loading = true,
	};
	struct loader	 l = { .app = app, .env = &env };
	bool		 made;

	made = loader_make(&l, name, modules, nmodules, passwords);
	arena_free(a);
	return made;
}
