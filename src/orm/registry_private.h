#ifndef ORM_REGISTRY_PRIVATE_H
#define ORM_REGISTRY_PRIVATE_H

#include "orm/model.h"
#include "orm/registry.h"

struct map;

struct registry {
	struct arena		*arena;
	int64_t			 generation;
	struct model		*models;
	size_t			 nmodels;
	struct map		*by_name;	/* name -> struct model */
	/* groups, rising, and beside each one that it implies */
	struct ids		 implying;
	int64_t			*implied;
	struct map		*languages;	/* codes of active ones */
	bool			 accent_blind;
};

/* What is said of groups, access rights, record rules and languages. */
bool	 registry_rights(struct registry *, struct store *, struct err *)
	    MUST_CHECK;

/* Resolves which groups see which fields. */
bool	 registry_field_groups(struct registry *, struct store *,
	    struct err *) MUST_CHECK;

#endif
