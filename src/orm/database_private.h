#ifndef ORM_DATABASE_PRIVATE_H
#define ORM_DATABASE_PRIVATE_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>

#include "orm/database.h"

struct databases {
	struct arena		 *arena;
	const struct conf	 *conf;
	const struct observer	 *observers;
	size_t			  nobservers;
	struct database		**v;
	size_t			  n;
	struct stat		  mark;	/* of the index file when read */
};

struct database	*databases_add(struct databases *, const char *name,
		    const char *tag, const char *deployment_id);
/* Opens the store and fills tag and deployment id from it. */
bool		 database_identify(struct database *, struct err *) MUST_CHECK;
void		 database_close(struct database *);

#endif
