#ifndef ORM_REGISTRY_H
#define ORM_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct ids;
struct model;
struct observer;
struct store;

/* All models of one schema generation; read only once it is built. */
struct registry;

/*
 * Builds it from the database (ir.model, ir.model.fields, ir.model.access,
 * res.groups) inside the caller's transaction.  ERR_UNAVAILABLE, naming the
 * command that helps, for a database that is not of this version.
 */
bool	 registry_load(struct arena *, struct store *,
	    const struct observer *observers, size_t nobservers,
	    int64_t generation, struct registry **, struct err *) MUST_CHECK;
int64_t	 registry_generation(const struct registry *);

/* NULL if there is none of that name. */
const struct model	*registry_model(const struct registry *, const char *);
size_t			 registry_count(const struct registry *);
const struct model	*registry_at(const struct registry *, size_t);
/* Whether it is the code of an active language. */
bool			 registry_language(const struct registry *,
			    const char *code);
/* Whether ilike and its kin look past accents: the parameter of this name. */
#define REGISTRY_ACCENT_BLIND	"database.accent_blind"
bool			 registry_accent_blind(const struct registry *);
/* The groups that the group itself implies; theirs are not among them. */
void			 registry_implied(const struct registry *,
			    int64_t group, struct ids *);

#endif
