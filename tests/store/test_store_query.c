/* Traps of reading: order, patterns, lists, lookups, subqueries. */
#include "case.h"

#include <string.h>

#include "base/buf.h"

#define FX		struct fixture *fx = *state

static void
begin(struct fixture *fx)
{
	done(fx, store_begin(fx->st, TXN_WRITE, &fx->err));
}

static void
null_is_the_greatest(void **state)
{
	FX;
	const struct expr	*n = c_int(fx, "n");
	struct order		 up = { n, false, true };
	struct order		 down = { n, true, true };
	struct rows		 rows;

	begin(fx);
	item_add(fx, "a", value_int(2));
	item_add(fx, "b", value_null());
	item_add(fx, "c", value_int(1));
	rows = find(fx, n, NULL, &up);
	assert_string_equal(joined(fx, &rows), "1,2,-");
	rows = find(fx, n, NULL, &down);
	assert_string_equal(joined(fx, &rows), "-,2,1");
}

static void
text_sorts_by_bytes(void **state)
{
	FX;
	struct order	 up = { c_text(fx, "txt"), false, false };
	struct rows	 rows;

	begin(fx);
	item_add(fx, "b", value_null());
	item_add(fx, "\xc3\xa9", value_null());
	item_add(fx, "a", value_null());
	item_add(fx, "B", value_null());
	rows = find(fx, up.expr, NULL, &up);
	assert_string_equal(joined(fx, &rows), "B,a,b,\xc3\xa9");
}

static const struct expr *
like(struct fixture *fx, enum expr_op op, const char *pattern)
{
	return two(fx, op, c_text(fx, "txt"), v_text(fx, pattern));
}

static void
like_counts_case(void **state)
{
	FX;

	begin(fx);
	item_add(fx, "Azur", value_null());
	item_add(fx, "azur", value_null());
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "a%")), "azur");
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "_zu_")),
	    "Azur,azur");
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "zu")), "");
}

static void
ilike_folds_all_letters(void **state)
{
	FX;

	begin(fx);
	item_add(fx, "K\xc3\x96LN", value_null());
	item_add(fx, "k\xc3\xb6ln", value_null());
	item_add(fx, "kaln", value_null());
	item_add(fx, "KALN", value_null());
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, "K\xc3\xb6%")),
	    "K\xc3\x96LN,k\xc3\xb6ln");
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, "%ALN")),
	    "kaln,KALN");
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, "%oln")), "");
}

static void
backslash_escapes(void **state)
{
	FX;

	begin(fx);
	item_add(fx, "50%", value_null());
	item_add(fx, "50x", value_null());
	item_add(fx, "a\\b", value_null());
	item_add(fx, "A_B", value_null());
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "50\\%")), "50%");
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "a\\\\b")), "a\\b");
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "a\\b")), "");
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, "a\\_b")), "A_B");
	assert_string_equal(texts(fx, like(fx, EXPR_LIKE, "%\\")), "");
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, "50\\")), "");
}

static void
long_patterns_are_refused(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 0);
	char		 pattern[258];
	struct rows	 rows;

	begin(fx);
	memset(pattern, '%', sizeof pattern);
	pattern[256] = '\0';
	q->count = true;
	q->where = like(fx, EXPR_LIKE, arena_strdup(fx->a, pattern));
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	pattern[256] = '%';
	pattern[257] = '\0';
	q->where = like(fx, EXPR_ILIKE, pattern);
	refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
	    ERR_VALUE);
	/* It never reached the engine: the transaction goes on. */
	done(fx, store_commit(fx->st, &fx->err));
}

/* A pattern may grow when it is folded. */
static void
long_patterns_may_fold(void **state)
{
	FX;
	char	 pattern[257] = "", text[257] = "";

	begin(fx);
	for (size_t i = 0; i < 126; i++)
		strcat(pattern, "\xce\x90");
	strcat(text, pattern);
	strcat(pattern, "%");
	item_add(fx, text, value_null());
	assert_string_equal(texts(fx, like(fx, EXPR_ILIKE, pattern)), text);
}

static const struct expr *
in_list(struct fixture *fx, const struct expr *x, const char *prefix, size_t n)
{
	struct value	 list = value_list(fx->a, n);

	for (size_t i = 0; i < n; i++)
		value_push(fx->a, &list, prefix == NULL ?
		    value_int((int64_t)i) : value_text(arena_printf(fx->a,
		    "%s%zu", prefix, i)));
	return expr_in(fx->a, x, &list);
}

static void
lists_of_any_length(void **state)
{
	FX;
	static const size_t	 sizes[] = {
		0, 1, 2, 8, 9, 33, 81, 256, 257, 5000,
	};
	static const char	*odd = "\"\\\n\x01\xc3\xa9'";

	begin(fx);
	for (size_t i = 0; i < 300; i++)
		item_add(fx, arena_printf(fx->a, "%s%zu", odd, i),
		    value_int((int64_t)i));
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t	 n = sizes[i], hits = n < 300 ? n : 300;

		assert_int_equal(count(fx, fx->item,
		    in_list(fx, c_int(fx, "n"), NULL, n)), hits);
		assert_int_equal(count(fx, fx->item,
		    in_list(fx, c_text(fx, "txt"), odd, n)), hits);
	}
}

static void
many_terms(void **state)
{
	FX;
	const struct expr	*any = NULL, *all = NULL, *is, *not;

	begin(fx);
	item_add(fx, "x", value_int(999));
	for (int i = 0; i < 1000; i++) {
		is = two(fx, EXPR_EQ, c_int(fx, "n"), v_int(fx, i));
		not = two(fx, EXPR_NE, c_int(fx, "n"), v_int(fx, i + 1000));
		any = i % 2 == 0 ? expr_or(fx->a, any, is) :
		    expr_or(fx->a, is, any);
		all = expr_and(fx->a, not, all);
	}
	assert_int_equal(count(fx, fx->item, any), 1);
	assert_int_equal(count(fx, fx->item, all), 1);
}

/* n = 0 or (n = 1 and (n = 2 or ... TRUE)) */
static const struct expr *
deep(struct fixture *fx, int levels)
{
	const struct expr	*e = two(fx, EXPR_NE, c_int(fx, "n"),
	    v_int(fx, -1));

	for (int i = levels; i > 0; i--)
		e = two(fx, i % 2 == 0 ? EXPR_AND : EXPR_OR,
		    two(fx, i % 2 == 0 ? EXPR_NE : EXPR_EQ, c_int(fx, "n"),
		    v_int(fx, -i)), e);
	return e;
}

static void
deep_conditions(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 0);
	struct rows	 rows;

	begin(fx);
	item_add(fx, "x", value_int(1));
	for (int i = 1; i <= 70; i++)
		assert_int_equal(count(fx, fx->item, deep(fx, i)), 1);
	q->count = true;
	for (int i = 71; i <= 1000; i += 7) {
		q->where = deep(fx, i);
		if (!store_select(fx->st, q, fx->a, &rows, &fx->err))
			refused(fx, false, ERR_VALUE);
	}
	refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
	    ERR_VALUE);
}

/* id in (select parent_id from item where id in (...)) */
static void
deep_queries(void **state)
{
	FX;
	const struct expr	*e = two(fx, EXPR_EQ, c_text(fx, "txt"),
	    v_text(fx, "x"));
	int64_t			 id;

	begin(fx);
	id = item_add(fx, "x", value_int(1));
	item_set(fx, id, "parent_id", value_int(id));
	for (int i = 1; i <= 8; i++) {
		struct query	*q = query_new(fx->a, fx->item, 1);

		q->columns[0] = c_id(fx, "parent_id");
		q->where = two(fx, EXPR_AND, two(fx, EXPR_NE, c_int(fx, "n"),
		    v_int(fx, -i)), e);
		e = expr_in_query(fx->a, c_id(fx, "id"), q);
		assert_int_equal(count(fx, fx->item, e), 1);
	}
}

static void
looked_up(void **state)
{
	FX;
	const struct expr	*name, *boss;
	struct order		 by = { NULL, false, true };
	int64_t			 ada, bob;
	struct rows		 rows;

	begin(fx);
	ada = group_add(fx, "Ada", 0);
	bob = group_add(fx, "Bob", ada);
	item_set(fx, item_add(fx, "x", value_int(1)), "group_id",
	    value_int(bob));
	item_set(fx, item_add(fx, "y", value_int(2)), "group_id",
	    value_int(ada));
	item_add(fx, "z", value_int(3));
	name = expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    c_text(fx, "name"));
	boss = expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    expr_lookup(fx->a, c_id(fx, "boss_id"), fx->group,
	    c_text(fx, "name")));
	by.expr = name;
	rows = find(fx, name, NULL, &by);
	assert_string_equal(joined(fx, &rows), "Ada,Bob,-");
	rows = find(fx, boss, NULL, NULL);
	assert_string_equal(joined(fx, &rows), "Ada,-,-");
	assert_string_equal(texts(fx, two(fx, EXPR_EQ, boss,
	    v_text(fx, "Ada"))), "x");
	assert_string_equal(texts(fx, expr_unary(fx->a, EXPR_IS_NULL, name)),
	    "z");
}

/* More rows looked up than the engine joins. */
static void
looked_up_often(void **state)
{
	enum { OFTEN = 70 };
	FX;
	struct arena	*a = fx->a;
	struct query	*q = query_new(a, fx->item, OFTEN);
	int64_t		 bob;
	struct rows	 rows;

	begin(fx);
	bob = group_add(fx, "Bob", group_add(fx, "Ada", 0));
	item_set(fx, item_add(fx, "x", value_int(1)), "group_id",
	    value_int(bob));
	for (size_t i = 0; i < OFTEN; i++)
		q->columns[i] = expr_lookup(a, expr_if(a, expr_bool(a, i % 7),
		    c_id(fx, "group_id"), expr_value(a, value_int((int64_t)i +
		    100))), fx->group, expr_lookup(a, c_id(fx, "boss_id"),
		    fx->group, c_text(fx, "name")));
	done(fx, store_select(fx->st, q, a, &rows, &fx->err));
	for (size_t i = 0; i < OFTEN; i++)
		if (i % 7 == 0)
			assert_int_equal(rows.cells[i].type, VALUE_NULL);
		else
			assert_true(value_is_text(&rows.cells[i], "Ada"));
}

/* An id that is itself looked up. */
static void
looked_up_by_a_lookup(void **state)
{
	FX;
	const struct expr	*boss, *name;
	int64_t			 ada, bob;
	struct rows		 rows;

	begin(fx);
	ada = group_add(fx, "Ada", 0);
	bob = group_add(fx, "Bob", ada);
	item_set(fx, item_add(fx, "x", value_int(1)), "group_id",
	    value_int(bob));
	boss = expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    c_id(fx, "boss_id"));
	name = expr_lookup(fx->a, boss, fx->group, c_text(fx, "name"));
	rows = find(fx, name, NULL, NULL);
	assert_string_equal(joined(fx, &rows), "Ada");
}

static void
looked_up_while_writing(void **state)
{
	FX;
	const struct expr	*name;
	struct assign		 set = { .column = "txt" };
	int64_t			 changed, id;

	begin(fx);
	id = group_add(fx, "Ada", 0);
	item_set(fx, item_add(fx, "x", value_int(1)), "group_id",
	    value_int(id));
	item_add(fx, "y", value_int(1));
	name = expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    c_text(fx, "name"));
	set.expr = name;
	set.value = value_text("not this");
	done(fx, store_update(fx->st, fx->item, two(fx, EXPR_EQ, name,
	    v_text(fx, "Ada")), &set, 1, &changed, &fx->err));
	assert_int_equal(changed, 1);
	assert_string_equal(texts(fx, NULL), "Ada,y");
	done(fx, store_delete(fx->st, fx->item, two(fx, EXPR_EQ, name,
	    v_text(fx, "Ada")), &changed, &fx->err));
	assert_int_equal(changed, 1);
	assert_string_equal(texts(fx, NULL), "y");
}

static void
outer_is_the_row_around(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 0);
	int64_t		 a, b;

	begin(fx);
	a = item_add(fx, "a", value_int(1));
	b = item_add(fx, "b", value_int(1));
	item_set(fx, item_add(fx, "c", value_int(1)), "parent_id",
	    value_int(b));
	item_set(fx, a, "parent_id", value_int(a));
	q->where = two(fx, EXPR_AND,
	    two(fx, EXPR_EQ, c_id(fx, "parent_id"),
	    expr_outer(fx->a, "id", COL_ID)),
	    two(fx, EXPR_NE, c_id(fx, "id"),
	    expr_outer(fx->a, "id", COL_ID)));
	assert_string_equal(texts(fx, expr_exists(fx->a, q)), "b");
	assert_string_equal(texts(fx, expr_unary(fx->a, EXPR_NOT,
	    expr_exists(fx->a, q))), "a,c");
}

/* Those with a grandchild: the innermost query looks two rows out. */
static void
outer_goes_further(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 0);
	struct query	*children = query_new(fx->a, fx->item, 1);
	int64_t		 a, b;

	begin(fx);
	a = item_add(fx, "a", value_int(1));
	b = item_add(fx, "b", value_int(1));
	item_set(fx, b, "parent_id", value_int(a));
	item_set(fx, item_add(fx, "c", value_int(1)), "parent_id",
	    value_int(b));
	children->columns[0] = c_id(fx, "id");
	children->where = two(fx, EXPR_EQ, c_id(fx, "parent_id"),
	    expr_outer_far(fx->a, "id", COL_ID, 1));
	q->where = expr_in_query(fx->a, c_id(fx, "parent_id"), children);
	assert_string_equal(texts(fx, expr_exists(fx->a, q)), "a");
	q->where = two(fx, EXPR_EQ, c_id(fx, "id"),
	    expr_outer_far(fx->a, "id", COL_ID, 1));
	refused(fx, store_select(fx->st, q, fx->a, &(struct rows){ 0 },
	    &fx->err), ERR_INTERNAL);
}

static void
pages(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, fx->item, 1);
	struct order	 by = { c_int(fx, "n"), true, false };
	struct rows	 rows;

	begin(fx);
	for (int i = 1; i <= 5; i++)
		item_add(fx, "x", value_int(i));
	q->columns[0] = c_int(fx, "n");
	q->orders = &by;
	q->norders = 1;
	q->limit = 2;
	q->offset = 1;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_string_equal(joined(fx, &rows), "4,3");
	q->limit = 0;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_string_equal(joined(fx, &rows), "4,3,2,1");
	q->count = true;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_string_equal(joined(fx, &rows), "4");
	q->limit = q->offset = 0;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_string_equal(joined(fx, &rows), "5");
}

static void
unknown_is_not_true(void **state)
{
	FX;
	const struct expr	*is = two(fx, EXPR_EQ, c_int(fx, "n"),
	    v_int(fx, 1));

	begin(fx);
	item_add(fx, "one", value_int(1));
	item_add(fx, "two", value_int(2));
	item_add(fx, "none", value_null());
	assert_string_equal(texts(fx, is), "one");
	assert_string_equal(texts(fx, expr_unary(fx->a, EXPR_NOT, is)), "two");
	assert_string_equal(texts(fx, expr_bool(fx->a, true)),
	    "one,two,none");
	assert_string_equal(texts(fx, expr_bool(fx->a, false)), "");
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(null_is_the_greatest), CASE(text_sorts_by_bytes),
		CASE(like_counts_case), CASE(ilike_folds_all_letters),
		CASE(backslash_escapes), CASE(long_patterns_are_refused),
		CASE(long_patterns_may_fold), CASE(lists_of_any_length),
		CASE(many_terms), CASE(deep_conditions), CASE(deep_queries),
		CASE(looked_up), CASE(looked_up_often),
		CASE(looked_up_by_a_lookup),
		CASE(looked_up_while_writing), CASE(outer_is_the_row_around),
		CASE(outer_goes_further),
		CASE(pages), CASE(unknown_is_not_true),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
