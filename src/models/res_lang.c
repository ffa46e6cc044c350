/* res.lang: what columns hold is in the base language, which stays. */

#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/model.h"

static bool
res_lang_base(struct env *env, const struct model *m, const struct ids *ids,
    const char *what)
{
	struct env	 su = env_sudo(env);
	const char	*field = "code";
	struct names	 names = { &field, 1 };
	struct records	 rec;

	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (value_is_text(&rec.rows[i][1], LANG_BASE))
			return env_fail(env, ERR_USER, LANG_BASE " is the "
			    "language that records are kept in: it cannot be "
			    "%s.", what);
	return true;
}

bool
res_lang_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*active = value_get(vals, "active");
	const struct value	*code = value_get(vals, "code");

	if (ids == NULL || env->loading)
		return true;
	return (active == NULL || value_truthy(active) ||
	    res_lang_base(env, m, ids, "archived")) &&
	    (code == NULL || value_is_text(code, LANG_BASE) ||
	    res_lang_base(env, m, ids, "given another code"));
}

bool
res_lang_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	return res_lang_base(env, m, ids, "deleted") &&
	    rights_unlinking(env, m, ids);
}
