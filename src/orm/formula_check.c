#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/registry.h"
#include "store/store.h"

/* How many rows hold another value than the formula gives. */
static bool
check_field(struct env *env, const struct field *f, int64_t *stale)
{
	struct query		*q = query_new(env->arena, f->model->table, 0);
	struct reach		 reach = { 0 };
	const struct expr	*e = formula_field(env, f, &reach);
	struct rows		 rows;

	if (e == NULL)
		return false;
	q->count = true;
	q->where = formula_differs(env->arena, expr_column(env->arena,
	    f->column, e->type, e->scale), e);
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*stale = rows.cells[0].u.i;
	return true;
}

bool
formula_check(struct env *env, struct value *faults)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++) {
			const struct field	*f = &m->fields[j];
			int64_t			 stale = 0;

			if (f->compute == NULL || f->column == NULL)
				continue;
			if (!check_field(env, f, &stale))
				return false;
			if (stale != 0)
				value_push(env->arena, faults,
				    value_text(arena_printf(env->arena,
				    "%s of %s: %lld records hold another value "
				    "than its formula gives", f->name, m->name,
				    (long long)stale)));
		}
	}
	return true;
}
