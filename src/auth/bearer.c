#include "auth/auth.h"
#include "auth/scheme.h"
#include "auth/token.h"

/* Authorization: Bearer KEY */
bool
auth_bearer(struct env *env, const char *rest, struct identity *who)
{
	return token_user(env, rest, who);
}
