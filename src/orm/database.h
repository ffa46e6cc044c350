#ifndef ORM_DATABASE_H
#define ORM_DATABASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct behaviour;
struct conf;
struct env;
struct model_row;
struct registry;
struct store;
struct value;

#define DATABASE_NAME_MAX	63
/* letters and digits before a credential */
#define DATABASE_TAG		6
/* of the schema that this program wants */
#define DATABASE_VERSION	2

/* One database of the data directory; opened at first use. */
struct database {
	char			 name[DATABASE_NAME_MAX + 1];
	char			 tag[DATABASE_TAG + 1];
	char			 deployment_id[25];	/* 24 hex digits */
	struct store		*store;
	struct registry		*reg;
	struct arena		*generation;	/* reg lives in it */
	/* reg is of an open transaction */
	bool			 tentative;
	/* registries that the transaction has made and left, and their
	 * bytes: who began it may still point into them */
	struct arena		*left;
	size_t			 retired;
	struct databases	*all;
};

/*
 * The databases of a data directory and their index file "databases".  One
 * in a process; never opened before fork().
 */
struct databases;

struct databases	*databases_new(struct arena *, const struct conf *,
			    const struct behaviour *);
const struct behaviour	*databases_behaviour(const struct databases *);
void	 databases_close(struct databases *);	/* all stores */
size_t	 databases_count(struct databases *, struct err *);
struct database	*databases_at(struct databases *, size_t);
/* NULL, ERR_NOT_FOUND, if there is none; a changed index is read again. */
struct database	*databases_named(struct databases *, const char *name,
		    struct err *);
struct database	*databases_tagged(struct databases *, const char *credential,
		    struct err *);
/* default_database, else the only one there is. */
struct database	*databases_default(struct databases *, struct err *);
/* Whether one became unusable (a flush failed): the process has to end. */
bool	 databases_broken(const struct databases *);
/* Makes the index file anew from what the databases say of themselves. */
bool	 databases_rebuild(struct databases *, struct err *) MUST_CHECK;

/* Opens the store, and on first use of a worker the registry. */
bool	 database_open(struct database *, struct err *) MUST_CHECK;
/* Throws the registry away; the next transaction builds it anew. */
void	 database_forget(struct database *);
/* Frees the registries that a transaction which is over has left. */
void	 database_bury(struct database *);
/* The registry of the generation that the open transaction sees; none
 * before the first models are installed. */
bool	 database_registry(struct database *, struct err *) MUST_CHECK;
/* Path of a file of the database: database_path(a, db, ".db"). */
const char	*database_path(struct arena *, const struct database *,
		    const char *suffix);
bool	 database_name_valid(const char *);

/*
 * Makes the file, the tables of the meta-models and the identity (name, tag,
 * deployment id); the caller then installs modules.  Refuses a name that is
 * taken.
 */
bool	 database_create(struct databases *, const char *name,
	    struct database **, struct err *) MUST_CHECK;
/* Closes it and removes its files: for one that was not finished. */
void	 database_discard(struct database *);
/* Enters it in the index file: from now on requests find it. */
bool	 databases_publish(struct databases *, const struct database *,
	    struct err *) MUST_CHECK;
/* Adds or brings up to date the models (parsed definition files). */
bool	 database_install(struct env *, const char *module,
	    const struct value *models, size_t n);
/* Gives a row of ir.model the rows of the fields that every model has. */
bool	 database_install_automatic(struct env *, const struct model_row *);
/*
 * Loads records: each {"id": "be", "values": {...}} of a model under the
 * external id module.id; values and the
 * commands in them may hold {"ref": "module.id"}.  A record that
 * is there is brought up to date, unless noupdate was set for it.
 */
bool	 database_load(struct env *, const char *module, const char *model,
	    const struct value *records, bool noupdate);
/* The record that an external id names; 0 and ERR_VALUE if there is none. */
int64_t	 database_ref(struct env *, const char *module, const char *xmlid);

#endif
