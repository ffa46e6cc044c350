#ifndef ORM_DEFINITION_PRIVATE_H
#define ORM_DEFINITION_PRIVATE_H

#include "orm/definition.h"

/* Sets link, link_own and link_other of a many2many. */
bool	 definition_many2many(struct arena *, const struct field_row *,
	    struct field *, struct err *) MUST_CHECK;
/* The table of a many2many's links. */
bool	 definition_link(struct arena *, const struct field_row *,
	    struct table_def *, struct err *) MUST_CHECK;

#endif
