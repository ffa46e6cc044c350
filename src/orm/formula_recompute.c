#include <string.h>

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/registry.h"
#include "store/store.h"

#define RECOMPUTE_LEVELS	100	/* also the deepest tree of records */

/* Fields of records that have changed; what depends on them follows. */
struct change {
	const struct model		*model;
	struct ids			 ids;
	const struct field *const	*fields;	/* NULL: all, created */
	size_t				 n;
	int				 level;
	struct change			*next;
};

struct recompute {
	struct env			*env;
	const struct model *const	*models;
	size_t				 nmodels;
	struct change			*last;		/* of the queue */
};

/* The many2one fields that lead from a record to another, last first. */
struct chain {
	const struct field	*step;
	const struct chain	*before;
};

/* Which rows of a computed field's model a change reaches. */
struct reached {
	struct env		*env;
	const struct change	*change;
	const struct expr	*where;		/* through chains */
	bool			 own;		/* the changed records too */
	struct reach		 reach;
};

static bool	 reached_formula(struct reached *, const struct model *,
		    const struct chain *, const struct formula *);
static bool	 reached_field(struct reached *, const struct field *,
		    const struct chain *);

static const struct expr *
recompute_ids(struct env *env, const struct ids *ids)
{
	struct value	 list = ids_value(env, ids);

	return expr_in(env->arena, expr_column(env->arena, "id", COL_ID, 0),
	    &list);
}

/* Rows whose chain of fields ends at one of the changed records. */
static bool
reached_chain(struct reached *r, const struct chain *chain)
{
	struct arena		*a = r->env->arena;
	struct value		 list = ids_value(r->env, &r->change->ids);
	const struct expr	*where = NULL;

	for (const struct chain *c = chain; c != NULL; c = c->before) {
		const struct expr	*from = field_expr(r->env, c->step);
		struct query		*q;

		if (from == NULL)
			return false;
		if (c == chain) {
			where = expr_in(a, from, &list);
			continue;
		}
		q = query_new(a, c->step->target->table, 1);
		q->columns[0] = expr_column(a, "id", COL_ID, 0);
		q->where = where;
		where = expr_in_query(a, from, q);
	}
	r->where = expr_or(a, r->where, where);
	return true;
}

/* Nobody refers to a record that was just created. */
static bool
reached_changed(const struct reached *r, const struct field *f,
    const struct chain *chain)
{
	const struct change	*c = r->change;

	if (f->model != c->model || c->ids.n == 0)
		return false;
	if (c->fields == NULL)
		return chain == NULL;
	for (size_t i = 0; i < c->n; i++)
		if (c->fields[i] == f)
			return true;
	return false;
}

static bool
reached_path(struct reached *r, const struct model *m,
    const struct chain *chain, struct span path)
{
	const char		*dot = memchr(path.p, '.', path.n);
	struct span		 name = path;
	const struct field	*f;
	struct chain		 next;

	if (dot != NULL)
		name.n = (size_t)(dot - path.p);
	f = model_field_span(m, name);
	if (f == NULL)
		return true;
	if (!reached_field(r, f, chain))
		return false;
	if (dot == NULL || f->target == NULL)
		return true;
	next = (struct chain){ f, chain };
	return reached_path(r, f->target, &next,
	    (struct span){ dot + 1, path.n - name.n - 1 });
}

/* A display name without a formula is that of rec_name. */
static bool
reached_display(struct reached *r, const struct model *m,
    const struct chain *chain)
{
	const struct field	*name = m->rec_name;
	struct chain		 next = { name, chain };

	if (name == NULL)
		return true;
	return reached_field(r, name, chain) &&
	    (name->target == NULL ||
	    reached_field(r, name->target->display, &next));
}

static bool
reached_field(struct reached *r, const struct field *f,
    const struct chain *chain)
{
	bool	 ok = true;

	if (!reach_enter(r->env, &r->reach, f))
		return false;
	if (reached_changed(r, f, chain)) {
		if (chain == NULL)
			r->own = true;
		else
			ok = reached_chain(r, chain);
	} else if (f->column == NULL && f->compute != NULL)
		ok = reached_formula(r, f->model, chain, f->compute);
	else if (f->column == NULL && f == f->model->display)
		ok = reached_display(r, f->model, chain);
	reach_leave(&r->reach);
	return ok;
}

static bool
reached_formula(struct reached *r, const struct model *m,
    const struct chain *chain, const struct formula *f)
{
	if (f->kind == FORMULA_PATH)
		return reached_path(r, m, chain, f->name);
	for (size_t i = 0; i < f->nargs; i++)
		if (!reached_formula(r, m, chain, f->args[i]))
			return false;
	return true;
}

const struct expr *
formula_differs(struct arena *a, const struct expr *column,
    const struct expr *e)
{
	const struct expr	*unset = expr_unary(a, EXPR_IS_NULL, column);
	const struct expr	*nothing = expr_unary(a, EXPR_IS_NULL, e);

	return expr_or(a, expr_binary(a, EXPR_NE, column, e), expr_or(a,
	    expr_and(a, unset, expr_unary(a, EXPR_NOT, nothing)),
	    expr_and(a, expr_unary(a, EXPR_NOT, unset), nothing)));
}

static bool
recompute_find(struct env *env, const struct model *m,
    const struct expr *where, struct ids *ids)
{
	struct query	*q = query_new(env->arena, m->table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = where;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	ids->n = 0;
	ids->v = arena_array(env->arena, rows.n, sizeof *ids->v);
	for (size_t i = 0; i < rows.n; i++)
		ids->v[ids->n++] = rows.cells[i].u.i;
	return true;
}

static bool
recompute_follow(struct recompute *rc, const struct change *c,
    const struct field *f, const struct ids *ids)
{
	struct change		 *next = arena_alloc(rc->env->arena,
	    sizeof *next);
	const struct field	**fields = arena_array(rc->env->arena, 1,
	    sizeof *fields);

	if (c->level == RECOMPUTE_LEVELS)
		return err_field(rc->env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s of %s depends on itself, over more than %d "
		    "records", f->name, f->model->name, RECOMPUTE_LEVELS);
	fields[0] = f;
	*next = (struct change){ f->model, *ids, fields, 1, c->level + 1,
	    NULL };
	rc->last->next = next;
	rc->last = next;
	return true;
}

/* One update, of created rows and of those whose value changes. */
static bool
recompute_update(struct recompute *rc, const struct change *c,
    const struct field *f, const struct reached *r)
{
	struct env		*env = rc->env;
	struct arena		*a = env->arena;
	struct reach		 reach = { 0 };
	struct assign		 set = { .column = f->column };
	struct ids		 ids = c->ids;
	const struct expr	*where = NULL, *differs;
	int64_t			 changed;

	if ((set.expr = formula_field(env, f, &reach)) == NULL)
		return false;
	differs = formula_differs(a, expr_column(a, f->column,
	    set.expr->type, set.expr->scale), set.expr);
	if (r->own)
		where = recompute_ids(env, &c->ids);
	if (r->where != NULL) {
		where = expr_and(a, expr_or(a, where, r->where), differs);
		if (!recompute_find(env, f->model, where, &ids))
			return false;
		where = recompute_ids(env, &ids);
	} else if (c->fields != NULL)
		where = expr_and(a, where, differs);
	if (!store_update(env->store, f->model->table, where, &set, 1,
	    &changed, env->err))
		return false;
	return changed == 0 || recompute_follow(rc, c, f, &ids);
}

static bool
recompute_field(struct recompute *rc, const struct change *c,
    const struct field *f)
{
	struct reached	 r = { .env = rc->env, .change = c };

	r.own = c->fields == NULL && f->model == c->model;
	if (!reached_formula(&r, f->model, NULL, f->compute))
		return false;
	if (!r.own && r.where == NULL)
		return true;
	return recompute_update(rc, c, f, &r);
}

static bool
recompute_change(struct recompute *rc, const struct change *c)
{
	for (size_t i = 0; i < rc->nmodels; i++) {
		const struct model	*m = rc->models[i];

		for (size_t j = 0; j < m->nfields; j++)
			if (m->fields[j].compute != NULL &&
			    m->fields[j].column != NULL &&
			    !recompute_field(rc, c, &m->fields[j]))
				return false;
	}
	return true;
}

bool
formula_recompute_in(struct env *env, const struct model *const *models,
    size_t nmodels, const struct model *m, const struct ids *ids,
    const struct field *const *fields, size_t n)
{
	struct change		 first = { m, *ids, fields, n, 0, NULL };
	struct recompute	 rc = { env, models, nmodels, &first };

	if (ids->n == 0 || (fields != NULL && n == 0))
		return true;
	for (const struct change *c = &first; c != NULL; c = c->next)
		if (!recompute_change(&rc, c))
			return false;
	return true;
}

static bool
recompute_all(struct env *env, const struct model *m,
    const struct ids *ids, const struct field *const *fields, size_t n)
{
	size_t			  count = registry_count(env->reg);
	const struct model	**models = arena_array(env->arena, count,
	    sizeof *models);

	for (size_t i = 0; i < count; i++)
		models[i] = registry_at(env->reg, i);
	return formula_recompute_in(env, models, count, m, ids, fields, n);
}

bool
formula_before(struct env *env, const struct model *m, const struct ids *ids,
    const struct field *const *fields, size_t n, struct recompute **out)
{
	struct change	*c = arena_alloc(env->arena, sizeof *c);

	const struct field **mine = arena_array(env->arena, n, sizeof *mine);

	if (n != 0)
		memcpy(mine, fields, n * sizeof *mine);
	*c = (struct change){ m, *ids, mine, n, 0, NULL };
	*out = NULL;
	if (fields != NULL) {
		*out = arena_alloc(env->arena, sizeof **out);
		(*out)->last = c;
	}
	return true;
}

bool
formula_after(struct env *env, struct recompute *rc)
{
	const struct change	*c;

	if (rc == NULL)
		return true;
	c = rc->last;
	return recompute_all(env, c->model, &c->ids, c->fields, c->n);
}

bool
formula_created(struct env *env, const struct model *m, int64_t id,
    bool computed)
{
	struct ids	 ids = { &id, 1 };

	return computed || recompute_all(env, m, &ids, NULL, 0);
}
