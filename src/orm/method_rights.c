/* What a user may do, as methods. */

#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/model.h"
#include "orm/rule.h"

bool
method_check_access_rights(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct names	 names;
	bool		 all;

	(void)none;
	method_names(env, args, "operation", &names);
	if (!access_check_all(env, m, &names, method_flag(args,
	    "raise_exception"), &all))
		return false;
	*out = value_bool(all);
	return true;
}

/* Returns nothing, or fails: the right, then each record. */
bool
method_check_access_rule(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	struct ids	 once, there;
	enum access	 what;

	(void)out;
	ids_once(env, ids, &once);
	if (!access_parse(env, method_text(args, "operation"), &what) ||
	    !access_check(env, m, what) ||
	    !model_exists(env, m, &once, &there))
		return false;
	if (there.n != once.n)
		return model_missing(env);
	return rule_check(env, m, what, &once);
}

/* Those of the fields that the user sees; one that he does not fails. */
bool
method_check_field_access_rights(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct names	 names;
	enum access	 what;

	(void)none;
	method_names(env, args, "fields", &names);
	if (!access_parse(env, method_text(args, "operation"), &what) ||
	    !access_check(env, m, what))
		return false;
	*out = value_list(env->arena, 0);
	for (size_t i = 0; i < names.n; i++) {
		if (access_field(env, m, span_of(names.v[i])) == NULL)
			return model_no_field(env, m, span_of(names.v[i]));
		value_push(env->arena, out, value_text(names.v[i]));
	}
	for (size_t i = 0; names.n == 0 && i < m->nfields; i++)
		if (access_sees(env, &m->fields[i]))
			value_push(env->arena, out,
			    value_text(m->fields[i].name));
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
