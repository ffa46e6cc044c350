/*
 * What the store costs above SQLite itself: one record of 40 columns with 6
 * names looked up, by id, through store_select and through a statement kept
 * prepared, each in a read transaction of its own.
 * Usage: store_bench [reads]
 */
#include <sqlite3.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"
#include "store/store.h"

#define COLUMNS		34
#define LOOKUPS		6
#define ROWS		1000
#define ROUNDS		7

static double
now_us(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void
must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "%s (%s)\n", err->msg, err->cause);
	exit(1);
}

static const char *
column_name(struct arena *a, int i)
{
	return i < COLUMNS ? arena_printf(a, "c%d", i) :
	    arena_printf(a, "ref%d_id", i - COLUMNS);
}

static enum col_type
column_type(int i)
{
	return i >= COLUMNS ? COL_ID : i % 3 == 0 ? COL_TEXT :
	    i % 3 == 1 ? COL_INT : COL_BOOL;
}

static void
fill(struct store *st, struct arena *a, struct err *err)
{
	struct column_def	 defs[COLUMNS + LOOKUPS];
	struct table_def	 t = { "rec", defs, COLUMNS + LOOKUPS, NULL, 0,
	    false };
	struct assign		 set[COLUMNS + LOOKUPS];

	memset(defs, 0, sizeof defs);
	for (int i = 0; i < COLUMNS + LOOKUPS; i++) {
		defs[i].name = column_name(a, i);
		defs[i].type = column_type(i);
		set[i].column = defs[i].name;
		set[i].value = value_int(i % 2);
		set[i].expr = NULL;
		if (defs[i].type == COL_TEXT)
			set[i].value = value_text("some text here");
	}
	must(store_begin(st, TXN_WRITE, err), err);
	must(store_change(st, &t, 1, err), err);
	for (int row = 1; row <= ROWS; row++) {
		for (int i = 0; i < LOOKUPS; i++)
			set[COLUMNS + i].value = value_int(row * 7 % ROWS + 1);
		must(store_insert(st, "rec", set, COLUMNS + LOOKUPS, NULL,
		    err), err);
	}
	must(store_commit(st, err), err);
}

/* As the ORM makes it: a new tree for every request. */
static struct query *
make_query(struct arena *a, char names[][16], int64_t id)
{
	struct query	*q = query_new(a, "rec", COLUMNS + LOOKUPS);

	for (int i = 0; i < COLUMNS; i++)
		q->columns[i] = expr_column(a, names[i], column_type(i), 0);
	for (int i = 0; i < LOOKUPS; i++)
		q->columns[COLUMNS + i] = expr_lookup(a,
		    expr_column(a, names[COLUMNS + i], COL_ID, 0), "rec",
		    expr_column(a, "c0", COL_TEXT, 0));
	q->where = expr_binary(a, EXPR_EQ, expr_column(a, "id", COL_ID, 0),
	    expr_value(a, value_int(id)));
	return q;
}

static double
by_store(struct store *st, struct arena *a, char names[][16], int reads,
    struct err *err)
{
	double		 start = now_us();
	struct rows	 rows;

	for (int i = 0; i < reads; i++) {
		struct query	*q = make_query(a, names, i % ROWS + 1);

		must(store_begin(st, TXN_READ, err), err);
		must(store_select(st, q, a, &rows, err), err);
		must(rows.n == 1, err);
		must(store_commit(st, err), err);
		arena_reset(a);
	}
	return (now_us() - start) / reads;
}

static void
run(sqlite3_stmt *s)
{
	sqlite3_step(s);
	sqlite3_reset(s);
}

/* Reads every column in its type, keeps nothing. */
static double
by_sqlite(sqlite3 *db, const char *sql, int reads)
{
	sqlite3_stmt	*s, *begin, *commit;
	double		 start;
	uint64_t	 sum = 0;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "BEGIN", -1, &begin, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "COMMIT", -1, &commit, NULL) != SQLITE_OK)
		exit(1);
	start = now_us();
	for (int i = 0; i < reads; i++) {
		run(begin);
		sqlite3_bind_int64(s, 1, i % ROWS + 1);
		if (sqlite3_step(s) != SQLITE_ROW)
			exit(1);
		for (int k = 0; k < COLUMNS + LOOKUPS; k++)
			if (k >= COLUMNS || column_type(k) == COL_TEXT)
				sum += sqlite3_column_text(s, k)[0] +
				    (uint64_t)sqlite3_column_bytes(s, k);
			else
				sum += (uint64_t)sqlite3_column_int64(s, k);
		sqlite3_step(s);
		sqlite3_reset(s);
		run(commit);
	}
	start = (now_us() - start) / reads;
	sqlite3_finalize(s);
	sqlite3_finalize(begin);
	sqlite3_finalize(commit);
	return sum == 0 ? 0 : start;
}

/* The tree and its text alone. */
static double
by_render(struct arena *a, char names[][16], int reads, struct err *err)
{
	struct sql	 s;
	struct arena	*own = arena_new();
	double		 start;

	sql_init(&s, &flavor_sqlite, own);
	start = now_us();
	for (int i = 0; i < reads; i++) {
		sql_start(&s, err);
		must(sql_select(&s, make_query(a, names, i % ROWS + 1)), err);
		arena_reset(a);
	}
	start = (now_us() - start) / reads;
	sql_free(&s);
	arena_free(own);
	return start;
}

static char *
text_of(struct arena *a, struct arena *keep, char names[][16],
    struct err *err)
{
	struct sql	 s;
	char		*text;

	sql_init(&s, &flavor_sqlite, keep);
	sql_start(&s, err);
	must(sql_select(&s, make_query(a, names, 1)), err);
	text = arena_strdup(keep, s.text->p);
	sql_free(&s);
	return text;
}

static double
least(const double *times)
{
	double	 min = times[0];

	for (int i = 1; i < ROUNDS; i++)
		if (times[i] < min)
			min = times[i];
	return min;
}

int
main(int argc, char **argv)
{
	int			 reads = argc > 1 ? atoi(argv[1]) : 20000;
	char			 path[] = "/tmp/store-bench-XXXXXX";
	char			 names[COLUMNS + LOOKUPS][16];
	struct store_options	 options = { .mmap_bytes = 1 << 28,
	    .create = true };
	struct err		 err = { .code = ERR_OK };
	struct arena		*a = arena_new(), *keep = arena_new();
	double			 st_us[ROUNDS], raw_us[ROUNDS], text_us[ROUNDS];
	struct store		*st;
	sqlite3			*db;
	char			*sql;

	close(mkstemp(path));
	for (int i = 0; i < COLUMNS + LOOKUPS; i++)
		snprintf(names[i], sizeof names[i], "%s", column_name(a, i));
	must(store_open(arena_printf(keep, "sqlite:%s", path), &options, &st,
	    &err), &err);
	fill(st, a, &err);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return 1;
	sqlite3_exec(db, "PRAGMA mmap_size = 268435456", NULL, NULL, NULL);
	sql = text_of(a, keep, names, &err);
	for (int i = 0; i < ROUNDS; i++) {
		raw_us[i] = by_sqlite(db, sql, reads);
		st_us[i] = by_store(st, a, names, reads, &err);
		text_us[i] = by_render(a, names, reads, &err);
	}
	printf("raw %.2f us, store %.2f us, overhead %.2f us "
	    "(tree and text %.2f us of %zu bytes)\n", least(raw_us),
	    least(st_us), least(st_us) - least(raw_us), least(text_us),
	    strlen(sql));
	sqlite3_close(db);
	store_close(st);
	unlink(path);
	unlink(arena_printf(keep, "%s-lock", path));
	arena_free(a);
	arena_free(keep);
	return 0;
}
