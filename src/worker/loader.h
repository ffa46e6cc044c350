#ifndef WORKER_LOADER_H
#define WORKER_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct app;
struct database;
struct env;
struct progress;
struct value;

/*
 * Makes a database and installs modules (and what they depend on) in one
 * transaction: models, then data, in the order of module.json.  Writes the
 * password made for admin (and the demonstration user's) to passwords.
 */
struct loader_passwords {
	char	 admin[33];
	char	 demo[33];	/* "" without the module demo */
};

bool	 loader_init(struct app *, const char *name, const char *const *modules,
	    size_t nmodules, struct loader_passwords *, struct err *)
	    MUST_CHECK;
/*
 * Loads one module's files into the env's database, from schema_dir/MODULE:
 * module.json (name, summary, depends, models, data), models/MODEL.json for
 * each of its models, then its data: files named from the module's folder
 * (loader_data.h), or "iso-codes".
 */
bool	 loader_module(struct app *, struct env *, const char *module);
/* module.json; a list of texts under each of depends, models and data. */
bool	 loader_describe(struct app *, struct env *, const char *module,
	    struct value *);

struct loader_migrated {
	int64_t	 from;		/* version */
	size_t	 modules;	/* that were loaded again */
};

/*
 * Brings a database to this program's version, and its modules to what their
 * files are now, in one transaction.  Nothing is written where nothing is to
 * do.
 */
bool	 loader_migrate(struct app *, const char *name, struct progress *,
	    struct loader_migrated *, struct err *) MUST_CHECK;
/* The database's own store is done with; requests open it by the index. */
void	 loader_close(struct database *);

/* Parts of the standards that iso-codes has files of; NULL ends them. */
extern const char *const	 loader_iso_parts[];
/* Countries, subdivisions, currencies, languages from iso-codes. */
bool	 loader_iso_codes(struct app *, struct env *);

#endif
