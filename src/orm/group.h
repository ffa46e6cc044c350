#ifndef ORM_GROUP_H
#define ORM_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"
#include "orm/model.h"

struct env;

/* What read_group is asked (semantics 9.2). */
struct group_request {
	struct value	 domain;	/* a list */
	struct names	 fields;	/* "f", "f:sum", "alias:sum(f)" */
	struct names	 groupby;	/* "f", "date:month" */
	struct page	 page;		/* of the groups */
	bool		 lazy;		/* by the first of groupby alone */
};

/*
 * A list of dictionaries, one a group: rights and rules as in a search.
 * Every __domain finds the records of its group, and no others.
 *
 * A record stands in a group for each record that a many2many links it to and
 * the user may see; one that only links to others stands nowhere.
 */
bool	 model_read_group(struct env *, const struct model *,
	    const struct group_request *, struct value *out);

#endif
