/* create, write, unlink as methods. */

#include "base/arena.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/model.h"

static bool
method_create_all(struct env *env, const struct model *m,
    const struct value_list *list, struct value *out)
{
	*out = value_list(env->arena, list->n);
	for (size_t i = 0; i < list->n; i++) {
		int64_t	 id;

		if (!model_create(env, m, &list->v[i], &id))
			return false;
		value_push(env->arena, out, value_int(id));
	}
	return true;
}

/* A dictionary gives an id, a list of them a list. */
bool
method_create(struct env *env, const struct model *m, const struct ids *none,
    const struct value *args, struct value *out)
{
	const struct value	*vals = value_get(args, "vals");
	int64_t			 id;

	(void)none;
	if (vals->type == VALUE_LIST)
		return method_create_all(env, m, vals->u.list, out);
	if (!model_create(env, m, vals, &id))
		return false;
	*out = value_int(id);
	return true;
}

/* The id of the copy; of several records a list. */
bool
method_copy(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	const struct value	*dflt = value_get(args, "default");
	struct ids		 made = { 0 };
	int64_t			 id;

	for (size_t i = 0; i < ids->n; i++) {
		if (!model_copy(env, m, ids->v[i], dflt, &id))
			return false;
		ids_add(env, &made, id);
	}
	*out = made.n == 1 ? value_int(id) : ids_value(env, &made);
	return true;
}

bool
method_write(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	*out = value_bool(true);
	return model_write(env, m, ids, value_get(args, "vals"));
}

bool
method_unlink(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	(void)args;
	*out = value_bool(true);
	return model_unlink(env, m, ids);
}
