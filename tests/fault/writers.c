/*
 * Many processes write through the store at once: none may fail, none may
 * starve, and every row acknowledged must be there.
 * Usage: writers [processes [seconds]]
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "store/store.h"

#define PROCESSES_MAX	256
#define FAIR		0.5
#define WORST_MS	1000.0

/* Shared by all processes; each writes its own result. */
struct board {
	atomic_int	 ready;
	atomic_bool	 go;
	atomic_bool	 stop;
	struct {
		long	 commits;
		double	 worst_ms;
		struct err err;
	}		 results[PROCESSES_MAX];
};

static double
now_ms(void)
{
	struct timespec	 ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static struct store *
open_store(const char *url, struct err *err)
{
	struct store_options	 options = {
		.sync = STORE_SYNC_SHARED,
		.mmap_bytes = 1 << 26,
		.budget_ms = 10000,
		.create = true,
	};
	struct store		*st;

	return store_open(url, &options, &st, err) ? st : NULL;
}

static bool
write_row(struct store *st, int me, long n, struct err *err)
{
	const struct assign	 set[] = {
		{ "writer", value_int(me), NULL },
		{ "n", value_int(n), NULL },
		{ "note", value_text("what a small record may hold"), NULL },
	};

	if (!store_begin(st, TXN_WRITE, err))
		return false;
	if (store_insert(st, "entry", set, 3, NULL, err) &&
	    store_commit(st, err))
		return true;
	store_rollback(st);
	return false;
}

static void
writer(struct board *b, const char *url, int me)
{
	struct err	 err = { .code = ERR_OK };
	struct store	*st = open_store(url, &err);
	double		 start, ms;

	atomic_fetch_add(&b->ready, 1);
	while (st != NULL && !atomic_load(&b->go))
		usleep(1000);
	while (st != NULL && !atomic_load(&b->stop)) {
		start = now_ms();
		if (!write_row(st, me, b->results[me].commits, &err) ||
		    !store_maintain(st, &err))
			break;
		b->results[me].commits++;
		if ((ms = now_ms() - start) > b->results[me].worst_ms)
			b->results[me].worst_ms = ms;
	}
	b->results[me].err = err;
	store_close(st);
	_exit(0);
}

static bool
make_table(const char *url, struct err *err)
{
	static const char *const	 by[] = { "writer" };
	const struct column_def		 columns[] = {
		{ "writer", COL_INT, 0, NULL, true },
		{ "n", COL_INT, 0, NULL, true },
		{ "note", COL_TEXT, 0, NULL, false },
	};
	const struct index_def		 ix = { by, 1, false, false };
	const struct table_def		 t = { "entry", columns, 3, &ix, 1,
	    false };
	struct store			*st = open_store(url, err);
	bool				 ok;

	ok = st != NULL && store_begin(st, TXN_WRITE, err) &&
	    store_change(st, &t, 1, err) && store_commit(st, err);
	store_close(st);
	return ok;
}

static long
rows_there(const char *url, struct arena *a, struct err *err)
{
	struct query	*q = query_new(a, "entry", 0);
	struct store	*st = open_store(url, err);
	struct rows	 rows, faults;
	long		 n = -1;

	q->count = true;
	if (st != NULL && store_check(st, a, &faults, err) && faults.n == 0 &&
	    store_select(st, q, a, &rows, err))
		n = (long)rows.cells[0].u.i;
	store_close(st);
	return n;
}

static int
report(const struct board *b, int processes, int seconds, long there)
{
	long	 least = b->results[0].commits, most = least, sum = 0, bad = 0;
	double	 worst = 0;

	for (int i = 0; i < processes; i++) {
		long	 n = b->results[i].commits;

		least = n < least ? n : least;
		most = n > most ? n : most;
		sum += n;
		bad += b->results[i].err.code != ERR_OK;
		if (b->results[i].worst_ms > worst)
			worst = b->results[i].worst_ms;
		if (b->results[i].err.code != ERR_OK)
			printf("# %d: %s (%s)\n", i, b->results[i].err.msg,
			    b->results[i].err.cause);
	}
	printf("# %d writers, %ld commits/s, slowest %ld, fastest %ld, "
	    "worst wait %.1f ms\n", processes, sum / seconds, least, most,
	    worst);
	printf("%sok 1 - no writer fails\n", bad == 0 ? "" : "not ");
	printf("%sok 2 - no writer starves\n",
	    (double)least >= FAIR * (double)most && most > 0 ? "" : "not ");
	printf("%sok 3 - every row is there\n", there == sum ? "" : "not ");
	printf("%sok 4 - no wait is long\n", worst <= WORST_MS ? "" : "not ");
	return bad == 0 && (double)least >= FAIR * (double)most && most > 0 &&
	    there == sum && worst <= WORST_MS ? 0 : 1;
}

static void
run(struct board *b, const char *url, int processes, int seconds)
{
	for (int i = 0; i < processes; i++)
		if (fork() == 0)
			writer(b, url, i);
	while (atomic_load(&b->ready) < processes)
		usleep(1000);
	atomic_store(&b->go, true);
	sleep((unsigned int)seconds);
	atomic_store(&b->stop, true);
	for (int i = 0; i < processes; i++)
		wait(NULL);
}

static void
clean(struct arena *a, const char *directory)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock",
	};

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		unlink(arena_printf(a, "%s/x.db%s", directory, ends[i]));
	rmdir(directory);
}

int
main(int argc, char **argv)
{
	int		 processes = argc > 1 ? atoi(argv[1]) : 32;
	int		 seconds = argc > 2 ? atoi(argv[2]) : 3, rc;
	char		 directory[] = "/tmp/writers-XXXXXX";
	struct arena	*a = arena_new();
	struct err	 err = { .code = ERR_OK };
	struct board	*b;
	const char	*url;

	b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (b == MAP_FAILED || mkdtemp(directory) == NULL ||
	    processes < 1 || processes > PROCESSES_MAX || seconds < 1)
		return 1;
	url = arena_printf(a, "sqlite:%s/x.db", directory);
	alarm((unsigned int)seconds + 60);
	puts("1..4");
	fflush(stdout);
	if (!make_table(url, &err)) {
		printf("Bail out! %s (%s)\n", err.msg, err.cause);
		return 1;
	}
	run(b, url, processes, seconds);
	rc = report(b, processes, seconds, rows_there(url, a, &err));
	clean(a, directory);
	arena_free(a);
	return rc;
}
