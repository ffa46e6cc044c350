/* Names of records, as methods. */

#include "orm/domain.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/model.h"
#include "orm/name.h"

bool
method_name_get(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	(void)args;
	return model_name_get(env, m, ids, out);
}

bool
method_name_search(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const struct domain	*d;
	struct ids		 ids;

	(void)none;
	if (method_int(args, "limit") < 0)
		return env_fail(env, ERR_VALUE, "limit cannot be negative");
	return domain_parse(env, value_get(args, "args"), &d) &&
	    model_name_search(env, m, value_get(args, "name"), d,
	    method_text(args, "operator"), method_int(args, "limit"), &ids) &&
	    model_name_get(env, m, &ids, out);
}

bool
method_name_create(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	(void)none;
	return model_name_create(env, m, value_get(args, "name"), out);
}
