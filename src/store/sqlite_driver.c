#include <string.h>

#include "base/arena.h"
#include "store/dbfile.h"
#include "store/driver.h"
#include "store/sqlite.h"

#define WAL_DUE		1000	/* pages, until they are written back */
#define WAL_LARGE	((64 << 20) / 4096)

/* A connection with what decides when its changes are safe. */
struct conn {
	struct arena	*arena;		/* holds this struct too */
	struct sqlite	*db;
	struct dbfile	*file;		/* NULL: the database is in memory */
	bool		 wal;
	bool		 shared;	/* commits share one sync of the log */
	bool		 locked;
	bool		 broken;	/* a sync has failed: nothing is sure */
	int		 pages;		/* in the log */
	int		 written;	/* of these, back in the database */
	int64_t		 budget_ms;
};

/* A write-ahead log, or where that cannot work a journal synced in full. */
static bool
conn_journal(struct conn *c, bool full, struct err *err)
{
	bool	 remote = dbfile_remote(c->file);

	c->wal = !remote && sqlite_says(c->db, "PRAGMA journal_mode", "wal");
	if (!c->wal && !remote) {
		if (!dbfile_lock(c->file, err))
			return false;
		c->wal = sqlite_says(c->db, "PRAGMA journal_mode = WAL", "wal");
		dbfile_unlock(c->file);
	}
	c->shared = c->wal && !full;
	if (c->wal)
		return sqlite_run(c->db, full ? "PRAGMA synchronous = FULL" :
		    "PRAGMA synchronous = NORMAL", err);
	return sqlite_run(c->db, "PRAGMA journal_mode = DELETE", err) &&
	    sqlite_run(c->db, "PRAGMA synchronous = EXTRA", err);
}

static bool
conn_configure(struct conn *c, const struct store_options *options,
    struct err *err)
{
	if (!sqlite_run(c->db, "PRAGMA case_sensitive_like = ON", err) ||
	    !sqlite_run(c->db, "PRAGMA foreign_keys = ON", err) ||
	    !sqlite_run(c->db, "PRAGMA temp_store = MEMORY", err) ||
	    !sqlite_run(c->db, "PRAGMA journal_size_limit = 8388608", err))
		return false;
	if (c->file != NULL &&
	    !conn_journal(c, options->sync == STORE_SYNC_FULL, err))
		return false;
	return !c->wal || sqlite_run(c->db, arena_printf(c->arena,
	    "PRAGMA mmap_size = %lld", (long long)options->mmap_bytes), err);
}

static bool
conn_open(struct conn *c, const char *path,
    const struct store_options *options, struct err *err)
{
	if (strcmp(path, ":memory:") != 0)
		c->file = dbfile_new(c->arena, path);
	if (c->file != NULL && options->create && !dbfile_create(c->file, err))
		return false;
	if (!sqlite_connect(c->arena, path, &c->db, err) ||
	    !conn_configure(c, options, err) ||
	    !sqlite_run(c->db, "SELECT 1 FROM sqlite_schema LIMIT 1", err))
		return false;
	/* The log that this read has made must be found after a crash. */
	return c->file == NULL || dbfile_sync_directory(c->file, err);
}

static void
driver_close(void *arg)
{
	struct conn	*c = arg;

	if (c->db != NULL)
		sqlite_disconnect(c->db);
	if (c->file != NULL)
		dbfile_close(c->file);
	arena_free(c->arena);
}

static bool
driver_open(const char *path, const struct store_options *options,
    void **conn, struct err *err)
{
	struct arena	*a = arena_new();
	struct conn	*c = arena_alloc(a, sizeof *c);

	c->arena = a;
	c->budget_ms = options->budget_ms;
	if (!conn_open(c, path, options, err)) {
		if (err->code == ERR_DATABASE)
			err->code = ERR_UNAVAILABLE;
		driver_close(c);
		return false;
	}
	*conn = c;
	return true;
}

static bool
conn_sound(const struct conn *c, struct err *err)
{
	if (c->broken)
		return err_set(err, ERR_DATABASE,
		    "The database is out of order");
	return true;
}

static bool
conn_lock(struct conn *c, struct err *err)
{
	c->locked = c->file != NULL && dbfile_lock(c->file, err);
	return c->locked || c->file == NULL;
}

static void
conn_unlock(struct conn *c)
{
	if (c->locked)
		dbfile_unlock(c->file);
	c->locked = false;
}

static bool
driver_begin(void *arg, enum txn txn, struct err *err)
{
	struct conn	*c = arg;
	bool		 write = txn == TXN_WRITE;

	if (!conn_sound(c, err) ||
	    (write && !sqlite_notes_open(c->db, err)) ||
	    (write && !conn_lock(c, err)))
		return false;
	sqlite_set_budget(c->db, c->budget_ms);
	if (sqlite_run(c->db, write ? "BEGIN IMMEDIATE" : "BEGIN", err))
		return true;
	conn_unlock(c);
	return false;
}

/* What fails here has surely not been committed. */
static bool
conn_settle(struct conn *c, struct err *err)
{
	if (sqlite_notes_apply(c->db, err))
		return true;
	if (err->code == ERR_DATABASE)
		err->code = ERR_INTERNAL;
	return false;
}

/*
 * The lock goes before the sync: one sync covers every commit before it, so
 * writers that queue here share it.  spec/performance.md 5.6.
 */
static bool
driver_commit(void *arg, struct err *err)
{
	struct conn	*c = arg;

	if (!conn_settle(c, err) || !sqlite_run(c->db, "COMMIT", err))
		return false;
	conn_unlock(c);
	if (!sqlite_wrote(c->db, &c->pages))
		return true;
	if (c->pages < c->written)	/* the log has begun anew */
		c->written = 0;
	c->broken = c->shared && !sqlite_sync_log(c->db, err);
	return !c->broken;
}

static void
driver_rollback(void *arg)
{
	struct conn	*c = arg;
	struct err	 err = { .code = ERR_OK };

	/* A second failure could say nothing that the first has not. */
	if (sqlite_in_transaction(c->db) &&
	    !sqlite_run(c->db, "ROLLBACK", &err))
		c->broken = sqlite_in_transaction(c->db);
	conn_unlock(c);
}

static void
driver_budget(void *arg, int64_t ms)
{
	struct conn	*c = arg;

	c->budget_ms = ms;
	sqlite_set_budget(c->db, ms);
}

static bool
driver_exec(void *arg, const struct sql *q, struct arena *a,
    struct rows *rows, struct sql_effect *effect, struct err *err)
{
	struct conn	*c = arg;

	if (!conn_sound(c, err))
		return false;
	if (!sqlite_in_transaction(c->db))
		sqlite_set_budget(c->db, c->budget_ms);
	return sqlite_exec(c->db, q, a, rows, effect, err);
}

/*
 * Due after so many pages of its own; always for a connection that has never
 * written, since others may have.
 */
static bool
driver_maintain(void *arg, struct err *err)
{
	struct conn	*c = arg;
	int		 pages = 0;
	bool		 done;

	if (!c->wal || (c->pages != 0 && c->pages - c->written <= WAL_DUE))
		return true;
	if (!conn_sound(c, err))
		return false;
	c->written = c->pages;		/* not due again for as many more */
	if (!sqlite_checkpoint(c->db, false, &pages, err))
		return false;
	if (pages <= WAL_LARGE)
		return true;
	if (!conn_lock(c, err))
		return false;
	done = sqlite_checkpoint(c->db, true, &pages, err);
	conn_unlock(c);
	return done;
}

static bool
driver_backup(void *arg, const char *path, struct err *err)
{
	struct conn	*c = arg;
	struct dbfile	*copy = dbfile_new(c->arena, path);

	if (!conn_sound(c, err) || !dbfile_create_new(copy, err))
		return false;
	if (sqlite_copy(c->db, path, err) && dbfile_sync_directory(copy, err))
		return true;
	dbfile_remove(copy);
	return false;
}

const struct store_driver	 driver_sqlite = {
	.scheme = "sqlite",
	.flavor = &flavor_sqlite,
	.open = driver_open,
	.close = driver_close,
	.begin = driver_begin,
	.commit = driver_commit,
	.rollback = driver_rollback,
	.budget = driver_budget,
	.exec = driver_exec,
	.maintain = driver_maintain,
	.backup = driver_backup,
};
