#include "base/value.h"
#include "models/models.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"

/* check: whether the user may do something with a model. */
bool
ir_model_access_check(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const char		*name = method_text(args, "model");
	const struct model	*of = registry_model(env->reg, name);
	struct names		 modes;
	bool			 all;

	(void)m;
	(void)none;
	method_names(env, args, "mode", &modes);
	if (of == NULL)
		return env_fail(env, ERR_USER, "Object %.64s doesn't exist",
		    name);
	if (!access_check_all(env, of, &modes, method_flag(args,
	    "raise_exception"), &all))
		return false;
	*out = value_bool(all);
	return true;
}
