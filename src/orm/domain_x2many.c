/* one2many and many2many on the left: semantics 1.7. */

#include "base/arena.h"
#include "base/conf.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/model.h"
#include "orm/operator.h"

/* The ids of the list, those left out that are falsy. */
static bool
domain_ids(struct env *env, const struct field *f, const struct operator *op,
    const struct value *v, struct value *ids)
{
	const struct value	*each = v;
	size_t			 n = 1;

	if (v->type == VALUE_LIST) {
		each = v->u.list->v;
		n = v->u.list->n;
	}
	if (v->type != VALUE_LIST && op->compile == op_set)
		return field_refuse(env, f, "a list for in and not in", v);
	if (n > (size_t)env->conf->max_ids)
		return env_fail(env, ERR_VALUE, "the list for %s has more "
		    "than %lld members", f->name,
		    (long long)env->conf->max_ids);
	*ids = value_list(env->arena, n);
	for (size_t i = 0; i < n; i++) {
		if (each[i].type != VALUE_INT && !field_unset(&each[i]))
			return field_refuse(env, f, v->type == VALUE_LIST ?
			    "a list of ids" : "an id, a list of ids or a name",
			    &each[i]);
		if (each[i].type == VALUE_INT && each[i].u.i != 0)
			value_push(env->arena, ids, each[i]);
	}
	return true;
}

/* A line that a name search finds: active ones, within the field's domain. */
static const struct expr *
domain_line_named(struct env *env, const struct field *f,
    const struct operator *op, const struct value *name)
{
	const struct expr	*where, *own;
	const struct domain	*d;
	struct env		 su = env_sudo(env);

	where = domain_name(env, f->target, domain_name_operator(op, false),
	    name);
	if (where == NULL || !domain_reach(env, f->target, false, &where))
		return NULL;
	if (f->domain.type == VALUE_LIST) {
		if (!domain_parse(&su, &f->domain, &d) ||
		    (own = domain_expr(&su, f->target, d)) == NULL)
			return NULL;
		where = expr_and(env->arena, where, own);
	}
	return domain_points(env, f, where);
}

/* A negative operator: no line that the positive one would find. */
const struct expr *
domain_x2many(struct env *env, const struct field *f, const struct domain *d)
{
	const struct operator	*op = d->op;
	const struct expr	*e;
	struct value		 ids;

	if (field_unset(&d->value)) {
		e = domain_filled(env, f);
		return e == NULL || op->negate ? e : domain_points_not(env, e);
	}
	if (op->negate)
		op = operator_named(span_of(op->opposite));
	if (d->value.type == VALUE_TEXT)
		e = domain_line_named(env, f, op, &d->value);
	else
		e = domain_ids(env, f, op, &d->value, &ids) ?
		    domain_holds(env, f, &ids) : NULL;
	return e == NULL || !d->op->negate ? e : domain_points_not(env, e);
}
