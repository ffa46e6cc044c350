#ifndef ORM_MIGRATE_H
#define ORM_MIGRATE_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct map;
struct value;

/* A database on its way to DATABASE_VERSION, in one write transaction. */
struct migration {
	int64_t		 version;	/* that it had */
	/* the fields that it had, as "model,field" */
	struct map	*fields;
};

/*
 * Begins the transaction in the env's database, which may be older than this
 * program: then there is no registry until the module base is installed.
 * ERR_VALUE for one that is newer.  The caller ends the transaction.
 */
bool	 migrate_begin(struct env *, struct migration *);
/* The installed modules as a dictionary: name -> checksum of its files, NULL
 * where none was kept. */
bool	 migrate_modules(struct env *, const struct migration *,
	    struct value *modules);
/*
 * The modules are in place: records get the defaults of fields that are new,
 * stored computed fields their values, the database its version.  Refuses if
 * the models do not hold together.
 */
bool	 migrate_finish(struct env *, const struct migration *);

#endif
