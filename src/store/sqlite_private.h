#ifndef STORE_SQLITE_PRIVATE_H
#define STORE_SQLITE_PRIVATE_H

#include <sqlite3.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct cache;
struct note;

struct sqlite {
	sqlite3		*db;
	struct arena	*arena;		/* of the connection */
	struct cache	*cache;
	struct note	*notes;		/* of text indexes */
	sqlite3_stmt	*note, *noted;	/* takes one; shows all */
	bool		 notes_any;	/* in this transaction: of what was
					 * rolled back, some may be there */
	size_t		 notes_kept;	/* since they were last applied */
	struct arena	*scratch;	/* of one call of a function */
	int		 pages;		/* in the log, at the last commit */
	bool		 wrote;		/* the last transaction did */
	int64_t		 deadline;	/* 0: none */
};

/* What the engine said, as an error of ours; always false. */
bool	 sqlite_fail(const struct sqlite *, int rc, struct err *);
/* sqlite_note.c: the function with which triggers keep a text index. */
void	 sqlite_notes(struct sqlite *);
/* Have so many been kept back that they should be applied? */
bool	 sqlite_notes_due(const struct sqlite *);
void	 sqlite_notes_close(struct sqlite *);

#endif
