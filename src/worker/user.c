#include "worker/user.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/value.h"
#include "orm/command.h"
#include "orm/database.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/secret.h"

/* The first record whose field equals the text, archived ones too; 0. */
static bool
user_search(struct env *env, const char *model, const char *field,
    const char *text, int64_t *id)
{
	struct env		 all = *env;
	struct value		 context = value_dict(env->arena);
	struct page		 page = { NULL, 0, 1 };
	struct ids		 ids;

	value_set(env->arena, &context, "active_test", value_bool(false));
	all.context = &context;
	if (!model_search(&all, registry_model(env->reg, model),
	    domain_term(&all, field, "=", value_text(text)), &page, &ids))
		return false;
	*id = ids.n == 0 ? 0 : ids.v[0];
	return true;
}

bool
user_find(struct env *env, const char *login, int64_t *uid)
{
	if (!user_search(env, "res.users", "login", login, uid))
		return false;
	if (*uid == 0)
		return env_fail(env, ERR_NOT_FOUND,
		    "there is no user \"%.80s\"", login);
	return true;
}

/* The external id's record, or 0 without a failure. */
static int64_t
user_ref(struct env *env, const char *xmlid)
{
	struct env	 quiet = *env;
	struct err	 ignored = { 0 };

	quiet.err = &ignored;
	return database_ref(&quiet, "base", xmlid);
}

static bool
user_create_partner(struct env *env, const char *name, int64_t company,
    int64_t *id)
{
	struct value	 vals = value_dict(env->arena);

	value_set(env->arena, &vals, "name", value_text(name));
	value_set(env->arena, &vals, "customer", value_bool(false));
	value_set(env->arena, &vals, "company_id", value_int(company));
	return model_create(env, registry_model(env->reg, "res.partner"),
	    &vals, id);
}

bool
user_create(struct env *env, const char *login, const char *name, int64_t *uid)
{
	int64_t		 company = database_ref(env, "base", "main_company");
	int64_t		 there, partner;
	struct value	 vals = value_dict(env->arena);

	if (company == 0 || !user_search(env, "res.users", "login", login,
	    &there))
		return false;
	if (there != 0)
		return env_fail(env, ERR_UNIQUE,
		    "there is a user \"%.80s\" already", login);
	if (login[0] == '\0' || strchr(login, ':') != NULL)
		return env_fail(env, ERR_VALUE,
		    "a login cannot be empty nor hold a colon");
	if (!user_create_partner(env, name, company, &partner))
		return false;
	value_set(env->arena, &vals, "login", value_text(login));
	value_set(env->arena, &vals, "partner_id", value_int(partner));
	value_set(env->arena, &vals, "company_id", value_int(company));
	return model_create(env, registry_model(env->reg, "res.users"), &vals,
	    uid) && user_join(env, *uid, "base.group_user");
}

bool
user_set_password(struct env *env, int64_t uid, struct span password)
{
	char	*phc;

	if (password.n < USER_PASSWORD_MIN)
		return env_fail(env, ERR_VALUE,
		    "a password has at least %d characters",
		    USER_PASSWORD_MIN);
	return password_hash(env->arena, password, &phc, env->err) &&
	    secret_set(env, "res.users", uid, "password", value_text(phc));
}

bool
user_disable(struct env *env, int64_t uid)
{
	struct value	 vals = value_dict(env->arena);
	struct ids	 ids = { &uid, 1 };

	value_set(env->arena, &vals, "active", value_bool(false));
	return model_write(env, registry_model(env->reg, "res.users"), &ids,
	    &vals);
}

bool
user_join(struct env *env, int64_t uid, const char *group)
{
	int64_t		 gid = user_ref(env, group);
	struct value	 command = value_list(env->arena, 2);
	struct value	 commands = value_list(env->arena, 1);
	struct value	 vals = value_dict(env->arena);
	struct ids	 ids = { &uid, 1 };

	if (gid == 0 && !user_search(env, "res.groups", "name", group, &gid))
		return false;
	if (gid == 0)
		return env_fail(env, ERR_NOT_FOUND,
		    "there is no group \"%.80s\"", group);
	value_push(env->arena, &command, value_int(COMMAND_LINK));
	value_push(env->arena, &command, value_int(gid));
	value_push(env->arena, &commands, command);
	value_set(env->arena, &vals, "groups_id", commands);
	return model_write(env, registry_model(env->reg, "res.users"), &ids,
	    &vals);
}
