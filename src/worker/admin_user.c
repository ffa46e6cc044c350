/* cardfile user. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "orm/model.h"
#include "worker/admin_private.h"
#include "worker/user.h"

#define USER_MADE	24	/* characters of a password that is made */

/* The first line of standard input, or one that is made and later shown. */
static bool
user_password(struct admin *a, struct span *out, bool *made)
{
	char	 line[1026];
	size_t	 n;

	*made = a->options[ADMIN_PASSWORD_STDIN] == NULL;
	if (*made) {
		char	*text = arena_text(a->arena, USER_MADE);

		crypto_token(text, USER_MADE);
		*out = (struct span){ text, USER_MADE };
		return true;
	}
	if (fgets(line, sizeof line, stdin) == NULL)
		return err_set(&a->err, ERR_VALUE,
		    "there is no password on standard input");
	n = strcspn(line, "\r\n");
	if (n > 1024)
		return err_set(&a->err, ERR_VALUE, "the password is too long");
	*out = (struct span){ arena_strndup(a->arena, line, n), n };
	return true;
}

static void
user_show(struct admin *a, int64_t uid, struct span password, bool made)
{
	struct value	 v = value_dict(a->arena);

	value_set(a->arena, &v, "id", value_int(uid));
	value_set(a->arena, &v, "login", value_text(a->args[0]));
	if (made)
		value_set(a->arena, &v, "password", value_span(password));
	admin_put(a, &v, "password");
}

static bool
user_add(struct admin *a, struct span password, int64_t *uid)
{
	const char	*name = a->options[ADMIN_NAME];

	if (!user_create(&a->env, a->args[0], name == NULL ? a->args[0] : name,
	    uid) || !user_set_password(&a->env, *uid, password))
		return false;
	for (size_t i = 0; i < a->ngroups; i++)
		if (!user_join(&a->env, *uid, a->groups[i]))
			return false;
	return true;
}

bool
admin_user_add(struct admin *a)
{
	struct span	 password;
	int64_t		 uid;
	bool		 made;

	if (!user_password(a, &password, &made) ||
	    !admin_begin(a, NULL, ENV_WRITE) ||
	    !admin_end(a, user_add(a, password, &uid)))
		return false;
	user_show(a, uid, password, made);
	return true;
}

bool
admin_user_list(struct admin *a)
{
	const char		*fields[] = { "login", "name", "active" };
	const struct names	 names = { fields, 3 };
	struct value		 v;

	if (!admin_begin(a, NULL, ENV_READ) ||
	    !admin_end(a, admin_records(a, "res.users", &names, &v)))
		return false;
	admin_put(a, &v, NULL);
	return true;
}

bool
admin_user_passwd(struct admin *a)
{
	struct span	 password;
	int64_t		 uid;
	bool		 made;

	if (!user_password(a, &password, &made) ||
	    !admin_begin(a, NULL, ENV_WRITE) ||
	    !admin_end(a, user_find(&a->env, a->args[0], &uid) &&
	    user_set_password(&a->env, uid, password)))
		return false;
	user_show(a, uid, password, made);
	return true;
}

bool
admin_user_disable(struct admin *a)
{
	int64_t	 uid;

	return admin_begin(a, NULL, ENV_WRITE) &&
	    admin_end(a, user_find(&a->env, a->args[0], &uid) &&
	    user_disable(&a->env, uid));
}
