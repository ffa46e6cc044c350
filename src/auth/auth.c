#include "auth/auth.h"

#include <string.h>
#include <strings.h>

#include "auth/scheme.h"
#include "auth/token.h"
#include "http/request.h"
#include "orm/env.h"

static const struct scheme {
	const char	*name;
	const char	*word;		/* in Authorization */
	auth_check	*check;
} schemes_all[AUTH__MAX] = {
#define SCHEME(name, word)	[AUTH_##name] = { #name, word, auth_##name },
#include "auth/schemes.def"
#undef SCHEME
};

/* What follows the scheme's word, or NULL if it is another's. */
static const char *
scheme_rest(const struct scheme *s, const char *text)
{
	size_t	 n = strlen(s->word);

	if (strncasecmp(text, s->word, n) != 0 || text[n] != ' ')
		return NULL;
	return text + n + strspn(text + n, " ");
}

const char *
auth_credential(struct env *env, const struct request *req)
{
	const char	*text;

	if (!request_authorization(req, &text, env->err) || text == NULL)
		return NULL;
	return scheme_rest(&schemes_all[AUTH_bearer], text);
}

bool
auth_identify(struct env *env, const struct request *req,
    unsigned int schemes, struct identity *who)
{
	const char	*text;

	if (!request_authorization(req, &text, env->err))
		return false;
	for (int i = 0; i < AUTH__MAX && text != NULL; i++) {
		const struct scheme	*s = &schemes_all[i];
		const char		*rest = scheme_rest(s, text);

		if (rest != NULL && (schemes & 1u << i) != 0) {
			who->scheme = s->name;
			return s->check(env, rest, who);
		}
	}
	return env_fail(env, ERR_AUTH, "Authentication required");
}

bool
auth_used(struct env *env, const struct identity *who)
{
	return who->key == 0 || !who->stale || token_used(env, who->key);
}
