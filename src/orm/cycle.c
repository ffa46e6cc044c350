#include "orm/cycle.h"

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/vals.h"
#include "store/query.h"
#include "store/store.h"

/* One of ids is the record up, or above it. */
static struct query *
cycle_query(struct env *env, const struct field *parent,
    const struct ids *ids, struct value up)
{
	struct arena		*a = env->arena;
	const char		*table = parent->model->table;
	const struct expr	*id = expr_column(a, "id", COL_ID, 0);
	struct query		*q = query_new(a, table, 1);
	struct query		*roots = query_new(a, table, 2);
	struct expr		*above;

	roots->columns[0] = id;
	roots->columns[1] = expr_column(a, parent->column, COL_ID, 0);
	roots->where = expr_binary(a, EXPR_EQ, id, expr_value(a, up));
	above = expr_node(a, EXPR_ABOVE, COL_BOOL, 0, id, NULL);
	above->query = roots;
	q->columns[0] = id;
	q->where = expr_and(a, ids_in(env, "id", ids), above);
	q->limit = 1;
	return q;
}

bool
cycle_check(struct env *env, const struct ids *ids, const struct vals *vals)
{
	const struct field	*parent = vals->model->parent;
	struct rows		 rows;

	for (size_t i = 0; i < vals->n; i++) {
		if (vals->fields[i] != parent || ids->n == 0 ||
		    vals->v[i].type == VALUE_NULL)
			continue;
		if (!store_select(env->store, cycle_query(env, parent, ids,
		    vals->v[i]), env->arena, &rows, env->err))
			return false;
		if (rows.n != 0)
			return err_field(env->err, ERR_VALIDATION,
			    vals->model->name, parent->name, "%s (%s): a "
			    "record cannot be above itself", parent->string,
			    parent->name);
	}
	return true;
}
