/* The store over an engine that answers as told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "store/fake.h"

struct fixture {
	struct arena	*a;
	struct store	*st;
	struct fake	*fake;
	struct err	 err;
};

#define FX	struct fixture *fx = *state

static int
open_fake(void **state)
{
	struct store_options	 options = { .create = false };
	struct arena		*a = arena_new();
	struct fixture		*fx = arena_alloc(a, sizeof *fx);

	fx->a = a;
	if (!store_open("fake:", &options, &fx->st, &fx->err))
		return -1;
	fx->fake = fake_of(fx->st);
	*state = fx;
	return 0;
}

static int
close_fake(void **state)
{
	FX;

	store_close(fx->st);
	arena_free(fx->a);
	return 0;
}

static struct query *
ask(struct fixture *fx)
{
	struct query	*q = query_new(fx->a, "t", 1);

	q->columns[0] = expr_column(fx->a, "n", COL_INT, 0);
	q->where = expr_binary(fx->a, EXPR_EQ, q->columns[0],
	    expr_value(fx->a, value_int(9)));
	return q;
}

static void
answers_come_in_order(void **state)
{
	FX;
	const struct value	 cells[] = { value_int(1), value_int(2) };
	struct rows		 rows;
	int64_t			 id;

	fake_rows(fx->fake, cells, 2, 1);
	fake_effect(fx->fake, 42, 0);
	assert_true(store_begin(fx->st, TXN_WRITE, &fx->err));
	assert_true(store_select(fx->st, ask(fx), fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.cells[1].u.i, 2);
	assert_true(store_insert(fx->st, "t", NULL, 0, &id, &fx->err));
	assert_int_equal(id, 42);
	assert_true(store_select(fx->st, ask(fx), fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 0);
	assert_true(store_commit(fx->st, &fx->err));
	assert_int_equal(fake_asked(fx->fake), 5);
	assert_string_equal(fake_text(fx->fake, 0), "begin write");
	assert_string_equal(fake_text(fx->fake, 1), "SELECT t0.\"n\" FROM "
	    "\"t\" AS t0 WHERE (t0.\"n\"=?1)");
	assert_int_equal(fake_values(fx->fake, 1)->u.list->v[0].u.i, 9);
	assert_string_equal(fake_text(fx->fake, 4), "commit");
	assert_string_equal(fake_text(fx->fake, 5), "");
}

static void
failures_end_the_transaction(void **state)
{
	FX;
	struct rows	 rows;

	fake_failure(fx->fake, ERR_FULL);
	assert_true(store_begin(fx->st, TXN_WRITE, &fx->err));
	assert_false(store_insert(fx->st, "t", NULL, 0, NULL, &fx->err));
	assert_int_equal(fx->err.code, ERR_FULL);
	err_clear(&fx->err);
	assert_false(store_select(fx->st, ask(fx), fx->a, &rows, &fx->err));
	assert_int_equal(fx->err.code, ERR_DATABASE);
	err_clear(&fx->err);
	assert_false(store_commit(fx->st, &fx->err));
	assert_int_equal(fake_asked(fx->fake), 2);
	store_rollback(fx->st);
	assert_string_equal(fake_text(fx->fake, 2), "rollback");
	assert_true(store_select(fx->st, ask(fx), fx->a, &rows, &fx->err));
}

static void
transactions_fail_on_demand(void **state)
{
	FX;

	fake_fail_transaction(fx->fake, ERR_RETRY);
	assert_false(store_begin(fx->st, TXN_WRITE, &fx->err));
	assert_int_equal(fx->err.code, ERR_RETRY);
	assert_false(store_in_write(fx->st));
	err_clear(&fx->err);
	assert_true(store_begin(fx->st, TXN_WRITE, &fx->err));
	assert_true(store_in_write(fx->st));
	fake_fail_transaction(fx->fake, ERR_FOREIGN);
	assert_false(store_commit(fx->st, &fx->err));
	assert_int_equal(fx->err.code, ERR_FOREIGN);
	assert_false(store_in_write(fx->st));
	assert_string_equal(fake_text(fx->fake, fake_asked(fx->fake) - 1),
	    "rollback");
}

static void
unknown_engines_are_refused(void **state)
{
	FX;
	static const char *const	 urls[] = {
		"", "oracle:x", "sqlite", "sqlitex:y", "sqlite:/no/such/dir/x",
	};
	struct store_options		 options = { .create = true };
	struct store			*st;

	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		assert_false(store_open(urls[i], &options, &st, &fx->err));
		assert_int_equal(fx->err.code, ERR_UNAVAILABLE);
		err_clear(&fx->err);
	}
}

static void
copies_are_noted(void **state)
{
	FX;

	assert_true(store_backup(fx->st, "a/copy", &fx->err));
	assert_string_equal(fake_text(fx->fake, 0), "backup a/copy");
	fake_fail_transaction(fx->fake, ERR_FULL);
	assert_false(store_backup(fx->st, "a/copy", &fx->err));
	assert_int_equal(fx->err.code, ERR_FULL);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, open_fake, close_fake)
	const struct CMUnitTest	 cases[] = {
		CASE(answers_come_in_order),
		CASE(failures_end_the_transaction),
		CASE(transactions_fail_on_demand), CASE(copies_are_noted),
		CASE(unknown_engines_are_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
