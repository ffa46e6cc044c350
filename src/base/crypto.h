#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct arena;

#define SHA256_SIZE	32
#define SHA256_HEX	(2 * SHA256_SIZE + 1)	/* with the NUL */
#define SHA1_HEX	41

/* Once per process, before all else here; ends the process if it fails. */
void	 crypto_init(void);
void	 crypto_sha256(struct span, unsigned char out[SHA256_SIZE]);
/* 64 lower-case hex digits and a NUL. */
void	 crypto_sha256_hex(struct span, char out[SHA256_HEX]);
/* For what others name by it; it keeps nothing safe. */
void	 crypto_sha1_hex(struct span, char out[SHA1_HEX]);

/* A SHA-256 of what comes in pieces; digest_hex tells it and begins anew. */
struct digest;
struct digest	*digest_new(struct arena *);
void	 digest_add(struct digest *, struct span);
void	 digest_hex(struct digest *, char out[SHA256_HEX]);

void	 crypto_random(void *, size_t);
/* n characters of [A-Za-z0-9], each drawn evenly, and a NUL. */
void	 crypto_token(char *out, size_t n);
/* A version 4 UUID, 36 characters and a NUL. */
void	 crypto_uuid(char out[37]);
/* Equal, in a time that depends on the lengths only. */
bool	 crypto_equal(struct span, struct span);

/*
 * Argon2id (19 MiB, 2 passes, 1 lane; RFC 9106) as a PHC string
 * "$argon2id$v=19$m=19456,t=2,p=1$salt$hash", in the arena.  An empty
 * password is refused (ERR_VALIDATION), and never verified.
 */
bool	 password_hash(struct arena *, struct span password, char **phc,
	    struct err *) MUST_CHECK;
/* Also false for a PHC string that is none; costs one hash either way. */
bool	 password_verify(struct span password, const char *phc);

#endif
