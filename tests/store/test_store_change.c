/* Tables that change while the database is in use. */
#include "case.h"

#include <string.h>

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
cycles(void **state)
{
	FX;
	const char		*left = name_new(fx, "left");
	const char		*right = name_new(fx, "right");
	const struct column_def	 l[] = { { "x", COL_ID, 0, right, true } };
	const struct column_def	 r[] = { { "x", COL_ID, 0, left, true } };
	const struct table_def	 tables[] = {
		{ left, l, 1, NULL, 0, false },
		{ right, r, 1, NULL, 0, false },
	};
	struct assign		 set = { "x", value_int(1), NULL };

	begin(fx);
	done(fx, store_change(fx->st, tables, 2, &fx->err));
	done(fx, store_change(fx->st, tables, 2, &fx->err));
	done(fx, store_insert(fx->st, left, &set, 1, NULL, &fx->err));
	done(fx, store_insert(fx->st, right, &set, 1, NULL, &fx->err));
	commit(fx);
	assert_int_equal(count(fx, left, NULL), 1);
}

static void
columns_are_added(void **state)
{
	FX;
	const struct column_def	 more[] = {
		{ "n", COL_INT, 0, NULL, false },
		{ "extra", COL_TEXT, 0, NULL, true },
		{ "other_id", COL_ID, 0, fx->group, false },
	};
	const struct table_def	 t = { fx->item, more, 3, NULL, 0, false };
	struct store		*other = another(fx), *mine = fx->st;
	struct value		 extra;
	int64_t			 id;

	begin(fx);
	id = item_add(fx, "kept", value_int(1));
	commit(fx);
	fx->st = other;
	assert_string_equal(texts(fx, NULL), "kept");
	fx->st = mine;
	begin(fx);
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	item_set(fx, id, "extra", value_text("new"));
	commit(fx);
	/* What the other keeps prepared must go on. */
	fx->st = other;
	assert_string_equal(texts(fx, NULL), "kept");
	extra = item_get(fx, id, "extra", COL_TEXT, 0);
	assert_true(value_is_text(&extra, "new"));
	begin(fx);
	item_set(fx, id, "other_id", value_int(99));
	refused(fx, store_commit(fx->st, &fx->err), ERR_FOREIGN);
	fx->st = mine;
	store_close(other);
}

static void
changes_roll_back(void **state)
{
	FX;
	const char		*name = name_new(fx, "t");
	const struct column_def	 c[] = { { "a", COL_INT, 0, NULL, false } };
	const struct table_def	 tables[] = {
		{ name, c, 1, NULL, 0, false },
		{ fx->item, c, 1, NULL, 0, false },
	};
	struct query		*q = query_new(fx->a, name, 0);
	struct rows		 rows;

	begin(fx);
	done(fx, store_change(fx->st, tables, 2, &fx->err));
	store_rollback(fx->st);
	refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
	    ERR_DATABASE);
	q->table = fx->item;
	q->where = expr_unary(fx->a, EXPR_IS_NULL, c_int(fx, "a"));
	refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
	    ERR_DATABASE);
}

static void
another_type_is_refused(void **state)
{
	FX;
	const struct column_def	 c[] = { { "n", COL_TEXT, 0, NULL, false } };
	const struct table_def	 t = { fx->item, c, 1, NULL, 0, false };
	const struct table_def	 link = { fx->item, c, 1, NULL, 0, true };

	refused(fx, store_change(fx->st, &t, 1, &fx->err), ERR_INTERNAL);
	begin(fx);
	assert_false(store_change(fx->st, &t, 1, &fx->err));
	assert_string_equal(fx->err.field, "n");
	assert_string_equal(fx->err.model, fx->item);
	refused(fx, false, ERR_VALIDATION);
	refused(fx, store_change(fx->st, &link, 1, &fx->err),
	    ERR_VALIDATION);
}

static void
unique_names_the_columns(void **state)
{
	FX;
	static const char *const	 one[] = { "txt" };
	static const char *const	 pair[] = { "n", "group_id" };
	const struct index_def		 indexes[] = {
		{ one, 1, true, false }, { pair, 2, true, false },
		{ pair, 2, false, false },
	};
	const struct table_def		 t = { fx->item, NULL, 0, indexes, 3,
	    false };
	struct assign			 set[] = {
		{ "n", value_int(7), NULL },
		{ "group_id", value_null(), NULL },
	};

	begin(fx);
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	set[1].value = value_int(group_add(fx, "g", 0));
	item_add(fx, "twin", value_int(1));
	done(fx, store_insert(fx->st, fx->item, set, 2, NULL, &fx->err));
	commit(fx);
	begin(fx);
	assert_false(store_insert(fx->st, fx->item, set, 2, NULL, &fx->err));
	assert_string_equal(fx->err.field, "n, group_id");
	refused(fx, false, ERR_UNIQUE);
	store_rollback(fx->st);
	begin(fx);
	set[0] = (struct assign){ "txt", value_text("twin"), NULL };
	assert_false(store_insert(fx->st, fx->item, set, 1, NULL, &fx->err));
	assert_string_equal(fx->err.field, "txt");
	assert_string_equal(fx->err.model, fx->item);
	refused(fx, false, ERR_UNIQUE);
}

/* A unique index over rows that are alike already. */
static void
unique_too_late(void **state)
{
	FX;
	static const char *const	 one[] = { "txt" };
	const struct index_def		 ix = { one, 1, true, false };
	const struct table_def		 t = { fx->item, NULL, 0, &ix, 1,
	    false };

	begin(fx);
	item_add(fx, "twin", value_int(1));
	item_add(fx, "twin", value_int(2));
	refused(fx, store_change(fx->st, &t, 1, &fx->err), ERR_UNIQUE);
}

static void
links(void **state)
{
	FX;
	const char		*name = name_new(fx, "rel");
	const struct column_def	 c[] = {
		{ "item_id", COL_ID, 0, fx->item, false },
		{ "group_id", COL_ID, 0, fx->group, false },
	};
	const struct table_def	 t = { name, c, 2, NULL, 0, true };
	struct assign		 set[] = {
		{ "item_id", value_null(), NULL },
		{ "group_id", value_null(), NULL },
	};

	begin(fx);
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	set[0].value = value_int(item_add(fx, "x", value_int(1)));
	set[1].value = value_int(group_add(fx, "g", 0));
	done(fx, store_insert(fx->st, name, set, 2, NULL, &fx->err));
	commit(fx);
	begin(fx);
	refused(fx, store_insert(fx->st, name, set, 2, NULL, &fx->err),
	    ERR_UNIQUE);
	store_rollback(fx->st);
	assert_int_equal(count(fx, name, NULL), 1);
}

static void
long_names(void **state)
{
	FX;
	char			 name[64], column[64];
	const struct column_def	 c[] = { { column, COL_INT, 0, NULL, false } };
	const char *const	 over[] = { column };
	const struct index_def	 indexes[] = {
		{ over, 1, true, false }, { over, 1, false, false },
	};
	const struct table_def	 t = { name, c, 1, indexes, 2, false };

	memset(column, 'c', 63);
	memset(name, 'n', 63);
	name[63] = column[63] = '\0';
	memcpy(name, name_new(fx, "long"), 12);
	begin(fx);
	done(fx, store_change(fx->st, &t, 1, &fx->err));
	commit(fx);
	assert_int_equal(count(fx, name, NULL), 0);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(cycles), CASE(columns_are_added),
		CASE(changes_roll_back), CASE(another_type_is_refused),
		CASE(unique_names_the_columns), CASE(unique_too_late),
		CASE(links), CASE(long_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
