/* Rows of ir.model and ir.model.fields as they are kept. */

#include <string.h>

#include "base/arena.h"
#include "orm/custom_private.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

const struct expr *
custom_equal(struct env *env, const char *column, int64_t id)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, COL_ID, 0),
	    expr_value(env->arena, value_int(id)));
}

static bool
custom_select(struct env *env, const char *table, const struct expr **columns,
    size_t n, const struct expr *where, struct rows *rows)
{
	struct query	*q = query_new(env->arena, table, 0);
	struct order	*o = arena_alloc(env->arena, sizeof *o);

	q->columns = columns;
	q->ncolumns = n;
	q->where = where;
	o->expr = expr_column(env->arena, "id", COL_ID, 0);
	q->orders = o;
	q->norders = 1;
	return store_select(env->store, q, env->arena, rows, env->err);
}

bool
custom_model_rows(struct env *env, const struct expr *where,
    struct model_row **out, size_t *n)
{
	const struct expr	**columns;
	struct rows		  rows;
	size_t			  width;

	width = meta_model_columns(env->arena, &columns);
	if (!custom_select(env, "ir_model", columns, width, where, &rows))
		return false;
	*n = rows.n;
	*out = arena_array(env->arena, rows.n, sizeof **out);
	for (size_t i = 0; i < rows.n; i++)
		meta_model_row(rows.cells + i * width, &(*out)[i]);
	return true;
}

bool
custom_field_rows(struct env *env, const struct expr *where,
    struct field_row **out, size_t *n)
{
	const struct expr	**columns;
	struct rows		  rows;
	size_t			  width;

	width = meta_field_columns(env->arena, &columns);
	if (!custom_select(env, "ir_model_fields", columns, width, where,
	    &rows))
		return false;
	*n = rows.n;
	*out = arena_array(env->arena, rows.n, sizeof **out);
	for (size_t i = 0; i < rows.n; i++)
		meta_field_row(rows.cells + i * width, &(*out)[i]);
	return true;
}
