/* cardfile init, list, check. */

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "orm/custom.h"
#include "orm/database.h"
#include "orm/files.h"
#include "orm/formula.h"
#include "orm/workdir.h"
#include "store/store.h"
#include "worker/admin_private.h"
#include "worker/loader.h"

#define INIT_MODULES	32	/* that --module may name */

/* The data directory is ours alone; those above it are made as any other. */
static bool
init_directory(struct admin *a)
{
	const char	*dir = a->app.conf.data_dir;
	char		*path = arena_strdup(a->arena, dir), *slash = path;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		mkdir(path, 0755);	/* if it fails, the last one tells */
		*slash = '/';
	}
	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return true;
	return err_set(&a->err, ERR_UNAVAILABLE, "%s: %s", dir,
	    strerror(errno));
}

static bool
init_modules(struct admin *a, const char **modules, size_t *n)
{
	const char	*list = a->options[ADMIN_MODULE];
	char		*name, *rest;

	*n = 0;
	rest = list == NULL ? NULL : arena_strdup(a->arena, list);
	while ((name = strsep(&rest, ",")) != NULL) {
		if (*n == INIT_MODULES - 1)
			return err_set(&a->err, ERR_VALUE,
			    "too many modules");
		modules[(*n)++] = name;
	}
	if (a->options[ADMIN_DEMO] != NULL)
		modules[(*n)++] = "demo";
	return true;
}

static struct value
init_result(struct admin *a, const struct database *db,
    const struct loader_passwords *passwords)
{
	struct value	 v = value_dict(a->arena);

	value_set(a->arena, &v, "database", value_text(db->name));
	value_set(a->arena, &v, "tag", value_text(db->tag));
	value_set(a->arena, &v, "deployment_id",
	    value_text(db->deployment_id));
	value_set(a->arena, &v, "admin_password",
	    value_text(passwords->admin));
	if (passwords->demo[0] != '\0')
		value_set(a->arena, &v, "demo_password",
		    value_text(passwords->demo));
	return v;
}

bool
admin_init(struct admin *a)
{
	const char		*modules[INIT_MODULES];
	struct loader_passwords	 passwords;
	struct database		*db;
	struct value		 v;
	size_t			 n;

	if (!init_directory(a) || !init_modules(a, modules, &n) ||
	    !loader_init(&a->app, a->args[0], modules, n, &passwords,
	    &a->err) ||
	    (db = databases_named(a->app.dbs, a->args[0], &a->err)) == NULL)
		return false;
	v = init_result(a, db, &passwords);
	admin_put(a, &v, NULL);
	return true;
}

bool
admin_list(struct admin *a)
{
	struct value	 list = value_list(a->arena, 8);
	size_t		 n;

	workdir_clean(a->app.dbs);
	if (a->options[ADMIN_REBUILD] != NULL &&
	    !databases_rebuild(a->app.dbs, &a->err))
		return false;
	n = databases_count(a->app.dbs, &a->err);
	if (a->err.code != ERR_OK)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct database	*db = databases_at(a->app.dbs, i);
		struct value		 row = value_dict(a->arena);

		value_set(a->arena, &row, "database", value_text(db->name));
		value_set(a->arena, &row, "tag", value_text(db->tag));
		value_set(a->arena, &row, "deployment_id",
		    value_text(db->deployment_id));
		value_push(a->arena, &list, row);
	}
	admin_put(a, &list, NULL);
	return true;
}

/* With --fix: files that nothing refers to go. */
static bool
check_fix(struct admin *a, struct value *v)
{
	size_t	 removed;

	if (a->options[ADMIN_FIX] == NULL)
		return true;
	if (!files_collect(a->env.db, &removed, &a->err))
		return false;
	if (removed != 0)
		admin_note(a, "%zu files removed that nothing refers to",
		    removed);
	value_set(a->arena, v, "removed", value_int((int64_t)removed));
	return true;
}

bool
admin_check(struct admin *a)
{
	struct value	 v = value_dict(a->arena);
	struct value	 faults = value_list(a->arena, 4);
	struct rows	 rows;
	bool		 ok;

	ok = admin_begin(a, a->args[0], ENV_READ) &&
	    store_check(a->env.store, a->arena, &rows, &a->err) &&
	    custom_check(&a->env, &faults) &&
	    formula_check(&a->env, &faults) &&
	    files_check(a->env.db, a->arena, &faults, &a->err);
	if (a->env.store != NULL && !admin_end(a, ok))
		ok = false;
	if (!ok)
		return false;
	for (size_t i = 0; i < rows.n; i++)
		value_push(a->arena, &faults, rows.cells[i]);
	for (size_t i = 0; i < faults.u.list->n; i++)
		if (a->options[ADMIN_JSON] == NULL)
			printf("%s\n", faults.u.list->v[i].u.text.p);
	value_set(a->arena, &v, "database", value_text(a->args[0]));
	value_set(a->arena, &v, "faults", faults);
	if (!check_fix(a, &v))
		return false;
	if (a->options[ADMIN_JSON] != NULL)
		admin_put(a, &v, NULL);
	return faults.u.list->n == 0;
}
