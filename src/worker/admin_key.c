/* cardfile key. */

#include <stdlib.h>

#include "auth/token.h"
#include "base/arena.h"
#include "base/date.h"
#include "orm/model.h"
#include "worker/admin_private.h"
#include "worker/user.h"

/* A day that is named as the last one counts whole. */
static bool
key_expires(struct admin *a, int64_t *expires)
{
	const char	*text = a->options[ADMIN_EXPIRES];

	*expires = 0;
	if (text == NULL || datetime_parse(span_of(text), expires))
		return true;
	if (!date_parse(span_of(text), expires))
		return err_set(&a->err, ERR_BAD_REQUEST, "--expires wants "
		    "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS, not \"%.40s\"", text);
	*expires = (*expires + 1) * 86400 - 1;
	return true;
}

bool
admin_key_add(struct admin *a)
{
	const char	*name = a->options[ADMIN_NAME];
	const char	*login = a->options[ADMIN_USER];
	struct value	 v = value_dict(a->arena);
	char		 key[TOKEN_SIZE];
	int64_t		 expires, uid, id;

	if (login == NULL)
		return err_set(&a->err, ERR_BAD_REQUEST, "--user is missing");
	if (!key_expires(a, &expires) || !admin_begin(a, NULL, ENV_WRITE) ||
	    !admin_end(a, user_find(&a->env, login, &uid) &&
	    token_make(&a->env, uid, name == NULL ? "command line" : name,
	    expires, key, &id)))
		return false;
	value_set(a->arena, &v, "id", value_int(id));
	value_set(a->arena, &v, "key", value_text(key));
	admin_put(a, &v, "key");
	return true;
}

bool
admin_key_list(struct admin *a)
{
	const char		*fields[] = { "name", "user_id", "create_date",
				    "expires", "revoked", "last_use" };
	const struct names	 names = { fields, 6 };
	struct value		 v;

	if (!admin_begin(a, NULL, ENV_READ) ||
	    !admin_end(a, admin_records(a, "res.users.apikeys", &names, &v)))
		return false;
	admin_put(a, &v, NULL);
	return true;
}

bool
admin_key_revoke(struct admin *a)
{
	char	*end;
	int64_t	 id = strtoll(a->args[0], &end, 10);

	if (*end != '\0' || id <= 0)
		return err_set(&a->err, ERR_BAD_REQUEST,
		    "the id of a key is wanted, see cardfile key list");
	return admin_begin(a, NULL, ENV_WRITE) &&
	    admin_end(a, token_revoke(&a->env, id));
}
