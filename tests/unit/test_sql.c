/* The text that a tree becomes: canonical, with every value bound. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/cache.h"
#include "store/driver.h"
#include "store/sqlite_text.h"

struct fixture {
	struct arena	*a;
	struct sql	 s;
	struct err	 err;
};

#define FX	struct fixture *fx = *state

static int
open_sql(void **state)
{
	struct arena	*a = arena_new();
	struct fixture	*fx = arena_alloc(a, sizeof *fx);

	fx->a = a;
	sql_init(&fx->s, &flavor_sqlite, a);
	sql_start(&fx->s, &fx->err);
	*state = fx;
	return 0;
}

static int
close_sql(void **state)
{
	FX;

	sql_free(&fx->s);
	arena_free(fx->a);
	return 0;
}

static const struct expr *
col(struct fixture *fx, const char *name)
{
	return expr_column(fx->a, name, COL_INT, 0);
}

static const struct expr *
num(struct fixture *fx, int64_t i)
{
	return expr_value(fx->a, value_int(i));
}

static const struct expr *
eq(struct fixture *fx, const char *name, int64_t i)
{
	return expr_binary(fx->a, EXPR_EQ, col(fx, name), num(fx, i));
}

static const struct expr *
partner(struct fixture *fx, const char *name)
{
	return expr_lookup(fx->a, expr_column(fx->a, "partner_id", COL_ID, 0),
	    "res_partner", expr_column(fx->a, name, COL_TEXT, 0));
}

static struct query *
ask(struct fixture *fx, const struct expr *where)
{
	struct query	*q = query_new(fx->a, "sale", 1);

	q->columns[0] = col(fx, "id");
	q->where = where;
	return q;
}

static const char *
text(struct fixture *fx, const struct query *q)
{
	sql_start(&fx->s, &fx->err);
	assert_true(sql_select(&fx->s, q));
	return arena_strdup(fx->a, fx->s.text->p);
}

static const char *
where(struct fixture *fx, const struct expr *e)
{
	static const char	 head[] =
	    "SELECT t0.\"id\" FROM \"sale\" AS t0 WHERE ";
	const char		*whole = text(fx, ask(fx, e));

	assert_memory_equal(whole, head, sizeof head - 1);
	return whole + sizeof head - 1;
}

static void
values_are_bound(void **state)
{
	FX;
	const char	*one = where(fx, eq(fx, "n", 1));

	assert_string_equal(one, "(t0.\"n\"=?1)");
	assert_string_equal(where(fx, eq(fx, "n", 77)), one);
	assert_int_equal(fx->s.nargs, 1);
	assert_int_equal(fx->s.args[0].u.i, 77);
}

static void
chains_are_flat(void **state)
{
	FX;
	const struct expr	*a = eq(fx, "a", 1), *b = eq(fx, "b", 2);
	const struct expr	*c = eq(fx, "c", 3);
	const char		*left, *right;

	left = where(fx, expr_and(fx->a, expr_and(fx->a, a, b), c));
	right = where(fx, expr_and(fx->a, a, expr_and(fx->a, b, c)));
	assert_string_equal(left,
	    "((t0.\"a\"=?1) AND (t0.\"b\"=?2) AND (t0.\"c\"=?3))");
	assert_string_equal(left, right);
	assert_ptr_equal(expr_and(fx->a, NULL, a), a);
	assert_ptr_equal(expr_or(fx->a, expr_bool(fx->a, false), a), a);
	assert_int_equal(expr_and(fx->a, expr_bool(fx->a, false), a)->op,
	    EXPR_FALSE);
	assert_int_equal(expr_or(fx->a, a, expr_bool(fx->a, true))->op,
	    EXPR_TRUE);
	assert_int_equal(expr_and(fx->a, NULL, NULL)->op, EXPR_TRUE);
	assert_int_equal(expr_or(fx->a, NULL, NULL)->op, EXPR_FALSE);
}

static const char *
in(struct fixture *fx, size_t n)
{
	struct value	 list = value_list(fx->a, n);

	for (size_t i = 0; i < n; i++)
		value_push(fx->a, &list, value_int((int64_t)i));
	return where(fx, expr_in(fx->a, col(fx, "id"), &list));
}

static void
lists_have_few_sizes(void **state)
{
	FX;

	assert_string_equal(in(fx, 0), "FALSE");
	assert_string_equal(in(fx, 1), "(t0.\"id\" IN (?1))");
	assert_string_equal(in(fx, 3), in(fx, 8));
	assert_int_equal(fx->s.nargs, 8);
	in(fx, 3);
	assert_int_equal(fx->s.args[7].u.i, 2);
	assert_string_not_equal(in(fx, 8), in(fx, 9));
	assert_string_equal(in(fx, 33), in(fx, 80));
	assert_string_equal(in(fx, 81), in(fx, 256));
	assert_int_equal(fx->s.nargs, 256);
	assert_string_equal(in(fx, 257),
	    "(t0.\"id\" IN (SELECT value FROM json_each(?1)))");
	assert_string_equal(in(fx, 257), in(fx, 100000));
	assert_int_equal(fx->s.nargs, 1);
}

static void
one_join_for_each_row(void **state)
{
	FX;
	struct query		*q = query_new(fx->a, "sale", 2);
	struct order		 by = { partner(fx, "name"), true, true };

	q->columns[0] = partner(fx, "name");
	q->columns[1] = partner(fx, "city");
	q->where = expr_unary(fx->a, EXPR_IS_NULL, partner(fx, "name"));
	q->orders = &by;
	q->norders = 1;
	assert_string_equal(text(fx, q), "SELECT t1.\"name\",t1.\"city\" "
	    "FROM \"sale\" AS t0 LEFT JOIN \"res_partner\" AS t1 "
	    "ON t1.\"id\"=t0.\"partner_id\" WHERE (t1.\"name\" IS NULL) "
	    "ORDER BY t1.\"name\" DESC NULLS FIRST");
	assert_int_equal(fx->s.columns[0].type, COL_TEXT);
}

static void
other_rows_get_other_joins(void **state)
{
	FX;
	const struct expr	*parent, *outer;
	struct query		*inner;

	parent = expr_lookup(fx->a, partner(fx, "parent_id"), "res_partner",
	    expr_column(fx->a, "name", COL_TEXT, 0));
	assert_string_equal(text(fx, ask(fx, expr_unary(fx->a, EXPR_IS_NULL,
	    parent))), "SELECT t0.\"id\" FROM \"sale\" AS t0 "
	    "LEFT JOIN \"res_partner\" AS t1 ON t1.\"id\"=t0.\"partner_id\" "
	    "LEFT JOIN \"res_partner\" AS t2 ON t2.\"id\"=t1.\"parent_id\" "
	    "WHERE (t2.\"name\" IS NULL)");
	outer = expr_outer(fx->a, "id", COL_ID);
	inner = query_new(fx->a, "line", 0);
	inner->where = expr_and(fx->a, expr_binary(fx->a, EXPR_EQ,
	    col(fx, "sale_id"), outer), expr_unary(fx->a, EXPR_IS_NULL,
	    partner(fx, "name")));
	assert_string_equal(where(fx, expr_exists(fx->a, inner)),
	    "EXISTS (SELECT 1 FROM \"line\" AS t1 "
	    "LEFT JOIN \"res_partner\" AS t2 ON t2.\"id\"=t1.\"partner_id\" "
	    "WHERE ((t1.\"sale_id\"=t0.\"id\") AND (t2.\"name\" IS NULL)))");
}

static void
no_joins_while_writing(void **state)
{
	FX;
	struct assign	 set = { "note", value_null(), partner(fx, "name") };

	assert_true(sql_update(&fx->s, "sale", eq(fx, "id", 1), &set, 1));
	assert_string_equal(fx->s.text->p, "UPDATE \"sale\" AS t0 "
	    "SET \"note\"=(SELECT t1.\"name\" FROM \"res_partner\" AS t1 "
	    "WHERE t1.\"id\"=t0.\"partner_id\") WHERE (t0.\"id\"=?1)");
	sql_start(&fx->s, &fx->err);
	assert_true(sql_delete(&fx->s, "sale", eq(fx, "id", 1)));
	assert_string_equal(fx->s.text->p,
	    "DELETE FROM \"sale\" AS t0 WHERE (t0.\"id\"=?1)");
	sql_start(&fx->s, &fx->err);
	set.expr = NULL;
	assert_true(sql_insert(&fx->s, "sale", &set, 1));
	assert_string_equal(fx->s.text->p,
	    "INSERT INTO \"sale\" (\"note\") VALUES (?1)");
	sql_start(&fx->s, &fx->err);
	assert_true(sql_insert(&fx->s, "sale", NULL, 0));
	assert_string_equal(fx->s.text->p,
	    "INSERT INTO \"sale\" DEFAULT VALUES");
}

static void
nulls_only_where_they_can_be(void **state)
{
	FX;
	struct query	*q = ask(fx, NULL);
	struct order	 by[] = {
		{ col(fx, "a"), false, true }, { col(fx, "id"), true, false },
	};

	q->orders = by;
	q->norders = 2;
	q->limit = 80;
	q->offset = 160;
	assert_string_equal(text(fx, q), "SELECT t0.\"id\" FROM \"sale\" AS t0 "
	    "ORDER BY t0.\"a\" NULLS LAST,t0.\"id\" DESC LIMIT ?1 OFFSET ?2");
	q->limit = 0;
	assert_non_null(strstr(text(fx, q), " LIMIT -1 OFFSET ?1"));
	q->count = true;
	q->offset = 0;
	assert_string_equal(text(fx, q),
	    "SELECT count(*) FROM \"sale\" AS t0");
}

static void
hostile_names_do_not_pass(void **state)
{
	FX;
	static const char *const	 names[] = {
		"", "id\" FROM x --", "Name", "a b", "a.b", "\xc3\xa9",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		sql_start(&fx->s, &fx->err);
		assert_false(sql_select(&fx->s, ask(fx, eq(fx, names[i], 1))));
		assert_int_equal(fx->err.code, ERR_INTERNAL);
		err_clear(&fx->err);
	}
	sql_start(&fx->s, &fx->err);
	assert_false(sql_select(&fx->s, ask(fx, expr_outer(fx->a, "id",
	    COL_ID))));
	assert_int_equal(fx->err.code, ERR_INTERNAL);
}

static void
many_names_and_values(void **state)
{
	FX;
	struct query	*q = query_new(fx->a, "sale", 300);

	for (size_t i = 0; i < 300; i++)
		q->columns[i] = expr_lookup(fx->a, expr_column(fx->a,
		    arena_printf(fx->a, "c%zu", i), COL_ID, 0), "res_partner",
		    expr_binary(fx->a, EXPR_CONCAT, num(fx, (int64_t)i),
		    expr_column(fx->a, "name", COL_TEXT, 0)));
	assert_non_null(strstr(text(fx, q), "AS t50 ON"));
	assert_int_equal(fx->s.nargs, 300);
	assert_int_equal(fx->s.args[299].u.i, 299);
	assert_int_equal(fx->s.ncolumns, 300);
}

static const struct expr *
search(struct fixture *fx, const struct expr *of, enum expr_op op,
    const char *pattern)
{
	struct expr	*e = expr_node(fx->a, op, COL_BOOL, 0, of,
	    expr_value(fx->a, value_text(pattern)));

	e->indexed = true;
	return e;
}

static void
searches_by_the_index(void **state)
{
	FX;
	const struct expr	*note = expr_column(fx->a, "note", COL_TEXT, 0);
	const struct expr	*e;
	struct query		*q;

	e = search(fx, note, EXPR_LIKE, "%\xc3\x89t\"\\%\\x%ab%");
	assert_string_equal(where(fx, e), "(t0.\"id\" IN (SELECT rowid FROM "
	    "\"sale_note__c084e328\" WHERE \"sale_note__c084e328\" MATCH ?1) "
	    "AND (t0.\"note\" LIKE ?2 ESCAPE '\\'))");
	assert_true(value_is_text(&fx->s.args[0],
	    "\"et\"\"\" \"t\"\"%\" \"\"\"%x\""));
	assert_non_null(strstr(where(fx, expr_or(fx->a, eq(fx, "n", 1), e)),
	    "MATCH"));
	assert_null(strstr(where(fx, expr_unary(fx->a, EXPR_NOT, e)),
	    "MATCH"));
	assert_null(strstr(where(fx, search(fx, note, EXPR_LIKE, "%ab%cd_e")),
	    "MATCH"));
	e = search(fx, partner(fx, "name"), EXPR_ILIKE, "abc%");
	assert_non_null(strstr(text(fx, ask(fx, e)),
	    "WHERE (t0.\"partner_id\" IN (SELECT rowid FROM \"res_partner_name"));
	q = ask(fx, NULL);
	q->columns[0] = e;
	assert_null(strstr(text(fx, q), "MATCH"));
}

static void
groups_are_numbers_of_columns(void **state)
{
	FX;
	struct query		*q = query_new(fx->a, "sale", 2);
	const struct expr	*groups[2];
	struct order		 by = { NULL, true, true };
	struct expr		*month;

	month = expr_node(fx->a, EXPR_DATE_TRUNC, COL_DATE, 0,
	    expr_column(fx->a, "day", COL_DATETIME, 0), num(fx, 3600));
	month->name = "month";
	groups[0] = col(fx, "a");
	groups[1] = by.expr = month;
	q->columns[0] = expr_node(fx->a, EXPR_COUNT, COL_INT, 0, NULL, NULL);
	q->columns[1] = month;
	q->groups = groups;
	q->ngroups = 2;
	q->orders = &by;
	q->norders = 1;
	assert_string_equal(text(fx, q), "SELECT count(*),"
	    "datetime_start(t0.\"day\",?1,'month') FROM \"sale\" AS t0 "
	    "GROUP BY t0.\"a\",2 ORDER BY 2 DESC NULLS FIRST");
	q->count = true;
	assert_string_equal(text(fx, q), "SELECT count(*) FROM (SELECT 1 FROM "
	    "\"sale\" AS t0 GROUP BY t0.\"a\","
	    "datetime_start(t0.\"day\",?1,'month')) AS page");
	q->count = false;
	month->name = "fortnight";
	sql_start(&fx->s, &fx->err);
	assert_false(sql_select(&fx->s, q));
	assert_int_equal(fx->err.code, ERR_INTERNAL);
}

/* The text that each handle stands for must come back, or none. */
static void
cache_keeps_and_drops(void **state)
{
	FX;
	struct cache	*c = cache_new();
	size_t		 kept = 0;
	char		*key;

	for (size_t i = 0; i < 2000; i++) {
		key = arena_printf(fx->a, "SELECT %zu", i);
		assert_null(cache_get(c, key, strlen(key)));
		cache_put(c, key, strlen(key), key);
		assert_ptr_equal(cache_get(c, key, strlen(key)), key);
		assert_null(cache_get(c, key + 1, strlen(key) - 1));
		key = arena_strdup(fx->a, "SELECT 0");
		assert_string_equal(cache_get(c, key, strlen(key)), key);
	}
	while (cache_pop(c) != NULL)
		kept++;
	assert_in_range(kept, 200, 256);
	cache_free(c);
}

static void
small_texts(void **state)
{
	FX;
	char		 room[FOLD_ROOM], number[DECIMAL_ROOM];
	char		 longer[FOLD_ROOM + 2];
	struct span	 folded;

	folded = text_fold(fx->a, span_of("A@Z[a`z"), room);
	assert_true(span_is(folded, "a@z[a`z"));
	memset(longer, 'Q', FOLD_ROOM + 1);
	longer[FOLD_ROOM + 1] = '\0';
	folded = text_fold(fx->a, span_of(longer), room);
	assert_int_equal(folded.n, FOLD_ROOM + 1);
	assert_int_equal(folded.p[FOLD_ROOM], 'q');
	text_decimal(number, -1234, 0);
	assert_string_equal(number, "-1234");
	text_decimal(number, 5, 3);
	assert_string_equal(number, "0.005");
	text_decimal(number, INT64_MAX, 18);
	assert_string_equal(number, "9.223372036854775807");
	err_constraint(&fx->err, "UNIQUE constraint failed: t.a, t.b");
	assert_string_equal(fx->err.model, "t");
	assert_string_equal(fx->err.field, "a, b");
	err_clear(&fx->err);
	err_constraint(&fx->err, "FOREIGN KEY constraint failed");
	assert_string_equal(fx->err.model, "");
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, open_sql, close_sql)
	const struct CMUnitTest	 cases[] = {
		CASE(values_are_bound), CASE(chains_are_flat),
		CASE(lists_have_few_sizes), CASE(one_join_for_each_row),
		CASE(other_rows_get_other_joins),
		CASE(no_joins_while_writing),
		CASE(nulls_only_where_they_can_be),
		CASE(hostile_names_do_not_pass), CASE(many_names_and_values),
		CASE(searches_by_the_index), CASE(groups_are_numbers_of_columns),
		CASE(cache_keeps_and_drops), CASE(small_texts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
