/* What is computed: texts, dates, aggregates, groups, cells and lists of
 * other queries. */
#include "case.h"

#include <string.h>

#define FX		struct fixture *fx = *state

static void
begin(struct fixture *fx)
{
	done(fx, store_begin(fx->st, TXN_WRITE, &fx->err));
}

static const struct expr *
node(struct fixture *fx, enum expr_op op, enum col_type type,
    const struct expr *l, const struct expr *r)
{
	return expr_node(fx->a, op, type, 0, l, r);
}

/* The expression's value in the only row. */
static struct value
value_of(struct fixture *fx, const struct expr *e)
{
	struct rows	 rows = find(fx, e, NULL, NULL);

	assert_int_equal(rows.n, 1);
	return rows.cells[0];
}

static void
is_text(struct fixture *fx, const struct expr *e, const char *want)
{
	struct value	 v = value_of(fx, e);

	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, want);
}

static void
is_null(struct fixture *fx, const struct expr *e)
{
	assert_int_equal(value_of(fx, e).type, VALUE_NULL);
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

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(letters_of_all_languages), CASE(first_that_is_there),
		CASE(lists_keep_the_order), CASE(queries_in_a_lookup),
		CASE(groups_and_aggregates),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
