/* Traps of writing: constraints, transactions, races, changes of tables. */
#include "case.h"

#include <sys/wait.h>

#include <string.h>
#include <unistd.h>

#define FX		struct fixture *fx = *state
#define RACERS		4
#define ROUNDS		25

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

static bool
insert(struct fixture *fx, const char *table, const char *column,
    struct value v, int64_t *id)
{
	struct assign	 set = { column, v, NULL };

	return store_insert(fx->st, table, &set, 1, id, &fx->err);
}

static void
wrong_type_is_refused(void **state)
{
	FX;

	begin(fx);
	refused(fx, insert(fx, fx->item, "n", value_text("x"), NULL),
	    ERR_DATABASE);
	store_rollback(fx->st);
	begin(fx);
	refused(fx, insert(fx, fx->item, "day", value_text("2024-01-01"),
	    NULL), ERR_DATABASE);
	store_rollback(fx->st);
	assert_int_equal(count(fx, fx->item, NULL), 0);
}

static void
types_come_back(void **state)
{
	FX;
	static const struct {
		const char	*column;
		enum col_type	 type;
		struct value	 v;
	}	 cells[] = {
		{ "flag", COL_BOOL, { VALUE_BOOL, 0, { .b = true } } },
		{ "flag", COL_BOOL, { VALUE_BOOL, 0, { .b = false } } },
		{ "n", COL_INT, { VALUE_INT, 0, { .i = INT64_MAX } } },
		{ "n", COL_INT, { VALUE_INT, 0, { .i = INT64_MIN } } },
		{ "f", COL_FLOAT, { VALUE_FLOAT, 0, { .f = 0.1 } } },
		{ "f", COL_FLOAT, { VALUE_FLOAT, 0, { .f = 3 } } },
		{ "f", COL_FLOAT, { VALUE_FLOAT, 0, { .f = -1.7e308 } } },
		{ "d", COL_DECIMAL, { VALUE_DECIMAL, 2, { .i = -1999 } } },
		{ "txt", COL_TEXT, { VALUE_TEXT, 0, { .text = { "", 0 } } } },
		{ "txt", COL_TEXT, { VALUE_TEXT, 0, { .text = { "12", 2 } } } },
		{ "b", COL_BYTES, { VALUE_BYTES, 0, { .text = { "a\0b",
		    3 } } } },
		{ "b", COL_BYTES, { VALUE_BYTES, 0, { .text = { "", 0 } } } },
		{ "day", COL_DATE, { VALUE_DATE, 0, { .i = -719162 } } },
		{ "at", COL_DATETIME, { VALUE_DATETIME, 0, { .i = 1 } } },
		{ "at", COL_DATETIME, { VALUE_NULL, 0, { .i = 0 } } },
	};
	int64_t	 id;

	begin(fx);
	id = item_add(fx, NULL, value_null());
	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
		struct value	 v;

		item_set(fx, id, cells[i].column, cells[i].v);
		v = item_get(fx, id, cells[i].column, cells[i].type,
		    cells[i].v.scale);
		assert_true(value_equal(&v, &cells[i].v));
		if (v.type == VALUE_TEXT || v.type == VALUE_BYTES)
			assert_int_equal(v.u.text.p[v.u.text.n], 0);
	}
}

static const char *
as_text(struct fixture *fx, int64_t id, const char *column, enum col_type type)
{
	const struct expr	*e = expr_column(fx->a, column, type, 2);
	struct rows		 rows;

	rows = find(fx, expr_unary(fx->a, EXPR_TEXT, e), by_id(fx, id), NULL);
	return joined(fx, &rows);
}

static void
numbers_as_text(void **state)
{
	FX;
	int64_t	 id;

	begin(fx);
	id = item_add(fx, "x", value_int(-42));
	item_set(fx, id, "flag", value_bool(true));
	item_set(fx, id, "d", value_decimal(-5, 2));
	item_set(fx, id, "f", value_float(2.5));
	item_set(fx, id, "day", value_date(-1));
	item_set(fx, id, "at", value_datetime(86399));
	assert_string_equal(as_text(fx, id, "n", COL_INT), "-42");
	assert_string_equal(as_text(fx, id, "flag", COL_BOOL), "true");
	assert_string_equal(as_text(fx, id, "d", COL_DECIMAL), "-0.05");
	assert_string_equal(as_text(fx, id, "f", COL_FLOAT), "2.5");
	assert_string_equal(as_text(fx, id, "day", COL_DATE), "1969-12-31");
	assert_string_equal(as_text(fx, id, "at", COL_DATETIME),
	    "1970-01-01 23:59:59");
	assert_string_equal(as_text(fx, id, "txt", COL_TEXT), "x");
	assert_string_equal(as_text(fx, id, "parent_id", COL_ID), "-");
	item_set(fx, id, "d", value_decimal(INT64_MIN, 2));
	assert_string_equal(as_text(fx, id, "d", COL_DECIMAL),
	    "-92233720368547758.08");
}

static void
if_and_concat(void **state)
{
	FX;
	const struct expr	*big, *e;
	struct rows		 rows;

	begin(fx);
	item_add(fx, "a", value_int(1));
	item_add(fx, "b", value_int(5));
	item_add(fx, NULL, value_null());
	big = two(fx, EXPR_GT, c_int(fx, "n"), v_int(fx, 2));
	e = expr_if(fx->a, big, v_text(fx, "big "), v_text(fx, "small "));
	e = two(fx, EXPR_CONCAT, e, two(fx, EXPR_CONCAT, c_text(fx, "txt"),
	    c_int(fx, "n")));
	rows = find(fx, e, NULL, NULL);
	assert_string_equal(joined(fx, &rows), "small a1,big b5,small ");
}

static void
nothing_goes_on_after_a_failure(void **state)
{
	FX;
	int64_t	 id;

	begin(fx);
	item_add(fx, "lost", value_int(1));
	refused(fx, insert(fx, "no_such_table", "n", value_int(1), NULL),
	    ERR_DATABASE);
	refused(fx, insert(fx, fx->item, "n", value_int(1), &id),
	    ERR_DATABASE);
	refused(fx, store_generation(fx->st, &id, &fx->err), ERR_DATABASE);
	refused(fx, store_commit(fx->st, &fx->err), ERR_DATABASE);
	store_rollback(fx->st);
	store_rollback(fx->st);
	assert_int_equal(count(fx, fx->item, NULL), 0);
	begin(fx);
	item_add(fx, "kept", value_int(1));
	commit(fx);
	assert_int_equal(count(fx, fx->item, NULL), 1);
}

static void
ids(void **state)
{
	FX;
	int64_t	 id, changed;

	begin(fx);
	done(fx, insert(fx, fx->item, "id", value_int(700), &id));
	assert_int_equal(id, 700);
	done(fx, insert(fx, fx->item, "n", value_int(1), &id));
	assert_true(id > 700);
	done(fx, store_delete(fx->st, fx->item, by_id(fx, id), &changed,
	    &fx->err));
	commit(fx);
	begin(fx);
	assert_true(item_add(fx, "x", value_int(1)) > id);
	refused(fx, insert(fx, fx->item, "id", value_int(700), &id),
	    ERR_UNIQUE);
	store_rollback(fx->st);
}

/* A row for each row found, with what that row holds. */
static void
rows_from_rows(void **state)
{
	FX;
	struct query		 from = { .table = fx->item };
	const struct assign	 set[] = {
		{ "name", value_null(), two(fx, EXPR_CONCAT,
		    c_text(fx, "txt"), v_text(fx, "!")) },
		{ "boss_id", value_null(), NULL },
	};

	from.where = two(fx, EXPR_GT, c_int(fx, "n"), v_int(fx, 1));
	refused(fx, store_insert_from(fx->st, fx->group, set, 2, &from,
	    &fx->err), ERR_INTERNAL);
	begin(fx);
	item_add(fx, "a", value_int(1));
	item_add(fx, "b", value_int(2));
	item_add(fx, "c", value_int(3));
	done(fx, store_insert_from(fx->st, fx->group, set, 2, &from,
	    &fx->err));
	assert_int_equal(count(fx, fx->group, NULL), 2);
	assert_int_equal(count(fx, fx->group, two(fx, EXPR_EQ,
	    c_text(fx, "name"), v_text(fx, "c!"))), 1);
}

static void
whole_tables_are_safe(void **state)
{
	FX;
	struct assign	 set = { "n", value_int(1), NULL };
	int64_t		 n;

	begin(fx);
	item_add(fx, "x", value_int(0));
	refused(fx, store_update(fx->st, fx->item, NULL, &set, 1, &n,
	    &fx->err), ERR_INTERNAL);
	refused(fx, store_delete(fx->st, fx->item, NULL, &n, &fx->err),
	    ERR_INTERNAL);
	done(fx, store_update(fx->st, fx->item, expr_bool(fx->a, true), &set,
	    1, &n, &fx->err));
	assert_int_equal(n, 1);
	done(fx, store_delete(fx->st, fx->item, expr_bool(fx->a, false), &n,
	    &fx->err));
	assert_int_equal(n, 0);
}

static void
writing_needs_a_write_transaction(void **state)
{
	FX;

	refused(fx, insert(fx, fx->item, "n", value_int(1), NULL),
	    ERR_INTERNAL);
	done(fx, store_begin(fx->st, TXN_READ, &fx->err));
	refused(fx, insert(fx, fx->item, "n", value_int(1), NULL),
	    ERR_INTERNAL);
	refused(fx, store_begin(fx->st, TXN_READ, &fx->err), ERR_INTERNAL);
	refused(fx, store_maintain(fx->st, &fx->err), ERR_INTERNAL);
	assert_false(store_in_write(fx->st));
	commit(fx);
	refused(fx, store_commit(fx->st, &fx->err), ERR_INTERNAL);
	done(fx, store_maintain(fx->st, &fx->err));
}

static void
foreign_keys_wait_for_commit(void **state)
{
	FX;
	int64_t	 a, b;

	begin(fx);
	done(fx, insert(fx, fx->item, "parent_id", value_int(1000), &a));
	refused(fx, store_commit(fx->st, &fx->err), ERR_FOREIGN);
	begin(fx);
	a = item_add(fx, "a", value_int(1));
	item_set(fx, a, "parent_id", value_int(a + 1));
	b = item_add(fx, "b", value_int(1));
	item_set(fx, b, "parent_id", value_int(a));
	assert_int_equal(b, a + 1);
	commit(fx);
	begin(fx);
	done(fx, store_delete(fx->st, fx->item, by_id(fx, a), NULL,
	    &fx->err));
	refused(fx, store_commit(fx->st, &fx->err), ERR_FOREIGN);
	assert_int_equal(count(fx, fx->item, NULL), 2);
}

static void
hostile_names_are_refused(void **state)
{
	FX;
	static const char *const	 names[] = {
		"n\" = 1; --", "N", "", "n n", "caf\xc3\xa9", "n\"", "\"",
		"a123456789012345678901234567890123456789012345678901234567"
		"890123",
	};

	begin(fx);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		refused(fx, insert(fx, fx->item, names[i], value_int(1),
		    NULL), ERR_INTERNAL);
	commit(fx);
	assert_int_equal(count(fx, fx->item, NULL), 0);
}

static void
readers_see_one_moment(void **state)
{
	FX;
	struct store	*other = another(fx), *mine = fx->st;

	done(fx, store_begin(other, TXN_READ, &fx->err));
	fx->st = other;
	assert_int_equal(count(fx, fx->item, NULL), 0);
	fx->st = mine;
	begin(fx);
	item_add(fx, "x", value_int(1));
	commit(fx);
	fx->st = other;
	assert_int_equal(count(fx, fx->item, NULL), 0);
	commit(fx);
	assert_int_equal(count(fx, fx->item, NULL), 1);
	fx->st = mine;
	store_close(other);
}

/* Adds one to n, as read by this transaction; again if the race is lost. */
static bool
add_one(struct fixture *fx)
{
	struct value	 n;
	struct assign	 set = { .column = "n" };

	if (!store_begin(fx->st, TXN_WRITE, &fx->err))
		return false;
	n = item_get(fx, 1, "n", COL_INT, 0);
	set.value = value_int(n.u.i + 1);
	if (store_update(fx->st, fx->item, by_id(fx, 1), &set, 1, NULL,
	    &fx->err) && store_commit(fx->st, &fx->err))
		return true;
	store_rollback(fx->st);
	return false;
}

static void
race(struct fixture *fx)
{
	fx->st = another(fx);
	for (int i = 0; i < ROUNDS; i++)
		while (!add_one(fx)) {
			if (fx->err.code != ERR_RETRY)
				_exit(1);
			err_clear(&fx->err);
		}
	store_close(fx->st);
	_exit(0);
}

static void
no_race_is_lost_for_good(void **state)
{
	FX;
	int	 status;

	begin(fx);
	assert_int_equal(item_add(fx, "x", value_int(0)), 1);
	commit(fx);
	store_close(fx->st);		/* not to be carried over a fork */
	fx->st = NULL;
	for (int i = 0; i < RACERS; i++)
		if (fork() == 0)
			race(fx);
	for (int i = 0; i < RACERS; i++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	fx->st = another(fx);
	assert_int_equal(item_get(fx, 1, "n", COL_INT, 0).u.i,
	    RACERS * ROUNDS);
}

static void
generations(void **state)
{
	FX;
	struct store	*other = another(fx);
	int64_t		 before, now;

	done(fx, store_generation(fx->st, &before, &fx->err));
	refused(fx, store_generation_next(fx->st, &fx->err), ERR_INTERNAL);
	begin(fx);
	done(fx, store_generation_next(fx->st, &fx->err));
	store_rollback(fx->st);
	done(fx, store_generation(fx->st, &now, &fx->err));
	assert_int_equal(now, before);
	begin(fx);
	done(fx, store_generation_next(fx->st, &fx->err));
	commit(fx);
	done(fx, store_generation(other, &now, &fx->err));
	assert_int_not_equal(now, before);
	store_close(other);
}

static void
time_runs_out(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 0);
	struct rows	 rows;

	begin(fx);
	for (int i = 0; i < 3000; i++)
		item_add(fx, "some text", value_int(i));
	commit(fx);
	store_set_budget(fx->st, 30);
	done(fx, store_begin(fx->st, TXN_READ, &fx->err));
	q->where = two(fx, EXPR_LT, expr_outer(fx->a, "n", COL_INT),
	    expr_if(fx->a, two(fx, EXPR_LIKE,
	    c_text(fx, "txt"), v_text(fx, "%x%y")), v_int(fx, 0),
	    v_int(fx, -1)));
	refused(fx, store_select(fx->st, &(struct query){ .table = fx->item,
	    .count = true, .where = expr_exists(fx->a, q) }, fx->a, &rows,
	    &fx->err), ERR_TIMEOUT);
	refused(fx, store_commit(fx->st, &fx->err), ERR_DATABASE);
	store_rollback(fx->st);
	store_set_budget(fx->st, 0);
	assert_int_equal(count(fx, fx->item, NULL), 3000);
}

static void
sound(void **state)
{
	FX;
	struct rows	 rows;

	done(fx, store_check(fx->st, fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 0);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(wrong_type_is_refused), CASE(types_come_back),
		CASE(numbers_as_text), CASE(if_and_concat),
		CASE(nothing_goes_on_after_a_failure), CASE(ids),
		CASE(rows_from_rows), CASE(whole_tables_are_safe),
		CASE(writing_needs_a_write_transaction),
		CASE(foreign_keys_wait_for_commit),
		CASE(hostile_names_are_refused),
		CASE(readers_see_one_moment), CASE(no_race_is_lost_for_good),
		CASE(generations), CASE(time_runs_out), CASE(sound),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
