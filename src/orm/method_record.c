/* Methods of records: what is known of them besides their fields, and whether
 * they are archived. */

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/method.h"
#include "orm/model.h"

static const char *
record_name(const struct map *names, int64_t id)
{
	return map_get(names, (struct span){ (const char *)&id, sizeof id });
}

static bool
metadata_name(struct env *env, const struct map *names, int64_t id,
    struct value *row)
{
	const char		*name = record_name(names, id);
	struct external_id	 x = { 0 };

	if (name != NULL && !external_id_find(env, "", name, &x))
		return false;
	value_set(env->arena, row, "xmlid", name == NULL ? value_bool(false) :
	    value_text(name));
	value_set(env->arena, row, "noupdate", value_bool(x.noupdate));
	return true;
}

/* get_metadata: who made and changed them, and their external ids. */
bool
method_get_metadata(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	const char	*log[] = {
		"create_uid", "create_date", "write_uid", "write_date",
	};
	struct names	 fields = { log, sizeof log / sizeof log[0] };
	struct records	 r;
	struct map	*names;

	(void)args;
	if (!model_read(env, m, ids, &fields, &r) ||
	    !external_id_names(env, m, ids, &names))
		return false;
	*out = value_list(env->arena, r.n);
	for (size_t i = 0; i < r.n; i++) {
		struct value	 row = value_dict(env->arena);

		for (size_t j = 0; j < r.nfields; j++)
			value_set(env->arena, &row, r.fields[j]->name,
			    r.rows[i][j]);
		if (!metadata_name(env, names, r.rows[i][0].u.i, &row))
			return false;
		value_push(env->arena, out, row);
	}
	return true;
}

/* get_external_id: "module.name" by id, "" for a record without. */
bool
method_get_external_id(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	const char	*id = "id";
	struct names	 fields = { &id, 1 };
	struct records	 r;
	struct map	*names;

	(void)args;
	if (!model_read(env, m, ids, &fields, &r) ||
	    !external_id_names(env, m, ids, &names))
		return false;
	*out = value_dict(env->arena);
	for (size_t i = 0; i < r.n; i++) {
		const char	*name = record_name(names, r.rows[i][0].u.i);

		value_set(env->arena, out, arena_printf(env->arena, "%lld",
		    (long long)r.rows[i][0].u.i),
		    value_text(name == NULL ? "" : name));
	}
	return true;
}

/* Those of the records whose active field is as given. */
static bool
record_split(struct env *env, const struct model *m, const struct ids *ids,
    bool active, struct ids *out)
{
	const char	*name;
	struct names	 fields = { &name, 1 };
	struct records	 r;

	if (m->active == NULL)
		return env_fail(env, ERR_USER, "Records of %s (%s) cannot be "
		    "archived: it has no field active", m->description,
		    m->name);
	name = m->active->name;
	if (!model_read(env, m, ids, &fields, &r))
		return false;
	if (r.n != ids->n)
		return model_missing(env);
	*out = (struct ids){ 0 };
	for (size_t i = 0; i < r.n; i++)
		if (value_truthy(&r.rows[i][1]) == active)
			ids_add(env, out, r.rows[i][0].u.i);
	return true;
}

static bool
record_set_active(struct env *env, const struct model *m,
    const struct ids *ids, bool active)
{
	struct value	 vals = value_dict(env->arena);

	value_set(env->arena, &vals, m->active->name, value_bool(active));
	return ids->n == 0 || model_write(env, m, ids, &vals);
}

bool
method_toggle_active(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	struct ids	 on, off;

	(void)args;
	(void)out;
	return record_split(env, m, ids, true, &on) &&
	    record_split(env, m, ids, false, &off) &&
	    record_set_active(env, m, &on, false) &&
	    record_set_active(env, m, &off, true);
}

bool
method_action_archive(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	struct ids	 on;

	(void)args;
	(void)out;
	return record_split(env, m, ids, true, &on) &&
	    record_set_active(env, m, &on, false);
}

bool
method_action_unarchive(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	struct ids	 off;

	(void)args;
	(void)out;
	return record_split(env, m, ids, false, &off) &&
	    record_set_active(env, m, &off, true);
}
