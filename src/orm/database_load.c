/* Records of a module and their external ids. */

#include <string.h>

#include "base/map.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/model.h"
#include "orm/registry.h"

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

static bool	 load_refs(struct env *, const char *module,
		    const struct value *values, struct value *out);

/* The values of a command are a dictionary of fields, one of which may be
 * called "ref". */
static bool
load_is_values(const struct value_list *l, size_t i)
{
	return i == 2 && l->v[2].type == VALUE_DICT &&
	    l->v[0].type == VALUE_INT;
}

/* {"ref": "base.be"} becomes the record's id, in lists too. */
static bool
load_ref(struct env *env, const char *module, const struct value *v,
    struct value *out)
{
	const struct value	*ref = value_get(v, "ref");
	const struct value_list	*l;
	struct value		 item;

	*out = *v;
	if (ref != NULL && ref->type == VALUE_TEXT) {
		*out = value_int(database_ref(env, module, ref->u.text.p));
		return out->u.i != 0;
	}
	if (v->type != VALUE_LIST)
		return true;
	l = v->u.list;
	*out = value_list(env->arena, l->n);
	for (size_t i = 0; i < l->n; i++) {
		if (!(load_is_values(l, i) ? load_refs : load_ref)(env, module,
		    &l->v[i], &item))
			return false;
		value_push(env->arena, out, item);
	}
	return true;
}

static bool
load_refs(struct env *env, const char *module, const struct value *values,
    struct value *out)
{
	struct value	 v;

	*out = value_dict(env->arena);
	for (size_t i = 0; i < map_count(values->u.dict); i++) {
		if (!load_ref(env, module, map_at(values->u.dict, i), &v))
			return false;
		value_set(env->arena, out, map_key(values->u.dict, i).p, v);
	}
	return true;
}

static bool
load_new(struct env *env, const char *module, const struct model *m,
    const char *xmlid, const struct value *dbid, struct value *vals,
    bool noupdate)
{
	int64_t	 id;

	if (dbid != NULL)
		value_set(env->arena, vals, "id", *dbid);
	return model_create(env, m, vals, &id) &&
	    external_id_add(env, module, xmlid, m, id, noupdate);
}

/* Brings a record up to date, or makes it again where it is gone. */
static bool
load_again(struct env *env, const char *module, const struct model *m,
    const char *xmlid, int64_t id, struct value *vals)
{
	struct ids	 ids = { &id, 1 }, there;

	if (!model_exists(env, m, &ids, &there))
		return false;
	if (there.n != 0)
		return model_write(env, m, &ids, vals);
	return external_id_forget(env, module, xmlid) &&
	    load_new(env, module, m, xmlid, NULL, vals, false);
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
	if (x.id != 0)
		return x.noupdate || load_again(env, module, m,
		    xmlid->u.text.p, x.id, &vals);
	return load_new(env, module, m, xmlid->u.text.p, dbid, &vals,
	    noupdate);
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
