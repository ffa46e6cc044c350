/* cardfile migrate: what is not the modules' own. */

#include "orm/migrate.h"

#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/custom.h"
#include "orm/database.h"
#include "orm/database_private.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

static struct span
migrate_key(struct env *env, const char *model, const char *field)
{
	return span_of(arena_printf(env->arena, "%s,%s", model, field));
}

/* Texts of columns that every version has, of the rows where one holds. */
static bool
migrate_texts(struct env *env, const char *table, const char *const *columns,
    size_t n, const struct expr *where, struct rows *rows)
{
	struct query	*q = query_new(env->arena, table, n);

	for (size_t i = 0; i < n; i++)
		q->columns[i] = expr_column(env->arena, columns[i], COL_TEXT,
		    0);
	q->where = where;
	return store_select(env->store, q, env->arena, rows, env->err);
}

static bool
migrate_fields(struct env *env, struct migration *m)
{
	static const char *const	 columns[] = { "model", "name" };
	struct rows			 rows;

	m->fields = map_new(env->arena);
	if (!migrate_texts(env, "ir_model_fields", columns, 2, NULL, &rows))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		map_put(m->fields, migrate_key(env,
		    rows.cells[2 * i].u.text.p, rows.cells[2 * i + 1].u.text.p),
		    m);
	return true;
}

static bool
migrate_registry(struct env *env, const struct migration *m)
{
	if (m->version != DATABASE_VERSION)
		return true;
	if (!database_registry(env->db, env->err))
		return false;
	env->reg = env->db->reg;
	return true;
}

bool
migrate_begin(struct env *env, struct migration *m)
{
	struct database_state	 state;

	if (!database_identify(env->db, &state, env->err))
		return false;
	m->version = state.version;
	if (state.generation == 0)
		return env_fail(env, ERR_UNAVAILABLE, "the database %s was "
		    "never finished: remove it and run cardfile init %s",
		    env->db->name, env->db->name);
	if (state.version > DATABASE_VERSION)
		return env_fail(env, ERR_VALUE, "the database %s is of "
		    "version %lld and this program of version %d: a newer "
		    "program is needed", env->db->name,
		    (long long)state.version, DATABASE_VERSION);
	env->store = env->db->store;
	env->now = clock_now();
	store_set_budget(env->store, 0);
	return store_begin(env->store, TXN_WRITE, env->err) &&
	    migrate_registry(env, m) && migrate_fields(env, m);
}

bool
migrate_modules(struct env *env, const struct migration *m,
    struct value *modules)
{
	static const char *const	 columns[] = { "name", "checksum" };
	size_t				 n = m->version < 2 ? 1 : 2;
	struct rows			 rows;
	const struct expr		*where;

	where = expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, "state", COL_TEXT, 0),
	    expr_value(env->arena, value_text("installed")));
	if (!migrate_texts(env, "ir_module_module", columns, n, where, &rows))
		return false;
	*modules = value_dict(env->arena);
	for (size_t i = 0; i < rows.n; i++)
		value_set(env->arena, modules, rows.cells[n * i].u.text.p,
		    n == 1 ? value_null() : rows.cells[n * i + 1]);
	return true;
}

/* A field that is new in a table that is not. */
static bool
migrate_is_new(struct env *env, const struct migration *m,
    const struct field *f)
{
	return map_get(m->fields, migrate_key(env, f->model->name,
	    f->name)) == NULL &&
	    map_get(m->fields, migrate_key(env, f->model->name, "id")) != NULL;
}

static bool
migrate_default(struct env *env, const struct field *f)
{
	struct assign		 set = { .column = f->column };
	const struct expr	*column;
	int64_t			 n;

	column = expr_column(env->arena, f->column, field_column_type(f),
	    f->scale > 0 ? (unsigned int)f->scale : 0);
	return f->type->convert(env, f, CONVERT_ODOO, &f->dflt, &set.value) &&
	    store_update(env->store, f->model->table,
	    expr_unary(env->arena, EXPR_IS_NULL, column), &set, 1, &n,
	    env->err);
}

static bool
migrate_defaults(struct env *env, const struct migration *mig)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++) {
			const struct field	*f = &m->fields[j];

			if (f->column != NULL && f->compute == NULL &&
			    f->dflt.type != VALUE_NULL &&
			    migrate_is_new(env, mig, f) &&
			    !migrate_default(env, f))
				return false;
		}
	}
	return true;
}

bool
migrate_finish(struct env *env, const struct migration *m)
{
	return migrate_defaults(env, m) && custom_sweep(env) &&
	    custom_whole(env) &&
	    database_set_version(env->db, env->err) &&
	    env_generation_next(env);
}
