#ifndef ORM_RULE_H
#define ORM_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "orm/access.h"

struct arena;
struct env;
struct expr;
struct ids;
struct model;
struct store;
struct value;

/* A record rule of a model: a row of ir.rule (semantics 6.2). */
struct rule {
	int64_t			 id;
	const char		*name;
	const char		*domain;	/* as text; "" is TRUE */
	const struct ids	*groups;	/* NULL: global */
	bool			 allow[ACCESS__MAX];
};

/*
 * What of rules is known for a user and a context; of the request.  share:
 * copies of env that have an arena of their own will use that of env.
 */
struct rule_cache;
void	 rule_share(struct env *);

/* Gives the models their active rules, in the order of ids. */
bool	 rule_load(struct arena *, struct store *, struct model *, size_t n,
	    struct err *) MUST_CHECK;

/*
 * What the user's record rules for the operation ask of a row of the model;
 * NULL: nothing (also for the superuser).  A rule that cannot be evaluated
 * lets nobody through: ERR_ACCESS.
 */
bool	 rule_where(struct env *, const struct model *, enum access,
	    const struct expr **where);
/* ERR_ACCESS if a rule hides one of the ids that exist. */
bool	 rule_check(struct env *, const struct model *, enum access,
	    const struct ids *);
/* The first of the ids that exist and that a rule hides, or 0. */
bool	 rule_hidden(struct env *, const struct model *, enum access,
	    const struct ids *, int64_t *id);

/* Whether the rule is one for the operation and the user. */
bool	 rule_applies(struct env *, const struct rule *, enum access,
	    bool *applies);
/* The domain that the text means for the user; "" is [].  ERR_VALUE. */
bool	 rule_domain(struct env *, const char *text, struct value *domain);
/* The domain as a condition, with full rights; NULL for TRUE. */
bool	 rule_compile(struct env *, const struct model *,
	    const struct value *domain, const struct expr **);

/*
 * The companies that the user works in, the present one first: his own, or
 * those of them that the context's allowed_company_ids names.
 */
bool	 rule_companies(struct env *, const struct ids **);

#endif
