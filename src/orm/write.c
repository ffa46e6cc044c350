#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/change_log.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/rule.h"
#include "orm/translation.h"
#include "orm/vals.h"
#include "store/query.h"
#include "store/store.h"

#define WRITE_DEPTH	1000	/* records one above the other */

/* One update for all; the number of rows tells whether all were there. */
static bool
write_rows(struct env *env, const struct ids *ids, const struct vals *vals)
{
	struct value	 list = ids_value(env, ids);
	struct assign	*row = vals_assigns(env, vals, 2);
	size_t		 n = vals->n;
	int64_t		 changed;

	row[n].column = "write_uid";
	row[n++].value = value_int(env->uid);
	row[n].column = "write_date";
	row[n++].value = value_datetime(env->now);
	if (!store_update(env->store, vals->model->table, expr_in(env->arena,
	    expr_column(env->arena, "id", COL_ID, 0), &list), row, n, &changed,
	    env->err))
		return vals_refused(env, vals->model);
	if ((size_t)changed != ids->n)
		return env_fail(env, ERR_MISSING,
		    "Record does not exist or has been deleted.");
	return true;
}

/* A record may not come to stand above itself. */
static bool
write_cycle(struct env *env, const struct ids *ids, const struct vals *vals)
{
	const struct model	*m = vals->model;

	for (size_t i = 0; i < vals->n; i++) {
		const struct field	*f = vals->fields[i];
		struct value		 up = vals->v[i];

		if (f->target != m || strcmp(f->name, "parent_id") != 0)
			continue;
		for (int depth = 0; up.type != VALUE_NULL; depth++) {
			struct query	*q;
			struct rows	 rows;
			size_t		 at;

			if (ids_find(ids, up.u.i, &at) || depth > WRITE_DEPTH)
				return err_field(env->err, ERR_VALIDATION,
				    m->name, f->name, "%s (%s): a record "
				    "cannot be above itself", f->string,
				    f->name);
			q = query_new(env->arena, m->table, 1);
			q->columns[0] = expr_column(env->arena, f->column,
			    COL_ID, 0);
			q->where = expr_binary(env->arena, EXPR_EQ,
			    expr_column(env->arena, "id", COL_ID, 0),
			    expr_value(env->arena, up));
			if (!store_select(env->store, q, env->arena, &rows,
			    env->err))
				return false;
			up = rows.n == 0 ? value_null() : rows.cells[0];
		}
	}
	return true;
}

bool
model_write(struct env *env, const struct model *m, const struct ids *given,
    const struct value *dict)
{
	const struct observer	*o = m->observer;
	struct ids		 ids;
	struct vals		 vals, taken;
	struct recompute	*rc;

	if (!access_check(env, m, ACCESS_WRITE))
		return false;
	ids_once(env, given, &ids);
	if (!rule_check(env, m, ACCESS_WRITE, &ids) ||
	    !vals_read(env, m, &ids, dict, &vals) ||
	    !vals_required(env, &vals, false) ||
	    !write_cycle(env, &ids, &vals))
		return false;
	if (ids.n == 0)
		return true;
	if (!formula_before(env, m, &ids, vals.fields, vals.n, &rc))
		return false;
	translation_take(env, &vals, &taken);
	return write_rows(env, &ids, &vals) &&
	    translation_write(env, &ids, &vals, &taken) &&
	    formula_after(env, rc) &&
	    change_log(env, m, &ids, "write") &&
	    vals_save(env, &vals, &ids, false) &&
	    (o == NULL || o->written == NULL || o->written(env, m, &ids, dict));
}
