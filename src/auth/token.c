#include "auth/token.h"

#include <string.h>

#include "auth/auth.h"
#include "base/crypto.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/secret.h"

#define TOKEN_MODEL	"res.users.apikeys"
#define TOKEN_IDLE	3600	/* seconds after which a use is written again */
#define TOKEN_LONGEST	256	/* of what is looked at */

enum { TOKEN_ID, TOKEN_KEY, TOKEN_USER, TOKEN_ACTIVE, TOKEN_REVOKED,
    TOKEN_EXPIRES, TOKEN_LAST_USE, TOKEN__MAX };

static const char *const	 token_fields[TOKEN__MAX] = {
	[TOKEN_ID] = "id",
	[TOKEN_KEY] = "key",
	[TOKEN_USER] = "user_id",
	[TOKEN_ACTIVE] = "user_id.active",
	[TOKEN_REVOKED] = "revoked",
	[TOKEN_EXPIRES] = "expires",
	[TOKEN_LAST_USE] = "last_use",
};

static bool
token_valid(const struct env *env, const struct value *row, const char *hash)
{
	const struct value	*expires = &row[TOKEN_EXPIRES];

	return row[TOKEN_KEY].type == VALUE_TEXT &&
	    crypto_equal(row[TOKEN_KEY].u.text, span_of(hash)) &&
	    value_truthy(&row[TOKEN_ACTIVE]) &&
	    !value_truthy(&row[TOKEN_REVOKED]) &&
	    (expires->type == VALUE_NULL || expires->u.i > env->now);
}

bool
token_user(struct env *env, const char *token, struct identity *who)
{
	char			 hash[2 * SHA256_SIZE + 1];
	struct value		 row[TOKEN__MAX];
	const struct value	*last = &row[TOKEN_LAST_USE];
	bool			 found = false;

	if (strlen(token) <= TOKEN_LONGEST) {
		crypto_sha256_hex(span_of(token), hash);
		if (!secret_find(env, TOKEN_MODEL, "key", value_text(hash),
		    token_fields, TOKEN__MAX, row, &found))
			return false;
	}
	if (!found || !token_valid(env, row, hash))
		return env_fail(env, ERR_AUTH, "Authentication required");
	who->uid = row[TOKEN_USER].u.i;
	who->key = row[TOKEN_ID].u.i;
	who->stale = last->type == VALUE_NULL ||
	    env->now - last->u.i >= TOKEN_IDLE;
	return true;
}

bool
token_used(struct env *env, int64_t id)
{
	return secret_set(env, TOKEN_MODEL, id, "last_use",
	    value_datetime(env->now));
}

bool
token_make(struct env *env, int64_t uid, const char *name, int64_t expires,
    char out[TOKEN_SIZE], int64_t *id)
{
	struct env		 su = env_sudo(env);
	const struct model	*m = registry_model(env->reg, TOKEN_MODEL);
	struct value		 vals = value_dict(env->arena);
	char			 hash[2 * SHA256_SIZE + 1];

	if (m == NULL)
		return env_fail(env, ERR_UNAVAILABLE,
		    "The database has no API keys");
	memcpy(out, env->db->tag, DATABASE_TAG);
	crypto_token(out + DATABASE_TAG, TOKEN_SIZE - 1 - DATABASE_TAG);
	crypto_sha256_hex((struct span){ out, TOKEN_SIZE - 1 }, hash);
	value_set(env->arena, &vals, "name", value_text(name));
	value_set(env->arena, &vals, "user_id", value_int(uid));
	value_set(env->arena, &vals, "key", value_text(hash));
	if (expires != 0)
		value_set(env->arena, &vals, "expires",
		    value_datetime(expires));
	return model_create(&su, m, &vals, id);
}

bool
token_revoke(struct env *env, int64_t id)
{
	struct env		 su = env_sudo(env);
	const struct model	*m = registry_model(env->reg, TOKEN_MODEL);
	struct ids		 ids = { &id, 1 };
	struct value		 vals = value_dict(env->arena);

	if (m == NULL)
		return env_fail(env, ERR_UNAVAILABLE,
		    "The database has no API keys");
	value_set(env->arena, &vals, "revoked", value_bool(true));
	return model_write(&su, m, &ids, &vals);
}
