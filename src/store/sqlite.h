#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct rows;
struct sql;
struct sql_effect;

/*
 * One connection of the library: what it can do, not when.  Transactions,
 * locks and flushes are decided in sqlite_driver.c.
 */
struct sqlite;

/* The connection's own struct lives in the arena. */
bool	 sqlite_connect(struct arena *, const char *path, struct sqlite **,
	    struct err *) MUST_CHECK;
void	 sqlite_disconnect(struct sqlite *);

/* A statement of ours, kept prepared; what it answers is thrown away. */
bool	 sqlite_run(struct sqlite *, const char *text, struct err *)
	    MUST_CHECK;
/* Is the first value that comes back this text? */
bool	 sqlite_says(struct sqlite *, const char *ask, const char *answer);
bool	 sqlite_exec(struct sqlite *, const struct sql *, struct arena *,
	    struct rows *, struct sql_effect *, struct err *) MUST_CHECK;

/* Before a write transaction: room for what text indexes are to be told. */
bool	 sqlite_notes_open(struct sqlite *, struct err *) MUST_CHECK;
/* Before a commit: tells them. */
bool	 sqlite_notes_apply(struct sqlite *, struct err *) MUST_CHECK;

/* What is asked from now on ends with ERR_TIMEOUT after ms; 0: no limit. */
void	 sqlite_set_budget(struct sqlite *, int64_t ms);
bool	 sqlite_in_transaction(const struct sqlite *);
/* Has a commit written to the log since this was last asked? */
bool	 sqlite_wrote(struct sqlite *, int *pages);
bool	 sqlite_sync_log(struct sqlite *, struct err *) MUST_CHECK;
/* Writes the log back; cut: to its end, and empties it.  Readers in the
 * way are no failure. */
bool	 sqlite_checkpoint(struct sqlite *, bool cut, int *pages,
	    struct err *) MUST_CHECK;
/* Copies all, as of one moment, into a file that is there and empty. */
bool	 sqlite_copy(struct sqlite *, const char *path, struct err *)
	    MUST_CHECK;

#endif
