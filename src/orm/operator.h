#ifndef ORM_OPERATOR_H
#define ORM_OPERATOR_H

#include <stdbool.h>

#include "store/query.h"

struct env;
struct field;
struct operator;

typedef const struct expr *operator_compile(struct env *,
	    const struct operator *, const struct field *,
	    const struct value *);

/*
 * A row of operators.def.  compile makes the condition over a row of the
 * field's model, or returns NULL with the reason in env->err.
 */
struct operator {
	const char		*name;		/* "not in" */
	const char		*opposite;	/* "in"; "" if it has none */
	enum expr_op		 op;
	bool			 negate;
	operator_compile	*compile;
};

#define OPERATOR(name, opposite, op, negate, compile)	\
	operator_compile compile;
#include "orm/operators.def"
#undef OPERATOR

const struct operator	*operator_named(struct span);	/* or NULL */

#endif
