#ifndef ORM_EXPLAIN_H
#define ORM_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "orm/access.h"

struct env;
struct ids;
struct model;
struct value;

/*
 * Why the user may do the operation with the records, or why not: a
 * dictionary for administrators.  user, model, operation, allowed, lines of
 * ir.model.access, fields kept from him, rules, and of the ids those that
 * are missing and those that are hidden, with the rules that hide them.
 * ERR_VALUE if there is no such user.
 */
bool	 access_explain(struct env *, int64_t uid, const struct model *,
	    enum access, const struct ids *, struct value *out);

#endif
