#ifndef ORM_DATABASE_PRIVATE_H
#define ORM_DATABASE_PRIVATE_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orm/database.h"

struct map;

struct databases {
	struct arena		 *arena;
	const struct conf	 *conf;
	const struct behaviour	 *behaviour;
	const char		 *file;		/* the index */
	struct stat		  mark;		/* of it when it was read */
	int64_t			  looked;	/* second of the last look */
	/* what it says: the rest lives in the arena lookup */
	struct arena		 *lookup;
	struct database		**v;
	size_t			  n;
	struct map		 *by_name, *by_tag;
};

/* What a file says of itself besides its tag and deployment id. */
struct database_state {
	int64_t	 version;
	int64_t	 generation;		/* 0: never finished */
};

/* Opens the store and fills tag and deployment id from it. */
bool		 database_identify(struct database *, struct database_state *,
		    struct err *) MUST_CHECK;
void		 database_close(struct database *);
/* Draws tag and deployment id, which no database has. */
void		 database_draw(struct databases *, struct database *);
/* Writes name, tag and deployment id into the database. */
bool		 database_rename(struct database *, struct err *) MUST_CHECK;
/* Writes DATABASE_VERSION, in the open transaction. */
bool		 database_set_version(struct database *, struct err *)
		    MUST_CHECK;
/* Whether another database has its tag or its deployment id. */
bool		 databases_identity_taken(struct databases *,
		    const struct database *);
/* databases_publish, once make has made its files; others wait meanwhile. */
bool		 databases_publish_made(struct databases *,
		    const struct database *, bool (*make)(void *), void *,
		    struct err *) MUST_CHECK;

#endif
