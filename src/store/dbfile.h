#ifndef STORE_DBFILE_H
#define STORE_DBFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/*
 * The file of an embedded database and the lock file beside it, PATH-lock,
 * in which its writers queue.
 */
struct dbfile;

struct dbfile	*dbfile_new(struct arena *, const char *path);
void		 dbfile_close(struct dbfile *);

/* Makes an empty file that only its owner may read, if there is none. */
bool	 dbfile_create(const struct dbfile *, struct err *) MUST_CHECK;
/* The same, but it must not be there. */
bool	 dbfile_create_new(const struct dbfile *, struct err *) MUST_CHECK;
/* Takes it away with what the engine may have put beside it. */
void	 dbfile_remove(const struct dbfile *);
/* Makes the names of the files durable. */
bool	 dbfile_sync_directory(const struct dbfile *, struct err *) MUST_CHECK;
/* On a file system whose machines do not share memory. */
bool	 dbfile_remote(const struct dbfile *);

/* Waits for its turn, however long. */
bool	 dbfile_lock(struct dbfile *, struct err *) MUST_CHECK;
void	 dbfile_unlock(struct dbfile *);

#endif
