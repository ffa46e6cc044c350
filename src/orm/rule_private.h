#ifndef ORM_RULE_PRIVATE_H
#define ORM_RULE_PRIVATE_H

#include "base/value.h"
#include "orm/rule.h"

struct rule_cache {
	struct arena		*arena;		/* all of it lives here */
	int64_t			 uid;
	struct value		 allowed;	/* of the context, or NULL */
	const struct ids	*companies;	/* once asked for */
	struct map		*paths;		/* of user -> struct value */
	/* "read res.partner" -> struct expr, none for TRUE */
	struct map		*wheres;
};

/* The env's, made anew for another user or other companies. */
struct rule_cache	*rule_cache(struct env *);
/* The env with the arena of what is kept there. */
struct env		 rule_kept(struct env *);
/* As rules are evaluated: with full rights, and whatever the context. */
struct env		 rule_env(const struct env *);
/* literal_name over a struct env. */
bool			 rule_name(void *env, struct span, struct value *,
			    struct err *);

#endif
