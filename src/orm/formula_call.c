/* The functions of formulas, but for those over many records. */

#include <string.h>

#include "base/arena.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"

#define DAY		86400
#define ROUND_MOST	9	/* digits */

static const struct formula_function	 functions[] = {
#define FORMULA(name, least, most, compile)	{ name, least, most, compile },
#include "orm/formulas.def"
#undef FORMULA
};

const struct formula_function *
formula_function(struct span name)
{
	for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
		if (span_is(name, functions[i].name))
			return &functions[i];
	return NULL;
}

const struct expr *
formula_if(struct formula_scope *s, const struct formula *f)
{
	struct arena		*a = s->env->arena;
	const struct expr	*c, *yes, *no;

	if ((c = formula_expr(s, f->args[0])) == NULL ||
	    (yes = formula_expr(s, f->args[1])) == NULL ||
	    (no = formula_expr(s, f->args[2])) == NULL ||
	    !formula_match(s, "choose between", &yes, &no))
		return NULL;
	return expr_if(a, formula_truth(a, c), yes, no);
}

/* round(x): an integer; round(x, n): a decimal with n digits. */
const struct expr *
formula_round(struct formula_scope *s, const struct formula *f)
{
	const struct expr	*e = formula_expr(s, f->args[0]);
	const struct value	*digits = f->nargs == 1 ? NULL :
	    &f->args[1]->value;

	if (e == NULL)
		return NULL;
	if (!formula_numeric(e->type))
		return formula_refuse(s, "cannot round %s",
		    formula_type(e->type));
	if (digits == NULL)
		return formula_number_as(s->env->arena, e, COL_INT, 0);
	if (f->args[1]->kind != FORMULA_VALUE || digits->type != VALUE_INT ||
	    digits->u.i < 0 || digits->u.i > ROUND_MOST)
		return formula_refuse(s, "can round to 0 to %d digits, and "
		    "says so with a number", ROUND_MOST);
	return formula_number_as(s->env->arena, e, COL_DECIMAL,
	    (unsigned int)digits->u.i);
}

const struct expr *
formula_letters(struct formula_scope *s, const struct formula *f)
{
	const struct expr	*e = formula_expr(s, f->args[0]);

	if (e == NULL)
		return NULL;
	if (e->type != COL_TEXT)
		return formula_refuse(s, "wants a text in %s(), not %s",
		    f->name.p, formula_type(e->type));
	return expr_node(s->env->arena, span_is(f->name, "lower") ?
	    EXPR_LOWER : EXPR_UPPER, COL_TEXT, 0, e, NULL);
}

const struct expr *
formula_clock(struct formula_scope *s, const struct formula *f)
{
	int64_t	 now = s->env->now;

	if (s->reach->stored)
		return formula_refuse(s, "that is stored cannot use %.*s",
		    (int)f->name.n, f->name.p);
	return expr_value(s->env->arena, span_is(f->name, "now") ?
	    value_datetime(now) :
	    value_date(now / DAY - (now % DAY < 0)));
}

/* "day" and "days"; NULL for another word. */
static const char *
date_unit(const struct formula *f)
{
	static const char *const	 units[] = {
		"day", "week", "month", "quarter", "year",
	};
	struct span			 word = f->value.u.text;

	if (f->kind != FORMULA_VALUE || f->value.type != VALUE_TEXT)
		return NULL;
	if (word.n != 0 && word.p[word.n - 1] == 's')
		word.n--;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (span_is(word, units[i]))
			return units[i];
	return NULL;
}

static const struct expr *
date_operand(struct formula_scope *s, const struct expr *e)
{
	struct arena		*a = s->env->arena;
	const struct expr	*date;

	if (e->type == COL_DATE || e->type == COL_DATETIME)
		return e;
	if ((date = formula_fit(a, e, COL_DATE, 0)) == NULL &&
	    (date = formula_fit(a, e, COL_DATETIME, 0)) == NULL)
		return formula_refuse(s, "cannot add to %s as a date",
		    formula_type(e->type));
	return date;
}

const struct expr *
formula_date_add(struct formula_scope *s, const struct formula *f)
{
	struct arena		*a = s->env->arena;
	const char		*unit = date_unit(f->args[2]);
	const struct expr	*date, *n;
	struct expr		*e;

	if (unit == NULL)
		return formula_refuse(s, "can add 'day', 'week', 'month', "
		    "'quarter' or 'year' to a date");
	if ((date = formula_expr(s, f->args[0])) == NULL ||
	    (date = date_operand(s, date)) == NULL ||
	    (n = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	if (n->type != COL_INT)
		return formula_refuse(s, "adds a whole number of %ss, not %s",
		    unit, formula_type(n->type));
	e = expr_node(a, EXPR_DATE_ADD, date->type, 0, date,
	    formula_zero(a, n));
	e->name = unit;
	return e;
}
