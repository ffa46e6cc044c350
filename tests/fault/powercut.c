/*
 * Power cuts: transactions through the store on a disk that remembers, then
 * the disk as a crash at many moments could leave it, each opened and
 * looked through.
 * Usage: powercut [moments [seed]]
 */
#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "disk.h"
#include "store/store.h"

#define CONNECTIONS	4
#define TXNS		60	/* of one run */
#define PARTS		3	/* rows of one transaction */
#define MOMENTS_A_RUN	100
#define FILLER		6000

struct run {
	struct arena	*a;
	struct err	 err;
	struct disk	*disk;
	uint64_t	 random;
	enum store_sync	 sync;
	const char	*directory;	/* the disk */
	const char	*after;		/* the disk after a crash */
	struct store	*conns[CONNECTIONS];
	sqlite3		*stranger;
	bool		 busy[CONNECTIONS];
	int64_t		 txn;
};

/* What the crashes of one kind of run came to. */
struct tally {
	unsigned long	 moments;
	unsigned long	 unopened;
	unsigned long	 corrupt;
	unsigned long	 torn;
	unsigned long	 lost;		/* acknowledged, and not there */
	unsigned long	 unasked;	/* there, and not acknowledged */
};

static void
must(struct run *r, bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s (%s)\n", r->err.msg, r->err.cause);
	exit(1);
}

static struct store *
open_store(struct run *r, const char *directory, bool create)
{
	struct store_options	 options = {
		.sync = r->sync,
		.mmap_bytes = 1 << 26,
		.create = create,
	};
	struct store		*st = NULL;
	const char		*url;

	url = arena_printf(r->a, "sqlite:%s/x.db", directory);
	if (!store_open(url, &options, &st, &r->err))
		return NULL;
	return st;
}

static void
make_tables(struct run *r, struct store *st)
{
	static const char *const	 by[] = { "txn", "part" };
	const struct column_def		 row[] = {
		{ "txn", COL_INT, 0, NULL, true },
		{ "part", COL_INT, 0, NULL, true },
		{ "filler", COL_TEXT, 0, NULL, false },
	};
	const struct column_def		 last[] = {
		{ "txn", COL_INT, 0, NULL, false },
	};
	const struct index_def		 ix = { by, 2, true, false };
	const struct table_def		 tables[] = {
		{ "entry", row, 3, &ix, 1, false },
		{ "last", last, 1, NULL, 0, false },
	};
	struct assign			 set = { "txn", value_int(0), NULL };

	must(r, store_begin(st, TXN_WRITE, &r->err));
	must(r, store_change(st, tables, 2, &r->err));
	must(r, store_insert(st, "last", &set, 1, NULL, &r->err));
	must(r, store_commit(st, &r->err));
}

/* Sometimes a transaction changes a table besides. */
static void
add_column(struct run *r, struct store *st, int64_t txn)
{
	const struct column_def	 c = {
		arena_printf(r->a, "c%d", (int)txn), COL_TEXT, 0, NULL, false
	};
	const struct table_def	 t = { "entry", &c, 1, NULL, 0, false };

	must(r, store_change(st, &t, 1, &r->err));
}

static void
write_txn(struct run *r, int conn)
{
	struct store		*st = r->conns[conn];
	int64_t			 txn = ++r->txn;
	char			 filler[FILLER];
	struct assign		 set[] = {
		{ "txn", value_int(txn), NULL },
		{ "part", value_null(), NULL },
		{ "filler", value_null(), NULL },
	};

	memset(filler, 'a' + (int)(txn % 26), sizeof filler);
	r->busy[conn] = true;
	must(r, store_begin(st, TXN_WRITE, &r->err));
	for (int i = 0; i < PARTS; i++) {
		set[1].value = value_int(i);
		set[2].value = value_span((struct span){ filler,
		    random_next(&r->random) % FILLER });
		must(r, store_insert(st, "entry", set, 3, NULL, &r->err));
	}
	if (random_next(&r->random) % 16 == 0)
		add_column(r, st, txn);
	must(r, store_update(st, "last", expr_bool(r->a, true), set, 1, NULL,
	    &r->err));
	must(r, store_commit(st, &r->err));
	disk_acknowledge(r->disk, txn);
	r->busy[conn] = false;
}

/* Writes back, and lets the log begin anew, at any time. */
static void
checkpoint(struct run *r, int conn)
{
	static const int	 modes[] = {
		SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_FULL,
		SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE,
	};

	must(r, store_maintain(r->conns[conn], &r->err));
	if (random_next(&r->random) % 3 == 0)
		sqlite3_wal_checkpoint_v2(r->stranger, NULL,
		    modes[random_next(&r->random) % 4], NULL, NULL);
}

/* Before one connection's sync, others get their turn. */
static void
others_turn(void *arg)
{
	struct run	*r = arg;
	int		 conn = (int)(random_next(&r->random) % CONNECTIONS);

	if (r->busy[conn])
		return;
	if (random_next(&r->random) % 4 == 0)
		checkpoint(r, conn);
	if (r->txn < TXNS && random_next(&r->random) % 2 == 0)
		write_txn(r, conn);
}

static void
open_all(struct run *r, bool create)
{
	char	*path = arena_printf(r->a, "%s/x.db", r->directory);

	for (int i = 0; i < CONNECTIONS; i++) {
		r->conns[i] = open_store(r, r->directory, create);
		must(r, r->conns[i] != NULL);
		disk_sync_names(r->disk);
	}
	if (sqlite3_open(path, &r->stranger) != SQLITE_OK)
		must(r, false);
}

static void
close_all(struct run *r)
{
	for (int i = 0; i < CONNECTIONS; i++)
		store_close(r->conns[i]);
	sqlite3_close(r->stranger);
}

static void
empty(struct run *r, const char *directory)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock", "-journal",
	};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		unlink(arena_printf(r->a, "%s/x.db%s", directory, ends[i]));
}

static void
work(struct run *r)
{
	empty(r, r->directory);
	r->txn = 0;
	open_all(r, true);
	r->busy[0] = true;
	make_tables(r, r->conns[0]);
	r->busy[0] = false;
	disk_acknowledge(r->disk, 0);
	while (r->txn < TXNS) {
		int	 conn = (int)(random_next(&r->random) % CONNECTIONS);

		write_txn(r, conn);
		if (random_next(&r->random) % 8 == 0)
			checkpoint(r, conn);
		if (random_next(&r->random) % 32 == 0) {
			close_all(r);
			open_all(r, false);
		}
	}
	close_all(r);
}

static int64_t
ask(struct run *r, struct store *st, const char *table, bool count,
    const struct expr *where)
{
	struct query	*q = query_new(r->a, table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(r->a, "txn", COL_INT, 0);
	q->where = where;
	q->count = count;
	must(r, store_select(st, q, r->a, &rows, &r->err));
	return rows.n == 1 ? rows.cells[0].u.i : -1;
}

/* They were promised before the first moment. */
static bool
has_tables(struct run *r, struct store *st)
{
	struct query	*q = query_new(r->a, "last", 0);
	struct rows	 rows;

	return store_select(st, q, r->a, &rows, &r->err) && rows.n == 1;
}

/* Transactions 1 to the last one must be there, and be whole. */
static void
look_through(struct run *r, struct store *st, struct tally *t)
{
	const struct expr	*txn = expr_column(r->a, "txn", COL_INT, 0);
	int64_t			 told = disk_acknowledged(r->disk), last, some;
	struct rows		 faults;

	if (!store_check(st, r->a, &faults, &r->err) || faults.n != 0) {
		t->corrupt++;
		return;
	}
	if (!has_tables(r, st)) {
		t->lost++;
		return;
	}
	last = ask(r, st, "last", false, NULL);
	some = ask(r, st, "entry", true, expr_binary(r->a, EXPR_LE, txn,
	    expr_value(r->a, value_int(last))));
	if (some != last * PARTS || ask(r, st, "entry", true, NULL) != some)
		t->torn++;
	if (last < told)
		t->lost++;
	if (last > told)
		t->unasked++;
}

static void
crash(struct run *r, struct tally *t)
{
	enum crash	 how = (enum crash)(random_next(&r->random) >> 20) %
	    CRASH__MAX;
	struct store	*st;

	empty(r, r->after);
	t->moments++;
	if (!disk_crash(r->disk, how, &r->random, r->after))
		must(r, false);
	if ((st = open_store(r, r->after, false)) == NULL) {
		t->unopened++;
		err_clear(&r->err);
		return;
	}
	look_through(r, st, t);
	err_clear(&r->err);
	store_close(st);
}

static int
compare(const void *a, const void *b)
{
	const size_t	*l = a, *r = b;

	return (*l > *r) - (*l < *r);
}

/* The step after which the tables are there and have been promised. */
static size_t
first_moment(struct run *r)
{
	size_t	 step = 0;

	while (disk_acknowledged(r->disk) < 0)
		disk_forward(r->disk, ++step);
	return step;
}

static void
run(struct run *r, bool wal, unsigned int moments, struct tally *t)
{
	size_t	 at[MOMENTS_A_RUN], first;

	r->disk = disk_new(r->directory, wal, others_turn, r);
	work(r);
	first = first_moment(r);
	for (unsigned int i = 0; i < moments; i++)
		at[i] = first + random_next(&r->random) %
		    (disk_length(r->disk) - first + 1);
	qsort(at, moments, sizeof at[0], compare);
	for (unsigned int i = 0; i < moments; i++) {
		disk_forward(r->disk, at[i]);
		crash(r, t);
	}
	disk_free(r->disk);
	arena_reset(r->a);
}

static bool
report(int number, const char *what, const struct tally *t)
{
	bool	 good = t->unopened + t->corrupt + t->torn + t->lost == 0;

	printf("%sok %d - %s\n", good ? "" : "not ", number, what);
	printf("# %lu moments: %lu not opened, %lu corrupt, %lu torn, "
	    "%lu lost acknowledged, %lu kept unacknowledged\n", t->moments,
	    t->unopened, t->corrupt, t->torn, t->lost, t->unasked);
	fflush(stdout);
	return good;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char	*name;
		enum store_sync	 sync;
		bool		 wal;
		unsigned int	 share;		/* one of so many moments */
	}		 kinds[] = {
		{ "log, shared sync", STORE_SYNC_SHARED, true, 1 },
		{ "log, full sync", STORE_SYNC_FULL, true, 4 },
		{ "rollback journal", STORE_SYNC_SHARED, false, 4 },
	};
	unsigned int	 moments = argc > 1 ? (unsigned)atoi(argv[1]) : 300;
	char		 directory[] = "/tmp/powercut-XXXXXX";
	char		 after[] = "/tmp/powercut-XXXXXX";
	struct run	 r = { .a = arena_new(), .directory = directory,
	    .after = after };
	bool		 good = true;

	r.random = 88172645463325252u ^
	    (argc > 2 ? strtoull(argv[2], NULL, 0) : 1) * 2654435761u;
	if (mkdtemp(directory) == NULL || mkdtemp(after) == NULL)
		return 1;
	puts("1..3");
	for (int k = 0; k < 3; k++) {
		struct tally	 t = { 0 };
		unsigned int	 left = moments / kinds[k].share;

		r.sync = kinds[k].sync;
		while (left > 0) {
			unsigned int	 n = left < MOMENTS_A_RUN ? left :
			    MOMENTS_A_RUN;

			run(&r, kinds[k].wal, n, &t);
			left -= n;
		}
		good = report(k + 1, kinds[k].name, &t) && good;
	}
	empty(&r, directory);
	empty(&r, after);
	rmdir(directory);
	rmdir(after);
	arena_free(r.a);
	return good ? 0 : 1;
}
