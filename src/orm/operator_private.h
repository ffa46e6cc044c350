#ifndef ORM_OPERATOR_PRIVATE_H
#define ORM_OPERATOR_PRIVATE_H

#include "orm/operator.h"

/* Whether a decimal operand lies between two values of the field. */
bool	 operand_between(const struct field *, const struct value *);

#endif
