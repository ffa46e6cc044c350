#ifndef ORM_FILES_H
#define ORM_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/span.h"

struct arena;
struct database;
struct env;
struct value;

/*
 * NAME.files/: what is too large for a row, each file named by its SHA-256,
 * so that no contents are there twice.  A file is whole and on the disk
 * before the commit that names it, and outlives the rows that do by
 * FILES_GRACE, for those who read an older state.
 */
#define FILES_GRACE	3600	/* seconds */
/* of a database that may have some */
#define FILES_VERSION	2

/* Inside a write transaction. */
bool	 files_put(struct env *, struct span, char name[SHA256_HEX]);
bool	 files_get(struct env *, const char *name, struct span *);
/* A row names it no more, if this transaction is kept. */
void	 files_release(struct env *, const char *name);
/* Bytes of a file; 0 if it is not there. */
size_t	 files_size(struct env *, const char *name);

/*
 * Removes files that no row names and that nobody has touched for
 * FILES_GRACE; none while a backup reads them.  Outside a transaction.
 */
bool	 files_collect(struct database *, size_t *removed, struct err *)
	    MUST_CHECK;
/* Adds a text for each file that a row names and that is missing or another.
 * In a transaction of the database's store. */
bool	 files_check(const struct database *, struct arena *,
	    struct value *faults, struct err *) MUST_CHECK;

#endif
