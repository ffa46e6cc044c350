#include <string.h>

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/model.h"
#include "orm/vals.h"
#include "store/store.h"

struct insert {
	struct env		*env;
	const struct vals	*vals;
};

/*
 * What the new row will hold in a column; NULL where only the store knows
 * (the id) or another formula tells.
 */
static const struct expr *
insert_column(void *arg, const struct expr *column)
{
	const struct insert	*in = arg;
	const struct field	*f = model_field(in->vals->model, column->name);
	struct expr		*e;

	if (f == NULL || f->compute != NULL || strcmp(f->name, "id") == 0)
		return NULL;
	e = expr_value(in->env->arena, value_null());
	for (size_t i = 0; i < in->vals->n; i++)
		if (strcmp(in->vals->fields[i]->column, column->name) == 0)
			e->value = in->vals->v[i];
	e->type = column->type;
	e->scale = column->scale;
	return e;
}

bool
formula_insert(struct env *env, const struct vals *vals, struct assign *row,
    size_t *n, bool *all)
{
	struct insert	 in = { env, vals };

	*all = true;
	for (size_t i = 0; i < vals->model->nfields; i++) {
		const struct field	*f = &vals->model->fields[i];
		const struct expr	*e;
		struct reach		 reach = { 0 };

		if (f->compute == NULL || f->column == NULL)
			continue;
		if ((e = formula_field(env, f, &reach)) == NULL)
			return false;
		e = expr_bind(env->arena, e, insert_column, &in);
		if (e == NULL)
			*all = false;
		else
			row[(*n)++] = (struct assign){ f->column,
			    value_null(), e };
	}
	return true;
}
