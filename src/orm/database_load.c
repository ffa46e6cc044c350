/* Records of a module and their external ids. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

static const struct expr *
load_equal(struct env *env, const char *column, enum col_type type,
    struct value v)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, type, 0),
	    expr_value(env->arena, v));
}

/* Takes "be" of the module at hand or "base.be" apart. */
static void
load_name(struct env *env, const char *module, const char *xmlid,
    struct value *m, struct value *name)
{
	const char	*dot = strchr(xmlid, '.');

	*m = value_text(dot == NULL ? module :
	    arena_strndup(env->arena, xmlid, (size_t)(dot - xmlid)));
	*name = value_text(dot == NULL ? xmlid : dot + 1);
}

/* Record, its model and noupdate of an external id; 0 if there is none. */
static bool
load_find(struct env *env, const char *module, const char *xmlid,
    int64_t *res_id, const char **model, bool *noupdate)
{
	struct query	*q = query_new(env->arena, "ir_model_data", 3);
	struct value	 m, name;
	struct rows	 rows;

	load_name(env, module, xmlid, &m, &name);
	q->columns[0] = expr_column(env->arena, "res_id", COL_INT, 0);
	q->columns[1] = expr_column(env->arena, "noupdate", COL_BOOL, 0);
	q->columns[2] = expr_column(env->arena, "model", COL_TEXT, 0);
	q->where = expr_and(env->arena,
	    load_equal(env, "module", COL_TEXT, m),
	    load_equal(env, "name", COL_TEXT, name));
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*res_id = rows.n == 0 ? 0 : rows.cells[0].u.i;
	*model = rows.n == 0 ? "" : rows.cells[2].u.text.p;
	*noupdate = rows.n != 0 && rows.cells[1].type == VALUE_BOOL &&
	    rows.cells[1].u.b;
	return true;
}

int64_t
database_ref(struct env *env, const char *module, const char *xmlid)
{
	const char	*model;
	int64_t		 id;
	bool		 noupdate;

	if (!load_find(env, module, xmlid, &id, &model, &noupdate))
		return 0;
	if (id == 0)
		env_fail(env, ERR_VALUE, "there is no record \"%s\"", xmlid);
	return id;
}

/* {"ref": "base.be"} becomes the record's id. */
static bool
load_refs(struct env *env, const char *module, const struct value *values,
    struct value *out)
{
	*out = value_dict(env->arena);
	for (size_t i = 0; i < map_count(values->u.dict); i++) {
		const struct value	*v = map_at(values->u.dict, i);
		const struct value	*ref = value_get(v, "ref");
		struct value		 id = *v;

		if (ref != NULL && ref->type == VALUE_TEXT) {
			id = value_int(database_ref(env, module,
			    ref->u.text.p));
			if (id.u.i == 0)
				return false;
		}
		value_set(env->arena, out, map_key(values->u.dict, i).p, id);
	}
	return true;
}

static bool
load_remember(struct env *env, const char *module, const char *xmlid,
    const struct model *m, int64_t id, bool noupdate)
{
	const struct model	*data = registry_model(env->reg,
				    "ir.model.data");
	struct value		 vals = value_dict(env->arena);
	struct value		 mod, name;
	int64_t			 row;

	load_name(env, module, xmlid, &mod, &name);
	value_set(env->arena, &vals, "module", mod);
	value_set(env->arena, &vals, "name", name);
	value_set(env->arena, &vals, "model", value_text(m->name));
	value_set(env->arena, &vals, "res_id", value_int(id));
	value_set(env->arena, &vals, "noupdate", value_bool(noupdate));
	return model_create(env, data, &vals, &row);
}

static bool
load_record(struct env *env, const char *module, const struct model *m,
    const struct value *record, bool noupdate)
{
	const struct value	*xmlid = value_get(record, "id");
	const struct value	*dbid = value_get(record, "dbid");
	const struct value	*values = value_get(record, "values");
	struct value		 vals;
	const char		*model;
	struct ids		 ids = { .n = 1 };
	int64_t			 id;
	bool			 keep;

	if (xmlid == NULL || xmlid->type != VALUE_TEXT || values == NULL ||
	    values->type != VALUE_DICT)
		return env_fail(env, ERR_VALUE, "module %s: a record of %s "
		    "wants id and values", module, m->name);
	if (!load_refs(env, module, values, &vals) ||
	    !load_find(env, module, xmlid->u.text.p, &id, &model, &keep))
		return false;
	if (id != 0 && strcmp(model, m->name) != 0)
		return env_fail(env, ERR_VALUE, "module %s: \"%s\" names a "
		    "record of %s, not of %s", module, xmlid->u.text.p, model,
		    m->name);
	ids.v = &id;
	if (id != 0)
		return keep || model_write(env, m, &ids, &vals);
	if (dbid != NULL)
		value_set(env->arena, &vals, "id", *dbid);
	return model_create(env, m, &vals, &id) &&
	    load_remember(env, module, xmlid->u.text.p, m, id, noupdate);
}

bool
database_load(struct env *env, const char *module, const char *model,
    const struct value *records, bool noupdate)
{
	const struct model	*m = registry_model(env->reg, model);

	if (m == NULL)
		return env_fail(env, ERR_VALUE,
		    "module %s: there is no model %s", module, model);
	if (records->type != VALUE_LIST)
		return env_fail(env, ERR_VALUE,
		    "module %s: the records of %s must be a list", module,
		    model);
	for (size_t i = 0; i < records->u.list->n; i++)
		if (!load_record(env, module, m, &records->u.list->v[i],
		    noupdate)) {
			err_cause(env->err, "module %s, %s, record %zu", module,
			    model, i + 1);
			return false;
		}
	return true;
}

bool
database_link(struct env *env, const char *table, const struct value *row)
{
	struct assign		 assigns[2];
	const struct expr	*where = NULL;
	struct query		*q = query_new(env->arena, table, 1);
	struct rows		 rows;
	int64_t			 id;

	if (row->type != VALUE_DICT || map_count(row->u.dict) != 2)
		return env_fail(env, ERR_VALUE,
		    "a row of %s wants two columns", table);
	for (size_t i = 0; i < 2; i++) {
		const struct value	*v = map_at(row->u.dict, i);
		const char		*column = map_key(row->u.dict, i).p;

		assigns[i] = (struct assign){ column, *v, NULL };
		where = expr_and(env->arena, where,
		    load_equal(env, column, COL_ID, *v));
	}
	q->columns[0] = expr_column(env->arena, assigns[0].column, COL_ID, 0);
	q->where = where;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	return rows.n != 0 || store_insert(env->store, table, assigns, 2, &id,
	    env->err);
}
