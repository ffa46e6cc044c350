/* What a field's change asks of the records that are there. */

#include <string.h>

#include "base/arena.h"
#include "orm/custom_private.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/store.h"

#define CUSTOM_CHUNK	10000	/* records computed at once */

static bool
custom_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool
custom_fixed(struct env *env, const struct field *old, const struct field *f)
{
	const char	*what = NULL;

	if (strcmp(old->model->name, f->model->name) != 0)
		what = "the model";
	else if (old->type != f->type)
		what = "the type";
	else if (!custom_same(old->relation, f->relation))
		what = "the related model";
	else if (!custom_same(old->link, f->link) ||
	    !custom_same(old->link_own, f->link_own) ||
	    !custom_same(old->link_other, f->link_other))
		what = "the relation table";
	else if (old->column != NULL && f->column != NULL &&
	    old->scale != f->scale)
		what = "the number of digits";
	if (what == NULL)
		return true;
	return err_field(env->err, ERR_USER, old->model->name, old->name,
	    "%s of %s: %s of a field cannot be changed once it is made.",
	    old->name, old->model->name, what);
}

static const struct expr *
custom_column(struct env *env, const struct field *f)
{
	enum col_type	 type = field_column_type(f);

	return expr_column(env->arena, f->column, type,
	    type == COL_DECIMAL ? (unsigned int)f->scale : 0);
}

bool
custom_count(struct env *env, const struct field *f,
    const struct expr *where, int64_t *n)
{
	struct query	*q = query_new(env->arena, f->model->table, 0);
	struct rows	 rows;

	q->count = true;
	q->where = where;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*n = rows.cells[0].u.i;
	return true;
}

static bool
custom_refuse(struct env *env, const struct field *f, int64_t n,
    const char *why)
{
	return n == 0 || err_field(env->err, ERR_VALIDATION, f->model->name,
	    f->name, "%s of %s: %lld record%s %s", f->name, f->model->name,
	    (long long)n, n == 1 ? "" : "s", why);
}

static bool
custom_required(struct env *env, const struct field *f)
{
	int64_t	 n;

	return custom_count(env, f, expr_unary(env->arena, EXPR_IS_NULL,
	    custom_column(env, f)), &n) &&
	    custom_refuse(env, f, n, "without a value: it cannot be required");
}

static bool
custom_size(struct env *env, const struct field *f)
{
	struct arena		*a = env->arena;
	const struct expr	*longer;
	int64_t			 n;

	longer = expr_binary(a, EXPR_GT, expr_node(a, EXPR_LENGTH, COL_INT, 0,
	    custom_column(env, f), NULL), expr_value(a, value_int(f->size)));
	return custom_count(env, f, longer, &n) && custom_refuse(env, f, n,
	    "with a longer value: the size is too small");
}

/* The next records, after one id, that the condition finds. */
static bool
custom_next(struct env *env, const struct field *f, const struct expr *where,
    int64_t after, struct ids *ids)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, f->model->table, 1);
	struct order	*o = arena_alloc(a, sizeof *o);

	q->columns[0] = o->expr = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, expr_binary(a, EXPR_GT, o->expr,
	    expr_value(a, value_int(after))), where);
	q->orders = o;
	q->norders = 1;
	q->limit = CUSTOM_CHUNK;
	return ids_select(env, q, ids);
}

static bool
custom_set_some(struct env *env, const struct field *f,
    const struct ids *ids, const struct assign *set)
{
	struct recompute	*rest;
	int64_t			 n;

	return formula_before(env, f->model, ids, &f, 1, &rest) &&
	    store_update(env->store, f->model->table, ids_in(env, "id", ids),
	    set, 1, &n, env->err) &&
	    formula_after(env, rest);
}

/* Sets the field where the condition holds; what depends on it follows. */
static bool
custom_set(struct env *env, const struct field *f, const struct expr *where,
    const struct assign *set)
{
	struct ids	 ids = { 0 };
	int64_t		 after = 0;

	do {
		if (!custom_next(env, f, where, after, &ids))
			return false;
		if (ids.n != 0 && !custom_set_some(env, f, &ids, set))
			return false;
		if (ids.n != 0)
			after = ids.v[ids.n - 1];
	} while (ids.n == CUSTOM_CHUNK);
	return true;
}

/* Values whose key is no longer there become empty (semantics 8.2). */
static bool
custom_keys(struct env *env, const struct field *f)
{
	struct arena		*a = env->arena;
	struct assign		 none = { .column = f->column };
	struct value		 keys = value_list(a, 8);
	const struct expr	*column = custom_column(env, f);
	const struct value_list	*l = f->selection.u.list;

	for (size_t i = 0; i < l->n; i++)
		value_push(a, &keys, l->v[i].u.list->v[0]);
	return custom_set(env, f, expr_and(a, expr_unary(a, EXPR_NOT,
	    expr_unary(a, EXPR_IS_NULL, column)), expr_unary(a, EXPR_NOT,
	    expr_in(a, column, &keys))), &none);
}

static bool
custom_compute(struct env *env, const struct field *f)
{
	struct reach	 reach = { 0 };
	struct assign	 set = { .column = f->column };

	set.expr = formula_field(env, f, &reach);
	return set.expr != NULL && custom_set(env, f,
	    formula_differs(env->arena, custom_column(env, f), set.expr),
	    &set);
}

bool
custom_whole(struct env *env)
{
	if (!custom_verify(env))
		return false;
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++)
			if (m->fields[j].compute != NULL &&
			    m->fields[j].column != NULL &&
			    !custom_compute(env, &m->fields[j]))
				return false;
	}
	return true;
}

bool
custom_data(struct env *env, const struct field *old, const struct field *f)
{
	if (f->column == NULL)
		return true;
	if (f->compute != NULL && !custom_compute(env, f))
		return false;
	if (f->selection.type == VALUE_LIST && f->type == &field_selection &&
	    old != NULL && !custom_keys(env, f))
		return false;
	if (f->size != 0 && old != NULL && !custom_size(env, f))
		return false;
	return !f->required || custom_required(env, f);
}
