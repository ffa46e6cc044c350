#ifndef AUTH_SCHEME_H
#define AUTH_SCHEME_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct identity;

/*
 * One way of signing in.  rest is what follows the scheme's word.  Fills uid,
 * or false with ERR_AUTH (or what else went wrong) in env->err.
 */
typedef bool auth_check(struct env *, const char *rest, struct identity *);

#define SCHEME(name, word)	auth_check auth_##name;
#include "auth/schemes.def"
#undef SCHEME

#endif
