#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/operator.h"

#define PATH_DEPTH	8	/* models that a path goes through */

bool
domain_is_name(const struct value *v)
{
	if (v->type != VALUE_LIST)
		return v->type == VALUE_TEXT;
	for (size_t i = 0; i < v->u.list->n; i++)
		if (v->u.list->v[i].type != VALUE_TEXT)
			return false;
	return v->u.list->n != 0;
}

const struct operator *
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

/* Semantics 1.6: names are looked up among all, archived ones too. */
static const struct expr *
domain_many2one(struct env *env, const struct field *f,
    const struct domain *d)
{
	const struct expr	*where, *e;
	const struct operator	*op;

	op = domain_name_operator(d->op, d->value.type == VALUE_LIST);
	where = domain_name(env, f->target, op, &d->value);
	if (where == NULL || !domain_reach(env, f->target, true, &where) ||
	    (e = domain_points(env, f, where)) == NULL)
		return NULL;
	if (!op->negate)
		return e;
	return expr_or(env->arena, e, expr_unary(env->arena, EXPR_IS_NULL,
	    e->args[0]));
}

/* A term on the path's last field. */
static const struct expr *
domain_field(struct env *env, const struct field *f, const struct domain *d)
{
	if (d->op->operand == OPERAND_VALUE && field_is_x2many(f))
		return domain_x2many(env, f, d);
	if (d->op->operand == OPERAND_VALUE && f->target != NULL &&
	    domain_is_name(&d->value))
		return domain_many2one(env, f, d);
	return d->op->compile(env, f, d);
}

static const struct expr *
domain_no_field(struct env *env, const struct model *m, struct span name,
    const char *why)
{
	err_field(env->err, ERR_VALUE, m->name, "", "field \"%.*s\" of %s %s",
	    (int)name.n, name.p, m->name, why);
	return NULL;
}

static const struct expr	*domain_path(struct env *,
				    const struct model *, const struct domain *,
				    struct span path, int depth);

/* Semantics 1.8: the field points to a record that meets the rest.  Of x2many
 * only active lines count, unless the rest asks for just that. */
static const struct expr *
domain_through(struct env *env, const struct field *f, const struct domain *d,
    struct span rest, int depth)
{
	const struct model	*m = f->target;
	const struct expr	*where;
	bool			 archived;

	if (depth == PATH_DEPTH) {
		env_fail(env, ERR_VALUE, "the path goes through more than %d "
		    "models", PATH_DEPTH);
		return NULL;
	}
	archived = field_is_many2one(f) || (m->active != NULL &&
	    span_is(rest, m->active->name));
	if (!access_check(env, m, ACCESS_READ))
		return NULL;
	where = domain_path(env, m, d, rest, depth + 1);
	if (where == NULL || !domain_reach(env, m, archived, &where))
		return NULL;
	return domain_points(env, f, where);
}

static const struct expr *
domain_path(struct env *env, const struct model *m, const struct domain *d,
    struct span path, int depth)
{
	const char		*dot = memchr(path.p, '.', path.n);
	struct span		 name = path, rest;
	const struct field	*f;

	if (dot != NULL)
		name.n = (size_t)(dot - path.p);
	if ((f = access_field(env, m, name)) == NULL)
		return domain_no_field(env, m, name, "does not exist");
	if (dot == NULL)
		return domain_field(env, f, d);
	if (f->target == NULL)
		return domain_no_field(env, m, name, "is no relation");
	rest = (struct span){ dot + 1, path.n - name.n - 1 };
	return domain_through(env, f, d, rest, depth);
}

/* Says of a mistake in which term it was made. */
static void
domain_blame(struct env *env, const struct domain *d)
{
	struct err	 why = *env->err;
	size_t		 n = strlen(DOMAIN_ITEM);

	if (why.code != ERR_VALUE || d->at == 0 ||
	    strncmp(why.msg, DOMAIN_ITEM, n) == 0)
		return;
	err_clear(env->err);
	err_field(env->err, why.code, why.model, why.field,
	    DOMAIN_ITEM "%s%zu, \"%.*s\": %s", d->prefix, d->at,
	    (int)(d->path.n < 60 ? d->path.n : 60), d->path.p, why.msg);
}

static const struct expr *
domain_leaf(struct env *env, const struct model *m, const struct domain *d)
{
	const struct expr	*e = domain_path(env, m, d, d->path, 1);

	if (e == NULL)
		domain_blame(env, d);
	return e;
}

/* What is unknown of a record whose link is not set stays so. */
static const struct expr *
domain_not(struct env *env, const struct model *m, const struct domain *term)
{
	struct arena		*a = env->arena;
	const struct expr	*e = domain_leaf(env, m, term), *not;

	if (e == NULL)
		return NULL;
	not = expr_unary(a, EXPR_NOT, e);
	if (e->op != EXPR_IN_QUERY)
		return not;
	return expr_and(a, not, expr_unary(a, EXPR_NOT,
	    expr_unary(a, EXPR_IS_NULL, e->args[0])));
}

const struct expr *
domain_expr(struct env *env, const struct model *m, const struct domain *d)
{
	const struct expr	*l, *r;

	switch (d->kind) {
	case DOMAIN_TRUE:
	case DOMAIN_FALSE:
		return expr_bool(env->arena, d->kind == DOMAIN_TRUE);
	case DOMAIN_TERM:
		return domain_leaf(env, m, d);
	case DOMAIN_NAME:
		return domain_name(env, m, d->op, &d->value);
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
