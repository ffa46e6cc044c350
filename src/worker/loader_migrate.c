/* cardfile migrate: the installed modules as their files are now. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/progress.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/migrate.h"
#include "store/store.h"
#include "worker/app.h"
#include "worker/loader.h"
#include "worker/loader_private.h"

/* Those installed, with what they depend on by now. */
static bool
migrate_order(struct loader *l, const struct value *modules)
{
	if (!loader_order(l, "base", 0))
		return false;
	for (size_t i = 0; i < map_count(modules->u.dict); i++)
		if (!loader_order(l, map_key(modules->u.dict, i).p, 0))
			return false;
	return true;
}

static bool
migrate_is_due(struct loader *l, const struct migration *m,
    const struct value *modules, const char *module, bool *due)
{
	const struct value	*kept = value_get(modules, module);
	char			 sum[SHA256_HEX];

	*due = m->version != DATABASE_VERSION;
	if (*due)
		return true;
	if (!loader_checksum(l->app, l->env, module, sum))
		return false;
	*due = kept == NULL || !value_is_text(kept, sum);
	return true;
}

/* Leaves in the order what is due. */
static bool
migrate_due(struct loader *l, const struct migration *m,
    const struct value *modules)
{
	size_t	 n = l->n;
	bool	 due;

	l->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!migrate_is_due(l, m, modules, l->order[i], &due))
			return false;
		if (due)
			l->order[l->n++] = l->order[i];
	}
	return true;
}

static bool
migrate_install(struct loader *l, const struct migration *m,
    struct progress *progress)
{
	for (size_t i = 0; i < l->n; i++) {
		progress_start(progress, arena_printf(l->env->arena,
		    "module %s", l->order[i]), 0);
		if (!loader_module(l->app, l->env, l->order[i]))
			return false;
	}
	if (l->n != 0)
		progress_start(progress, "computed fields", 0);
	return l->n == 0 || migrate_finish(l->env, m);
}

static bool
migrate_run(struct loader *l, struct progress *progress,
    struct loader_migrated *out)
{
	struct migration	 m;
	struct value		 modules;

	if (!migrate_begin(l->env, &m) ||
	    !migrate_modules(l->env, &m, &modules) ||
	    !migrate_order(l, &modules) || !migrate_due(l, &m, &modules) ||
	    !migrate_install(l, &m, progress))
		return false;
	out->from = m.version;
	out->modules = l->n;
	return true;
}

bool
loader_migrate(struct app *app, const char *name, struct progress *progress,
    struct loader_migrated *out, struct err *err)
{
	struct arena	*a = arena_new();
	struct env	 env = {
		.conf = &app->conf, .arena = a, .err = err,
		.uid = SUPERUSER, .su = true, .loading = true,
	};
	struct loader	 l = { .app = app, .env = &env };
	bool		 ok;

	env.db = databases_named(app->dbs, name, err);
	ok = env.db != NULL && migrate_run(&l, progress, out);
	if (ok)
		ok = env_commit(&env);
	else if (env.store != NULL)
		env_rollback(&env);
	if (env.db != NULL)
		loader_close(env.db);
	arena_free(a);
	return ok;
}
