#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/operator.h"

#define PATH_DEPTH	8	/* models that a path goes through */

/* The field points to a record of its target that meets the condition. */
static const struct expr *
domain_points(struct env *env, const struct field *f, const struct expr *where)
{
	struct arena		*a = env->arena;
	const struct expr	*c = field_expr(env, f);
	struct query		*q;

	if (c == NULL || where == NULL)
		return NULL;
	q = query_new(a, f->target->table, 1);
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = where;
	return expr_in_query(a, c, q);
}

const struct expr *
domain_name(struct env *env, const struct model *m, const struct operator *op,
    const struct value *v)
{
	if (op->compile == op_like && !op->negate && value_is_text(v, ""))
		return expr_bool(env->arena, true);
	return op->compile(env, op, m->display, v);
}

/* A text or a list of nothing but texts is looked up as names. */
static bool
domain_is_name(const struct value *v)
{
	if (v->type != VALUE_LIST)
		return v->type == VALUE_TEXT;
	for (size_t i = 0; i < v->u.list->n; i++)
		if (v->u.list->v[i].type != VALUE_TEXT)
			return false;
	return v->u.list->n != 0;
}

/* Semantics 1.6: an inequality of names means "in". */
static const struct operator *
domain_name_operator(const struct operator *op, bool list)
{
	if (op->compile == op_compare)
		return operator_named(span_of(list ? "in" : "="));
	if (op->compile == op_set && !list)
		return operator_named(span_of(op->negate ? "!=" : "="));
	if (op->compile == op_equal && list)
		return operator_named(span_of(op->negate ? "not in" : "in"));
	return op;
}

static const struct expr *
domain_many2one(struct env *env, const struct field *f,
    const struct domain *d)
{
	const struct operator	*op;
	const struct expr	*e;

	if (!access_check(env, f->target, ACCESS_READ))
		return NULL;
	op = domain_name_operator(d->op, d->value.type == VALUE_LIST);
	e = domain_points(env, f, domain_name(env, f->target, op, &d->value));
	if (e == NULL || !op->negate)
		return e;
	return expr_or(env->arena, e, expr_unary(env->arena, EXPR_IS_NULL,
	    field_expr(env, f)));
}

static bool
domain_no_field(struct env *env, const struct model *m, struct span name,
    const struct domain *d, const char *why)
{
	return err_field(env->err, ERR_VALUE, m->name, "",
	    "the domain's item %zu, \"%.*s\": field \"%.*s\" of %s %s",
	    d->place, (int)d->path.n, d->path.p, (int)name.n, name.p, m->name,
	    why);
}

/* Semantics 1.8, from the path's first field on. */
static const struct expr *
domain_path(struct env *env, const struct model *m, const struct domain *d,
    struct span path, int depth)
{
	const char		*dot = memchr(path.p, '.', path.n);
	struct span		 name = path, rest;
	const struct field	*f;

	if (dot != NULL)
		name.n = (size_t)(dot - path.p);
	f = access_field(env, m, name);
	if (f == NULL || (dot != NULL && f->target == NULL)) {
		domain_no_field(env, m, name, d, f == NULL ?
		    "does not exist" : "is no relation");
		return NULL;
	}
	if (dot == NULL)
		return f->target != NULL && domain_is_name(&d->value) ?
		    domain_many2one(env, f, d) :
		    d->op->compile(env, d->op, f, &d->value);
	if (depth == PATH_DEPTH) {
		env_fail(env, ERR_VALUE, "the domain's item %zu goes through "
		    "more than %d models", d->place, PATH_DEPTH);
		return NULL;
	}
	if (!access_check(env, f->target, ACCESS_READ))
		return NULL;
	rest = (struct span){ dot + 1, path.n - name.n - 1 };
	return domain_points(env, f, domain_path(env, f->target, d, rest,
	    depth + 1));
}

/* A record whose first link is not set meets neither a term nor its NOT. */
static const struct expr *
domain_not(struct env *env, const struct model *m, const struct domain *term)
{
	struct arena		*a = env->arena;
	const char		*dot = memchr(term->path.p, '.', term->path.n);
	struct span		 name = term->path;
	const struct expr	*e = domain_path(env, m, term, name, 1);
	const struct field	*f;

	if (e == NULL)
		return NULL;
	e = expr_unary(a, EXPR_NOT, e);
	if (dot != NULL)
		name.n = (size_t)(dot - name.p);
	f = model_field_span(m, name);
	if (f->target == NULL)
		return e;
	return expr_and(a, e, expr_unary(a, EXPR_NOT,
	    expr_unary(a, EXPR_IS_NULL, field_expr(env, f))));
}

static const struct expr *
domain_expr(struct env *env, const struct model *m, const struct domain *d)
{
	const struct expr	*l, *r;

	switch (d->kind) {
	case DOMAIN_TRUE:
	case DOMAIN_FALSE:
		return expr_bool(env->arena, d->kind == DOMAIN_TRUE);
	case DOMAIN_TERM:
		return domain_path(env, m, d, d->path, 1);
	case DOMAIN_NOT:
		return domain_not(env, m, d->a);
	default:
		break;
	}
	if ((l = domain_expr(env, m, d->a)) == NULL ||
	    (r = domain_expr(env, m, d->b)) == NULL)
		return NULL;
	return d->kind == DOMAIN_AND ? expr_and(env->arena, l, r) :
	    expr_or(env->arena, l, r);
}

bool
domain_compile(struct env *env, const struct model *m, const struct domain *d,
    const struct expr **out)
{
	const struct expr	*e = domain_expr(env, m, d);

	if (e == NULL)
		return false;
	*out = e->op == EXPR_TRUE ? NULL : e;
	return true;
}
