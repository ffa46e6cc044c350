/* "<", "<=", ">", ">=": semantics 1.2 and 1.4. */

#include "base/arena.h"
#include "base/date.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/operator_private.h"

#define DAY_LAST	86399	/* its last second */

/* A bare date stands for its end where the whole day is to be covered. */
static void
compare_day(const struct operator *op, const struct value *given,
    struct value *operand)
{
	if (operand->type != VALUE_DATETIME ||
	    (op->op != EXPR_GT && op->op != EXPR_LE))
		return;
	if (given->type == VALUE_DATE ||
	    (given->type == VALUE_TEXT && given->u.text.n == DATE_SIZE - 1))
		operand->u.i += DAY_LAST;
}

const struct expr *
op_compare(struct env *env, const struct field *f, const struct domain *term)
{
	const struct operator	*op = term->op;
	const struct value	*v = &term->value;
	const struct expr	*c = field_expr(env, f);
	enum expr_op		 how = op->op;
	struct value		 operand;

	if (c == NULL || !f->type->operand(env, f, v, &operand))
		return NULL;
	if (operand.type == VALUE_NULL)
		return expr_bool(env->arena, false);
	compare_day(op, v, &operand);
	if (operand_between(f, &operand)) {
		bool	 below = how == EXPR_LT || how == EXPR_LE;

		operand.u.i = (operand.u.i - 5) / 10;
		operand.scale--;
		how = below ? EXPR_LE : EXPR_GT;
	}
	return expr_binary(env->arena, how, c,
	    expr_value(env->arena, operand));
}
