/* ir.model.access, res.groups, res.lang: the registry holds what they say. */

#include "models/models.h"
#include "orm/env.h"

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

bool
rights_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	(void)m;
	(void)ids;
	return rights_changed(env);
}
