#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/registry.h"
#include "orm/rule.h"

#define FORMULA_COMPILED	5000	/* nodes of all that is nested */

const struct expr *
formula_refuse(struct formula_scope *s, const char *format, ...)
{
	const char	*what;
	va_list		 ap;

	va_start(ap, format);
	what = arena_vprintf(s->env->arena, format, ap);
	va_end(ap);
	if (s->model == NULL)
		env_fail(s->env, ERR_VALUE, "a default's formula %s", what);
	else
		env_fail(s->env, ERR_VALUE, "a formula of %s %s",
		    s->model->name, what);
	return NULL;
}

static enum expr_op
compare_op(struct span word)
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

/* What is not set is no more and no less than any date or record. */
static const struct expr *
compare_sides(struct arena *a, enum expr_op op, const struct expr *l,
    const struct expr *r)
{
	bool	 equal = op == EXPR_EQ || op == EXPR_NE;

	if (l->type == COL_BOOL)
		return expr_binary(a, op, formula_truth(a, l),
		    formula_truth(a, r));
	if (equal || formula_numeric(l->type) || l->type == COL_TEXT)
		return expr_binary(a, op, formula_zero(a, l),
		    formula_zero(a, r));
	return formula_decided(a, expr_binary(a, op, l, r));
}

static const struct expr *
formula_compare(struct formula_scope *s, const struct formula *f)
{
	struct arena		*a = s->env->arena;
	enum expr_op		 op = compare_op(f->name);
	const struct expr	*l = formula_expr(s, f->args[0]), *r, *e;

	if (l == NULL || (r = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	if ((l->type == COL_NONE || r->type == COL_NONE) &&
	    (op == EXPR_EQ || op == EXPR_NE)) {
		e = expr_unary(a, EXPR_IS_NULL, l->type == COL_NONE ? r : l);
		return op == EXPR_EQ ? e : expr_unary(a, EXPR_NOT, e);
	}
	if (l->type == COL_NONE || r->type == COL_NONE ||
	    l->type == COL_BYTES)
		return formula_refuse(s, "cannot compare %s and %s",
		    formula_type(l->type), formula_type(r->type));
	return formula_match(s, "compare", &l, &r) ?
	    compare_sides(a, op, l, r) : NULL;
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

struct span
formula_split(struct span path, struct span *rest)
{
	const char	*dot = memchr(path.p, '.', path.n);
	struct span	 name = path;

	*rest = span_of("");
	if (dot != NULL) {
		name.n = (size_t)(dot - path.p);
		*rest = (struct span){ dot + 1, path.n - name.n - 1 };
	}
	return name;
}

const struct field *
formula_first(struct formula_scope *s, struct span path, struct span *rest)
{
	struct span		 name = formula_split(path, rest);
	const struct field	*f = NULL;

	if (s->model == NULL) {
		formula_refuse(s, "has no record: there is no field \"%.*s\"",
		    (int)name.n, name.p);
		return NULL;
	}
	f = model_field_span(s->model, name);
	if (f == NULL || (rest->n != 0 && f->target == NULL)) {
		formula_refuse(s, "cannot be: field \"%.*s\" of %s %s",
		    (int)name.n, name.p, s->model->name, f == NULL ?
		    "does not exist" : "is no relation");
		return NULL;
	}
	return f;
}

bool
formula_visible(struct env *env, const struct model *m, bool *any,
    const struct expr **where)
{
	*where = NULL;
	return access_allowed(env, m, ACCESS_READ, any) &&
	    rule_where(env, m, ACCESS_READ, where);
}

const struct expr *
formula_beyond(struct formula_scope *s, const struct field *f,
    const struct expr *id, const struct expr *e)
{
	struct arena		*a = s->env->arena;
	const struct expr	*where;
	bool			 any;

	if (!formula_visible(s->env, f->target, &any, &where))
		return NULL;
	if (!any || !access_sees(s->env, f))
		return formula_null(a, e);
	if (where != NULL)
		e = expr_if(a, where, e, formula_null(a, e));
	return expr_lookup(a, id, f->target->table, e);
}

/* Of a record that he may not read the user sees the name alone. */
static const struct expr *
path_beyond(struct formula_scope *s, const struct field *f,
    const struct expr *id, struct span rest)
{
	struct formula_scope	 inner = { s->env, f->target, s->reach };
	const struct expr	*e;

	if (!reach_enter(s->env, s->reach, f))
		return NULL;
	e = formula_path(&inner, rest);
	reach_leave(s->reach);
	if (e == NULL || !span_is(rest, "display_name"))
		return e == NULL ? NULL : formula_beyond(s, f, id, e);
	return expr_lookup(s->env->arena, id, f->target->table, e);
}

/* user and user.x.y: who asks, whatever he may read of himself. */
static const struct expr *
path_user(struct formula_scope *s, struct span rest)
{
	struct env		 su = env_sudo(s->env);
	const struct model	*users = registry_model(su.reg, "res.users");
	struct formula_scope	 inner = { &su, users, s->reach };
	struct expr		*id;
	const struct expr	*e;

	if (s->reach->stored)
		return formula_refuse(s, "that is stored cannot use user");
	id = expr_value(su.arena, value_int(su.uid));
	id->type = COL_ID;
	if (rest.n == 0 || users == NULL)
		return id;
	e = formula_path(&inner, rest);
	return e == NULL ? NULL : expr_lookup(su.arena, id, users->table, e);
}

static bool
path_is_word(const struct formula_scope *s, struct span name,
    const char *word)
{
	return span_is(name, word) && (s->model == NULL ||
	    model_field_span(s->model, name) == NULL);
}

const struct expr *
formula_path(struct formula_scope *s, struct span path)
{
	struct span		 rest, name = formula_split(path, &rest);
	const struct field	*f;
	const struct expr	*e;

	if (path_is_word(s, name, "user"))
		return path_user(s, rest);
	if (path_is_word(s, path, "today") || path_is_word(s, path, "now"))
		return formula_clock(s, &(struct formula){ .name = path });
	if ((f = formula_first(s, path, &rest)) == NULL)
		return NULL;
	if (field_is_x2many(f))
		return formula_refuse(s, "cannot use %s, many records, but in "
		    "count(), sum(), min(), max() or avg()", f->name);
	e = field_expr_deep(s->env, f, s->reach);
	if (e != NULL && rest.n != 0)
		e = path_beyond(s, f, e, rest);
	return e == NULL || access_sees(s->env, f) ? e :
	    formula_null(s->env->arena, e);
}

const struct expr *
formula_expr(struct formula_scope *s, const struct formula *f)
{
	if (++s->reach->nodes > FORMULA_COMPILED)
		return formula_refuse(s, "is too large, with all the computed "
		    "fields that it uses");
	switch (f->kind) {
	case FORMULA_VALUE:
		return expr_value(s->env->arena, f->value);
	case FORMULA_PATH:
		return formula_path(s, f->name);
	case FORMULA_CALL:
		return f->function->compile(s, f);
	case FORMULA_COMPARE:
		return formula_compare(s, f);
	case FORMULA_ADD:
		return formula_plus(s, f);
	case FORMULA_SUB:
	case FORMULA_MUL:
	case FORMULA_DIV:
		return formula_arithmetic(s, f);
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
formula_as(struct formula_scope *s, const struct field *f,
    const struct formula *formula)
{
	enum col_type		 type = field_column_type(f);
	const struct expr	*e = formula_expr(s, formula), *fit;

	if (e == NULL)
		return NULL;
	fit = formula_fit(s->env->arena, e, type, type == COL_DECIMAL ?
	    (unsigned int)f->scale : 0);
	if (fit == NULL)
		err_field(s->env->err, ERR_VALUE, f->model->name, f->name,
		    "the formula of %s of %s gives %s, not %s", f->name,
		    f->model->name, formula_type(e->type),
		    formula_type(type));
	return fit;
}

/* Names are everybody's; what is stored is the same for all who read it. */
const struct expr *
formula_field(struct env *env, const struct field *f, struct reach *r)
{
	struct env		 full = *env;
	struct formula_scope	 s = { &full, f->model, r };

	full.su = env->su || f->column != NULL || f == f->model->display;
	if (f->column != NULL) {
		full.lang = NULL;
		full.context = NULL;
		r->stored = true;
	}
	return formula_as(&s, f, f->compute);
}
