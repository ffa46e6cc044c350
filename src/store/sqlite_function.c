#include "store/sqlite_function.h"

#include <sqlite3.h>

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "store/exact.h"
#include "store/like.h"
#include "store/period.h"
#include "store/sqlite_text.h"

#define DAY_SECONDS	86400

/* They depend on nothing but their arguments, so triggers may call them. */
#define FLAGS	(SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS)

typedef struct span text_func(struct arena *, struct span);
typedef bool exact_func(struct exact, struct exact, int, struct exact *);
typedef bool total_func(const struct exact_sum *, int, struct exact *);

/* The code is one that the engine keeps for functions: see sqlite.c. */
static void
function_fail(sqlite3_context *ctx)
{
	sqlite3_result_error(ctx, "result out of range", -1);
	sqlite3_result_error_code(ctx, SQLITE_CONSTRAINT_FUNCTION);
}

static bool
function_text(sqlite3_value *v, struct span *out)
{
	if ((out->p = (const char *)sqlite3_value_text(v)) == NULL)
		return false;
	out->n = (size_t)sqlite3_value_bytes(v);
	return true;
}

static void
function_fold(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct arena	*scratch = sqlite3_user_data(ctx);
	char		 room[FOLD_ROOM];
	struct span	 text;

	(void)argc;
	if (!function_text(argv[0], &text))
		return;
	text = text_fold(scratch, text, room);
	sqlite3_result_text(ctx, text.p, (int)text.n, SQLITE_TRANSIENT);
	if (text.p != room)
		arena_reset(scratch);
}

static void
function_map(sqlite3_context *ctx, sqlite3_value *v, text_func *map)
{
	struct arena	*scratch = sqlite3_user_data(ctx);
	struct span	 text;

	if (!function_text(v, &text))
		return;
	text = map(scratch, text);
	sqlite3_result_text(ctx, text.p, (int)text.n, SQLITE_TRANSIENT);
	arena_reset(scratch);
}

#define TEXT_FUNCTION(name, map)					\
static void								\
name(sqlite3_context *ctx, int argc, sqlite3_value **argv)		\
{									\
	(void)argc;							\
	function_map(ctx, argv[0], map);				\
}
TEXT_FUNCTION(function_flat, utf8_flat)
TEXT_FUNCTION(function_flat_pattern, like_flat)
TEXT_FUNCTION(function_lower, utf8_lower)
TEXT_FUNCTION(function_upper, utf8_upper)
#undef TEXT_FUNCTION

static void
function_decimal_text(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	char	 text[DECIMAL_ROOM];

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	text_decimal(text, sqlite3_value_int64(argv[0]),
	    (unsigned int)sqlite3_value_int(argv[1]));
	sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

static struct exact
exact_of(sqlite3_value *v, sqlite3_value *scale)
{
	int	 digits = sqlite3_value_int(scale);

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		return (struct exact){
			.kind = EXACT_WHOLE,
			.scale = digits > 0 ? (unsigned int)digits : 0,
			.i = sqlite3_value_int64(v),
		};
	case SQLITE_FLOAT:
		return (struct exact){
			.kind = EXACT_REAL,
			.f = sqlite3_value_double(v),
		};
	default:
		return (struct exact){ .kind = EXACT_NONE };
	}
}

static void
exact_result(sqlite3_context *ctx, bool fits, const struct exact *x)
{
	if (!fits)
		function_fail(ctx);
	else if (x->kind == EXACT_WHOLE)
		sqlite3_result_int64(ctx, x->i);
	else if (x->kind == EXACT_REAL)
		sqlite3_result_double(ctx, x->f);
}

static void
function_calculate(sqlite3_context *ctx, sqlite3_value **argv,
    exact_func *calculate)
{
	struct exact	 x;
	bool		 fits;

	fits = calculate(exact_of(argv[0], argv[1]),
	    exact_of(argv[2], argv[3]), sqlite3_value_int(argv[4]), &x);
	exact_result(ctx, fits, &x);
}

#define EXACT_FUNCTION(name, calculate)					\
static void								\
name(sqlite3_context *ctx, int argc, sqlite3_value **argv)		\
{									\
	(void)argc;							\
	function_calculate(ctx, argv, calculate);			\
}
EXACT_FUNCTION(function_add, exact_add)
EXACT_FUNCTION(function_sub, exact_sub)
EXACT_FUNCTION(function_mul, exact_mul)
EXACT_FUNCTION(function_div, exact_div)
#undef EXACT_FUNCTION

static void
function_as(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct exact	 x;
	bool		 fits;

	(void)argc;
	fits = exact_as(exact_of(argv[0], argv[1]),
	    sqlite3_value_int(argv[2]), &x);
	exact_result(ctx, fits, &x);
}

/* What an aggregate keeps: the engine gives it zeroed. */
struct total {
	int			 scale;		/* of the result */
	struct exact_sum	 sum;
};

static void
total_step(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct total	*total;

	(void)argc;
	if ((total = sqlite3_aggregate_context(ctx, sizeof *total)) == NULL) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	total->scale = sqlite3_value_int(argv[2]);
	exact_sum_add(&total->sum, exact_of(argv[0], argv[1]));
}

static void
total_final(sqlite3_context *ctx, total_func *finish)
{
	const struct total	*total = sqlite3_aggregate_context(ctx, 0);
	struct exact		 x;
	bool			 fits;

	if (total == NULL)
		return;
	fits = finish(&total->sum, total->scale, &x);
	exact_result(ctx, fits, &x);
}

static void
total_sum(sqlite3_context *ctx)
{
	total_final(ctx, exact_sum_total);
}

static void
total_average(sqlite3_context *ctx)
{
	total_final(ctx, exact_sum_average);
}

static enum period
period_of(sqlite3_value *v)
{
	const char	*name = (const char *)sqlite3_value_text(v);
	enum period	 period = DAY;

	while (period < YEAR && strcmp(period_names[period], name) != 0)
		period++;
	return period;
}

static bool
any_null(sqlite3_value **argv, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
			return true;
	return false;
}

/* What so many units make in whole days, and what is left of them. */
static int64_t
days_of(int64_t at, int64_t unit, int64_t *rest)
{
	*rest = (at % unit + unit) % unit;
	return at / unit - (at % unit < 0);
}

static void
function_period_add(sqlite3_context *ctx, sqlite3_value **argv, int64_t unit)
{
	int64_t	 days, rest;

	if (any_null(argv, 2))
		return;
	days = days_of(sqlite3_value_int64(argv[0]), unit, &rest);
	if (!period_add(days, sqlite3_value_int64(argv[1]),
	    period_of(argv[2]), &days))
		function_fail(ctx);
	else
		sqlite3_result_int64(ctx, days * unit + rest);
}

static void
function_date_add(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	(void)argc;
	function_period_add(ctx, argv, 1);
}

static void
function_datetime_add(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	(void)argc;
	function_period_add(ctx, argv, DAY_SECONDS);
}

static void
function_start(sqlite3_context *ctx, int64_t days, sqlite3_value *name)
{
	if (!period_start(days, period_of(name), &days))
		function_fail(ctx);
	else
		sqlite3_result_int64(ctx, days);
}

static void
function_date_start(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	(void)argc;
	if (!any_null(argv, 1))
		function_start(ctx, sqlite3_value_int64(argv[0]), argv[1]);
}

static void
function_datetime_start(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	int64_t	 at, rest;

	(void)argc;
	if (any_null(argv, 2))
		return;
	if (__builtin_add_overflow(sqlite3_value_int64(argv[0]),
	    sqlite3_value_int64(argv[1]), &at)) {
		function_fail(ctx);
		return;
	}
	function_start(ctx, days_of(at, DAY_SECONDS, &rest), argv[2]);
}

void
sqlite_functions(struct sqlite3 *db, struct arena *scratch)
{
	static const struct {
		const char	*name;
		int		 argc;
		void		(*call)(sqlite3_context *, int,
				    sqlite3_value **);
		void		(*final)(sqlite3_context *);
	} functions[] = {
		{ "fold", 1, function_fold, NULL },
		{ "flat", 1, function_flat, NULL },
		{ "flat_pattern", 1, function_flat_pattern, NULL },
		{ "lower_text", 1, function_lower, NULL },
		{ "upper_text", 1, function_upper, NULL },
		{ "decimal_text", 2, function_decimal_text, NULL },
		{ "exact_add", 5, function_add, NULL },
		{ "exact_sub", 5, function_sub, NULL },
		{ "exact_mul", 5, function_mul, NULL },
		{ "exact_div", 5, function_div, NULL },
		{ "exact_as", 3, function_as, NULL },
		{ "exact_sum", 3, total_step, total_sum },
		{ "exact_avg", 3, total_step, total_average },
		{ "date_add", 3, function_date_add, NULL },
		{ "datetime_add", 3, function_datetime_add, NULL },
		{ "date_start", 2, function_date_start, NULL },
		{ "datetime_start", 3, function_datetime_start, NULL },
	};

	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		sqlite3_create_function(db, functions[i].name,
		    functions[i].argc, FLAGS, scratch,
		    functions[i].final == NULL ? functions[i].call : NULL,
		    functions[i].final != NULL ? functions[i].call : NULL,
		    functions[i].final);
}
