/* "in" and "not in": semantics 1.3.  Together they part all records. */

#include "base/arena.h"
#include "base/conf.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/operator_private.h"

/*
 * The members that can be found; unset: False or None was among them; between:
 * a member that no value is.
 */
struct set {
	struct value	 list;
	bool		 unset;
	bool		 between;
};

static bool
set_add(struct env *env, const struct field *f, const struct value *v,
    struct set *s)
{
	struct value	 operand;

	if (field_unset(v)) {
		s->unset = true;
		return true;
	}
	if (!f->type->operand(env, f, v, &operand))
		return false;
	if (operand_between(f, &operand))
		s->between = true;
	else
		value_push(env->arena, &s->list, operand);
	return true;
}

/* Of a boolean only True and False (or 1 and 0) count. */
static void
set_add_boolean(struct env *env, const struct value *v, struct set *s)
{
	bool	 is = v->type == VALUE_BOOL ? v->u.b : v->u.i == 1;

	if (v->type != VALUE_BOOL &&
	    (v->type != VALUE_INT || v->u.i < 0 || v->u.i > 1))
		return;
	if (!is)
		s->unset = true;
	value_push(env->arena, &s->list, value_bool(is));
}

static bool
set_read(struct env *env, const struct field *f, const struct expr *c,
    const struct value_list *l, struct set *s)
{
	s->list = value_list(env->arena, l->n);
	s->unset = s->between = false;
	for (size_t i = 0; i < l->n; i++)
		if (c->type == COL_BOOL)
			set_add_boolean(env, &l->v[i], s);
		else if (!set_add(env, f, &l->v[i], s))
			return false;
	return true;
}

const struct expr *
op_set(struct env *env, const struct field *f, const struct domain *term)
{
	const struct operator	*op = term->op;
	const struct value	*v = &term->value;
	struct arena		*a = env->arena;
	const struct expr	*c = field_expr(env, f), *in, *null;
	struct set		 s;

	if (c == NULL)
		return NULL;
	if (v->type != VALUE_LIST) {
		field_refuse(env, f, "a list for in and not in", v);
		return NULL;
	}
	if (v->u.list->n > (size_t)env->conf->max_ids) {
		env_fail(env, ERR_VALUE, "the list for %s has more than %lld "
		    "members", f->name, (long long)env->conf->max_ids);
		return NULL;
	}
	if (!set_read(env, f, c, v->u.list, &s))
		return NULL;
	in = expr_in(a, c, &s.list);
	null = expr_unary(a, EXPR_IS_NULL, c);
	if (!op->negate && s.between && in->op == EXPR_FALSE)
		in = expr_binary(a, EXPR_NE, c, c);
	if (!op->negate)
		return s.unset ? expr_or(a, in, null) : in;
	in = in->op == EXPR_FALSE ? expr_bool(a, true) :
	    expr_unary(a, EXPR_NOT, in);
	return s.unset ? expr_and(a, in, expr_unary(a, EXPR_NOT, null)) :
	    expr_or(a, in, null);
}
