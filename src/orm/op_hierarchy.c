/* "child_of" and "parent_of": semantics 1.10. */

#include "base/arena.h"
#include "base/conf.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/model.h"
#include "orm/operator.h"

/* Where the walk begins, as the operand says: ids, or names. */
struct roots {
	struct value		 ids;
	const struct expr	*named;		/* or NULL */
};

static bool
roots_named(struct env *env, const struct model *m, const struct value *name,
    struct roots *r)
{
	const struct expr	*e;

	e = domain_name(env, m, operator_named(span_of("ilike")), name);
	if (e == NULL)
		return false;
	r->named = expr_or(env->arena, r->named, e);
	return true;
}

static bool
roots_add(struct env *env, const struct model *m, const struct field *f,
    const struct value *v, bool names, struct roots *r)
{
	if (names)
		return roots_named(env, m, v, r);
	if (v->type == VALUE_INT && v->u.i != 0)
		value_push(env->arena, &r->ids, *v);
	return v->type == VALUE_INT || field_unset(v) || field_refuse(env, f,
	    "an id, a name, or a list of either", v);
}

/* The condition on a root; FALSE if there is none. */
static const struct expr *
roots_where(struct env *env, const struct model *m, const struct field *f,
    const struct value *v)
{
	struct roots		 r = { .ids = value_list(env->arena, 1) };
	bool			 names = domain_is_name(v);
	size_t			 most, n = 1;
	const struct value	*each = v;

	if (v->type == VALUE_LIST) {
		each = v->u.list->v;
		n = v->u.list->n;
	}
	most = (size_t)(names ? env->conf->max_terms : env->conf->max_ids);
	if (n > most) {
		env_fail(env, ERR_VALUE, "the list for %s has more than %zu "
		    "members", f->name, most);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		if (!roots_add(env, m, f, &each[i], names, &r))
			return NULL;
	if (r.named != NULL)
		return domain_reach(env, m, false, &r.named) ? r.named : NULL;
	return expr_in(env->arena, expr_column(env->arena, "id", COL_ID, 0),
	    &r.ids);
}

/* Whether an archived record cuts off what is below it. */
static bool
tree_cuts(struct env *env, const struct model *m, const struct field *parent)
{
	return m->active != NULL && !m->parent_store &&
	    !(m->parent_archived && parent == m->parent) &&
	    env_flag(env, "active_test", true);
}

/* A row of the model is a root, or below or above one, over parent. */
static const struct expr *
tree_has(struct env *env, const struct model *m, const struct field *parent,
    const struct field *f, const struct domain *term)
{
	struct arena		*a = env->arena;
	struct query		*q = query_new(a, m->table, 3);
	struct expr		*e;

	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = roots_where(env, m, f, &term->value);
	if (q->where == NULL || q->where->op == EXPR_FALSE)
		return q->where;
	q->columns[1] = field_expr(env, parent);
	q->ncolumns = 2;
	if (q->columns[1] == NULL)
		return NULL;
	if (term->op->op == EXPR_BELOW && tree_cuts(env, m, parent)) {
		const struct expr	*active = field_expr(env, m->active);

		if (active == NULL)
			return NULL;
		q->columns[q->ncolumns++] = expr_binary(a, EXPR_EQ, active,
		    expr_value(a, value_bool(true)));
	}
	e = expr_node(a, term->op->op, COL_BOOL, 0, q->columns[0], NULL);
	e->query = q;
	return e;
}

static const struct expr *
hierarchy_missing(struct env *env, const struct field *f,
    const struct model *m, const struct domain *term)
{
	if (m == NULL)
		err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "%s of %s is no relation: %s wants one, or id", f->name,
		    f->model->name, term->op->name);
	else
		err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "records of %s have no parent: %s cannot be asked of them",
		    m->name, term->op->name);
	return NULL;
}

const struct expr *
op_hierarchy(struct env *env, const struct field *f,
    const struct domain *term)
{
	const struct model	*m = f->target;
	const struct expr	*where;

	if (m == f->model && field_is_many2one(f))
		return tree_has(env, m, f, f, term);
	if (m == NULL && field_column_type(f) == COL_ID)
		m = f->model;
	if (m == NULL || m->parent == NULL)
		return hierarchy_missing(env, f, m, term);
	where = tree_has(env, m, m->parent, f, term);
	if (f->target == NULL || where == NULL)
		return where;
	return domain_reach(env, m, false, &where) ?
	    domain_points(env, f, where) : NULL;
}
