/* The table of operators. */

#include "orm/field.h"
#include "orm/operator_private.h"

static const struct operator	 operators[] = {
#define OPERATOR(name, opposite, op, negate, operand, compile)	\
	{ name, opposite, EXPR_##op, negate, OPERAND_##operand, compile },
#include "orm/operators.def"
#undef OPERATOR
};

const struct operator *
operator_named(struct span name)
{
	for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
		if (span_is(name, operators[i].name))
			return &operators[i];
	return NULL;
}

bool
operand_between(const struct field *f, const struct value *v)
{
	return v->type == VALUE_DECIMAL && (int)v->scale > f->scale;
}
