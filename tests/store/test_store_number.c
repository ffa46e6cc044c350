/* What is computed of numbers and dates. */
#include "case.h"

#include "base/date.h"

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
is_number(struct fixture *fx, const struct expr *e, int64_t want)
{
	struct value	 v = value_of(fx, e);

	assert_int_equal(v.type, e->type == COL_DECIMAL ? VALUE_DECIMAL :
	    VALUE_INT);
	assert_int_equal(v.scale, e->scale);
	assert_int_equal(v.u.i, want);
}

/* item.d is 12.34, item.n 7 */
static void
numbers_are_exact(void **state)
{
	FX;
	const struct expr	*n = c_int(fx, "n"), *zero = v_int(fx, 0);
	const struct expr	*d = expr_column(fx->a, "d", COL_DECIMAL, 2);
	const struct expr	*f = expr_value(fx->a, value_float(0.5));
	struct value		 v;

	begin(fx);
	item_set(fx, item_add(fx, "x", value_int(7)), "d",
	    value_decimal(1234, 2));
	is_number(fx, decimal(fx, EXPR_ADD, 3, d, n), 19340);
	is_number(fx, decimal(fx, EXPR_SUB, 1, n, d), -53);
	is_number(fx, decimal(fx, EXPR_MUL, 2, d, d), 15228);
	is_number(fx, decimal(fx, EXPR_DIV, 4, d, n), 17629);
	is_number(fx, node(fx, EXPR_DIV, COL_INT, n, v_int(fx, -2)), -4);
	is_number(fx, node(fx, EXPR_NUMBER, COL_INT, d, NULL), 12);
	is_number(fx, decimal(fx, EXPR_NUMBER, 1, d, NULL), 123);
	is_number(fx, decimal(fx, EXPR_NUMBER, 2, f, NULL), 50);
	is_number(fx, decimal(fx, EXPR_ADD, 2, d, f), 1284);
	is_null(fx, node(fx, EXPR_DIV, COL_INT, n, zero));
	is_null(fx, node(fx, EXPR_DIV, COL_FLOAT, f, zero));
	is_null(fx, node(fx, EXPR_ADD, COL_INT, n, expr_column(fx->a,
	    "group_id", COL_INT, 0)));
	v = value_of(fx, node(fx, EXPR_MUL, COL_FLOAT, d, f));
	assert_true(v.type == VALUE_FLOAT && v.u.f == 6.17);
	v = value_of(fx, node(fx, EXPR_DIV, COL_FLOAT, n, v_int(fx, 2)));
	assert_true(v.type == VALUE_FLOAT && v.u.f == 3.5);
}

static void
large_results_are_refused(void **state)
{
	FX;
	const struct expr	*n = c_int(fx, "n");
	const struct expr	*most = v_int(fx, INT64_MAX);
	const struct expr	*e[] = {
		node(fx, EXPR_ADD, COL_INT, most, n),
		node(fx, EXPR_SUB, COL_INT, v_int(fx, INT64_MIN), n),
		node(fx, EXPR_MUL, COL_INT, most, most),
		node(fx, EXPR_DIV, COL_INT, v_int(fx, INT64_MIN),
		    v_int(fx, -1)),
		decimal(fx, EXPR_NUMBER, 2, most, NULL),
		node(fx, EXPR_SUM, COL_INT, most, NULL),
	};
	struct query		*q = query_new(fx->a, fx->item, 1);
	struct rows		 rows;

	begin(fx);
	item_add(fx, "x", value_int(1));
	item_add(fx, "y", value_int(2));
	commit(fx);
	for (size_t i = 0; i < sizeof e / sizeof e[0]; i++) {
		q->columns[0] = e[i];
		refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
		    ERR_VALUE);
	}
}

static void
dates_move(void **state)
{
	FX;
	static const struct {
		const char	*from;
		int		 n;
		const char	*name;
		const char	*to;
	} moves[] = {
		{ "2024-01-31", 1, "month", "2024-02-29" },
		{ "2023-01-31", 1, "month", "2023-02-28" },
		{ "2024-03-31", -1, "month", "2024-02-29" },
		{ "2024-02-29", 1, "year", "2025-02-28" },
		{ "2024-02-29", -4, "year", "2020-02-29" },
		{ "2024-11-30", 1, "quarter", "2025-02-28" },
		{ "2024-12-31", 1, "day", "2025-01-01" },
		{ "2024-01-01", -1, "week", "2023-12-25" },
		{ "1969-12-31", 2, "day", "1970-01-02" },
		{ "0001-01-01", 9998, "year", "9999-01-01" },
	};
	int64_t	 from, to, noon = 12 * 3600 + 1;

	begin(fx);
	item_add(fx, "x", value_int(1));
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		const struct expr	*n = v_int(fx, moves[i].n);

		assert_true(date_parse(span_of(moves[i].from), &from));
		assert_true(date_parse(span_of(moves[i].to), &to));
		assert_int_equal(value_of(fx, period(fx, EXPR_DATE_ADD,
		    COL_DATE, moves[i].name, expr_value(fx->a,
		    value_date(from)), n)).u.i, to);
		assert_int_equal(value_of(fx, period(fx, EXPR_DATE_ADD,
		    COL_DATETIME, moves[i].name, expr_value(fx->a,
		    value_datetime(from * 86400 + noon)), n)).u.i,
		    to * 86400 + noon);
	}
	is_null(fx, period(fx, EXPR_DATE_ADD, COL_DATE, "day",
	    expr_column(fx->a, "day", COL_DATE, 0), v_int(fx, 1)));
}

static void
the_calendar_ends(void **state)
{
	FX;
	const struct expr	*day = expr_column(fx->a, "day", COL_DATE, 0);
	const struct expr	*e[] = {
		period(fx, EXPR_DATE_ADD, COL_DATE, "day", day, v_int(fx, 1)),
		period(fx, EXPR_DATE_ADD, COL_DATE, "month", day,
		    v_int(fx, 1)),
		period(fx, EXPR_DATE_ADD, COL_DATE, "year", day,
		    v_int(fx, INT64_MAX)),
		period(fx, EXPR_DATE_ADD, COL_DATE, "week", day,
		    v_int(fx, INT64_MIN)),
	};
	struct query		*q = query_new(fx->a, fx->item, 1);
	struct rows		 rows;
	int64_t			 last;

	assert_true(date_parse(span_of("9999-12-31"), &last));
	begin(fx);
	item_set(fx, item_add(fx, "x", value_int(1)), "day", value_date(last));
	commit(fx);
	for (size_t i = 0; i < sizeof e / sizeof e[0]; i++) {
		q->columns[0] = e[i];
		refused(fx, store_select(fx->st, q, fx->a, &rows, &fx->err),
		    ERR_VALUE);
	}
}

static void
periods_begin(void **state)
{
	FX;
	static const struct {
		const char	*of;
		const char	*name;
		const char	*start;
	} starts[] = {
		{ "2024-05-17", "day", "2024-05-17" },
		{ "2024-05-19", "week", "2024-05-13" },
		{ "2024-05-20", "week", "2024-05-20" },
		{ "1969-12-28", "week", "1969-12-22" },
		{ "2024-05-17", "month", "2024-05-01" },
		{ "2024-06-30", "quarter", "2024-04-01" },
		{ "2024-12-31", "quarter", "2024-10-01" },
		{ "1960-12-31", "year", "1960-01-01" },
	};
	const struct expr	*late = v_int(fx, 7200);
	int64_t			 of, start;

	begin(fx);
	item_add(fx, "x", value_int(1));
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		assert_true(date_parse(span_of(starts[i].of), &of));
		assert_true(date_parse(span_of(starts[i].start), &start));
		assert_int_equal(value_of(fx, period(fx, EXPR_DATE_TRUNC,
		    COL_DATE, starts[i].name, expr_value(fx->a,
		    value_date(of)), NULL)).u.i, start);
		assert_int_equal(value_of(fx, period(fx, EXPR_DATE_TRUNC,
		    COL_DATE, starts[i].name, expr_value(fx->a,
		    value_datetime(of * 86400 + 86399)), NULL)).u.i, start);
		/* Two hours to the east it is the next day already. */
		assert_int_equal(value_of(fx, period(fx, EXPR_DATE_TRUNC,
		    COL_DATE, starts[i].name, expr_value(fx->a,
		    value_datetime(of * 86400 - 7200)), late)).u.i, start);
	}
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(numbers_are_exact), CASE(large_results_are_refused),
		CASE(dates_move), CASE(the_calendar_ends), CASE(periods_begin),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
