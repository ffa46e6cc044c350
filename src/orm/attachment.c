#include "orm/attachment.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/files.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "orm/secret.h"
#include "store/query.h"
#include "store/store.h"

#define ATTACHMENT	"ir.attachment"

/* The parts of the condition while it grows. */
struct limits {
	struct env		*env;
	enum access		 what;		/* of the records */
	struct value		 open;	/* models of which all may be seen */
	const struct expr	*any;
};

bool
attachment_is(const struct model *m)
{
	return strcmp(m->name, ATTACHMENT) == 0;
}

static const struct expr *
attachment_column(struct env *env, const char *name, enum col_type type)
{
	return expr_column(env->arena, name, type, 0);
}

static const struct expr *
attachment_equal(struct env *env, const struct expr *column, struct value v)
{
	return expr_binary(env->arena, EXPR_EQ, column,
	    expr_value(env->arena, v));
}

static const struct expr *
attachment_unset(struct env *env, const char *name, enum col_type type)
{
	return expr_unary(env->arena, EXPR_IS_NULL,
	    attachment_column(env, name, type));
}

/* Contents of fields that the user may not see are none of his. */
static const struct expr *
attachment_field(struct env *env, const struct model *m)
{
	struct value	 hidden = value_list(env->arena, 0);

	for (size_t i = 0; i < m->nfields; i++)
		if (!access_sees(env, &m->fields[i]))
			value_push(env->arena, &hidden,
			    value_text(m->fields[i].name));
	if (hidden.u.list->n == 0)
		return NULL;
	return expr_or(env->arena, attachment_unset(env, "res_field",
	    COL_TEXT), expr_unary(env->arena, EXPR_NOT,
	    expr_in(env->arena, attachment_column(env, "res_field", COL_TEXT),
	    &hidden)));
}

/* The record is one that the rules let the user have, or none. */
static const struct expr *
attachment_record(struct env *env, const struct model *m,
    const struct expr *rule)
{
	struct arena		*a = env->arena;
	struct query		*q = query_new(a, m->table, 1);
	const struct expr	*none;

	if (rule == NULL)
		return NULL;
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, expr_binary(a, EXPR_EQ, q->columns[0],
	    expr_outer(a, "res_id", COL_INT)), rule);
	none = expr_or(a, attachment_unset(env, "res_id", COL_INT),
	    attachment_equal(env, attachment_column(env, "res_id", COL_INT),
	    value_int(0)));
	return expr_or(a, none, expr_exists(a, q));
}

static bool
attachment_model(struct limits *l, const struct model *m)
{
	struct env		*env = l->env;
	const struct expr	*rule, *e;
	bool			 allowed;

	if (attachment_is(m))
		return true;
	if (!access_allowed(env, m, l->what, &allowed) ||
	    (allowed && !rule_where(env, m, l->what, &rule)))
		return false;
	if (!allowed)
		return true;
	e = expr_and(env->arena, attachment_record(env, m, rule),
	    attachment_field(env, m));
	if (e == NULL) {
		value_push(env->arena, &l->open, value_text(m->name));
		return true;
	}
	l->any = expr_or(env->arena, l->any, expr_and(env->arena,
	    attachment_equal(env, attachment_column(env, "res_model",
	    COL_TEXT), value_text(m->name)), e));
	return true;
}

/* Those of no record. */
static bool
attachment_own(struct limits *l)
{
	struct env		*env = l->env;
	const struct expr	*none = attachment_unset(env, "res_model",
				    COL_TEXT);
	bool			 settings;

	if (!access_in_group(env, "base.group_system", &settings))
		return false;
	if (!settings)
		none = expr_and(env->arena, none, attachment_equal(env,
		    attachment_column(env, "create_uid", COL_ID),
		    value_int(env->uid)));
	l->any = expr_or(env->arena, l->any, none);
	return true;
}

bool
attachment_where(struct env *env, enum access what, const struct expr **where)
{
	struct limits	 l = { .env = env, .open = value_list(env->arena, 64),
			    .what = what == ACCESS_READ ? what : ACCESS_WRITE };

	for (size_t i = 0; i < registry_count(env->reg); i++)
		if (!attachment_model(&l, registry_at(env->reg, i)))
			return false;
	if (!attachment_own(&l))
		return false;
	l.any = expr_or(env->arena, l.any, expr_in(env->arena,
	    attachment_column(env, "res_model", COL_TEXT), &l.open));
	if (what == ACCESS_READ)
		l.any = expr_or(env->arena, l.any,
		    attachment_column(env, "public", COL_BOOL));
	*where = l.any;
	return true;
}

/* Where the cell of the contents stands in a row; false: it does not. */
static bool
attachment_cell(const struct records *rec, size_t *at)
{
	*at = 0;
	for (size_t i = 0; i < rec->nfields; i++) {
		if (strcmp(rec->fields[i]->name, "datas") == 0)
			return true;
		*at += rec->fields[i]->type->cells;
	}
	return false;
}

static bool
attachment_load(struct env *env, int64_t id, struct value *cell,
    size_t *total)
{
	const char	*field = "store_fname";
	struct value	 name;
	bool		 found;

	if (cell->type != VALUE_BYTES || cell->u.text.n != 0)
		return true;
	if (!secret_find(env, ATTACHMENT, "id", value_int(id), &field, 1,
	    &name, &found))
		return false;
	if (!found || name.type != VALUE_TEXT)
		return true;
	*total += files_size(env, name.u.text.p);
	if (*total > (size_t)env->conf->max_answer)
		return env_fail(env, ERR_TOO_LARGE, "the contents of these "
		    "attachments are too many at once: ask for fewer");
	return files_get(env, name.u.text.p, &cell->u.text);
}

bool
attachment_contents(struct env *env, int64_t id, struct value *cell)
{
	size_t	 total = 0;

	return attachment_load(env, id, cell, &total);
}

bool
attachment_fetch(struct env *env, const struct records *rec,
    struct rows *rows)
{
	size_t	 at, total = 0;

	if (!attachment_cell(rec, &at))
		return true;
	for (size_t i = 0; i < rows->n; i++) {
		struct value	*row = rows->cells + i * rows->width;

		if (!attachment_load(env, row[0].u.i, &row[at], &total))
			return false;
	}
	return true;
}
