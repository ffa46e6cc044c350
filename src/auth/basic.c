#include <string.h>

#include "auth/auth.h"
#include "auth/scheme.h"
#include "base/codec.h"
#include "base/crypto.h"
#include "base/utf8.h"
#include "base/value.h"
#include "orm/env.h"
#include "orm/secret.h"

enum { BASIC_ID, BASIC_ACTIVE, BASIC_PASSWORD, BASIC__MAX };

static const char *const	 basic_fields[BASIC__MAX] = {
	[BASIC_ID] = "id",
	[BASIC_ACTIVE] = "active",
	[BASIC_PASSWORD] = "password",
};

/*
 * Whether the password is the one of the row.  Costs a hash in any case, so
 * that the time tells nothing about the login.
 */
static bool
basic_verify(bool found, const struct value *row, struct span password)
{
	const struct value	*hash = &row[BASIC_PASSWORD];
	bool			 same;

	same = password_verify(password, found && hash->type == VALUE_TEXT ?
	    hash->u.text.p : "");
	return same && found && value_truthy(&row[BASIC_ACTIVE]);
}

/* Authorization: Basic base64(login:password), both UTF-8 (RFC 7617). */
bool
auth_basic(struct env *env, const char *rest, struct identity *who)
{
	struct span	 text, login, password;
	struct value	 row[BASIC__MAX];
	const char	*colon;
	bool		 found;

	if (!base64_decode(env->arena, span_of(rest), &text) ||
	    !utf8_valid(text) || (colon = strchr(text.p, ':')) == NULL)
		return env_fail(env, ERR_AUTH, "Authentication required");
	login = (struct span){ text.p, (size_t)(colon - text.p) };
	password = span_of(colon + 1);
	if (!secret_find(env, "res.users", "login", value_span(login),
	    basic_fields, BASIC__MAX, row, &found))
		return false;
	if (!basic_verify(found, row, password))
		return env_fail(env, ERR_AUTH, "Authentication required");
	who->uid = row[BASIC_ID].u.i;
	return true;
}
