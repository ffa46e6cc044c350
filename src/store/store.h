#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "store/query.h"

struct arena;

/*
 * What the ORM may ask of a database.  One connection; the store keeps the
 * state of its transaction.  After a failed statement all but rollback is
 * refused, on every engine.  Errors: ERR_RETRY (lost race, run again),
 * ERR_UNIQUE, ERR_FOREIGN, ERR_TIMEOUT (SQL budget used up), ERR_FULL,
 * ERR_UNAVAILABLE (cannot open), ERR_DATABASE (the rest); what the engine
 * said goes to err's cause.
 */
struct store;

enum txn { TXN_READ, TXN_WRITE };
enum store_sync { STORE_SYNC_SHARED, STORE_SYNC_FULL };

struct store_options {
	enum store_sync	 sync;
	int64_t		 mmap_bytes;
	int64_t		 budget_ms;	/* of SQL a transaction; 0: no limit */
	bool		 create;	/* make the database if it is missing */
};

/* url is "sqlite:PATH" or "fake:"; never open one before fork(). */
bool	 store_open(const char *url, const struct store_options *,
	    struct store **, struct err *) MUST_CHECK;
void	 store_close(struct store *);

/* WRITE waits for its turn; no other writer is let in until it ends. */
bool	 store_begin(struct store *, enum txn, struct err *) MUST_CHECK;
/* Returns only after the change is on the disk. */
bool	 store_commit(struct store *, struct err *) MUST_CHECK;
void	 store_rollback(struct store *);	/* harmless without one */
/*
 * A mark inside a write transaction; they nest.  keep false: what came after
 * it never was, and a failed statement among it is forgotten.
 */
bool	 store_mark(struct store *, struct err *) MUST_CHECK;
bool	 store_mark_end(struct store *, bool keep, struct err *) MUST_CHECK;
bool	 store_in_write(const struct store *);
/* A commit could not be brought to the disk: the process must end. */
bool	 store_broken(const struct store *);
/* For DDL and imports: the budget of this connection from now on. */
void	 store_set_budget(struct store *, int64_t budget_ms);
int64_t	 store_budget(const struct store *);

/* Rows come whole, in the arena, in the types of the query's columns. */
bool	 store_select(struct store *, const struct query *, struct arena *,
	    struct rows *, struct err *) MUST_CHECK;

/* One column of an insert or update; expr beats value, and holds no column of
 * its own row for store_insert. */
struct assign {
	const char		*column;
	struct value		 value;
	const struct expr	*expr;
};

bool	 store_insert(struct store *, const char *table, const struct assign *,
	    size_t n, int64_t *id, struct err *) MUST_CHECK;
/*
 * A row for each that the query's where selects of its table; an assignment's
 * expr is over that row.
 */
bool	 store_insert_from(struct store *, const char *table,
	    const struct assign *, size_t n, const struct query *,
	    struct err *) MUST_CHECK;
/* where NULL is refused: nothing changes a whole table by mistake. */
bool	 store_update(struct store *, const char *table,
	    const struct expr *where, const struct assign *, size_t n,
	    int64_t *changed, struct err *) MUST_CHECK;
bool	 store_delete(struct store *, const char *table,
	    const struct expr *where, int64_t *changed, struct err *)
	    MUST_CHECK;

/* Tables as they are wanted.  All names are [a-z_][a-z0-9_]{0,62}. */
struct column_def {
	const char	*name;
	enum col_type	 type;
	unsigned int	 scale;
	const char	*references;	/* table whose id it holds, or NULL */
	bool		 not_null;
};
struct index_def {
	const char *const *columns;
	size_t		 n;
	bool		 unique;
	bool		 text;	/* one column, for EXPR_ILIKE with indexed */
};
struct table_def {
	const char			*name;
	const struct column_def		*columns;
	size_t				 ncolumns;
	const struct index_def		*indexes;
	size_t				 nindexes;
	/* no id: the columns are the key */
	bool				 link;
};

/*
 * Makes what is missing: tables (with a column id that is never used twice),
 * columns, indexes.  Inside a write transaction.  What is there and not
 * wanted stays; a column that is there with another type is ERR_VALIDATION.
 */
bool	 store_change(struct store *, const struct table_def *, size_t n,
	    struct err *) MUST_CHECK;

/*
 * Takes away what is there; harmless where it is not.  An index of a dropped
 * or renamed column goes: store_change makes those that are wanted.  Columns
 * that refer to a table must be dropped before it.
 */
bool	 store_drop_table(struct store *, const char *table, struct err *)
	    MUST_CHECK;
bool	 store_drop_column(struct store *, const char *table,
	    const char *column, struct err *) MUST_CHECK;
bool	 store_rename_column(struct store *, const char *table,
	    const char *from, const char *to, struct err *) MUST_CHECK;
bool	 store_drop_index(struct store *, const char *table,
	    const struct index_def *, struct err *) MUST_CHECK;

/*
 * What there is: table and column; of indexes table, name and first column,
 * which is empty where it is one for a text.
 */
bool	 store_facts(struct store *, struct arena *, struct rows *columns,
	    struct rows *indexes, struct err *) MUST_CHECK;
const char	*store_index_name(struct arena *, const char *table,
		    const struct index_def *);

/*
 * A whole copy at path, which must not exist (ERR_VALIDATION), as of one
 * moment, on the disk when this returns; outside a transaction.  Others go on
 * reading and writing.
 */
bool	 store_backup(struct store *, const char *path, struct err *)
	    MUST_CHECK;

/* The schema's generation: moved by whoever changes models or rights. */
bool	 store_generation(struct store *, int64_t *, struct err *) MUST_CHECK;
bool	 store_generation_next(struct store *, struct err *) MUST_CHECK;

/* Checkpoint and the like, between transactions; cheap if nothing is due. */
bool	 store_maintain(struct store *, struct err *) MUST_CHECK;
/* One text for each fault found; none means sound. */
bool	 store_check(struct store *, struct arena *, struct rows *,
	    struct err *) MUST_CHECK;

#endif
