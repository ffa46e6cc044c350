/* Methods of every model that are a few lines. */

#include <string.h>

#include "base/arena.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/model.h"

/* Those that the user may see, sorted. */
static bool
small_visible(struct env *env, const struct model *m, const struct ids *ids,
    struct ids *out)
{
	struct env	 all = *env;
	struct value	 context = env->context == NULL ?
			    value_dict(env->arena) :
			    value_copy(env->arena, env->context);
	struct page	 page = { "id", 0, 0 };

	value_set(env->arena, &context, "active_test", value_bool(false));
	all.context = &context;
	return model_search(&all, m, domain_term(env, "id", "in",
	    ids_value(env, ids)), &page, out);
}

/* exists: those that are there, in the order given, each once; a record that
 * rules hide is not there. */
bool
method_exists(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	struct ids	 there, kept = { 0 };
	struct ids	 left;
	size_t		 at;

	(void)args;
	if (!small_visible(env, m, ids, &there))
		return false;
	left = there;
	left.v = arena_array(env->arena, there.n, sizeof *left.v);
	for (size_t i = 0; i < ids->n; i++) {
		if (!ids_find(&there, ids->v[i], &at) || left.v[at] != 0)
			continue;
		left.v[at] = 1;
		ids_add(env, &kept, ids->v[i]);
	}
	*out = ids_value(env, &kept);
	return true;
}

bool
method_name_get(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	const char	*display = "display_name";
	struct names	 names = { &display, 1 };
	struct records	 r;

	(void)args;
	if (!model_read(env, m, ids, &names, &r))
		return false;
	if (r.n != ids->n)
		return env_fail(env, ERR_MISSING,
		    "Record does not exist or has been deleted.");
	*out = value_list(env->arena, r.n);
	for (size_t i = 0; i < r.n; i++) {
		struct value	 pair = value_list(env->arena, 2);

		value_push(env->arena, &pair, r.rows[i][0]);
		value_push(env->arena, &pair, r.rows[i][1]);
		value_push(env->arena, out, pair);
	}
	return true;
}

/* "base.group_user,!base.group_portal": one of them is enough, none of those
 * with ! may be. */
bool
method_user_has_groups(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	const char	*p = method_text(args, "groups");
	bool		 some = false, any = false;

	(void)m;
	(void)ids;
	*out = value_bool(false);
	for (; *p != '\0'; p += strspn(p, ",")) {
		size_t		 n = strcspn(p, ",");
		const char	*name = arena_strndup(env->arena, p, n);
		bool		 not, has;

		p += n;
		name += strspn(name, " ");
		not = *name == '!';
		if (!access_in_group(env, name + not, &has))
			return false;
		if (not && has)
			return true;
		any = any || !not;
		some = some || (!not && has);
	}
	*out = value_bool(some || !any);
	return true;
}
