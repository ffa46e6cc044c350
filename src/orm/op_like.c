/* "like" and its kin: semantics 1.2, 1.4, 1.5. */

#include "base/arena.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/model.h"
#include "orm/operator_private.h"
#include "orm/registry.h"

/* The field as text, whatever it is. */
static const struct expr *
like_column(struct env *env, const struct field *f)
{
	const struct expr	*c = field_expr(env, f);

	if (c == NULL || c->type == COL_TEXT)
		return c;
	if (c->type != COL_BYTES)
		return expr_unary(env->arena, EXPR_TEXT, c);
	err_field(env->err, ERR_VALUE, f->model->name, f->name,
	    "%s of %s is binary: no pattern can be looked for", f->name,
	    f->model->name);
	return NULL;
}

/* A text index holds what is compared. */
static bool
like_indexed(const struct field *f)
{
	const struct field	*name = f->model->rec_name;

	if (f == f->model->display && f->column == NULL &&
	    f->compute == NULL && name != NULL)
		return name->text_index;
	return f->text_index;
}

/* ilike looks past accents where the database is set so. */
static const struct expr *
like_expr(struct env *env, const struct field *f, enum expr_op op,
    const struct expr *c, const struct expr *pattern)
{
	struct expr	*e;

	if (op == EXPR_ILIKE && env->reg != NULL &&
	    registry_accent_blind(env->reg))
		op = EXPR_ILIKE_FLAT;
	e = expr_binary(env->arena, op, c, pattern);
	e->indexed = like_indexed(f);
	return e;
}

/* Anywhere in the text; wildcards of the operand count. */
const struct expr *
op_like(struct env *env, const struct field *f, const struct domain *term)
{
	const struct operator	*op = term->op;
	const struct value	*v = &term->value;
	struct arena		*a = env->arena;
	const struct expr	*c = like_column(env, f), *e;
	bool			 truthy = value_truthy(v);
	struct value		 text = value_text("");

	if (c == NULL || (truthy && !field_str(env, f, v, &text)))
		return NULL;
	text = value_text(arena_printf(a, "%%%.*s%%", (int)text.u.text.n,
	    text.u.text.p));
	e = like_expr(env, f, op->op, c, expr_value(a, text));
	if (op->negate)
		e = expr_unary(a, EXPR_NOT, e);
	if (op->negate || !truthy)
		return expr_or(a, e, expr_unary(a, EXPR_IS_NULL, c));
	return e;
}

/* "=like", "=ilike": the pattern as it is, from end to end. */
const struct expr *
op_pattern(struct env *env, const struct field *f, const struct domain *term)
{
	const struct operator	*op = term->op;
	const struct value	*v = &term->value;
	struct arena		*a = env->arena;
	const struct expr	*c = like_column(env, f);
	struct expr		*pattern;
	struct value		 text = value_null();

	if (c == NULL || (!field_unset(v) && !field_str(env, f, v, &text)))
		return NULL;
	pattern = expr_value(a, text);
	pattern->type = COL_TEXT;
	return like_expr(env, f, op->op, c, pattern);
}
