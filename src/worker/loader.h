#ifndef WORKER_LOADER_H
#define WORKER_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct app;
struct database;
struct env;

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
/* Countries, subdivisions, currencies, languages from iso-codes. */
bool	 loader_iso_codes(struct app *, struct env *);

#endif
