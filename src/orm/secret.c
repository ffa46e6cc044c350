#include "orm/secret.h"

#include <string.h>

#include "base/map.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

/* The column of a field; NULL with env->err set if there is none. */
static const struct expr *
secret_column(struct env *env, const struct model *m, struct span name)
{
	const struct field	*f = map_get(m->by_name, name);

	if (f == NULL || f->column == NULL) {
		env_fail(env, ERR_UNAVAILABLE, "The database is not the one "
		    "that this version wants; run cardfile migrate");
		return NULL;
	}
	return expr_column(env->arena, f->column, field_column_type(f),
	    f->scale > 0 ? (unsigned int)f->scale : 0);
}

/* "login", or "user_id.active" through a many2one. */
static const struct expr *
secret_path(struct env *env, const struct model *m, const char *path)
{
	size_t			 n = strcspn(path, ".");
	struct span		 first = { path, n };
	const struct field	*f = map_get(m->by_name, first);
	const struct expr	*id = secret_column(env, m, first), *want;

	if (id == NULL || path[n] == '\0')
		return id;
	want = secret_column(env, f->target, span_of(path + n + 1));
	return want == NULL ? NULL :
	    expr_lookup(env->arena, id, f->target->table, want);
}

static const struct model *
secret_model(struct env *env, const char *name)
{
	const struct model	*m = registry_model(env->reg, name);

	if (m == NULL)
		env_fail(env, ERR_UNAVAILABLE, "The database has no %s", name);
	return m;
}

bool
secret_find(struct env *env, const char *model, const char *field,
    struct value match, const char *const *fields, size_t n,
    struct value *cells, bool *found)
{
	const struct model	*m = secret_model(env, model);
	const struct expr	*by;
	struct query		*q;
	struct rows		 rows;

	if (m == NULL || (by = secret_path(env, m, field)) == NULL)
		return false;
	q = query_new(env->arena, m->table, n);
	for (size_t i = 0; i < n; i++) {
		q->columns[i] = secret_path(env, m, fields[i]);
		if (q->columns[i] == NULL)
			return false;
	}
	q->where = expr_binary(env->arena, EXPR_EQ, by,
	    expr_value(env->arena, match));
	q->limit = 1;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*found = rows.n > 0;
	if (*found)
		memcpy(cells, rows.cells, n * sizeof *cells);
	return true;
}

bool
secret_set(struct env *env, const char *model, int64_t id, const char *field,
    struct value value)
{
	const struct model	*m = secret_model(env, model);
	const struct expr	*column, *where;
	struct assign		 assign = { .value = value };
	int64_t			 changed;

	if (m == NULL ||
	    (column = secret_column(env, m, span_of(field))) == NULL)
		return false;
	assign.column = column->name;
	where = expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, "id", COL_ID, 0),
	    expr_value(env->arena, value_int(id)));
	return store_update(env->store, m->table, where, &assign, 1, &changed,
	    env->err);
}
