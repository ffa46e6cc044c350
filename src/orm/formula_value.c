/* The types of what formulas give, and what counts as nothing in each. */

#include "base/arena.h"
#include "base/date.h"
#include "orm/formula_private.h"
#include "orm/number.h"

#define BEFORE_ALL	(-4000000000000)	/* a time that no date has */

const char *
formula_type(enum col_type type)
{
	static const char *const	 names[COL__MAX] = {
		[COL_NONE] = "nothing",
		[COL_BOOL] = "a truth value",
		[COL_INT] = "an integer",
		[COL_FLOAT] = "a float",
		[COL_DECIMAL] = "a decimal",
		[COL_TEXT] = "a text",
		[COL_BYTES] = "bytes",
		[COL_DATE] = "a date",
		[COL_DATETIME] = "a datetime",
		[COL_ID] = "a record",
		[COL_IDS] = "records",
	};

	return names[type];
}

bool
formula_numeric(enum col_type type)
{
	return type == COL_INT || type == COL_FLOAT || type == COL_DECIMAL;
}

bool
formula_known(const struct expr *e)
{
	switch (e->op) {
	case EXPR_VALUE:
		return e->value.type != VALUE_NULL;
	case EXPR_TRUE:
	case EXPR_FALSE:
	case EXPR_IS_NULL:
	case EXPR_EXISTS:
	case EXPR_CONCAT:
		return true;
	case EXPR_COALESCE:
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_EQ:
	case EXPR_NE:
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
	case EXPR_ADD:
	case EXPR_SUB:
	case EXPR_MUL:
		return formula_known(e->args[1]) &&
		    (e->op == EXPR_COALESCE || formula_known(e->args[0]));
	case EXPR_NOT:
	case EXPR_NUMBER:
	case EXPR_LOWER:
	case EXPR_UPPER:
		return formula_known(e->args[0]);
	case EXPR_IF:
		return formula_known(e->args[1]) && formula_known(e->args[2]);
	default:
		return false;
	}
}

static struct expr *
value_typed(struct arena *a, struct value v, const struct expr *like)
{
	struct expr	*e = expr_value(a, v);

	e->type = like->type;
	e->scale = like->scale;
	return e;
}

const struct expr *
formula_null(struct arena *a, const struct expr *like)
{
	return value_typed(a, value_null(), like);
}

static struct value
value_zero(const struct expr *like)
{
	switch (like->type) {
	case COL_BOOL:
		return value_bool(false);
	case COL_FLOAT:
		return value_float(0);
	case COL_DECIMAL:
		return value_decimal(0, like->scale);
	case COL_TEXT:
		return value_text("");
	case COL_DATE:
		return value_date(BEFORE_ALL);
	case COL_DATETIME:
		return value_datetime(BEFORE_ALL);
	default:
		return value_int(0);
	}
}

const struct expr *
formula_zero(struct arena *a, const struct expr *e)
{
	if (formula_known(e))
		return e;
	return expr_node(a, EXPR_COALESCE, e->type, e->scale, e,
	    value_typed(a, value_zero(e), e));
}

const struct expr *
formula_decided(struct arena *a, const struct expr *e)
{
	if (formula_known(e))
		return e;
	return expr_if(a, e, expr_bool(a, true), expr_bool(a, false));
}

const struct expr *
formula_truth(struct arena *a, const struct expr *e)
{
	if (e->type == COL_NONE)
		return expr_bool(a, false);
	if (e->type == COL_BOOL)
		return formula_decided(a, e);
	if (formula_numeric(e->type) || e->type == COL_TEXT)
		return formula_decided(a, expr_binary(a, EXPR_NE, e,
		    value_typed(a, value_zero(e), e)));
	return expr_unary(a, EXPR_NOT, expr_unary(a, EXPR_IS_NULL, e));
}

/* The literal as a number of the type; NULL if that is not exactly it. */
static const struct expr *
literal_number(struct arena *a, const struct value *v, enum col_type type,
    unsigned int scale)
{
	struct span	 text = number_text(a, v);
	struct scaled	 n;
	double		 d;

	if (type == COL_FLOAT && number_float(a, text, &d))
		return expr_value(a, value_float(d));
	if (type == COL_DECIMAL && number_scaled(text, scale, &n) && n.exact)
		return expr_value(a, value_decimal(n.floor, scale));
	return NULL;
}

/* A text as a date; NULL if it is none. */
static const struct expr *
literal_date(struct arena *a, const struct value *v, enum col_type type)
{
	int64_t	 i;

	if (v->type != VALUE_TEXT)
		return NULL;
	if (type == COL_DATE && date_parse(v->u.text, &i))
		return expr_value(a, value_date(i));
	if (type == COL_DATETIME && datetime_parse(v->u.text, &i))
		return expr_value(a, value_datetime(i));
	return NULL;
}

/* What is rounded only when it is made: then it is so at once. */
static bool
value_rounds(const struct expr *e)
{
	return (e->op == EXPR_MUL || e->op == EXPR_DIV ||
	    e->op == EXPR_AVG) && e->type == COL_DECIMAL;
}

const struct expr *
formula_number_as(struct arena *a, const struct expr *e, enum col_type type,
    unsigned int scale)
{
	const struct expr	*literal = NULL;
	struct query		*q;
	struct expr		*out;

	if (e->type == type && e->scale == scale)
		return e;
	if (e->op == EXPR_VALUE &&
	    (literal = literal_number(a, &e->value, type, scale)) != NULL)
		return literal;
	if (type == COL_FLOAT ||
	    (!value_rounds(e) && (e->op != EXPR_SELECT ||
	    !value_rounds(e->query->columns[0]))))
		return expr_node(a, EXPR_NUMBER, type, scale, e, NULL);
	out = arena_alloc(a, sizeof *out);
	*out = *e;
	out->type = type;
	out->scale = scale;
	if (e->op != EXPR_SELECT)
		return out;
	q = query_new(a, e->query->table, 1);
	*q = *e->query;
	q->columns = arena_array(a, 1, sizeof *q->columns);
	q->columns[0] = formula_number_as(a, e->query->columns[0], type,
	    scale);
	out->query = q;
	return out;
}

const struct expr *
formula_fit(struct arena *a, const struct expr *e, enum col_type type,
    unsigned int scale)
{
	struct expr	 like = { .type = type, .scale = scale };

	if (e->type == type && e->scale == scale)
		return e;
	if (e->type == COL_NONE)
		return formula_null(a, &like);
	if (type == COL_INT && e->type == COL_ID)
		return e;
	if ((type == COL_FLOAT || type == COL_DECIMAL) &&
	    formula_numeric(e->type))
		return formula_number_as(a, e, type, scale);
	return e->op == EXPR_VALUE ? literal_date(a, &e->value, type) : NULL;
}

/* The type that holds the numbers of both. */
static void
match_numbers(struct arena *a, const struct expr **l, const struct expr **r)
{
	enum col_type	 type = COL_DECIMAL;
	unsigned int	 scale = (*l)->scale > (*r)->scale ? (*l)->scale :
	    (*r)->scale;

	if ((*l)->type == (*r)->type && (*l)->scale == (*r)->scale)
		return;
	if ((*l)->type == COL_FLOAT || (*r)->type == COL_FLOAT) {
		type = COL_FLOAT;
		scale = 0;
	}
	*l = formula_number_as(a, *l, type, scale);
	*r = formula_number_as(a, *r, type, scale);
}

bool
formula_match(struct formula_scope *s, const char *what,
    const struct expr **l, const struct expr **r)
{
	struct arena		*a = s->env->arena;
	const struct expr	*fit;

	if (formula_numeric((*l)->type) && formula_numeric((*r)->type)) {
		match_numbers(a, l, r);
		return true;
	}
	if ((*l)->type == COL_ID && (*r)->type == COL_INT)
		return true;
	if ((fit = formula_fit(a, *r, (*l)->type, (*l)->scale)) != NULL) {
		*r = fit;
		return true;
	}
	if ((fit = formula_fit(a, *l, (*r)->type, (*r)->scale)) != NULL) {
		*l = fit;
		return true;
	}
	formula_refuse(s, "cannot %s %s and %s", what,
	    formula_type((*l)->type), formula_type((*r)->type));
	return false;
}
