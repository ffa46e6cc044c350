#ifndef ORM_OPERATOR_H
#define ORM_OPERATOR_H

#include <stdbool.h>

#include "store/query.h"

struct domain;
struct env;
struct field;

typedef const struct expr *operator_compile(struct env *,
	    const struct field *, const struct domain *term);

/* What an operator makes of its right side. */
enum operand {
	OPERAND_VALUE,		/* a value; of a relation: ids or names */
	OPERAND_DOMAIN,		/* a domain over the linked records */
	OPERAND_OWN		/* what it says itself */
};

/*
 * A row of operators.def.  compile makes the condition over a row of the
 * field's model, or returns NULL with the reason in env->err; of an operator
 * with OPERAND_VALUE it is not asked for names and x2many fields.
 */
struct operator {
	const char		*name;		/* "not in" */
	const char		*opposite;	/* "in"; "" if it has none */
	enum expr_op		 op;
	bool			 negate;
	enum operand		 operand;
	operator_compile	*compile;
};

#define OPERATOR(name, opposite, op, negate, operand, compile)	\
	operator_compile compile;
#include "orm/operators.def"
#undef OPERATOR

const struct operator	*operator_named(struct span);	/* or NULL */

#endif
