#include "store/store.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

enum state {
	STATE_IDLE,
	STATE_READ,
	STATE_WRITE
};

struct store {
	const struct store_driver	*driver;
	void				*conn;
	struct arena			*arena;
	struct sql			 sql;
	int64_t				 budget_ms;
	enum state			 state;
	/* only rollback helps */
	bool				 failed;
	/* a commit's fate is unknown */
	bool				 broken;
};

static const struct store_driver *
driver_find(const char *url, const char **dsn)
{
	static const struct store_driver *const	 drivers[] = {
#define DRIVER(name)	&driver_##name,
#include "store/drivers.def"
#undef DRIVER
	};

	for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
		size_t	 n = strlen(drivers[i]->scheme);

		if (strncmp(url, drivers[i]->scheme, n) != 0 || url[n] != ':')
			continue;
		*dsn = url + n + 1;
		return drivers[i];
	}
	return NULL;
}

bool
store_open(const char *url, const struct store_options *options,
    struct store **out, struct err *err)
{
	const struct store_driver	*driver;
	const char			*dsn;
	struct arena			*a;
	void				*conn;
	struct store			*st;

	if ((driver = driver_find(url, &dsn)) == NULL)
		return err_set(err, ERR_UNAVAILABLE,
		    "There is no database of this kind");
	if (!driver->open(dsn, options, &conn, err))
		return false;
	a = arena_new();
	st = arena_alloc(a, sizeof *st);
	st->driver = driver;
	st->conn = conn;
	st->budget_ms = options->budget_ms;
	st->arena = a;
	sql_init(&st->sql, driver->flavor, a);
	*out = st;
	return true;
}

void
store_close(struct store *st)
{
	if (st == NULL)
		return;
	store_rollback(st);
	st->driver->close(st->conn);
	sql_free(&st->sql);
	arena_free(st->arena);
}

void *
store_conn(struct store *st)
{
	return st->conn;
}

struct sql *
store_sql(struct store *st, struct err *err)
{
	sql_start(&st->sql, err);
	return &st->sql;
}

static bool
store_usable(const struct store *st, struct err *err)
{
	if (st->failed)
		return err_set(err, ERR_DATABASE,
		    "An earlier step of this transaction has failed");
	return true;
}

bool
store_writable(struct store *st, struct err *err)
{
	if (st->state != STATE_WRITE)
		return err_set(err, ERR_INTERNAL,
		    "Nothing is changed outside a write transaction");
	return store_usable(st, err);
}

bool
store_exec(struct store *st, struct arena *a, struct rows *rows,
    struct sql_effect *effect, struct err *err)
{
	if (st->driver->exec(st->conn, &st->sql, a, rows, effect, err))
		return true;
	st->failed = st->state != STATE_IDLE;
	return false;
}

bool
store_begin(struct store *st, enum txn txn, struct err *err)
{
	if (st->state != STATE_IDLE)
		return err_set(err, ERR_INTERNAL,
		    "A transaction is open already");
	if (!st->driver->begin(st->conn, txn, err))
		return false;
	st->state = txn == TXN_WRITE ? STATE_WRITE : STATE_READ;
	st->failed = false;
	return true;
}

bool
store_commit(struct store *st, struct err *err)
{
	bool	 done;

	if (st->state == STATE_IDLE)
		return err_set(err, ERR_INTERNAL, "No transaction is open");
	if (!store_usable(st, err))
		return false;
	if (!(done = st->driver->commit(st->conn, err)))
		st->driver->rollback(st->conn);
	if (!done && err->code == ERR_DATABASE)
		st->broken = true;
	st->state = STATE_IDLE;
	return done;
}

void
store_rollback(struct store *st)
{
	if (st->state != STATE_IDLE)
		st->driver->rollback(st->conn);
	st->state = STATE_IDLE;
	st->failed = false;
}

static bool
store_run(struct store *st, const char *text, struct err *err)
{
	buf_str(store_sql(st, err)->text, text);
	return store_exec(st, NULL, NULL, NULL, err);
}

bool
store_mark(struct store *st, struct err *err)
{
	return store_writable(st, err) &&
	    store_run(st, "SAVEPOINT mark", err);
}

bool
store_mark_end(struct store *st, bool keep, struct err *err)
{
	if (st->state == STATE_WRITE && !keep)
		st->failed = false;
	return store_writable(st, err) &&
	    (keep || store_run(st, "ROLLBACK TO mark", err)) &&
	    store_run(st, "RELEASE mark", err);
}

bool
store_broken(const struct store *st)
{
	return st->broken;
}

bool
store_in_write(const struct store *st)
{
	return st->state == STATE_WRITE;
}

void
store_set_budget(struct store *st, int64_t budget_ms)
{
	st->budget_ms = budget_ms;
	st->driver->budget(st->conn, budget_ms);
}

int64_t
store_budget(const struct store *st)
{
	return st->budget_ms;
}

/* Is the pattern found in so many rows that its index is no help? */
static bool
store_frequent(struct store *st, const char *table, const struct expr *term,
    bool *is, struct err *err)
{
	struct sql	*s = store_sql(st, err);
	struct rows	 rows;

	*is = false;
	if (!sql_search_count(s, table, term))
		return true;
	if (!store_exec(st, s->scratch, &rows, NULL, err))
		return false;
	*is = rows.n != 0 && rows.cells[0].u.i == SEARCH_MANY;
	return true;
}

/*
 * A page is sooner filled from the first rows of its order than from all that
 * an index finds, if these are many.
 */
static bool
store_look_ahead(struct store *st, const struct query *q,
    const struct expr **frequent, size_t *n, struct err *err)
{
	const struct expr	*term;
	bool			 is;

	*n = 0;
	for (size_t i = 0; q->limit != 0 && !q->count && i < SEARCH_TERMS &&
	    (term = sql_search_term(q->where, i)) != NULL; i++) {
		if (!store_frequent(st, q->table, term, &is, err))
			return false;
		if (is)
			frequent[(*n)++] = term;
	}
	return true;
}

bool
store_select(struct store *st, const struct query *q, struct arena *a,
    struct rows *rows, struct err *err)
{
	const struct expr	*frequent[SEARCH_TERMS];
	struct rows		 found;
	struct sql		*s;
	size_t			 n;

	if (!store_usable(st, err) ||
	    !store_look_ahead(st, q, frequent, &n, err))
		return false;
	s = store_sql(st, err);
	s->frequent = frequent;
	s->nfrequent = n;
	if (!sql_select(s, q) || !store_exec(st, a, &found, NULL, err))
		return false;
	*rows = found;
	return true;
}

bool
store_insert(struct store *st, const char *table, const struct assign *set,
    size_t n, int64_t *id, struct err *err)
{
	struct sql_effect	 effect;

	if (!store_writable(st, err) ||
	    !sql_insert(store_sql(st, err), table, set, n) ||
	    !store_exec(st, NULL, NULL, &effect, err))
		return false;
	if (id != NULL)
		*id = effect.id;
	return true;
}

bool
store_insert_from(struct store *st, const char *table,
    const struct assign *set, size_t n, const struct query *from,
    struct err *err)
{
	struct query	 q = *from;
	struct sql	*s;

	if (!store_writable(st, err))
		return false;
	s = store_sql(st, err);
	q.columns = arena_array(s->scratch, n, sizeof *q.columns);
	q.ncolumns = n;
	for (size_t i = 0; i < n; i++)
		q.columns[i] = set[i].expr != NULL ? set[i].expr :
		    expr_value(s->scratch, set[i].value);
	return sql_insert_from(s, table, set, &q) &&
	    store_exec(st, NULL, NULL, NULL, err);
}

bool
store_update(struct store *st, const char *table, const struct expr *where,
    const struct assign *set, size_t n, int64_t *changed, struct err *err)
{
	struct sql_effect	 effect;

	if (!store_writable(st, err) ||
	    !sql_update(store_sql(st, err), table, where, set, n) ||
	    !store_exec(st, NULL, NULL, &effect, err))
		return false;
	if (changed != NULL)
		*changed = effect.changed;
	return true;
}

bool
store_delete(struct store *st, const char *table, const struct expr *where,
    int64_t *changed, struct err *err)
{
	struct sql_effect	 effect;

	if (!store_writable(st, err) ||
	    !sql_delete(store_sql(st, err), table, where) ||
	    !store_exec(st, NULL, NULL, &effect, err))
		return false;
	if (changed != NULL)
		*changed = effect.changed;
	return true;
}

bool
store_generation(struct store *st, int64_t *generation, struct err *err)
{
	struct sql	*s;
	struct arena	*a;
	struct rows	 rows;

	if (!store_usable(st, err))
		return false;
	s = store_sql(st, err);
	a = s->scratch;
	buf_str(s->text, s->flavor->generation);
	sql_await(s, COL_INT, 0);
	if (!store_exec(st, a, &rows, NULL, err))
		return false;
	*generation = rows.n == 0 ? 0 : rows.cells[0].u.i;
	return true;
}

bool
store_generation_next(struct store *st, struct err *err)
{
	struct sql	*s;
	int64_t		 generation;

	if (!store_writable(st, err) ||
	    !store_generation(st, &generation, err))
		return false;
	s = store_sql(st, err);
	s->once = true;
	buf_str(s->text, s->flavor->generation_set);
	buf_int(s->text, generation == INT32_MAX ? 1 : generation + 1);
	return store_exec(st, NULL, NULL, NULL, err);
}

bool
store_maintain(struct store *st, struct err *err)
{
	if (st->state != STATE_IDLE)
		return err_set(err, ERR_INTERNAL,
		    "Maintenance waits for the end of the transaction");
	return st->driver->maintain(st->conn, err);
}

bool
store_backup(struct store *st, const char *path, struct err *err)
{
	if (st->state != STATE_IDLE)
		return err_set(err, ERR_INTERNAL,
		    "A backup waits for the end of the transaction");
	return st->driver->backup(st->conn, path, err);
}

bool
store_check(struct store *st, struct arena *a, struct rows *rows,
    struct err *err)
{
	struct sql	*s;

	if (!store_usable(st, err))
		return false;
	s = store_sql(st, err);
	s->once = s->indexes = true;
	buf_str(s->text, s->flavor->check);
	sql_await(s, COL_TEXT, 0);
	return store_exec(st, a, rows, NULL, err) &&
	    index_check(st, a, rows, err);
}
