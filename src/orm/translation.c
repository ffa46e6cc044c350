#include "orm/translation.h"

#include <string.h>

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/vals.h"
#include "store/query.h"
#include "store/store.h"

#define TRANSLATIONS	"ir_translation"

/* "res.country,name" */
static struct value
translation_name(struct env *env, const struct field *f)
{
	return value_text(arena_printf(env->arena, "%s,%s", f->model->name,
	    f->name));
}

static const struct expr *
translation_equal(struct env *env, const char *column, enum col_type type,
    struct value v)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, type, 0),
	    expr_value(env->arena, v));
}

/* The rows of a field, in a language or (NULL) in all. */
static const struct expr *
translation_of(struct env *env, const struct field *f, const char *lang)
{
	const struct expr	*where = translation_equal(env, "name",
	    COL_TEXT, translation_name(env, f));

	if (lang == NULL)
		return where;
	return expr_and(env->arena, where,
	    translation_equal(env, "lang", COL_TEXT, value_text(lang)));
}

const struct expr *
translation_expr(struct env *env, const struct field *f,
    const struct expr *column)
{
	struct arena	*a = env->arena;
	const char	*lang;
	struct query	*q;
	struct expr	*own;

	if (!f->translate || column->type != COL_TEXT ||
	    (lang = env_lang(env)) == NULL)
		return column;
	q = query_new(a, TRANSLATIONS, 1);
	q->columns[0] = expr_column(a, "value", COL_TEXT, 0);
	q->where = expr_and(a, translation_of(env, f, lang),
	    expr_binary(a, EXPR_EQ, expr_column(a, "res_id", COL_INT, 0),
	    expr_outer(a, "id", COL_ID)));
	own = expr_node(a, EXPR_SELECT, COL_TEXT, 0, NULL, NULL);
	own->query = q;
	return expr_node(a, EXPR_COALESCE, COL_TEXT, 0, own, column);
}

static bool
translation_kept(const struct vals *vals, size_t i)
{
	return vals->fields[i]->translate && vals->v[i].type == VALUE_TEXT;
}

void
translation_take(struct env *env, struct vals *vals, struct vals *taken)
{
	size_t	 n = 0;

	*taken = (struct vals){ .model = vals->model };
	if (env_lang(env) == NULL)
		return;
	for (size_t i = 0; i < vals->n; i++) {
		if (translation_kept(vals, i)) {
			vals_add(env, taken, vals->fields[i], vals->v[i]);
			continue;
		}
		vals->fields[n] = vals->fields[i];
		vals->v[n++] = vals->v[i];
	}
	vals->n = n;
}

static bool
translation_forget(struct env *env, const struct field *f, const char *lang,
    const struct ids *ids)
{
	int64_t	 changed;

	return store_delete(env->store, TRANSLATIONS, expr_and(env->arena,
	    translation_of(env, f, lang), ids_in(env, "res_id", ids)),
	    &changed, env->err);
}

/* A row for each of the records. */
static bool
translation_insert(struct env *env, const struct field *f, struct value text,
    const struct ids *ids)
{
	struct arena		*a = env->arena;
	const struct expr	*id = expr_column(a, "id", COL_ID, 0);
	struct query		*q = query_new(a, f->model->table, 1);
	struct assign		 row[] = {
		{ "name", translation_name(env, f), NULL },
		{ "lang", value_text(env_lang(env)), NULL },
		{ "value", text, NULL },
		{ "res_id", value_null(), id },
	};

	q->columns[0] = id;
	q->where = ids_in(env, "id", ids);
	return store_insert_from(env->store, TRANSLATIONS, row,
	    sizeof row / sizeof row[0], q, env->err);
}

static bool
translation_base(struct env *env, const struct field *f, struct value text,
    const struct ids *ids)
{
	struct arena		*a = env->arena;
	struct assign		 set = { .column = f->column, .value = text };
	const struct expr	*unset;
	int64_t			 changed;

	unset = expr_unary(a, EXPR_IS_NULL,
	    expr_column(a, f->column, COL_TEXT, 0));
	return store_update(env->store, f->model->table,
	    expr_and(a, ids_in(env, "id", ids), unset), &set, 1,
	    &changed, env->err);
}

bool
translation_write(struct env *env, const struct ids *ids,
    const struct vals *vals, const struct vals *taken)
{
	for (size_t i = 0; i < vals->n; i++)
		if (vals->fields[i]->translate &&
		    vals->v[i].type == VALUE_NULL &&
		    !translation_forget(env, vals->fields[i], NULL, ids))
			return false;
	for (size_t i = 0; i < taken->n; i++) {
		const struct field	*f = taken->fields[i];

		if (!translation_forget(env, f, env_lang(env), ids) ||
		    !translation_insert(env, f, taken->v[i], ids) ||
		    !translation_base(env, f, taken->v[i], ids))
			return false;
	}
	return true;
}

bool
translation_create(struct env *env, int64_t id, const struct vals *vals)
{
	struct ids	 ids = { &id, 1 };

	if (env_lang(env) == NULL)
		return true;
	for (size_t i = 0; i < vals->n; i++)
		if (translation_kept(vals, i) && !translation_insert(env,
		    vals->fields[i], vals->v[i], &ids))
			return false;
	return true;
}

static bool
translation_copy_field(struct env *env, const struct field *f, int64_t from,
    int64_t to)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, TRANSLATIONS, 2);
	struct assign	 row[] = {
		{ "lang", value_null(), expr_column(a, "lang", COL_TEXT, 0) },
		{ "value", value_null(), expr_column(a, "value", COL_TEXT, 0) },
		{ "name", translation_name(env, f), NULL },
		{ "res_id", value_int(to), NULL },
	};

	for (size_t i = 0; i < 2; i++)
		q->columns[i] = row[i].expr;
	q->where = expr_and(a, translation_of(env, f, NULL),
	    translation_equal(env, "res_id", COL_INT, value_int(from)));
	return store_insert_from(env->store, TRANSLATIONS, row,
	    sizeof row / sizeof row[0], q, env->err);
}

bool
translation_copy(struct env *env, const struct model *m, int64_t from,
    int64_t to, const struct value *without)
{
	for (size_t i = 0; i < m->nfields; i++)
		if (m->fields[i].translate && m->fields[i].copy &&
		    m->fields[i].column != NULL &&
		    value_get(without, m->fields[i].name) == NULL &&
		    !translation_copy_field(env, &m->fields[i], from, to))
			return false;
	return true;
}

bool
translation_unlink(struct env *env, const struct model *m,
    const struct ids *ids)
{
	for (size_t i = 0; i < m->nfields; i++)
		if (m->fields[i].translate &&
		    !translation_forget(env, &m->fields[i], NULL, ids))
			return false;
	return true;
}

/* name, field's name and text of what is translated of a model's fields. */
static bool
translation_labels_find(struct env *env, const struct model *m,
    const char *lang, struct rows *rows)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, TRANSLATIONS, 3);
	struct value	 names = value_list(a, 2);

	value_push(a, &names,
	    value_text("ir.model.fields,field_description"));
	value_push(a, &names, value_text("ir.model.fields,help"));
	q->columns[0] = expr_column(a, "name", COL_TEXT, 0);
	q->columns[1] = expr_lookup(a, expr_column(a, "res_id", COL_ID, 0),
	    "ir_model_fields", expr_column(a, "name", COL_TEXT, 0));
	q->columns[2] = expr_column(a, "value", COL_TEXT, 0);
	q->where = expr_and(a, expr_and(a,
	    expr_in(a, expr_column(a, "name", COL_TEXT, 0), &names),
	    translation_equal(env, "lang", COL_TEXT, value_text(lang))),
	    expr_binary(a, EXPR_EQ, expr_lookup(a,
	    expr_column(a, "res_id", COL_ID, 0), "ir_model_fields",
	    expr_column(a, "model", COL_TEXT, 0)),
	    expr_value(a, value_text(m->name))));
	return store_select(env->store, q, a, rows, env->err);
}

bool
translation_labels(struct env *env, const struct model *m,
    struct value *fields)
{
	const char	*lang = env_lang(env);
	struct rows	 rows;

	if (lang == NULL)
		return true;
	if (!translation_labels_find(env, m, lang, &rows))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		const struct value	*row = rows.cells + i * rows.width;
		const struct value	*field;
		const char		*key;

		if (row[1].type != VALUE_TEXT || row[2].type != VALUE_TEXT)
			continue;
		key = value_is_text(&row[0], "ir.model.fields,help") ?
		    "help" : "string";
		field = value_get(fields, row[1].u.text.p);
		if (field != NULL && value_get(field, key) != NULL)
			value_set(env->arena, &(struct value){
			    VALUE_DICT, 0, { .dict = field->u.dict } }, key,
			    row[2]);
	}
	return true;
}
