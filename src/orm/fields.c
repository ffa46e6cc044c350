/* The table of kinds of fields, and what they share. */

#include <string.h>

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/number.h"
#include "orm/translation.h"

static const struct field_type *const	 types[] = {
#define FIELD_TYPE(n)	&field_##n,
#include "orm/fields.def"
#undef FIELD_TYPE
};

const struct field_type *
field_type_named(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strcmp(types[i]->name, name) == 0)
			return types[i];
	return NULL;
}

enum col_type
field_column_type(const struct field *f)
{
	enum col_type	 type = f->type->column;

	if (strcmp(f->name, "id") == 0)
		return COL_ID;
	if (type != COL_FLOAT && type != COL_DECIMAL)
		return type;
	return f->scale < 0 ? COL_FLOAT : COL_DECIMAL;
}

bool
field_is_many2one(const struct field *f)
{
	return f->target != NULL && f->type->column == COL_ID;
}

bool
field_is_x2many(const struct field *f)
{
	return f->target != NULL && f->type->column == COL_NONE;
}

bool
field_unset(const struct value *v)
{
	return v->type == VALUE_NULL || (v->type == VALUE_BOOL && !v->u.b);
}

void
field_present_plain(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	(void)env;
	(void)f;
	*out = cells[0];
}

bool
field_str(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	switch (in->type) {
	case VALUE_TEXT:
		*out = *in;
		return true;
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_FLOAT:
	case VALUE_DECIMAL:
		*out = value_span(number_text(env->arena, in));
		return true;
	default:
		return field_refuse(env, f, "a text", in);
	}
}

bool
field_refuse(struct env *env, const struct field *f, const char *wants,
    const struct value *got)
{
	const char	*type = value_type_name(got->type);

	if (got->type == VALUE_TEXT && got->u.text.n <= 60)
		type = arena_printf(env->arena, "the text \"%.*s\"",
		    (int)got->u.text.n, got->u.text.p);
	return err_field(env->err, ERR_VALUE, f->model->name, f->name,
	    "%s of %s wants %s, got %s", f->name, f->model->name, wants, type);
}

bool
reach_enter(struct env *env, struct reach *r, const struct field *f)
{
	if (r->depth++ < REACH_DEPTH && r->fields++ < REACH_FIELDS)
		return true;
	return err_field(env->err, ERR_VALUE, f->model->name, f->name,
	    "%s of %s goes through too many fields", f->name, f->model->name);
}

void
reach_leave(struct reach *r)
{
	r->depth--;
}

static const struct expr *
field_display_expr(struct env *env, const struct model *m, struct reach *r)
{
	struct arena	*a = env->arena;

	if (m->rec_name != NULL)
		return field_label_expr(env, m->rec_name, r);
	return expr_binary(a, EXPR_CONCAT,
	    expr_value(a, value_text(arena_printf(a, "%s,", m->name))),
	    expr_column(a, "id", COL_ID, 0));
}

const struct expr *
field_expr_deep(struct env *env, const struct field *f, struct reach *r)
{
	enum col_type	 type = field_column_type(f);

	if (f->column != NULL)
		return translation_expr(env, f, expr_column(env->arena,
		    f->column, type, type == COL_DECIMAL ?
		    (unsigned int)f->scale : 0));
	if (f->type->expr != NULL && f->compute == NULL)
		return f->type->expr(env, f, r);
	if (f->compute != NULL || f == f->model->display) {
		struct env		 su = env_sudo(env);
		const struct expr	*e;

		if (!reach_enter(env, r, f))
			return NULL;
		e = f->compute != NULL ? formula_field(env, f, r) :
		    field_display_expr(&su, f->model, r);
		reach_leave(r);
		return e;
	}
	err_field(env->err, ERR_VALUE, f->model->name, f->name,
	    "%s of %s is not stored and has no formula", f->name,
	    f->model->name);
	return NULL;
}

void
field_describe_relation(struct env *env, const struct field *f,
    struct value *dict)
{
	value_set(env->arena, dict, "relation", value_text(f->relation));
	value_set(env->arena, dict, "domain", f->domain.type == VALUE_LIST ?
	    f->domain : value_list(env->arena, 0));
	value_set(env->arena, dict, "context", value_dict(env->arena));
}

const struct expr *
field_expr(struct env *env, const struct field *f)
{
	struct reach	 r = { 0 };

	return field_expr_deep(env, f, &r);
}

static const struct expr *
field_name_deep(struct env *env, const struct field *f, const struct expr *id,
    struct reach *r)
{
	const struct expr	*name;

	name = field_label_expr(env, f->target->display, r);
	if (name == NULL)
		return NULL;
	return expr_lookup(env->arena, id, f->target->table, name);
}

const struct expr *
field_name_expr(struct env *env, const struct field *f, const struct expr *id)
{
	struct reach	 r = { 0 };

	return field_name_deep(env, f, id, &r);
}

const struct expr *
field_label_expr(struct env *env, const struct field *f, struct reach *r)
{
	const struct expr	*e = field_expr_deep(env, f, r);

	if (e == NULL || e->type == COL_TEXT)
		return e;
	if (field_is_many2one(f))
		return field_name_deep(env, f, e, r);
	return expr_unary(env->arena, EXPR_TEXT, e);
}
