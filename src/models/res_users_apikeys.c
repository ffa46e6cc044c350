#include "models/models.h"
#include "orm/env.h"

/* A key's secret is shown once where it is made, so only that makes one. */
bool
res_users_apikeys_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	(void)m;
	(void)ids;
	(void)vals;
	return env->su || env->loading || env_fail(env, ERR_ACCESS,
	    "API keys are made and changed by the command cardfile key alone.");
}
