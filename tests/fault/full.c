/*
 * A disk that fills up: writing says so and loses nothing, reading goes on,
 * and all is well once there is room again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "disk.h"
#include "store/store.h"

#define ROOM	100000

struct fixture {
	struct arena	*a;
	struct err	 err;
	struct disk	*disk;
	struct store	*st;
	char		 directory[32];
};

#define FX	struct fixture *fx = *state

static int
open_disk(void **state, bool wal)
{
	struct store_options	 options = { .create = true };
	struct arena		*a = arena_new();
	struct fixture		*fx = arena_alloc(a, sizeof *fx);

	fx->a = a;
	strcpy(fx->directory, "/tmp/full-XXXXXX");
	if (mkdtemp(fx->directory) == NULL)
		return -1;
	fx->disk = disk_new(fx->directory, wal, NULL, NULL);
	*state = fx;
	return store_open(arena_printf(a, "sqlite:%s/x.db", fx->directory),
	    &options, &fx->st, &fx->err) ? 0 : -1;
}

static int
open_log(void **state)
{
	return open_disk(state, true);
}

static int
open_journal(void **state)
{
	return open_disk(state, false);
}

static int
close_disk(void **state)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock", "-journal",
	};
	FX;

	store_close(fx->st);
	disk_free(fx->disk);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		unlink(arena_printf(fx->a, "%s/x.db%s", fx->directory,
		    ends[i]));
	rmdir(fx->directory);
	arena_free(fx->a);
	return 0;
}

static bool
write_row(struct fixture *fx)
{
	char		 text[3000];
	struct assign	 set = { .column = "txt" };

	memset(text, 'x', sizeof text);
	set.value = value_span((struct span){ text, sizeof text });
	if (!store_begin(fx->st, TXN_WRITE, &fx->err))
		return false;
	if (store_insert(fx->st, "t", &set, 1, NULL, &fx->err) &&
	    store_commit(fx->st, &fx->err))
		return true;
	store_rollback(fx->st);
	return false;
}

static int64_t
count(struct fixture *fx)
{
	struct query	 q = { .table = "t", .count = true };
	struct rows	 rows;

	assert_true(store_select(fx->st, &q, fx->a, &rows, &fx->err));
	return rows.cells[0].u.i;
}

static void
nothing_is_lost(void **state)
{
	FX;
	const struct column_def	 c = { "txt", COL_TEXT, 0, NULL, false };
	const struct table_def	 t = { "t", &c, 1, NULL, 0, false };
	int64_t			 n = 0;
	struct rows		 faults;

	assert_true(store_begin(fx->st, TXN_WRITE, &fx->err));
	assert_true(store_change(fx->st, &t, 1, &fx->err));
	assert_true(store_commit(fx->st, &fx->err));
	disk_leave(fx->disk, ROOM);
	while (write_row(fx))
		n++;
	assert_int_equal(fx->err.code, ERR_FULL);
	assert_in_range(n, 3, ROOM / 3000);
	assert_int_equal(count(fx), n);
	err_clear(&fx->err);
	assert_false(write_row(fx));
	assert_int_equal(fx->err.code, ERR_FULL);
	err_clear(&fx->err);
	disk_leave(fx->disk, -1);
	assert_true(write_row(fx));
	assert_int_equal(count(fx), n + 1);
	assert_true(store_check(fx->st, fx->a, &faults, &fx->err));
	assert_int_equal(faults.n, 0);
}

int
main(void)
{
	const struct CMUnitTest	 cases[] = {
		cmocka_unit_test_setup_teardown(nothing_is_lost, open_log,
		    close_disk),
		cmocka_unit_test_setup_teardown(nothing_is_lost, open_journal,
		    close_disk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
