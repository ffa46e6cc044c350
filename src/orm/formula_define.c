/* What a formula must be, before a field is computed by it. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/registry.h"
#include "store/store.h"

#define CIRCLE_DEPTH	200	/* computed fields, one from the other */

/* The computed fields that lead to the one that is looked at. */
struct circle {
	struct env		*env;
	struct map		*done;		/* "model.field" */
	const struct field	*stack[CIRCLE_DEPTH];
	size_t			 n;
};

static bool	 circle_visit(struct circle *, const struct field *);

/* "a -> b -> a" */
static bool
circle_refuse(struct circle *c, size_t from)
{
	const struct field	*f = c->stack[from];
	const char		*names = "";

	for (size_t i = from; i < c->n; i++)
		names = arena_printf(c->env->arena, "%s%s of %s -> ", names,
		    c->stack[i]->name, c->stack[i]->model->name);
	return err_field(c->env->err, ERR_VALIDATION, f->model->name, f->name,
	    "computed fields cannot depend on each other in a circle: %s%s "
	    "of %s", names, f->name, f->model->name);
}

/* A stored field may follow itself from record to record. */
static bool
circle_meet(struct formula_walk *w, const struct field *f)
{
	struct circle	*c = w->arg;
	size_t		 i = 0;

	if (f->compute == NULL &&
	    (f->column != NULL || f != f->model->display))
		return true;
	while (i < c->n && c->stack[i] != f)
		i++;
	if (i == c->n)
		return circle_visit(c, f);
	if (i + 1 == c->n && f->column != NULL && w->npath != 0)
		return true;
	return circle_refuse(c, i);
}

static bool
circle_visit(struct circle *c, const struct field *f)
{
	struct formula_walk	 w = { .arena = c->env->arena,
				    .meet = circle_meet, .arg = c };
	struct span		 key;

	key = span_of(arena_printf(w.arena, "%s.%s", f->model->name, f->name));
	if (map_get(c->done, key) != NULL)
		return true;
	if (c->n == CIRCLE_DEPTH)
		return false;
	c->stack[c->n++] = f;
	if (!formula_walk(&w, f))
		return false;
	c->n--;
	map_put(c->done, key, c);
	return true;
}

bool
formula_acyclic(struct env *env, const struct field *f)
{
	struct circle	 c = { .env = env, .done = map_new(env->arena) };

	if (circle_visit(&c, f))
		return true;
	return env->err->code == ERR_OK && err_field(env->err, ERR_VALIDATION,
	    f->model->name, f->name, "%s of %s goes through too many fields",
	    f->name, f->model->name);
}

/* The field that a path ends in; NULL if there is none. */
static const struct field *
define_last(struct env *env, const struct model *m, struct span path)
{
	struct span		 rest, name = formula_split(path, &rest);
	const struct field	*f = NULL;

	if (span_is(name, "user") && (m == NULL ||
	    model_field_span(m, name) == NULL)) {
		if ((m = registry_model(env->reg, "res.users")) == NULL)
			return NULL;
		name = rest.n == 0 ? span_of("id") : formula_split(rest, &rest);
	}
	while (m != NULL && (f = model_field_span(m, name)) != NULL &&
	    rest.n != 0) {
		m = f->target;
		name = formula_split(rest, &rest);
	}
	return m == NULL ? NULL : f;
}

static bool
define_alike(const struct field *f, const struct field *from)
{
	if (from == NULL)
		return false;
	if (field_is_many2one(f) && from == &from->model->fields[0])
		return from->model == f->target;
	return f->type == from->type && f->target == from->target;
}

/* Whether all that the formula can give is such as the field may hold. */
static bool
define_holds(struct env *env, const struct field *f, const struct model *m,
    const struct formula *e)
{
	struct value	 v;

	if (e->kind == FORMULA_VALUE && (e->value.type == VALUE_NULL ||
	    field_is_many2one(f)))
		return e->value.type == VALUE_NULL;
	if (e->kind == FORMULA_VALUE)
		return f->type->convert(env, f, CONVERT_ODOO, &e->value, &v) &&
		    value_equal(&e->value, &v);
	if (e->kind == FORMULA_PATH)
		return define_alike(f, define_last(env, m, e->name));
	if (e->kind == FORMULA_ADD && f->type == &field_html)
		return define_holds(env, f, m, e->args[0]) &&
		    define_holds(env, f, m, e->args[1]);
	return e->kind == FORMULA_CALL &&
	    e->function->compile == formula_if &&
	    define_holds(env, f, m, e->args[1]) &&
	    define_holds(env, f, m, e->args[2]);
}

/* A value that is more than its column's type. */
static bool
define_is_particular(const struct field *f)
{
	return field_is_many2one(f) || f->type == &field_selection ||
	    f->type == &field_html || strcmp(f->type->name, "reference") == 0;
}

static bool
define_values(struct env *env, const struct field *f, const struct model *m,
    const struct formula *e)
{
	if (!define_is_particular(f) || define_holds(env, f, m, e))
		return true;
	err_clear(env->err);
	return err_field(env->err, ERR_VALIDATION, f->model->name, f->name,
	    "the formula of %s of %s can give what no %s%s%s holds", f->name,
	    f->model->name, f->type->name, f->target == NULL ? "" : " of ",
	    f->target == NULL ? "" : f->target->name);
}

static bool
define_related(struct env *env, const struct field *f)
{
	const struct field	*last;

	if (f->related == NULL)
		return true;
	last = f->compute->kind != FORMULA_PATH ? NULL :
	    define_last(env, f->model, f->compute->name);
	if (last == NULL)
		return err_field(env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s of %s: \"%s\" is no path of fields", f->name,
		    f->model->name, f->related);
	if (f->type == last->type && f->target == last->target)
		return true;
	return err_field(env->err, ERR_VALIDATION, f->model->name, f->name,
	    "%s of %s is a %s%s%s, but \"%s\" leads to a %s%s%s", f->name,
	    f->model->name, f->type->name, f->target == NULL ? "" : " of ",
	    f->target == NULL ? "" : f->target->name, f->related,
	    last->type->name, last->target == NULL ? "" : " of ",
	    last->target == NULL ? "" : last->target->name);
}

/* Asks the store for it, of no row, as it may be too deep to be written; what
 * is stored is compared and set besides. */
static bool
define_try(struct env *env, const struct field *f, const struct expr *e)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, f->model->table, 1);
	struct assign	 set = { .column = f->column, .expr = e };
	struct rows	 rows;
	int64_t		 none;

	if (e == NULL)
		return false;
	q->columns[0] = e;
	q->where = expr_binary(a, EXPR_EQ, expr_column(a, "id", COL_ID, 0),
	    expr_value(a, value_int(0)));
	if (f->column == NULL)
		return store_select(env->store, q, a, &rows, env->err);
	if (!store_update(env->store, f->model->table, q->where, &set, 1,
	    &none, env->err))
		return false;
	q->where = expr_and(a, q->where, formula_differs(a,
	    expr_column(a, f->column, e->type, e->scale), e));
	return store_select(env->store, q, a, &rows, env->err);
}

bool
formula_define(struct env *env, const struct field *f)
{
	struct env		 su = env_sudo(env);
	struct reach		 reach = { 0 };
	struct formula_scope	 none = { &su, NULL, &reach };

	if (f->dflt_compute != NULL &&
	    (!define_try(env, f, formula_as(&none, f,
	    f->dflt_compute)) ||
	    !define_values(env, f, NULL, f->dflt_compute)))
		return false;
	reach = (struct reach){ 0 };
	return f->compute == NULL || (formula_acyclic(env, f) &&
	    define_related(env, f) &&
	    define_try(env, f, f->column == NULL ?
	    field_expr_deep(&su, f, &reach) :
	    formula_field(&su, f, &reach)) &&
	    define_values(env, f, f->model, f->compute));
}

bool
formula_sound(struct env *env)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++)
			if (!formula_define(env, &m->fields[j]))
				return false;
	}
	return true;
}
