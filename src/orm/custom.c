/* Tables follow ir.model and ir.model.fields. */

#include <string.h>

#include "base/arena.h"
#include "orm/custom_private.h"
#include "orm/database.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/store.h"

#define CUSTOM_MS	600000	/* of SQL: a large table may take its time */

/* Every field of the outer query's model that every model has. */
static struct query *
custom_automatic_fields(struct env *env)
{
	struct arena		*a = env->arena;
	struct query		*q = query_new(a, "ir_model_fields", 1);
	struct field_row	*rows;
	struct model_row	 none = { .state = "manual" };
	struct value		 names = value_list(a, 8);
	size_t			 n = definition_automatic_rows(a, &none, &rows);

	for (size_t i = 0; i < n; i++)
		value_push(a, &names, value_text(rows[i].name));
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, expr_binary(a, EXPR_EQ,
	    expr_column(a, "model_id", COL_ID, 0),
	    expr_outer(a, "id", COL_ID)),
	    expr_in(a, expr_column(a, "name", COL_TEXT, 0), &names));
	return q;
}

/* A model that has just been made gets the fields that every model has. */
static bool
custom_automatic(struct env *env)
{
	struct arena		*a = env->arena;
	struct model_row	*rows;
	const struct expr	*where;
	size_t			 n;

	where = expr_and(a, expr_binary(a, EXPR_EQ,
	    expr_column(a, "state", COL_TEXT, 0),
	    expr_value(a, value_text("manual"))), expr_unary(a, EXPR_NOT,
	    expr_exists(a, custom_automatic_fields(env))));
	if (!custom_model_rows(env, where, &rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!database_install_automatic(env, &rows[i]))
			return false;
	return true;
}

const struct model *
custom_old_model(const struct custom *c, const struct model *m)
{
	const struct model	*old = registry_model(c->old, m->name);

	return old == NULL || old->id != m->id ? NULL : old;
}

const struct field *
custom_old_field(const struct model *old, int64_t id)
{
	for (size_t i = 0; old != NULL && i < old->nfields; i++)
		if (old->fields[i].id == id)
			return &old->fields[i];
	return NULL;
}

/* Makes what is missing for these rows; all: of a model that is new. */
static bool
custom_make(struct env *env, const struct model *m, const struct expr *rows,
    bool all)
{
	struct definition	 d = { .extends = !all };
	struct table_def	*tables;
	size_t			 n;

	d.row.model = m->name;
	return custom_field_rows(env, rows, &d.fields, &d.nfields) &&
	    definition_tables(env->arena, &d, &tables, &n, env->err) &&
	    store_change(env->store, tables, n, env->err);
}

/* Whether a field of the new world keeps its links in the table. */
static bool
custom_link_used(const struct custom *c, const char *link)
{
	for (size_t i = 0; i < registry_count(c->now); i++) {
		const struct model	*m = registry_at(c->now, i);

		for (size_t j = 0; j < m->nfields; j++)
			if (m->fields[j].link != NULL &&
			    strcmp(m->fields[j].link, link) == 0)
				return true;
	}
	return false;
}

/* Rows about the field that ir.translation keeps; to NULL: they go. */
static bool
custom_translations(struct env *env, const struct field *f, const char *to)
{
	struct arena		*a = env->arena;
	const struct expr	*where;
	struct assign		 set = { .column = "name" };
	int64_t			 n;

	if (!f->translate)
		return true;
	where = expr_binary(a, EXPR_EQ, expr_column(a, "name", COL_TEXT, 0),
	    expr_value(a, value_text(arena_printf(a, "%s,%s", f->model->name,
	    f->name))));
	if (to == NULL)
		return store_delete(env->store, "ir_translation", where, &n,
		    env->err);
	set.value = value_text(arena_printf(a, "%s,%s", f->model->name, to));
	return store_update(env->store, "ir_translation", where, &set, 1, &n,
	    env->err);
}

/* A field that is no more, or no more stored. */
static bool
custom_drop_field(const struct custom *c, const struct field *f, bool table)
{
	struct env	*env = c->env;

	if (!custom_translations(env, f, NULL))
		return false;
	if (f->link != NULL && !custom_link_used(c, f->link) &&
	    !store_drop_table(env->store, f->link, env->err))
		return false;
	return !table || f->column == NULL ||
	    store_drop_column(env->store, f->model->table, f->column,
	    env->err);
}

static bool
custom_drop(const struct custom *c, const struct model *old)
{
	const struct model	*m = registry_model(c->now, old->name);

	if (m != NULL && m->id != old->id)
		m = NULL;
	for (size_t i = 0; i < old->nfields; i++) {
		const struct field	*f = &old->fields[i];

		if (f->manual && (m == NULL || !f->automatic) &&
		    custom_old_field(m, f->id) == NULL &&
		    !custom_drop_field(c, f, m != NULL))
			return false;
	}
	return true;
}

/* The table, and the external ids of its records. */
static bool
custom_drop_model(struct env *env, const struct model *old)
{
	struct arena	*a = env->arena;
	int64_t		 n;

	return store_drop_table(env->store, old->table, env->err) &&
	    store_delete(env->store, "ir_model_data", expr_binary(a, EXPR_EQ,
	    expr_column(a, "model", COL_TEXT, 0),
	    expr_value(a, value_text(old->name))), &n, env->err);
}

static bool
custom_drop_all(const struct custom *c)
{
	size_t	 n = registry_count(c->old);

	for (size_t i = 0; i < n; i++)
		if (!custom_drop(c, registry_at(c->old, i)))
			return false;
	for (size_t i = 0; i < n; i++) {
		const struct model	*old = registry_at(c->old, i);
		const struct model	*m = registry_model(c->now, old->name);

		if (old->manual && (m == NULL || m->id != old->id) &&
		    !custom_drop_model(c->env, old))
			return false;
	}
	return true;
}

bool
custom_wants_index(const struct field *f)
{
	return f->column != NULL && !f->automatic &&
	    (f->index || field_is_many2one(f));
}

/* Indexes that are no more wanted; the others are made again. */
static bool
custom_drop_indexes(struct env *env, const struct field *old,
    const struct field *f)
{
	struct index_def	 ix = { .columns = &old->column, .n = 1 };

	if (custom_wants_index(old) && !custom_wants_index(f) &&
	    !store_drop_index(env->store, f->model->table, &ix, env->err))
		return false;
	ix.text = true;
	return !old->text_index || old->column == NULL || f->text_index ||
	    store_drop_index(env->store, f->model->table, &ix, env->err);
}

/* A field that was there before. */
static bool
custom_change(const struct custom *c, const struct field *old,
    const struct field *f)
{
	struct env	*env = c->env;

	if (!custom_fixed(env, old, f))
		return false;
	if (old->column != NULL && f->column == NULL)
		return custom_drop_field(c, old, true);
	if (!custom_drop_indexes(env, old, f))
		return false;
	if (strcmp(old->name, f->name) != 0 &&
	    !custom_translations(env, old, f->name))
		return false;
	if (old->column != NULL && strcmp(old->column, f->column) != 0 &&
	    !store_rename_column(env->store, f->model->table, old->column,
	    f->column, env->err))
		return false;
	return custom_make(env, f->model, custom_equal(env, "id", f->id),
	    false);
}

static bool
custom_field(const struct custom *c, const struct model *was,
    const struct field *f)
{
	const struct field	*old = custom_old_field(was, f->id);

	return old != NULL ? custom_change(c, old, f) : custom_make(c->env,
	    f->model, custom_equal(c->env, "id", f->id), false);
}

static bool
custom_model(const struct custom *c, const struct model *m,
    const struct ids *fields)
{
	const struct model	*old = custom_old_model(c, m);

	if (old == NULL && m->manual)
		return custom_make(c->env, m, custom_equal(c->env, "model_id",
		    m->id), true);
	for (size_t i = 0; fields != NULL && i < m->nfields; i++)
		if (m->fields[i].manual && ids_has(fields, m->fields[i].id) &&
		    !custom_field(c, old, &m->fields[i]))
			return false;
	return true;
}

static bool
custom_tables(const struct custom *c, const struct ids *fields)
{
	if (!custom_drop_all(c))
		return false;
	for (size_t i = 0; i < registry_count(c->now); i++)
		if (!custom_model(c, registry_at(c->now, i), fields))
			return false;
	return true;
}

/* The records, once the tables are there. */
static bool
custom_records(const struct custom *c, const struct model *m,
    const struct ids *fields, bool *changed)
{
	const struct model	*was = custom_old_model(c, m);

	for (size_t i = 0; i < m->nfields; i++) {
		const struct field	*f = &m->fields[i], *old;

		if (!f->manual || !ids_has(fields, f->id))
			continue;
		old = custom_old_field(was, f->id);
		*changed = *changed || old != NULL;
		if (!custom_verify_many(c->env, m) ||
		    !custom_verify_field(c->env, f) ||
		    !custom_verify_formula(c->env, f) ||
		    (f == m->rec_name && !custom_verify_formulas(c->env)) ||
		    !custom_data(c->env, old, f))
			return false;
	}
	return true;
}

/* What is but added breaks nothing that was there, unless records get their
 * name by it; what needs more fields may still wait for them. */
static bool
custom_steps(const struct custom *c, const struct ids *fields)
{
	bool	 changed = fields == NULL;

	if (!custom_tables(c, fields))
		return false;
	for (size_t i = 0; fields != NULL && i < registry_count(c->now); i++)
		if (!custom_records(c, registry_at(c->now, i), fields,
		    &changed))
			return false;
	return !changed || custom_verify(c->env);
}

bool
custom_apply(struct env *env, const struct ids *fields)
{
	struct custom	 c = { .env = env };
	int64_t		 budget = store_budget(env->store);
	bool		 ok;

	if (!custom_automatic(env) || !env_generation_next(env))
		return false;
	c.old = env->db->reg;
	if (!env_reload(env) || !custom_verify_names(env))
		return false;
	c.now = env->reg;
	store_set_budget(env->store, budget == 0 ? 0 : CUSTOM_MS);
	ok = custom_steps(&c, fields);
	store_set_budget(env->store, budget);
	return ok;
}
