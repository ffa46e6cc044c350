/* Records of a module and their external ids. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/external_id.h"
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

int64_t
database_ref(struct env *env, const char *module, const char *xmlid)
{
	struct external_id	 x;

	if (!external_id_find(env, module, xmlid, &x))
		return 0;
	if (x.id == 0)
		env_fail(env, ERR_VALUE, "there is no record \"%s\"", xmlid);
	return x.id;
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
load_record(struct env *env, const char *module, const struct model *m,
    const struct value *record, bool noupdate)
{
	const struct value	*xmlid = value_get(record, "id");
	const struct value	*dbid = value_get(record, "dbid");
	const struct value	*values = value_get(record, "values");
	struct value		 vals;
	struct external_id	 x;
	struct ids		 ids = { .n = 1 };
	int64_t			 id;

	if (xmlid == NULL || xmlid->type != VALUE_TEXT || values == NULL ||
	    values->type != VALUE_DICT)
		return env_fail(env, ERR_VALUE, "module %s: a record of %s "
		    "wants id and values", module, m->name);
	if (!load_refs(env, module, values, &vals) ||
	    !external_id_find(env, module, xmlid->u.text.p, &x))
		return false;
	if (x.id != 0 && strcmp(x.model, m->name) != 0)
		return env_fail(env, ERR_VALUE, "module %s: \"%s\" names a "
		    "record of %s, not of %s", module, xmlid->u.text.p, x.model,
		    m->name);
	id = x.id;
	ids.v = &id;
	if (id != 0)
		return x.noupdate || model_write(env, m, &ids, &vals);
	if (dbid != NULL)
		value_set(env->arena, &vals, "id", *dbid);
	return model_create(env, m, &vals, &id) &&
	    external_id_add(env, module, xmlid->u.text.p, m, id, noupdate);
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
