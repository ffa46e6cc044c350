/* What holds for the embedded engine alone: its files, strangers, its log. */
#include "case.h"

#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FX		struct fixture *fx = *state
#define FIRST		16		/* processes that open at once */
#define FILLER		(256 << 10)

static void
begin(struct fixture *fx)
{
	done(fx, store_begin(fx->st, TXN_WRITE, &fx->err));
}

static void
commit(struct fixture *fx)
{
	done(fx, store_commit(fx->st, &fx->err));
}

static const char *
path(struct fixture *fx, const char *end)
{
	return arena_printf(fx->a, "%s%s", strchr(fx->url, ':') + 1, end);
}

static struct stat
status(struct fixture *fx, const char *end)
{
	struct stat	 st;

	assert_int_equal(stat(path(fx, end), &st), 0);
	return st;
}

static void
files_are_private(void **state)
{
	FX;
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock",
	};

	begin(fx);
	item_add(fx, "x", value_null());
	commit(fx);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		assert_int_equal(status(fx, ends[i]).st_mode & 0777, 0600);
}

static void
what_is_no_database(void **state)
{
	FX;
	struct store_options	 options = { .create = false };
	const char		*other = path(fx, "-journal");
	const char		*url = arena_printf(fx->a, "sqlite:%s", other);
	char			 junk[4096];
	struct store		*st;
	FILE			*f;

	refused(fx, store_open(url, &options, &st, &fx->err),
	    ERR_UNAVAILABLE);
	assert_int_equal(access(other, F_OK), -1);
	memset(junk, 'j', sizeof junk);
	assert_non_null(f = fopen(other, "w"));
	fwrite(junk, 1, sizeof junk, f);
	fclose(f);
	refused(fx, store_open(url, &options, &st, &fx->err),
	    ERR_UNAVAILABLE);
	unlink(other);
	unlink(path(fx, "-journal-lock"));
}

/* Takes as long as the store waits for strangers. */
static void
strangers_win_the_race(void **state)
{
	FX;
	sqlite3	*stranger;

	assert_int_equal(sqlite3_open(path(fx, ""), &stranger), SQLITE_OK);
	sqlite3_exec(stranger, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	refused(fx, store_begin(fx->st, TXN_WRITE, &fx->err), ERR_RETRY);
	sqlite3_exec(stranger, "ROLLBACK", NULL, NULL, NULL);
	begin(fx);
	commit(fx);
	sqlite3_close(stranger);
}

static bool
over(pid_t pid, int *rc)
{
	return waitpid(pid, rc, WNOHANG) == pid;
}

/* Before the engine's own lock, which does not queue. */
static void
writers_queue_at_the_lock_file(void **state)
{
	FX;
	int	 fd = open(path(fx, "-lock"), O_RDWR), rc = -1;
	pid_t	 pid;

	assert_int_equal(flock(fd, LOCK_EX), 0);
	store_close(fx->st);
	fx->st = NULL;
	if ((pid = fork()) == 0) {
		fx->st = another(fx);
		begin(fx);
		commit(fx);
		_exit(0);
	}
	usleep(300000);
	assert_false(over(pid, &rc));
	flock(fd, LOCK_UN);
	assert_int_equal(waitpid(pid, &rc, 0), pid);
	assert_int_equal(rc, 0);
	close(fd);
	fx->st = another(fx);
}

static void
damage_is_told(void **state)
{
	FX;
	sqlite3		*stranger;
	struct rows	 rows;

	begin(fx);
	item_add(fx, "x", value_null());
	commit(fx);
	assert_int_equal(sqlite3_open(path(fx, ""), &stranger), SQLITE_OK);
	sqlite3_exec(stranger, arena_printf(fx->a,
	    "UPDATE %s SET group_id = 5", fx->item), NULL, NULL, NULL);
	sqlite3_close(stranger);
	done(fx, store_check(fx->st, fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 1);
	assert_string_equal(rows.cells[0].u.text.p, arena_printf(fx->a,
	    "%s 1 refers to a missing row of %s", fx->item, fx->group));
}

/* Someone took a trigger away. */
static void
a_stale_text_index_is_told(void **state)
{
	FX;
	static const char *const	 txt[] = { "txt" };
	const struct index_def		 ix = { txt, 1, false, true };
	const struct table_def		 t = { fx->item, NULL, 0, &ix, 1,
	    false };
	sqlite3				*stranger;
	sqlite3_stmt			*stmt;
	const char			*drop, *update;
	struct rows			 rows;

	begin(fx);
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	item_add(fx, "text", value_null());
	commit(fx);
	assert_int_equal(sqlite3_open(path(fx, ""), &stranger), SQLITE_OK);
	update = arena_printf(fx->a, "UPDATE %s SET txt = 'else'", fx->item);
	assert_int_not_equal(sqlite3_exec(stranger, update, NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_prepare_v2(stranger, "SELECT 'DROP TRIGGER ' || name FROM "
	    "sqlite_schema WHERE name LIKE '%!_update' ESCAPE '!'", -1, &stmt,
	    NULL);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	drop = arena_strdup(fx->a, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	assert_int_equal(sqlite3_exec(stranger, drop, NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(stranger, update, NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(stranger);
	done(fx, store_check(fx->st, fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 1);
	assert_non_null(strstr(rows.cells[0].u.text.p, "does not agree"));
}

static void
write_filler(struct fixture *fx)
{
	char	*text = arena_text(fx->a, FILLER);

	memset(text, 'f', FILLER);
	begin(fx);
	item_add(fx, text, value_null());
	commit(fx);
}

static void
the_log_stays_small(void **state)
{
	FX;

	for (int i = 0; i < 100; i++) {
		write_filler(fx);
		done(fx, store_maintain(fx->st, &fx->err));
	}
	assert_in_range(status(fx, "-wal").st_size, 1 << 20, 10 << 20);
}

/* A reader keeps the log from being reused; it is cut when he has gone. */
static void
a_large_log_is_cut(void **state)
{
	FX;
	struct store	*mine = fx->st, *other = another(fx);

	done(fx, store_begin(other, TXN_READ, &fx->err));
	fx->st = other;
	count(fx, fx->item, NULL);
	fx->st = mine;
	for (int i = 0; i < 280; i++) {
		write_filler(fx);
		done(fx, store_maintain(fx->st, &fx->err));
	}
	assert_true(status(fx, "-wal").st_size > 64 << 20);
	done(fx, store_commit(other, &fx->err));
	for (int i = 0; i < 20; i++) {
		write_filler(fx);
		done(fx, store_maintain(fx->st, &fx->err));
	}
	assert_true(status(fx, "-wal").st_size < 8 << 20);
	store_close(other);
}

static void
open_and_write(struct fixture *fx)
{
	const struct column_def	 c = { "n", COL_INT, 0, NULL, false };
	const struct table_def	 t = { "first", &c, 1, NULL, 0, false };
	struct store		*st = another(fx);

	done(fx, store_begin(st, TXN_WRITE, &fx->err));
	done(fx, store_change(st, &t, 1, &fx->err));
	done(fx, store_insert(st, "first", NULL, 0, NULL, &fx->err));
	done(fx, store_commit(st, &fx->err));
	store_close(st);
	_exit(0);
}

static void
many_make_it_together(void **state)
{
	FX;
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock",
	};
	int				 rc;

	store_close(fx->st);
	fx->st = NULL;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		unlink(path(fx, ends[i]));
	for (int i = 0; i < FIRST; i++)
		if (fork() == 0)
			open_and_write(fx);
	for (int i = 0; i < FIRST; i++) {
		wait(&rc);
		assert_int_equal(rc, 0);
	}
	fx->st = another(fx);
	assert_int_equal(count(fx, "first", NULL), FIRST);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(files_are_private), CASE(what_is_no_database),
		CASE(strangers_win_the_race),
		CASE(writers_queue_at_the_lock_file), CASE(damage_is_told),
		CASE(a_stale_text_index_is_told),
		CASE(the_log_stays_small), CASE(a_large_log_is_cut),
		CASE(many_make_it_together),
	};

	if (getenv("STORE_URL") != NULL) {
		puts("1..0 # SKIP STORE_URL names another engine");
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
