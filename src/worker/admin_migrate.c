/* cardfile migrate. */

#include <stdio.h>

#include "base/arena.h"
#include "orm/database.h"
#include "worker/admin_private.h"
#include "worker/loader.h"

static void
migrate_told(struct admin *a, const char *name,
    const struct loader_migrated *m, struct value *list)
{
	struct value	 row = value_dict(a->arena);

	value_set(a->arena, &row, "database", value_text(name));
	value_set(a->arena, &row, "from", value_int(m->from));
	value_set(a->arena, &row, "to", value_int(DATABASE_VERSION));
	value_set(a->arena, &row, "modules", value_int((int64_t)m->modules));
	value_push(a->arena, list, row);
}

static bool
migrate_one(struct admin *a, const char *name, struct value *list)
{
	struct loader_migrated	 m;

	if (!loader_migrate(&a->app, name, admin_progress(a), &m, &a->err))
		return false;
	migrate_told(a, name, &m, list);
	return true;
}

static bool
migrate_all(struct admin *a, struct value *list)
{
	size_t	 n = databases_count(a->app.dbs, &a->err);

	for (size_t i = 0; i < n; i++) {
		const struct database	*db = databases_at(a->app.dbs, i);

		if (!migrate_one(a, arena_strdup(a->arena, db->name), list))
			return false;
	}
	return a->err.code == ERR_OK;
}

bool
admin_migrate(struct admin *a)
{
	struct value	 list = value_list(a->arena, 1);
	bool		 all = a->options[ADMIN_ALL] != NULL;

	if (all == (a->nargs == 1))
		return err_set(&a->err, ERR_BAD_REQUEST,
		    "either a database or --all");
	if (!(all ? migrate_all(a, &list) :
	    migrate_one(a, a->args[0], &list)))
		return false;
	admin_table(a, &list);
	return true;
}
