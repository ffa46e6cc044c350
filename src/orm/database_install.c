/* Models of a module into the meta-models and the tables. */

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "orm/database.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

/* Columns that every row of a model has: uuid, user and time, twice. */
#define INSTALL_LOG	5

static bool
install_insert(struct env *env, const char *table, struct assign *row,
    size_t n, int64_t *id)
{
	char	*uuid = arena_text(env->arena, 36);

	crypto_uuid(uuid);
	row[n++] = (struct assign){ "uuid", value_text(uuid), NULL };
	row[n++] = (struct assign){ "create_uid", value_int(env->uid), NULL };
	row[n++] = (struct assign){ "create_date", value_datetime(env->now),
	    NULL };
	row[n++] = (struct assign){ "write_uid", value_int(env->uid), NULL };
	row[n++] = (struct assign){ "write_date", value_datetime(env->now),
	    NULL };
	return store_insert(env->store, table, row, n, id, env->err);
}

static const struct expr *
install_equal(struct env *env, const char *column, enum col_type type,
    struct value v)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, type, 0),
	    expr_value(env->arena, v));
}

/* The id of the row that where finds, 0 if there is none. */
static bool
install_find(struct env *env, const char *table, const struct expr *where,
    int64_t *id)
{
	struct query	*q = query_new(env->arena, table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = where;
	q->limit = 1;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*id = rows.n == 0 ? 0 : rows.cells[0].u.i;
	return true;
}

/* Inserts the row, or brings the one that is there up to date. */
static bool
install_row(struct env *env, const char *table, const struct expr *where,
    struct assign *row, size_t n, int64_t *id)
{
	int64_t	 changed;

	if (!install_find(env, table, where, id))
		return false;
	if (*id == 0)
		return install_insert(env, table, row, n, id);
	return store_update(env->store, table,
	    install_equal(env, "id", COL_ID, value_int(*id)), row, n, &changed,
	    env->err);
}

static bool
install_model(struct env *env, const struct definition *d, int64_t *id)
{
	const struct expr	*where;
	struct assign		*row;
	size_t			 n;

	where = install_equal(env, "model", COL_TEXT, value_text(d->row.model));
	if (d->extends)
		return install_find(env, "ir_model", where, id);
	n = meta_model_assigns(env->arena, &d->row, &row, INSTALL_LOG);
	return install_row(env, "ir_model", where, row, n, id);
}

static bool
install_field(struct env *env, const struct field_row *field, int64_t model)
{
	struct assign	*row;
	int64_t		 id;
	size_t		 n;

	n = meta_field_assigns(env->arena, field, &row, INSTALL_LOG + 1);
	row[n++] = (struct assign){ "model_id", value_int(model), NULL };
	return install_row(env, "ir_model_fields", expr_and(env->arena,
	    install_equal(env, "model_id", COL_ID, value_int(model)),
	    install_equal(env, "name", COL_TEXT, value_text(field->name))),
	    row, n, &id);
}

/* The external id of a model: module.model_res_partner. */
static bool
install_name(struct env *env, const struct definition *d, int64_t model)
{
	const char	*name;
	struct assign	 row[5 + INSTALL_LOG] = {
		{ "module", value_text(d->row.modules), NULL },
		{ "model", value_text("ir.model"), NULL },
		{ "res_id", value_int(model), NULL },
		{ "noupdate", value_bool(false), NULL },
	};
	int64_t		 id;

	if (d->extends)
		return true;
	name = arena_printf(env->arena, "model_%s",
	    definition_table(env->arena, d->row.model));
	row[4] = (struct assign){ "name", value_text(name), NULL };
	return install_row(env, "ir_model_data", expr_and(env->arena,
	    install_equal(env, "module", COL_TEXT, value_text(d->row.modules)),
	    install_equal(env, "name", COL_TEXT, value_text(name))),
	    row, 5, &id);
}

bool
database_install_automatic(struct env *env, const struct model_row *model)
{
	struct field_row	*rows;
	size_t			 n;

	n = definition_automatic_rows(env->arena, model, &rows);
	for (size_t i = 0; i < n; i++)
		if (!install_field(env, &rows[i], model->id))
			return false;
	return true;
}

/* The module's fields of the model that its file has no more. */
static const struct expr *
install_gone(struct env *env, const struct definition *d, int64_t model)
{
	struct value	 names = value_list(env->arena, d->nfields);

	for (size_t i = 0; i < d->nfields; i++)
		value_push(env->arena, &names,
		    value_text(d->fields[i].name));
	return expr_and(env->arena, expr_and(env->arena,
	    install_equal(env, "model_id", COL_ID, value_int(model)),
	    install_equal(env, "modules", COL_TEXT,
	    value_text(d->row.modules))), expr_unary(env->arena, EXPR_NOT,
	    expr_in(env->arena, expr_column(env->arena, "name", COL_TEXT, 0),
	    &names)));
}

static bool
install_drop(struct env *env, const struct definition *d, int64_t model)
{
	const struct expr	*gone = install_gone(env, d, model);
	const char		*table;
	struct query		*q;
	struct rows		 rows;
	int64_t			 n;

	table = definition_table(env->arena, d->row.model);
	q = query_new(env->arena, "ir_model_fields", 1);
	q->columns[0] = expr_column(env->arena, "name", COL_TEXT, 0);
	q->where = gone;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		if (!store_drop_column(env->store, table,
		    rows.cells[i].u.text.p, env->err))
			return false;
	return rows.n == 0 || store_delete(env->store, "ir_model_fields", gone,
	    &n, env->err);
}

static bool
install_definition(struct env *env, const struct definition *d)
{
	int64_t	 model;

	if (!install_model(env, d, &model) || !install_name(env, d, model))
		return false;
	for (size_t i = 0; i < d->nfields; i++)
		if (!install_field(env, &d->fields[i], model))
			return false;
	return install_drop(env, d, model);
}

/* A model is fresh unless another module has defined it before. */
static bool
install_fresh(struct env *env, const struct value *file, const char *module)
{
	const struct value	*name = value_get(file, "model");
	const struct expr	*where;
	int64_t			 id;

	if (env->reg == NULL || name == NULL || name->type != VALUE_TEXT ||
	    registry_model(env->reg, name->u.text.p) == NULL)
		return true;
	where = expr_and(env->arena,
	    install_equal(env, "model", COL_TEXT, *name),
	    install_equal(env, "modules", COL_TEXT, value_text(module)));
	return install_find(env, "ir_model", where, &id) && id != 0;
}

/* Both ends of a many2many want its table. */
static size_t
install_once(struct table_def *all, size_t n, const struct table_def *t)
{
	for (size_t i = 0; i < n; i++)
		if (t->link && strcmp(all[i].name, t->name) == 0)
			return n;
	all[n] = *t;
	return n + 1;
}

static bool
install_tables(struct env *env, const struct definition *defs, size_t n)
{
	struct table_def	*all = NULL;
	size_t			 nall = 0;

	for (size_t i = 0; i < n; i++) {
		struct table_def	*t, *old = all;
		size_t			 nt;

		if (!definition_tables(env->arena, &defs[i], &t, &nt, env->err))
			return false;
		all = arena_array(env->arena, nall + nt, sizeof *all);
		if (nall != 0)
			memcpy(all, old, nall * sizeof *all);
		for (size_t j = 0; j < nt; j++)
			nall = install_once(all, nall, &t[j]);
	}
	return store_change(env->store, all, nall, env->err);
}

bool
database_install(struct env *env, const char *module,
    const struct value *models, size_t n)
{
	struct definition	*defs;

	defs = arena_array(env->arena, n, sizeof *defs);
	for (size_t i = 0; i < n; i++)
		if (!definition_read(env->arena, &models[i], module,
		    install_fresh(env, &models[i], module), &defs[i], env->err))
			return false;
	if (!install_tables(env, defs, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!install_definition(env, &defs[i]))
			return false;
	if (!env_generation_next(env) || !database_registry(env->db, env->err))
		return false;
	env->reg = env->db->reg;
	return formula_sound(env);
}
