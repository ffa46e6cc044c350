#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct identity;

#define TOKEN_SIZE	41	/* tag, 34 random characters, NUL */

/*
 * Makes an API key of a user: written out once here, stored as its SHA-256.
 * expires in seconds since 1970, 0: never.
 */
bool	 token_make(struct env *, int64_t uid, const char *name,
	    int64_t expires, char out[TOKEN_SIZE], int64_t *id);
/*
 * Fills uid, key and stale for a key that is neither expired nor revoked,
 * nor its user archived.  ERR_AUTH for any other.
 */
bool	 token_user(struct env *, const char *token, struct identity *);
/* Notes that the key was used. */
bool	 token_used(struct env *, int64_t id);
bool	 token_revoke(struct env *, int64_t id);

#endif
