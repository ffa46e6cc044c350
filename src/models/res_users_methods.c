/* What clients ask of res.users besides its records. */

#include "base/arena.h"
#include "models/models.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/model.h"

/* The user's own language and time zone, which he may always know. */
bool
res_users_context_get(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const char	*fields[] = { "lang", "tz" };
	struct names		 names = { fields, 2 };
	struct env		 su = env_sudo(env);
	struct ids		 ids = { &env->uid, 1 };
	struct records		 r;

	(void)none;
	(void)args;
	if (!model_read(&su, m, &ids, &names, &r))
		return false;
	*out = value_dict(env->arena);
	for (size_t i = 0; r.n != 0 && i < names.n; i++)
		value_set(env->arena, out, names.v[i], r.rows[0][i + 1]);
	value_set(env->arena, out, "uid", value_int(env->uid));
	return true;
}

bool
res_users_has_group(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	bool	 has;

	(void)m;
	(void)none;
	if (!access_in_group(env, method_text(args, "group_ext_id"), &has))
		return false;
	*out = value_bool(has);
	return true;
}
