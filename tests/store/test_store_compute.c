/* What is computed: texts, aggregates, groups, cells and lists of other
 * queries. */
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
is_text(struct fixture *fx, const struct expr *e, const char *want)
{
	struct value	 v = value_of(fx, e);

	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, want);
}

static void
letters_of_all_languages(void **state)
{
	FX;
	const struct expr	*txt = c_text(fx, "txt");

	begin(fx);
	item_add(fx, "Stra\xc3\x9f" "e \xc3\x89T\xc3\x89 \xd0\x9c\xd0\xb8\xd1\x80",
	    value_null());
	is_text(fx, node(fx, EXPR_LOWER, COL_TEXT, txt, NULL),
	    "stra\xc3\x9f" "e \xc3\xa9t\xc3\xa9 \xd0\xbc\xd0\xb8\xd1\x80");
	is_text(fx, node(fx, EXPR_UPPER, COL_TEXT, v_text(fx, "\xc3\xa9\xd0\xb8z"),
	    NULL), "\xc3\x89\xd0\x98Z");
	assert_int_equal(value_of(fx, node(fx, EXPR_LENGTH, COL_INT, txt,
	    NULL)).u.i, 14);
	is_null(fx, node(fx, EXPR_UPPER, COL_TEXT, expr_value(fx->a,
	    value_null()), NULL));
	assert_int_equal(count(fx, fx->item, two(fx, EXPR_ILIKE_FLAT, txt,
	    v_text(fx, "%STRASSE ete %"))), 1);
	assert_int_equal(count(fx, fx->item, two(fx, EXPR_ILIKE_FLAT, txt,
	    v_text(fx, "%STRASSE et %"))), 0);
}

static void
first_that_is_there(void **state)
{
	FX;
	const struct expr	*n = c_int(fx, "n"), *id = c_id(fx, "id");
	int64_t			 it;

	begin(fx);
	it = item_add(fx, NULL, value_null());
	assert_int_equal(value_of(fx, node(fx, EXPR_COALESCE, COL_INT, n,
	    id)).u.i, it);
	assert_int_equal(value_of(fx, node(fx, EXPR_COALESCE, COL_INT, id,
	    n)).u.i, it);
	is_null(fx, node(fx, EXPR_COALESCE, COL_INT, n, n));
}

static const struct expr *
ids(struct fixture *fx, const struct expr *where, const struct order *by,
    size_t nby)
{
	struct query	*q = query_new(fx->a, fx->item, 1);
	struct expr	*e;

	q->columns[0] = c_id(fx, "id");
	q->where = where;
	q->orders = by;
	q->norders = nby;
	e = expr_node(fx->a, EXPR_IDS, COL_IDS, 0, NULL, NULL);
	e->query = q;
	return e;
}

static void
lists_keep_the_order(void **state)
{
	FX;
	struct order		 by[] = {
		{ c_int(fx, "n"), true, true }, { c_id(fx, "id"), true, false },
	};
	const struct expr	*children;
	struct rows		 rows;
	struct value_list	*list;
	int64_t			 root, id[200];

	begin(fx);
	root = item_add(fx, "root", value_null());
	for (int i = 0; i < 200; i++) {
		id[i] = item_add(fx, "child", value_int(i * 77 % 200));
		item_set(fx, id[i], "parent_id", value_int(root));
	}
	children = ids(fx, two(fx, EXPR_EQ, c_id(fx, "parent_id"),
	    expr_outer(fx->a, "id", COL_ID)), by, 2);
	rows = find(fx, children, two(fx, EXPR_LE, c_id(fx, "id"),
	    v_int(fx, id[0])), NULL);
	assert_int_equal(rows.n, 2);
	assert_int_equal(rows.cells[0].type, VALUE_LIST);
	list = rows.cells[0].u.list;
	assert_int_equal(list->n, 200);
	for (int64_t i = 0; i < 200; i++)
		assert_int_equal((list->v[i].u.i - id[0]) * 77 % 200, 199 - i);
	assert_int_equal(rows.cells[1].u.list->n, 0);
}

/* The row around a query inside a lookup is the row looked up. */
static void
queries_in_a_lookup(void **state)
{
	FX;
	const struct expr	*siblings;
	int64_t			 root, one, two_;
	struct rows		 rows;

	begin(fx);
	root = item_add(fx, "root", value_null());
	one = item_add(fx, "one", value_null());
	two_ = item_add(fx, "two", value_null());
	item_set(fx, one, "parent_id", value_int(root));
	item_set(fx, two_, "parent_id", value_int(root));
	siblings = expr_lookup(fx->a, c_id(fx, "parent_id"), fx->item,
	    ids(fx, two(fx, EXPR_EQ, c_id(fx, "parent_id"),
	    expr_outer(fx->a, "id", COL_ID)), NULL, 0));
	rows = find(fx, siblings, by_id(fx, two_), NULL);
	assert_int_equal(rows.cells[0].u.list->n, 2);
	assert_int_equal(rows.cells[0].u.list->v[0].u.i, one);
	assert_int_equal(rows.cells[0].u.list->v[1].u.i, two_);
}

static void
groups_and_aggregates(void **state)
{
	FX;
	const struct expr	*name, *n = c_int(fx, "n");
	struct query		*q = query_new(fx->a, fx->item, 4);
	struct order		 by = { NULL, true, true };
	int64_t			 ada, bob;
	struct rows		 rows;

	begin(fx);
	ada = group_add(fx, "Ada", 0);
	bob = group_add(fx, "Bob", 0);
	for (int i = 0; i < 10; i++)
		item_set(fx, item_add(fx, "x", i == 3 ? value_null() :
		    value_int(i)), "group_id", value_int(i % 3 == 0 ? ada :
		    bob));
	item_add(fx, "y", value_null());
	name = expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    node(fx, EXPR_COALESCE, COL_TEXT, c_text(fx, "name"),
	    v_text(fx, "?")));
	q->groups = &name;
	q->ngroups = 1;
	q->columns[0] = name;
	q->columns[1] = node(fx, EXPR_COUNT, COL_INT, NULL, NULL);
	q->columns[2] = node(fx, EXPR_COUNT, COL_INT, n, NULL);
	q->columns[3] = node(fx, EXPR_SUM, COL_INT, n, NULL);
	by.expr = name;
	q->orders = &by;
	q->norders = 1;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_string_equal(joined(fx, &rows), "-,Bob,Ada");
	assert_int_equal(rows.cells[1].u.i, 1);
	assert_int_equal(rows.cells[3].type, VALUE_NULL);
	assert_int_equal(rows.cells[5].u.i, 6);
	assert_int_equal(rows.cells[7].u.i, 1 + 2 + 4 + 5 + 7 + 8);
	assert_int_equal(rows.cells[9].u.i, 4);
	assert_int_equal(rows.cells[10].u.i, 3);
	q->count = true;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_int_equal(rows.cells[0].u.i, 3);
}

static void
aggregates_of_all_types(void **state)
{
	FX;
	const struct expr	*d = expr_column(fx->a, "d", COL_DECIMAL, 2);
	const struct expr	*f = expr_column(fx->a, "f", COL_FLOAT, 0);
	const struct expr	*flag, *txt = c_text(fx, "txt");
	struct query		*q = query_new(fx->a, fx->item, 10);
	struct rows		 rows;
	struct value		*v;
	int64_t			 id;

	flag = expr_column(fx->a, "flag", COL_BOOL, 0);
	q->columns[0] = decimal(fx, EXPR_SUM, 2, d, NULL);
	q->columns[1] = decimal(fx, EXPR_AVG, 2, d, NULL);
	q->columns[2] = node(fx, EXPR_AVG, COL_FLOAT, d, NULL);
	q->columns[3] = node(fx, EXPR_SUM, COL_FLOAT, f, NULL);
	q->columns[4] = node(fx, EXPR_MIN, COL_TEXT, txt, NULL);
	q->columns[5] = node(fx, EXPR_MAX, COL_TEXT, txt, NULL);
	q->columns[6] = node(fx, EXPR_BOOL_AND, COL_BOOL, flag, NULL);
	q->columns[7] = node(fx, EXPR_BOOL_OR, COL_BOOL, flag, NULL);
	q->columns[8] = node(fx, EXPR_COUNT_DISTINCT, COL_INT, d, NULL);
	q->columns[9] = node(fx, EXPR_COUNT, COL_INT, NULL, NULL);
	begin(fx);
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 1);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(rows.cells[i].type, VALUE_NULL);
	assert_int_equal(rows.cells[8].u.i, 0);
	assert_int_equal(rows.cells[9].u.i, 0);
	for (int i = 0; i < 3; i++) {
		id = item_add(fx, i == 0 ? "b" : "a", value_int(i));
		item_set(fx, id, "d", value_decimal(i == 2 ? 1 : 10, 2));
		item_set(fx, id, "f", value_float(0.25));
		item_set(fx, id, "flag", value_bool(i == 1));
	}
	item_add(fx, NULL, value_null());
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	v = rows.cells;
	assert_true(v[0].type == VALUE_DECIMAL && v[0].u.i == 21);
	assert_true(v[1].type == VALUE_DECIMAL && v[1].u.i == 7);
	assert_true(v[2].type == VALUE_FLOAT && v[2].u.f == 0.21 / 3);
	assert_true(v[3].type == VALUE_FLOAT && v[3].u.f == 0.75);
	assert_true(value_is_text(&v[4], "a") && value_is_text(&v[5], "b"));
	assert_true(v[6].type == VALUE_BOOL && !v[6].u.b);
	assert_true(v[7].type == VALUE_BOOL && v[7].u.b);
	assert_int_equal(v[8].u.i, 2);
	assert_int_equal(v[9].u.i, 4);
}

static const struct expr *
selected(struct fixture *fx, const struct expr *cell, const struct expr *where,
    const struct order *by)
{
	struct query	*q = query_new(fx->a, fx->item, 1);
	struct expr	*e;

	q->columns[0] = cell;
	q->where = where;
	q->orders = by;
	q->norders = by == NULL ? 0 : 1;
	q->limit = by == NULL ? 0 : 1;
	e = expr_node(fx->a, EXPR_SELECT, cell->type, cell->scale, NULL, NULL);
	e->query = q;
	return e;
}

/* A computed value that looks at other rows, also while writing. */
static void
cells_of_other_rows(void **state)
{
	FX;
	const struct expr	*mine, *sum, *newest;
	struct assign		 set = { "n", value_null(), NULL };
	struct order		 by = { c_id(fx, "id"), true, false };
	int64_t			 root, changed, id;
	struct rows		 rows;

	begin(fx);
	root = item_add(fx, "root", value_null());
	for (int i = 1; i <= 3; i++)
		item_set(fx, item_add(fx, i == 3 ? "last" : "x", value_int(i)),
		    "parent_id", value_int(root));
	mine = two(fx, EXPR_EQ, c_id(fx, "parent_id"), expr_outer(fx->a, "id",
	    COL_ID));
	sum = selected(fx, node(fx, EXPR_SUM, COL_INT, c_int(fx, "n"), NULL),
	    mine, NULL);
	newest = selected(fx, c_text(fx, "txt"), mine, &by);
	rows = find(fx, sum, NULL, NULL);
	assert_string_equal(joined(fx, &rows), "6,-,-,-");
	rows = find(fx, newest, NULL, NULL);
	assert_string_equal(joined(fx, &rows), "last,-,-,-");
	set.expr = sum;
	done(fx, store_update(fx->st, fx->item, by_id(fx, root), &set, 1,
	    &changed, &fx->err));
	assert_int_equal(item_get(fx, root, "n", COL_INT, 0).u.i, 6);
	set.expr = selected(fx, node(fx, EXPR_MAX, COL_INT, c_int(fx, "n"),
	    NULL), NULL, NULL);
	done(fx, store_insert(fx->st, fx->item, &set, 1, &id, &fx->err));
	assert_int_equal(item_get(fx, id, "n", COL_INT, 0).u.i, 6);
	/* There is no row around an insert. */
	set.expr = sum;
	assert_false(store_insert(fx->st, fx->item, &set, 1, &id, &fx->err));
}

/* What hides a missing row must not do so in a lookup. */
static void
nothing_looked_up_is_null(void **state)
{
	FX;
	const struct expr	*e[] = {
		node(fx, EXPR_COALESCE, COL_TEXT, c_text(fx, "name"),
		    v_text(fx, "?")),
		two(fx, EXPR_CONCAT, c_text(fx, "name"), v_text(fx, "!")),
		v_text(fx, "?"),
	};

	begin(fx);
	item_add(fx, "x", value_int(1));
	for (size_t i = 0; i < sizeof e / sizeof e[0]; i++)
		is_null(fx, expr_lookup(fx->a, c_id(fx, "group_id"),
		    fx->group, e[i]));
}

static const struct expr *
nest(struct fixture *fx, int how, const struct expr *e)
{
	const struct expr	*n = c_int(fx, "n");
	struct order		*by = arena_alloc(fx->a, sizeof *by);

	by->expr = e;
	switch (how) {
	case 0:
		return node(fx, EXPR_ADD, COL_INT, e, n);
	case 1:
		return node(fx, EXPR_ADD, COL_INT, n, e);
	case 2:
		return node(fx, EXPR_COALESCE, COL_INT, n, e);
	case 3:
		return period(fx, EXPR_DATE_ADD, COL_DATE, "day", n, e);
	case 4:
		return selected(fx, e, NULL, NULL);
	case 5:
		return selected(fx, n, NULL, by);
	case 6:
		return ids(fx, NULL, by, 1);
	case 7:
		return ids(fx, two(fx, EXPR_EQ, n, e), NULL, 0);
	case 8:
		return selected(fx, node(fx, EXPR_SUM, COL_INT, e, NULL),
		    two(fx, EXPR_EQ, n, e), NULL);
	default:
		return expr_lookup(fx->a, c_id(fx, "parent_id"), fx->item,
		    node(fx, EXPR_COALESCE, COL_INT, e, n));
	}
}

/* Refused by the store: the engine's parser must never have to. */
static void
deep_computations(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 1);
	struct rows	 rows;

	begin(fx);
	for (int how = 0; how < 10; how++) {
		const struct expr	*e = c_int(fx, "n");
		int			 levels = 0;

		do {
			e = q->columns[0] = nest(fx, how, e);
			levels++;
		} while (levels < 40 &&
		    store_select(fx->st, q, fx->a, &rows, &fx->err));
		assert_in_range(levels, 5, 39);
		refused(fx, false, ERR_VALUE);
	}
	commit(fx);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(letters_of_all_languages), CASE(first_that_is_there),
		CASE(lists_keep_the_order), CASE(queries_in_a_lookup),
		CASE(groups_and_aggregates), CASE(aggregates_of_all_types),
		CASE(cells_of_other_rows), CASE(nothing_looked_up_is_null),
		CASE(deep_computations),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
