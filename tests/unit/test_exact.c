/* Exact numbers: against rational arithmetic, and against the definition of
 * rounding. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "store/exact.h"

#define MIN		INT64_MIN
#define MAX		INT64_MAX
#define E18		INT64_C(1000000000000000000)
#define ROUNDS		100000

__extension__ typedef __int128 wide;

enum op { ADD, SUB, MUL, DIV };

typedef bool exact_func(struct exact, struct exact, int, struct exact *);
static exact_func *const	 funcs[] = {
	exact_add, exact_sub, exact_mul, exact_div,
};

/* Worked out with Python's fractions. */
static const struct {
	enum op		 op;
	int64_t		 a;
	unsigned int	 a_scale;
	int64_t		 b;
	unsigned int	 b_scale;
	int		 scale;
	bool		 fits;
	int64_t		 is;
} cases[] = {
	{ SUB, -5, 6, 7, 2, 18, true, INT64_C(-70005000000000000) },
	{ ADD, 0, 1, -50, 6, 1, true, 0 },
	{ SUB, -50, 2, -50, 18, 1, true, -5 },
	{ SUB, -5, 2, 51, 18, 0, true, 0 },
	{ ADD, MAX, 1, 1, 0, 2, false, 0 },
	{ DIV, E18 - 1, 2, 49, 18, 18, false, 0 },
	{ DIV, -5, 0, 7, 0, 1, true, -7 },
	{ DIV, MIN, 18, E18, 2, 2, true, 0 },
	{ DIV, 51, 6, E18 - 1, 1, 18, true, 0 },
	{ DIV, MAX - 1, 18, 3, 0, 2, true, 307 },
	{ SUB, 3, 18, 5, 18, 1, true, 0 },
	{ MUL, -E18, 0, 5, 2, 6, false, 0 },
	{ ADD, 7, 2, -1, 0, 0, true, -1 },
	{ MUL, 49, 0, 49, 0, 18, false, 0 },
	{ ADD, E18 - 1, 6, 3, 1, 18, false, 0 },
	{ SUB, 1, 0, -E18, 0, 0, true, INT64_C(1000000000000000001) },
	{ ADD, MIN, 1, 49, 6, 2, false, 0 },
	{ SUB, 1, 1, 3, 1, 1, true, -2 },
	{ DIV, E18 - 1, 6, 50, 2, 18, false, 0 },
	{ ADD, 51, 2, E18, 18, 1, true, 15 },
	{ MUL, 49, 6, E18, 1, 18, false, 0 },
	{ MUL, 0, 6, 49, 1, 0, true, 0 },
	{ DIV, -5, 18, 1, 18, 2, true, -500 },
	{ DIV, 7, 6, 7, 18, 2, true, INT64_C(100000000000000) },
	{ DIV, 0, 18, 1, 0, 2, true, 0 },
	{ MUL, 50, 6, -E18, 6, 2, true, INT64_C(-5000000000) },
	{ SUB, 7, 1, MAX, 1, 18, false, 0 },
	{ MUL, -E18, 0, E18 - 1, 0, 18, false, 0 },
	{ SUB, -E18, 0, 51, 18, 2, false, 0 },
	{ SUB, 3, 18, MAX, 2, 0, true, INT64_C(-92233720368547758) },
	{ ADD, 3, 18, 3, 0, 6, true, 3000000 },
	{ SUB, -1, 18, 3, 18, 1, true, 0 },
	{ DIV, E18, 0, MAX - 1, 0, 18, true, INT64_C(108420217248550443) },
	{ SUB, 3, 1, MAX, 1, 0, true, INT64_C(-922337203685477580) },
	{ MUL, -5, 1, 49, 6, 2, true, 0 },
	{ DIV, 7, 1, 49, 2, 18, true, INT64_C(1428571428571428571) },
	{ DIV, 51, 6, 49, 18, 1, true, INT64_C(10408163265306) },
	{ ADD, 50, 1, 51, 6, 2, true, 500 },
	{ SUB, -1, 0, -E18, 0, 0, true, E18 - 1 },
	{ ADD, 51, 2, MIN, 6, 0, true, INT64_C(-9223372036854) },
	{ ADD, -50, 0, 5, 6, 2, true, -5000 },
	{ SUB, 0, 6, 51, 2, 0, true, -1 },
	{ ADD, 3, 1, -5, 6, 6, true, 299995 },
	{ ADD, 7, 0, MAX - 1, 0, 18, false, 0 },
	{ ADD, MAX, 1, MAX - 1, 0, 0, false, 0 },
	{ DIV, E18 - 1, 1, 1, 0, 2, false, 0 },
	{ SUB, 1, 0, 5, 0, 6, true, -4000000 },
	{ ADD, -1, 6, 51, 2, 2, true, 51 },
	{ SUB, 3, 1, -1, 2, 6, true, 310000 },
	{ MUL, 7, 0, E18, 1, 6, false, 0 },
	{ ADD, MAX, 1, 1, 2, 18, false, 0 },
	{ DIV, 1, 0, 49, 1, 6, true, 204082 },
	{ MUL, 49, 2, 49, 0, 1, true, 240 },
	{ ADD, 50, 18, 5, 18, 18, true, 55 },
	{ DIV, 5, 6, 3, 6, 0, true, 2 },
	{ ADD, -50, 0, -5, 2, 0, true, -50 },
	{ ADD, 0, 18, 5, 2, 2, true, 5 },
	{ MUL, -1, 6, 1, 6, 18, true, -1000000 },
	{ SUB, 5, 6, 5, 0, 18, true, INT64_C(-4999995000000000000) },
	{ DIV, E18 - 1, 1, E18, 6, 6, true, INT64_C(100000000000) },
	{ DIV, -50, 2, 51, 6, 1, true, -98039 },
	{ MUL, MAX - 1, 18, -E18, 18, 6, true, -9223372 },
	{ SUB, 50, 2, 0, 18, 0, true, 1 },
	{ SUB, E18, 0, MAX - 1, 1, 1, true, INT64_C(776627963145224194) },
	{ SUB, 49, 18, -1, 0, 0, true, 1 },
	{ DIV, E18 - 1, 6, -5, 1, 0, true, INT64_C(-2000000000000) },
	{ MUL, -1, 0, 49, 2, 18, true, INT64_C(-490000000000000000) },
	{ ADD, -50, 1, 51, 0, 2, true, 4600 },
	{ SUB, -5, 1, MAX, 18, 6, true, -9723372 },
	{ ADD, 5, 1, -5, 18, 18, true, INT64_C(499999999999999995) },
};

static struct exact
whole(int64_t i, unsigned int scale)
{
	return (struct exact){ EXACT_WHOLE, scale, i, 0 };
}

static struct exact
real(double f)
{
	return (struct exact){ EXACT_REAL, 0, 0, f };
}

static void
worked_out(void **state)
{
	struct exact	 x;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool	 fits;

		fits = funcs[cases[i].op](whole(cases[i].a, cases[i].a_scale),
		    whole(cases[i].b, cases[i].b_scale), cases[i].scale, &x);
		if (fits != cases[i].fits || (fits && x.i != cases[i].is))
			fail_msg("case %zu", i);
		if (!fits)
			continue;
		assert_int_equal(x.kind, EXACT_WHOLE);
		assert_int_equal(x.scale, cases[i].scale);
	}
}

static wide
ten(unsigned int n)
{
	return n == 0 ? 1 : 10 * ten(n - 1);
}

static wide
absolute(wide x)
{
	return x < 0 ? -x : x;
}

/* Is r the whole number nearest to n / d, ties away from zero? */
static void
is_nearest(wide n, wide d, wide r)
{
	wide	 off = 2 * absolute(n - r * d), one = absolute(d);

	assert_true(off <= one);
	if (off == one)
		assert_true(absolute(r * d) > absolute(n));
}

static int64_t
any_number(void)
{
	int64_t	 limit = (int64_t)ten((unsigned int)random() % 8);

	return random() % (2 * limit + 1) - limit;
}

static void
one_by_definition(void)
{
	unsigned int	 sa = (unsigned int)random() % 5;
	unsigned int	 sb = (unsigned int)random() % 5;
	unsigned int	 to = (unsigned int)random() % 6;
	int64_t		 a = any_number(), b = any_number();
	struct exact	 l = whole(a, sa), r = whole(b, sb), x;
	wide		 unit = ten(to);

	assert_true(exact_add(l, r, (int)to, &x));
	is_nearest((a * ten(sb) + b * ten(sa)) * unit, ten(sa + sb), x.i);
	assert_true(exact_sub(l, r, (int)to, &x));
	is_nearest((a * ten(sb) - b * ten(sa)) * unit, ten(sa + sb), x.i);
	assert_true(exact_mul(l, r, (int)to, &x));
	is_nearest((wide)a * b * unit, ten(sa + sb), x.i);
	assert_true(exact_as(l, (int)to, &x));
	is_nearest(a * unit, ten(sa), x.i);
	assert_true(exact_div(l, r, (int)to, &x));
	assert_int_equal(x.kind, b == 0 ? EXACT_NONE : EXACT_WHOLE);
	if (b != 0)
		is_nearest(a * ten(sb) * unit, b * ten(sa), x.i);
}

static void
by_definition(void **state)
{
	(void)state;
	srandom(1);
	for (int i = 0; i < ROUNDS; i++)
		one_by_definition();
}

static void
floats(void **state)
{
	struct exact	 x;

	(void)state;
	assert_true(exact_add(real(0.5), whole(25, 2), EXACT_FLOAT, &x));
	assert_true(x.kind == EXACT_REAL && x.f == 0.75);
	assert_true(exact_div(whole(1, 0), whole(4, 0), EXACT_FLOAT, &x));
	assert_true(x.kind == EXACT_REAL && x.f == 0.25);
	assert_true(exact_div(real(1), real(0), EXACT_FLOAT, &x));
	assert_int_equal(x.kind, EXACT_NONE);
	assert_false(exact_mul(real(1e200), real(1e200), EXACT_FLOAT, &x));
	/* A little less than half, though the product says half. */
	assert_true(exact_as(real(2.675), 2, &x));
	assert_int_equal(x.i, 267);
	assert_true(exact_as(real(-2.675), 2, &x));
	assert_int_equal(x.i, -267);
	assert_true(exact_as(real(2.5), 0, &x));
	assert_int_equal(x.i, 3);
	assert_true(exact_as(real(-2.5), 0, &x));
	assert_int_equal(x.i, -3);
	assert_true(exact_as(real(-0x1p63), 0, &x));
	assert_true(x.i == INT64_MIN);
	assert_false(exact_as(real(0x1p63), 0, &x));
	assert_false(exact_as(real((double)NAN), 0, &x));
	assert_true(exact_as(whole(125, 2), EXACT_FLOAT, &x));
	assert_true(x.f == 1.25);
}

static void
missing(void **state)
{
	const struct exact	 none = { .kind = EXACT_NONE };
	struct exact		 x;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(funcs[i](none, real(1), 2, &x));
		assert_int_equal(x.kind, EXACT_NONE);
		assert_true(funcs[i](whole(1, 0), none, EXACT_FLOAT, &x));
		assert_int_equal(x.kind, EXACT_NONE);
	}
	assert_true(exact_as(none, 0, &x));
	assert_int_equal(x.kind, EXACT_NONE);
}

static void
sums(void **state)
{
	struct exact_sum	 sum = { 0 };
	struct exact		 x;

	(void)state;
	assert_true(exact_sum_total(&sum, 2, &x));
	assert_int_equal(x.kind, EXACT_NONE);
	assert_true(exact_sum_average(&sum, 2, &x));
	assert_int_equal(x.kind, EXACT_NONE);
	/* Too large in between, not at the end. */
	exact_sum_add(&sum, whole(INT64_MAX, 2));
	exact_sum_add(&sum, whole(INT64_MAX, 2));
	assert_false(exact_sum_total(&sum, 2, &x));
	assert_true(exact_sum_average(&sum, 2, &x));
	assert_true(x.i == INT64_MAX);
	exact_sum_add(&sum, whole(-INT64_MAX, 2));
	exact_sum_add(&sum, whole(-INT64_MAX, 2));
	exact_sum_add(&sum, whole(8, 2));
	exact_sum_add(&sum, (struct exact){ .kind = EXACT_NONE });
	assert_true(exact_sum_total(&sum, 1, &x));
	assert_int_equal(x.i, 1);
	assert_true(exact_sum_average(&sum, 2, &x));
	assert_int_equal(x.i, 2);
	assert_true(exact_sum_average(&sum, 1, &x));
	assert_int_equal(x.i, 0);
	assert_true(exact_sum_average(&sum, EXACT_FLOAT, &x));
	assert_true(x.f == 0.016);
	exact_sum_add(&sum, real(0.5));
	assert_true(exact_sum_total(&sum, 2, &x));
	assert_int_equal(x.i, 58);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(worked_out),
		cmocka_unit_test(by_definition),
		cmocka_unit_test(floats),
		cmocka_unit_test(missing),
		cmocka_unit_test(sums),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
