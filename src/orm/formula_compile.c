#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/number.h"
#include "store/query.h"

/* Where a formula is compiled: over a row of which model. */
struct formula_scope {
	struct env		*env;
	const struct model	*model;
	struct reach		*reach;
};

static const struct expr	*formula_expr(struct formula_scope *,
				    const struct formula *);

static const char *
formula_type_name(enum col_type type)
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
	};

	return names[type];
}

static const struct expr *
formula_refuse(struct formula_scope *s, const char *what, enum col_type a,
    enum col_type b)
{
	env_fail(s->env, ERR_VALUE, "a formula of %s cannot %s %s and %s",
	    s->model->name, what, formula_type_name(a), formula_type_name(b));
	return NULL;
}

/* A literal as the same thing in another type; NULL if it is none there. */
static const struct expr *
formula_literal(struct arena *a, const struct value *v, enum col_type type,
    unsigned int scale)
{
	struct span	 text;
	struct scaled	 n;
	int64_t		 i;
	double		 d;

	if (v->type == VALUE_TEXT && type == COL_DATE)
		return date_parse(v->u.text, &i) ?
		    expr_value(a, value_date(i)) : NULL;
	if (v->type == VALUE_TEXT && type == COL_DATETIME)
		return datetime_parse(v->u.text, &i) ?
		    expr_value(a, value_datetime(i)) : NULL;
	if (v->type != VALUE_INT && v->type != VALUE_DECIMAL)
		return NULL;
	text = number_text(a, v);
	if (type == COL_FLOAT && number_float(a, text, &d))
		return expr_value(a, value_float(d));
	if (type == COL_DECIMAL && number_scaled(text, scale, &n) && n.exact)
		return expr_value(a, value_decimal(n.floor, scale));
	return NULL;
}

/* e in a type; NULL, without a message, if it cannot be had so. */
static const struct expr *
formula_fit(struct arena *a, const struct expr *e, enum col_type type,
    unsigned int scale)
{
	struct expr	*null;

	if (e->type == type && e->scale == scale)
		return e;
	if (e->type == COL_NONE) {
		null = expr_value(a, value_null());
		null->type = type;
		null->scale = scale;
		return null;
	}
	if ((e->type == COL_INT && type == COL_ID) ||
	    (e->type == COL_ID && type == COL_INT))
		return e;
	return e->op == EXPR_VALUE ?
	    formula_literal(a, &e->value, type, scale) : NULL;
}

/* Brings two sides to one type: a literal to that of the other side. */
static bool
formula_match(struct formula_scope *s, const char *what,
    const struct expr **a, const struct expr **b)
{
	bool			 literal = (*a)->op == EXPR_VALUE;
	const struct expr	**give = literal ? a : b;
	const struct expr	 *like = literal ? *b : *a, *fit;

	if (like->type == COL_NONE) {
		give = literal ? b : a;
		like = literal ? *a : *b;
	}
	fit = formula_fit(s->env->arena, *give, like->type, like->scale);
	if (fit == NULL) {
		formula_refuse(s, what, (*a)->type, (*b)->type);
		return false;
	}
	*give = fit;
	return true;
}

/* Whether what was compiled here is true or false, never NULL. */
static bool
formula_is_decided(const struct expr *e)
{
	switch (e->op) {
	case EXPR_TRUE:
	case EXPR_FALSE:
	case EXPR_AND:
	case EXPR_OR:
	case EXPR_NOT:
	case EXPR_IS_NULL:
	case EXPR_EQ:
		return true;
	case EXPR_IF:
		return formula_is_decided(e->args[1]) &&
		    formula_is_decided(e->args[2]);
	default:
		return false;
	}
}

static const struct expr *
formula_decided(struct arena *a, const struct expr *e)
{
	return expr_if(a, e, expr_bool(a, true), expr_bool(a, false));
}

/* Whether it is set and not its type's zero. */
static const struct expr *
formula_truth(struct arena *a, const struct expr *e)
{
	struct value	 zero = value_int(0);

	switch (e->type) {
	case COL_NONE:
		return expr_bool(a, false);
	case COL_BOOL:
		return formula_is_decided(e) ? e : formula_decided(a, e);
	case COL_TEXT:
		zero = value_text("");
		break;
	case COL_INT:
		break;
	case COL_FLOAT:
		zero = value_float(0);
		break;
	case COL_DECIMAL:
		zero = value_decimal(0, e->scale);
		break;
	default:
		return expr_unary(a, EXPR_NOT,
		    expr_unary(a, EXPR_IS_NULL, e));
	}
	return formula_decided(a, expr_binary(a, EXPR_NE, e,
	    expr_value(a, zero)));
}

/* Two that are not set are equal; one alone is not. */
static const struct expr *
formula_equal(struct arena *a, const struct expr *l, const struct expr *r)
{
	const struct expr	*e = expr_binary(a, EXPR_EQ, l, r);

	if (l->type == COL_BOOL)
		return expr_binary(a, EXPR_EQ, formula_truth(a, l),
		    formula_truth(a, r));
	if (l->op == EXPR_VALUE || r->op == EXPR_VALUE)
		return formula_decided(a, e);
	return expr_if(a, e, expr_bool(a, true), expr_and(a,
	    expr_unary(a, EXPR_IS_NULL, l), expr_unary(a, EXPR_IS_NULL, r)));
}

static enum expr_op
formula_compare_op(struct span word)
{
	static const struct {
		const char	*word;
		enum expr_op	 op;
	}			 ops[] = {
		{ "==", EXPR_EQ }, { "!=", EXPR_NE }, { "<", EXPR_LT },
		{ "<=", EXPR_LE }, { ">", EXPR_GT }, { ">=", EXPR_GE },
	};
	size_t			 i = 0;

	while (!span_is(word, ops[i].word))
		i++;
	return ops[i].op;
}

static const struct expr *
formula_compare(struct formula_scope *s, const struct formula *f)
{
	struct arena		*a = s->env->arena;
	enum expr_op		 op = formula_compare_op(f->name);
	const struct expr	*l = formula_expr(s, f->args[0]), *r, *e;

	if (l == NULL || (r = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	if (l->type == COL_NONE || r->type == COL_NONE) {
		if (op != EXPR_EQ && op != EXPR_NE)
			return formula_refuse(s, "compare", l->type, r->type);
		e = expr_unary(a, EXPR_IS_NULL, l->type == COL_NONE ? r : l);
		return op == EXPR_EQ ? e : expr_unary(a, EXPR_NOT, e);
	}
	if (!formula_match(s, "compare", &l, &r))
		return NULL;
	if (op != EXPR_EQ && op != EXPR_NE)
		return formula_decided(a, expr_binary(a, op, l, r));
	e = formula_equal(a, l, r);
	return op == EXPR_EQ ? e : expr_unary(a, EXPR_NOT, e);
}

static bool
formula_addable(enum col_type type)
{
	return type != COL_BOOL && type != COL_BYTES && type != COL_ID;
}

/* Texts are put together; what is not set is the empty text. */
static const struct expr *
formula_add(struct formula_scope *s, const struct formula *f)
{
	const struct expr	*l = formula_expr(s, f->args[0]), *r;

	if (l == NULL || (r = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	if ((l->type != COL_TEXT && r->type != COL_TEXT) ||
	    !formula_addable(l->type) || !formula_addable(r->type))
		return formula_refuse(s, "add", l->type, r->type);
	return expr_binary(s->env->arena, EXPR_CONCAT, l, r);
}

static const struct expr *
formula_logic(struct formula_scope *s, const struct formula *f)
{
	struct arena		*a = s->env->arena;
	const struct expr	*l = formula_expr(s, f->args[0]), *r;

	if (l == NULL)
		return NULL;
	l = formula_truth(a, l);
	if (f->kind == FORMULA_NOT)
		return expr_unary(a, EXPR_NOT, l);
	if ((r = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	r = formula_truth(a, r);
	return f->kind == FORMULA_AND ? expr_and(a, l, r) : expr_or(a, l, r);
}

static const struct expr *
formula_if(struct formula_scope *s, const struct formula *f)
{
	const struct expr	*c, *yes, *no;

	if ((c = formula_expr(s, f->args[0])) == NULL ||
	    (yes = formula_expr(s, f->args[1])) == NULL ||
	    (no = formula_expr(s, f->args[2])) == NULL ||
	    !formula_match(s, "choose between", &yes, &no))
		return NULL;
	return expr_if(s->env->arena, formula_truth(s->env->arena, c), yes,
	    no);
}

static const struct expr *
formula_path(struct formula_scope *s, const struct model *m, struct span path)
{
	const char		*dot = memchr(path.p, '.', path.n);
	struct span		 name = path;
	const struct field	*f;
	const struct expr	*e, *rest = NULL;

	if (dot != NULL)
		name.n = (size_t)(dot - path.p);
	f = model_field_span(m, name);
	if (f == NULL || (dot != NULL && f->target == NULL)) {
		env_fail(s->env, ERR_VALUE, "a formula of %s: field \"%.*s\" "
		    "of %s %s", s->model->name, (int)name.n, name.p, m->name,
		    f == NULL ? "does not exist" : "is no relation");
		return NULL;
	}
	e = field_expr_deep(s->env, f, s->reach);
	if (e == NULL || dot == NULL)
		return e;
	if (reach_enter(s->env, s->reach, f)) {
		rest = formula_path(s, f->target, (struct span){ dot + 1,
		    path.n - name.n - 1 });
		reach_leave(s->reach);
	}
	return rest == NULL ? NULL :
	    expr_lookup(s->env->arena, e, f->target->table, rest);
}

static const struct expr *
formula_expr(struct formula_scope *s, const struct formula *f)
{
	switch (f->kind) {
	case FORMULA_VALUE:
		return expr_value(s->env->arena, f->value);
	case FORMULA_PATH:
		return formula_path(s, s->model, f->name);
	case FORMULA_CALL:
		return formula_if(s, f);
	case FORMULA_COMPARE:
		return formula_compare(s, f);
	case FORMULA_ADD:
		return formula_add(s, f);
	default:
		return formula_logic(s, f);
	}
}

const struct expr *
formula_compile(struct env *env, const struct model *m,
    const struct formula *f)
{
	struct reach		 r = { 0 };
	struct formula_scope	 s = { env, m, &r };

	return formula_expr(&s, f);
}

const struct expr *
formula_field(struct env *env, const struct field *f, struct reach *r)
{
	struct formula_scope	 s = { env, f->model, r };
	enum col_type		 type = field_column_type(f);
	const struct expr	*e = formula_expr(&s, f->compute), *fit;

	if (e == NULL)
		return NULL;
	fit = formula_fit(env->arena, e, type, type == COL_DECIMAL ?
	    (unsigned int)f->scale : 0);
	if (fit == NULL)
		err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "the formula of %s of %s gives %s, not %s", f->name,
		    f->model->name, formula_type_name(e->type),
		    formula_type_name(type));
	return fit;
}
