#ifndef ORM_RULE_H
#define ORM_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "orm/access.h"

struct env;
struct expr;
struct ids;
struct model;

/* A record rule of a model: a row of ir.rule (semantics 6.2). */
struct rule {
	int64_t			 id;
	const char		*name;
	const char		*domain;	/* as text; "" is TRUE */
	const struct ids	*groups;	/* NULL: global */
	bool			 allow[ACCESS__MAX];
};

/*
 * What the user's record rules for the operation ask of a row of the model;
 * NULL: nothing (also for the superuser).
 */
bool	 rule_where(struct env *, const struct model *, enum access,
	    const struct expr **where);
/* ERR_ACCESS if a rule hides one of the ids that exist. */
bool	 rule_check(struct env *, const struct model *, enum access,
	    const struct ids *);

#endif
