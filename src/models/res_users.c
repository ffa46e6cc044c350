#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/model.h"

/* Nobody may lock himself, or everybody, out. */
bool
res_users_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*active = value_get(vals, "active");

	(void)m;
	if (ids == NULL || active == NULL || value_truthy(active))
		return true;
	if (ids_has(ids, SUPERUSER))
		return env_fail(env, ERR_USER,
		    "The administrator cannot be archived.");
	if (ids_has(ids, env->uid))
		return env_fail(env, ERR_USER,
		    "You cannot archive the user that you are signed in as.");
	return true;
}

bool
res_users_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	(void)m;
	if (ids_has(ids, SUPERUSER))
		return env_fail(env, ERR_USER,
		    "The administrator cannot be deleted.");
	return true;
}
