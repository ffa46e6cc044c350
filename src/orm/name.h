#ifndef ORM_NAME_H
#define ORM_NAME_H

#include <stdbool.h>
#include <stdint.h>

struct domain;
struct env;
struct ids;
struct model;
struct value;

/*
 * Looking records up by name, semantics 9.4.  args is a domain besides, or
 * NULL; op is an operator's name; limit 0 is all.  In the model's order, but
 * where a short text is a code, those of that code come first.
 */
bool	 model_name_search(struct env *, const struct model *,
	    const struct value *name, const struct domain *args,
	    const char *op, int64_t limit, struct ids *);
/* A list of [id, name], in the order of ids.  ERR_MISSING. */
bool	 model_name_get(struct env *, const struct model *, const struct ids *,
	    struct value *pairs);
/* A record with nothing but a name; pair is [id, name].  ERR_USER if its
 * model has no field for it. */
bool	 model_name_create(struct env *, const struct model *,
	    const struct value *name, struct value *pair);

#endif
