/* ir.model.access, res.groups, res.lang: the registry holds what they say. */

#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"

/* A module's loader moves the generation itself, once. */
static bool
rights_changed(struct env *env)
{
	return env->loading || env_generation_next(env);
}

bool
rights_created(struct env *env, const struct model *m, int64_t id)
{
	(void)m;
	(void)id;
	return rights_changed(env);
}

bool
rights_written(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *vals)
{
	(void)m;
	(void)ids;
	(void)vals;
	return rights_changed(env);
}

/* A field that is for groups must not come to be for everybody. */
static bool
rights_fields(struct env *env, const struct model *groups,
    const struct ids *ids)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++) {
			const struct field	*f = &m->fields[j];
			size_t			 n;

			n = f->group_ids == NULL ? 0 : f->group_ids->n;
			for (size_t k = 0; k < n; k++)
				if (ids_has(ids, f->group_ids->v[k]))
					return err_field(env->err,
					    ERR_VALIDATION, groups->name,
					    "name", "The group cannot be "
					    "deleted while the field %s of %s "
					    "is for it.", f->name, m->name);
		}
	}
	return true;
}

/* Without its groups a rule would be for everybody. */
bool
res_groups_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	const char	*field = "rule_groups";
	struct names	 names = { &field, 1 };
	struct env	 su = env_sudo(env);
	struct value	 context = value_dict(env->arena);
	struct records	 rec;

	value_set(env->arena, &context, "active_test", value_bool(false));
	su.context = &context;
	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (value_truthy(&rec.rows[i][1]))
			return err_field(env->err, ERR_VALIDATION, m->name,
			    field, "The group cannot be deleted while a "
			    "record rule is for it.");
	return rights_fields(env, m, ids) && rights_unlinking(env, m, ids);
}

bool
rights_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	(void)m;
	(void)ids;
	return rights_changed(env);
}
