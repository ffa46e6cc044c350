#include "store/sqlite.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/cache.h"
#include "store/driver.h"
#include "store/sqlite_function.h"
#include "store/sqlite_private.h"
#include "store/sqlite_text.h"

#define BUSY_MS		5000	/* for strangers that hold the database */
#define TRUNCATE_MS	200	/* for readers, before a large log is cut */
#define PROGRESS_STEPS	1000	/* of the engine, between looks at the clock */
#define LENGTH_MAX	(256 << 20)	/* bytes of a value or row */
#define LIKE_MAX	768	/* 256 bytes, tripled by folding at worst */

struct failure {
	int		 rc;		/* extended or primary */
	enum err_code	 code;
	const char	*msg;
};

static const struct failure	 failures[] = {
	{ SQLITE_CONSTRAINT_UNIQUE, ERR_UNIQUE,
	    "Another record has the same value" },
	{ SQLITE_CONSTRAINT_PRIMARYKEY, ERR_UNIQUE,
	    "Another record has the same value" },
	{ SQLITE_CONSTRAINT_ROWID, ERR_UNIQUE,
	    "Another record has the same id" },
	{ SQLITE_CONSTRAINT_NOTNULL, ERR_VALIDATION,
	    "A required value is missing" },
	{ SQLITE_CONSTRAINT_FOREIGNKEY, ERR_FOREIGN,
	    "A record that is referred to does not exist" },
	{ SQLITE_CONSTRAINT_FUNCTION, ERR_VALUE,
	    "A result is too large to be stored" },
	{ SQLITE_BUSY, ERR_RETRY, "Another change came first: try again" },
	{ SQLITE_LOCKED, ERR_RETRY, "Another change came first: try again" },
	{ SQLITE_INTERRUPT, ERR_TIMEOUT,
	    "The database took too long over this request" },
	{ SQLITE_FULL, ERR_FULL, "There is no room left to store this" },
	{ SQLITE_CANTOPEN, ERR_UNAVAILABLE, "The database cannot be opened" },
	{ SQLITE_NOTADB, ERR_UNAVAILABLE, "The database cannot be opened" },
};

bool
sqlite_fail(const struct sqlite *c, int rc, struct err *err)
{
	const char		*said = sqlite3_errmsg(c->db);
	const struct failure	*f = failures, *end;
	int			 error = sqlite3_system_errno(c->db);

	if ((rc & 0xff) == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT))
		rc = SQLITE_FULL;
	end = f + sizeof failures / sizeof failures[0];
	while (f < end && f->rc != rc && f->rc != (rc & 0xff))
		f++;
	if (f < end)
		err_set(err, f->code, "%s", f->msg);
	else
		err_set(err, ERR_DATABASE,
		    "The database could not carry this out");
	err_cause(err, "sqlite %d: %s", rc, said);
	if ((rc & 0xff) == SQLITE_CONSTRAINT)
		err_constraint(err, said);
	return false;
}

static int64_t
clock_ms(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
sqlite_set_budget(struct sqlite *c, int64_t ms)
{
	c->deadline = ms == 0 ? 0 : clock_ms() + ms;
}

static int
sqlite_progress(void *arg)
{
	const struct sqlite	*c = arg;

	return c->deadline != 0 && clock_ms() > c->deadline;
}

static int
sqlite_committed(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct sqlite	*c = arg;

	(void)db;
	(void)name;
	c->wrote = true;
	c->pages = pages;
	return SQLITE_OK;
}

static void
sqlite_configure(struct sqlite *c)
{
	sqlite3_busy_timeout(c->db, BUSY_MS);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(c->db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_limit(c->db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LIKE_MAX);
	sqlite3_limit(c->db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(c->db, SQLITE_LIMIT_TRIGGER_DEPTH, 8);
	sqlite_functions(c->db, c->scratch);
	sqlite_notes(c);
	sqlite3_progress_handler(c->db, PROGRESS_STEPS, sqlite_progress, c);
	sqlite3_wal_hook(c->db, sqlite_committed, c);
}

/* Nobody here has threads.  Once in use, the library stays as it is. */
static void
sqlite_library(void)
{
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

bool
sqlite_connect(struct arena *a, const char *path, struct sqlite **out,
    struct err *err)
{
	struct sqlite	*c = arena_alloc(a, sizeof *c);
	int		 rc;

	sqlite_library();
	rc = sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc != SQLITE_OK) {
		sqlite_fail(c, rc, err);
		sqlite3_close(c->db);
		return false;
	}
	c->arena = a;
	c->cache = cache_new();
	c->scratch = arena_new();
	sqlite_configure(c);
	*out = c;
	return true;
}

void
sqlite_disconnect(struct sqlite *c)
{
	sqlite3_stmt	*stmt;

	while ((stmt = cache_pop(c->cache)) != NULL)
		sqlite3_finalize(stmt);
	cache_free(c->cache);
	sqlite_notes_close(c);
	sqlite3_close(c->db);
	arena_free(c->scratch);
}

/* sql_expr.c counts how deep it goes, but cannot know the parser's inside. */
static void
sqlite_refuse(const struct sqlite *c, int rc, struct err *err)
{
	const char	*said = sqlite3_errmsg(c->db);

	if (strstr(said, "parser stack overflow") != NULL ||
	    strstr(said, "Expression tree is too large") != NULL)
		err_set(err, ERR_VALUE, "The condition is nested too deeply");
	sqlite_fail(c, rc, err);
}

static sqlite3_stmt *
sqlite_prepare(struct sqlite *c, const char *text, size_t n, bool once,
    struct err *err)
{
	sqlite3_stmt	*stmt;
	int		 rc;

	if (!once && (stmt = cache_get(c->cache, text, n)) != NULL)
		return stmt;
	rc = sqlite3_prepare_v3(c->db, text, (int)n + 1,
	    once ? 0 : SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	if (rc != SQLITE_OK) {
		sqlite_refuse(c, rc, err);
		return NULL;
	}
	if (!once)
		sqlite3_finalize(cache_put(c->cache, text, n, stmt));
	return stmt;
}

bool
sqlite_run(struct sqlite *c, const char *text, struct err *err)
{
	sqlite3_stmt	*stmt;
	int		 rc;

	stmt = sqlite_prepare(c, text, strlen(text), false, err);
	if (stmt == NULL)
		return false;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		continue;
	if (rc != SQLITE_DONE)
		sqlite_fail(c, rc, err);
	sqlite3_reset(stmt);
	return rc == SQLITE_DONE;
}

bool
sqlite_says(struct sqlite *c, const char *ask, const char *answer)
{
	sqlite3_stmt	*stmt;
	bool		 is = false;

	if (sqlite3_prepare_v2(c->db, ask, -1, &stmt, NULL) != SQLITE_OK)
		return false;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		is = strcmp((const char *)sqlite3_column_text(stmt, 0),
		    answer) == 0;
	sqlite3_finalize(stmt);
	return is;
}

static int
sqlite_bind(sqlite3_stmt *stmt, int i, const struct value *v)
{
	switch (v->type) {
	case VALUE_BOOL:
		return sqlite3_bind_int(stmt, i, v->u.b);
	case VALUE_FLOAT:
		return sqlite3_bind_double(stmt, i, v->u.f);
	case VALUE_TEXT:
		return sqlite3_bind_text64(stmt, i,
		    v->u.text.p == NULL ? "" : v->u.text.p, v->u.text.n,
		    SQLITE_STATIC, SQLITE_UTF8);
	case VALUE_BYTES:
		return sqlite3_bind_blob64(stmt, i,
		    v->u.text.p == NULL ? "" : v->u.text.p, v->u.text.n,
		    SQLITE_STATIC);
	case VALUE_INT:
	case VALUE_DECIMAL:
	case VALUE_DATE:
	case VALUE_DATETIME:
		return sqlite3_bind_int64(stmt, i, v->u.i);
	default:
		return sqlite3_bind_null(stmt, i);
	}
}

/* Text as bytes too: SQLite need not copy it to put a NUL behind it. */
static void
sqlite_bytes(struct arena *a, sqlite3_value *v, enum value_type type,
    struct value *out)
{
	const char	*p = sqlite3_value_blob(v);

	out->type = type;
	out->u.text.n = (size_t)sqlite3_value_bytes(v);
	out->u.text.p = arena_strndup(a, p, out->u.text.n);
}

static void
sqlite_integer(sqlite3_value *v, enum value_type type, struct value *out)
{
	out->type = type;
	out->u.i = sqlite3_value_int64(v);
}

/* "3,1,2" */
static void
sqlite_ids(struct arena *a, sqlite3_value *v, struct value *out)
{
	const char	*p = (const char *)sqlite3_value_text(v);
	size_t		 n = (size_t)sqlite3_value_bytes(v);
	char		*end;

	*out = value_list(a, n / 4 + 1);
	for (; *p != '\0'; p = *end == ',' ? end + 1 : end)
		value_push(a, out, value_int(strtoll(p, &end, 10)));
}

/* Numbers that are not finite have no place above the store. */
static void
sqlite_float(sqlite3_value *v, struct value *out)
{
	double	 f = sqlite3_value_double(v);

	if (!isfinite(f))
		return;
	out->type = VALUE_FLOAT;
	out->u.f = f;
}

static void
sqlite_untyped(struct arena *a, sqlite3_value *v, struct value *out)
{
	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		sqlite_integer(v, VALUE_INT, out);
		break;
	case SQLITE_FLOAT:
		sqlite_float(v, out);
		break;
	case SQLITE_BLOB:
		sqlite_bytes(a, v, VALUE_BYTES, out);
		break;
	default:
		sqlite_bytes(a, v, VALUE_TEXT, out);
	}
}

/*
 * Fills a cell member by member: a value that is put together on the stack
 * and then copied makes the processor wait for its parts.
 */
static void
sqlite_value(struct arena *a, const struct sql_column *col, sqlite3_value *v,
    struct value *out)
{
	*out = value_null();
	if (sqlite3_value_type(v) == SQLITE_NULL)
		return;
	switch (col->type) {
	case COL_BOOL:
		out->type = VALUE_BOOL;
		out->u.b = sqlite3_value_int64(v) != 0;
		break;
	case COL_INT:
	case COL_ID:
		sqlite_integer(v, VALUE_INT, out);
		break;
	case COL_FLOAT:
		sqlite_float(v, out);
		break;
	case COL_DECIMAL:
		out->scale = col->scale;
		sqlite_integer(v, VALUE_DECIMAL, out);
		break;
	case COL_TEXT:
		sqlite_bytes(a, v, VALUE_TEXT, out);
		break;
	case COL_BYTES:
		sqlite_bytes(a, v, VALUE_BYTES, out);
		break;
	case COL_DATE:
		sqlite_integer(v, VALUE_DATE, out);
		break;
	case COL_DATETIME:
		sqlite_integer(v, VALUE_DATETIME, out);
		break;
	case COL_IDS:
		sqlite_ids(a, v, out);
		break;
	default:
		sqlite_untyped(a, v, out);
	}
}

/* Room for one more row; in few steps, each in one piece. */
static void
rows_reserve(struct rows *rows, size_t *cap, size_t expected,
    struct arena *a)
{
	struct value	*old = rows->cells;
	size_t		 used = rows->n * rows->width;

	if (used + rows->width <= *cap)
		return;
	*cap = *cap == 0 ? expected * rows->width : *cap * 2;
	rows->cells = arena_room(a, *cap, sizeof *old);
	if (used != 0)
		memcpy(rows->cells, old, used * sizeof *old);
}

static int
sqlite_step(sqlite3_stmt *stmt, const struct sql *q, struct arena *a,
    struct rows *rows)
{
	size_t	 cap = 0;
	int	 rc;

	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct value	*cell;

		if (rows == NULL)
			continue;
		rows_reserve(rows, &cap, q->expected, a);
		cell = rows->cells + rows->n++ * rows->width;
		for (size_t i = 0; i < rows->width; i++)
			sqlite_value(a, &q->columns[i],
			    sqlite3_column_value(stmt, (int)i), &cell[i]);
	}
	return rc;
}

bool
sqlite_exec(struct sqlite *c, const struct sql *q, struct arena *a,
    struct rows *rows, struct sql_effect *effect, struct err *err)
{
	sqlite3_stmt	*stmt;
	int		 rc = SQLITE_OK;

	if ((q->indexes || sqlite_notes_due(c)) &&
	    !sqlite_notes_apply(c, err))
		return false;
	stmt = sqlite_prepare(c, q->text->p, q->text->n, q->once, err);
	if (stmt == NULL)
		return false;
	if (rows != NULL)
		*rows = (struct rows){ NULL, 0, q->ncolumns };
	for (size_t i = 0; rc == SQLITE_OK && i < q->nargs; i++)
		rc = sqlite_bind(stmt, (int)i + 1, &q->args[i]);
	if (rc == SQLITE_OK)
		rc = sqlite_step(stmt, q, a, rows);
	if (rc != SQLITE_DONE)
		sqlite_fail(c, rc, err);
	else if (effect != NULL)
		*effect = (struct sql_effect){
			sqlite3_last_insert_rowid(c->db),
			sqlite3_changes64(c->db),
		};
	sqlite3_reset(stmt);
	if (q->once)
		sqlite3_finalize(stmt);
	return rc == SQLITE_DONE;
}

bool
sqlite_in_transaction(const struct sqlite *c)
{
	return !sqlite3_get_autocommit(c->db);
}

bool
sqlite_wrote(struct sqlite *c, int *pages)
{
	bool	 wrote = c->wrote;

	*pages = c->pages;
	c->wrote = false;
	return wrote;
}

bool
sqlite_sync_log(struct sqlite *c, struct err *err)
{
	sqlite3_file	*log = NULL;
	int		 rc;

	rc = sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER,
	    &log);
	if (rc == SQLITE_OK && (log == NULL || log->pMethods == NULL))
		rc = SQLITE_IOERR_FSYNC;
	if (rc == SQLITE_OK)
		rc = log->pMethods->xSync(log,
		    SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
	if (rc == SQLITE_OK)
		return true;
	err_set(err, ERR_DATABASE, "The change may not have been stored");
	err_cause(err, "sqlite %d: sync of the log failed", rc);
	return false;
}

bool
sqlite_checkpoint(struct sqlite *c, bool cut, int *pages, struct err *err)
{
	int	 rc;

	if (cut)
		sqlite3_busy_timeout(c->db, TRUNCATE_MS);
	rc = sqlite3_wal_checkpoint_v2(c->db, NULL, cut ?
	    SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
	    pages, NULL);
	if (cut)
		sqlite3_busy_timeout(c->db, BUSY_MS);
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY ||
	    sqlite_fail(c, rc, err);
}
