/* Tables, columns and indexes go, and come again; copies are whole. */
#include "case.h"

#include <sys/stat.h>

#include <string.h>
#include <unistd.h>

#define FX		struct fixture *fx = *state

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

static void
change(struct fixture *fx, const struct table_def *t)
{
	done(fx, store_change(fx->st, t, 1, &fx->err));
}

/* Refused, the transaction is over and another one open. */
static void
asks_in_vain(struct fixture *fx, const char *table, const char *column)
{
	struct query	*q = query_new(fx->a, table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(fx->a, column, COL_TEXT, 0);
	refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
	    ERR_DATABASE);
}

static void
tables_go(void **state)
{
	FX;
	const char		*name = name_new(fx, "t");
	static const char *const on[] = { "txt" };
	const struct column_def	 c[] = {
		{ "txt", COL_TEXT, 0, NULL, false },
		{ "self_id", COL_ID, 0, name, false },
	};
	const struct index_def	 ix[] = {
		{ on, 1, true, false }, { on, 1, false, true },
	};
	const struct table_def	 t = { name, c, 2, ix, 2, false };
	struct assign		 set = { "txt", value_text("abc"), NULL };

	refused(fx, store_drop_table(fx->st, name, &fx->err), ERR_INTERNAL);
	for (int i = 0; i < 2; i++) {
		begin(fx);
		change(fx, &t);
		change(fx, &t);
		done(fx, store_insert(fx->st, name, &set, 1, NULL, &fx->err));
		commit(fx);
		begin(fx);
		done(fx, store_drop_table(fx->st, name, &fx->err));
		store_rollback(fx->st);
		assert_int_equal(count(fx, name, NULL), 1);
		begin(fx);
		done(fx, store_drop_table(fx->st, name, &fx->err));
		done(fx, store_drop_table(fx->st, name, &fx->err));
		commit(fx);
		asks_in_vain(fx, name, "txt");
	}
}

/* A table that rows of another still refer to. */
static void
tables_in_use_stay(void **state)
{
	FX;

	begin(fx);
	item_set(fx, item_add(fx, "x", value_int(1)), "group_id",
	    value_int(group_add(fx, "g", 0)));
	commit(fx);
	begin(fx);
	if (store_drop_table(fx->st, fx->group, &fx->err))
		refused(fx, store_commit(fx->st, &fx->err), ERR_FOREIGN);
	else
		refused(fx, false, ERR_FOREIGN);
	store_rollback(fx->st);
	assert_int_equal(count(fx, fx->group, NULL), 1);
}

static void
columns_go(void **state)
{
	FX;
	static const char *const	 one[] = { "txt" };
	static const char *const	 pair[] = { "n", "group_id" };
	const struct index_def		 ix[] = {
		{ one, 1, false, true }, { one, 1, true, false },
		{ pair, 2, false, false },
	};
	const struct table_def		 t = { fx->item, NULL, 0, ix, 3,
	    false };
	int64_t				 id;

	begin(fx);
	id = item_add(fx, "kept", value_int(1));
	change(fx, &t);
	commit(fx);
	begin(fx);
	done(fx, store_drop_column(fx->st, fx->item, "group_id", &fx->err));
	done(fx, store_drop_column(fx->st, fx->item, "group_id", &fx->err));
	done(fx, store_drop_column(fx->st, fx->item, "txt", &fx->err));
	item_set(fx, id, "n", value_int(2));
	commit(fx);
	asks_in_vain(fx, fx->item, "txt");
	asks_in_vain(fx, fx->item, "group_id");
	assert_int_equal(item_get(fx, id, "n", COL_INT, 0).u.i, 2);
	begin(fx);
	done(fx, store_drop_column(fx->st, fx->item, "n", &fx->err));
	store_rollback(fx->st);
	assert_int_equal(item_get(fx, id, "n", COL_INT, 0).u.i, 2);
}

static void
columns_are_renamed(void **state)
{
	FX;
	static const char *const	 before[] = { "txt" };
	static const char *const	 after[] = { "label" };
	struct index_def		 ix[] = {
		{ before, 1, false, true }, { before, 1, true, false },
	};
	const struct table_def		 t = { fx->item, NULL, 0, ix, 2,
	    false };
	struct value			 label;
	int64_t				 id;

	begin(fx);
	id = item_add(fx, "kept", value_int(1));
	item_set(fx, id, "parent_id", value_int(id));
	change(fx, &t);
	done(fx, store_rename_column(fx->st, fx->item, "txt", "label",
	    &fx->err));
	done(fx, store_rename_column(fx->st, fx->item, "txt", "label",
	    &fx->err));
	done(fx, store_rename_column(fx->st, fx->item, "parent_id", "up_id",
	    &fx->err));
	ix[0].columns = ix[1].columns = after;
	change(fx, &t);
	item_set(fx, id, "label", value_text("other"));
	commit(fx);
	label = item_get(fx, id, "label", COL_TEXT, 0);
	assert_true(value_is_text(&label, "other"));
	begin(fx);
	item_set(fx, id, "up_id", value_int(id + 1));
	refused(fx, store_commit(fx->st, &fx->err), ERR_FOREIGN);
	begin(fx);
	assert_false(store_rename_column(fx->st, fx->item, "n", "label",
	    &fx->err));
	assert_string_equal(fx->err.field, "label");
	refused(fx, false, ERR_VALIDATION);
}

static void
indexes_go(void **state)
{
	FX;
	static const char *const	 on[] = { "txt" };
	const struct index_def		 ix[] = {
		{ on, 1, true, false }, { on, 1, false, true },
	};
	const struct table_def		 t = { fx->item, NULL, 0, ix, 2,
	    false };

	begin(fx);
	item_add(fx, "twin", value_int(1));
	change(fx, &t);
	for (size_t i = 0; i < 4; i++)
		done(fx, store_drop_index(fx->st, fx->item, &ix[i % 2],
		    &fx->err));
	item_add(fx, "twin", value_int(2));
	commit(fx);
}

static void
copies_are_whole(void **state)
{
	FX;
	struct store_options	 options = { .mmap_bytes = 1 << 24 };
	const char		*path = strchr(fx->url, ':') + 1;
	const char		*to = arena_printf(fx->a, "%s-copy", path);
	struct store		*mine = fx->st, *other, *copy;
	struct stat		 status;
	int64_t			 generation = 0, again;

	begin(fx);
	item_add(fx, "x", value_int(1));
	done(fx, store_generation_next(fx->st, &fx->err));
	refused(fx, store_backup(fx->st, to, &fx->err), ERR_INTERNAL);
	commit(fx);
	done(fx, store_generation(fx->st, &generation, &fx->err));
	/* What another has open and not committed is not in it. */
	other = fx->st = another(fx);
	begin(fx);
	item_add(fx, "open", value_int(2));
	done(fx, store_backup(mine, to, &fx->err));
	refused(fx, store_backup(mine, to, &fx->err), ERR_VALIDATION);
	commit(fx);
	assert_int_equal(stat(to, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	done(fx, store_open(arena_printf(fx->a, "sqlite:%s", to), &options,
	    &copy, &fx->err));
	fx->st = copy;
	assert_string_equal(texts(fx, NULL), "x");
	done(fx, store_generation(copy, &again, &fx->err));
	assert_int_equal(again, generation);
	begin(fx);
	item_add(fx, "y", value_int(3));
	commit(fx);
	store_close(copy);
	unlink(to);
	unlink(arena_printf(fx->a, "%s-lock", to));
	store_close(other);
	fx->st = mine;
	assert_string_equal(texts(fx, NULL), "x,open");
	refused(fx, store_backup(fx->st, "/nonexistent/copy", &fx->err),
	    ERR_UNAVAILABLE);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(tables_go), CASE(tables_in_use_stay), CASE(columns_go),
		CASE(columns_are_renamed), CASE(indexes_go),
		CASE(copies_are_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
