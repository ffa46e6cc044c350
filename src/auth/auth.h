#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct request;

/* Who asks, and how he showed it. */
struct identity {
	int64_t		 uid;
	const char	*scheme;	/* "bearer" */
	int64_t		 key;		/* of res.users.apikeys, or 0 */
	bool		 stale;		/* the key's last use is long ago */
};

enum auth_scheme {
#define SCHEME(name, word)	AUTH_##name,
#include "auth/schemes.def"
#undef SCHEME
	AUTH__MAX
};

#define AUTH_BIT(scheme)	(1u << AUTH_##scheme)

/* The secret that the request brings, as far as it tells the database by its
 * tag; NULL if it brings none or another kind. */
const char	*auth_credential(struct env *, const struct request *);

/*
 * Asks each scheme that the dialect allows (a set of AUTH_BIT).  Needs a
 * transaction.  ERR_AUTH without telling which part was wrong.
 */
bool	 auth_identify(struct env *, const struct request *,
	    unsigned int schemes, struct identity *);
/* Notes the use of a stale key.  Needs a write transaction. */
bool	 auth_used(struct env *, const struct identity *);

#endif
