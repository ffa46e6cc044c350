#include "orm/access.h"

#include <string.h>

#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/model.h"

static const char *const	 access_names[ACCESS__MAX] = {
	[ACCESS_READ] = "read",
	[ACCESS_WRITE] = "write",
	[ACCESS_CREATE] = "create",
	[ACCESS_UNLINK] = "unlink",
};

enum access
access_named(const char *name)
{
	for (int i = 0; i < ACCESS__MAX; i++)
		if (strcmp(access_names[i], name) == 0)
			return (enum access)i;
	return ACCESS__MAX;
}

const char *
access_name(enum access what)
{
	return access_names[what];
}

bool
access_sees(struct env *env, const struct field *f)
{
	const struct ids	*groups;

	if (f->secret)
		return false;
	if (f->group_ids == NULL || env->su || env->uid == SUPERUSER)
		return true;
	if (env->uid == 0 || !env_groups(env, &groups))
		return false;
	for (size_t i = 0; i < f->group_ids->n; i++)
		if (ids_has(groups, f->group_ids->v[i]))
			return true;
	return false;
}

const struct field *
access_field(struct env *env, const struct model *m, struct span name)
{
	const struct field	*f = model_field_span(m, name);

	return f != NULL && access_sees(env, f) ? f : NULL;
}

bool
access_in_group(struct env *env, const char *xmlid, bool *in)
{
	const struct ids	*groups;
	struct external_id	 group;

	*in = false;
	if (!external_id_find(env, "", xmlid, &group) ||
	    !env_groups(env, &groups))
		return false;
	*in = strcmp(group.model, "res.groups") == 0 &&
	    ids_has(groups, group.id);
	return true;
}

bool
access_allowed(struct env *env, const struct model *m, enum access what,
    bool *allowed)
{
	const struct ids	*groups;

	*allowed = env->su || env->uid == SUPERUSER;
	if (*allowed || env->uid == 0)
		return true;
	if (!env_groups(env, &groups))
		return false;
	for (size_t i = 0; i < m->naccess; i++) {
		const struct access_row	*row = &m->access[i];

		if (row->allow[what] &&
		    (row->group == 0 || ids_has(groups, row->group)))
			*allowed = true;
	}
	return true;
}

bool
access_check(struct env *env, const struct model *m, enum access what)
{
	bool	 allowed;

	if (!access_allowed(env, m, what, &allowed))
		return false;
	if (allowed && (what == ACCESS_READ || !m->locked || env->loading))
		return true;
	if (allowed)
		return env_fail(env, ERR_ACCESS, "Records of %s (%s) are kept "
		    "by the server itself and cannot be changed.",
		    m->description, m->name);
	return env_fail(env, ERR_ACCESS, "You are not allowed to %s records "
	    "of %s (%s).", access_names[what], m->description, m->name);
}

bool
access_parse(struct env *env, const char *name, enum access *what)
{
	*what = access_named(name);
	return *what != ACCESS__MAX || env_fail(env, ERR_VALUE,
	    "operation must be create, write, read or unlink");
}

bool
access_check_all(struct env *env, const struct model *m,
    const struct names *names, bool raise, bool *all)
{
	*all = true;
	if (names->n == 0)
		return env_fail(env, ERR_VALUE, "operation is missing");
	for (size_t i = 0; i < names->n; i++) {
		enum access	 what;

		if (!access_parse(env, names->v[i], &what))
			return false;
		if (access_check(env, m, what))
			continue;
		if (raise || env->err->code != ERR_ACCESS)
			return false;
		err_clear(env->err);
		*all = false;
	}
	return true;
}
