/* ir.config_parameter: settings by their keys. */

#include "models/models.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"

/* The parameter of that key, 0 if there is none, and its value. */
static bool
parameter_find(struct env *env, const struct model *m,
    const struct value *args, int64_t *id, struct value *value)
{
	const char		*field = "value";
	const struct names	 names = { &field, 1 };
	struct page		 page = { "id", 0, 1 };
	struct ids		 ids;
	struct records		 r;

	*id = 0;
	if (!model_search(env, m, domain_term(env, "key", "=",
	    *value_get(args, "key")), &page, &ids))
		return false;
	if (ids.n == 0)
		return true;
	if (!model_read(env, m, &ids, &names, &r))
		return false;
	*id = ids.v[0];
	*value = r.rows[0][1];
	return true;
}

bool
ir_config_parameter_get_param(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	int64_t	 id;

	(void)none;
	if (!parameter_find(env, m, args, &id, out))
		return false;
	if (id == 0)
		*out = *value_get(args, "default");
	if (out->type == VALUE_NULL)
		*out = value_bool(false);
	return true;
}

static bool
parameter_make(struct env *env, const struct model *m,
    const struct value *args)
{
	struct value	 vals = value_dict(env->arena);
	int64_t		 id;

	value_set(env->arena, &vals, "key", *value_get(args, "key"));
	value_set(env->arena, &vals, "value", *value_get(args, "value"));
	return model_create(env, m, &vals, &id);
}

/* No value takes the parameter away.  The answer is the value before, or
 * false. */
bool
ir_config_parameter_set_param(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const struct value	*value = value_get(args, "value");
	struct value		 vals = value_dict(env->arena), old;
	int64_t			 id;
	struct ids		 ids = { &id, 1 };

	(void)none;
	if (!parameter_find(env, m, args, &id, &old))
		return false;
	*out = id == 0 ? value_bool(false) : old;
	if (!value_truthy(value) && value->type != VALUE_INT &&
	    value->type != VALUE_TEXT)
		return id == 0 || model_unlink(env, m, &ids);
	if (id == 0)
		return parameter_make(env, m, args);
	value_set(env->arena, &vals, "value", *value);
	return model_write(env, m, &ids, &vals);
}

/* Whether the registry holds what one of them says. */
static bool
parameter_rules(struct env *env, const struct model *m, const struct ids *ids,
    bool *rules)
{
	struct env		 su = env_sudo(env);
	const struct domain	*d;
	int64_t			 n;

	d = domain_and(&su, domain_term(&su, "id", "in", ids_value(&su, ids)),
	    domain_term(&su, "key", "=", value_text(REGISTRY_ACCENT_BLIND)));
	if (!model_count(&su, m, d, &n))
		return false;
	*rules = n != 0;
	return true;
}

static bool
parameter_changed(struct env *env, const struct model *m,
    const struct ids *ids, bool key)
{
	if (env->loading || (!key && !parameter_rules(env, m, ids, &key)))
		return env->loading;
	return !key || env_generation_next(env);
}

bool
ir_config_parameter_created(struct env *env, const struct model *m, int64_t id)
{
	return parameter_changed(env, m, &(struct ids){ &id, 1 }, false);
}

bool
ir_config_parameter_written(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	return parameter_changed(env, m, ids, value_get(vals, "key") != NULL);
}

bool
ir_config_parameter_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	return parameter_changed(env, m, ids, false);
}
