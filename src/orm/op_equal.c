/* "=", "!=" and "=?": semantics 1.2. */

#include "base/arena.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/operator_private.h"

/* False and None: whether it is set.  A boolean may be unset or false. */
static const struct expr *
equal_unset(struct env *env, const struct operator *op, const struct expr *c,
    const struct value *v)
{
	struct arena		*a = env->arena;
	const struct expr	*null = expr_unary(a, EXPR_IS_NULL, c);

	if (c->type != COL_BOOL || v->type == VALUE_NULL)
		return op->negate ? expr_unary(a, EXPR_NOT, null) : null;
	if (op->negate)
		return expr_binary(a, EXPR_EQ, c,
		    expr_value(a, value_bool(true)));
	return expr_or(a, null, expr_binary(a, EXPR_EQ, c, expr_value(a, *v)));
}

const struct expr *
op_equal(struct env *env, const struct field *f, const struct domain *term)
{
	const struct operator	*op = term->op;
	const struct value	*v = &term->value;
	struct arena		*a = env->arena;
	const struct expr	*c = field_expr(env, f), *e;
	struct value		 operand;

	if (c == NULL)
		return NULL;
	if (field_unset(v))
		return equal_unset(env, op, c, v);
	if (!f->type->operand(env, f, v, &operand))
		return NULL;
	if (operand_between(f, &operand))
		return op->negate ? expr_bool(a, true) :
		    expr_binary(a, EXPR_NE, c, c);
	e = expr_binary(a, op->negate ? EXPR_NE : EXPR_EQ, c,
	    expr_value(a, operand));
	if (op->negate && value_truthy(v))
		return expr_or(a, e, expr_unary(a, EXPR_IS_NULL, c));
	return e;
}

/* What is not asked for is no condition; anything else the reader of domains
 * takes as "=". */
const struct expr *
op_maybe(struct env *env, const struct field *f, const struct domain *term)
{
	return field_unset(&term->value) ? expr_bool(env->arena, true) :
	    op_equal(env, f, term);
}
