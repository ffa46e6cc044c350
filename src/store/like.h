#ifndef STORE_LIKE_H
#define STORE_LIKE_H

#include <stdbool.h>

#include "base/span.h"

struct arena;
struct buf;

/*
 * A pattern of LIKE: % is any text, _ any letter, \ makes the next character
 * an ordinary one.
 */
/*
 * Takes the next run of ordinary characters off, as plain text, and the sign
 * after it: '%', '_', '\\' if the pattern ends in a lone one, 0 at its end.
 */
char		 like_next(struct span *pattern, struct buf *run);
/* The pattern with its text made flat. */
struct span	 like_flat(struct arena *, struct span pattern);

#endif
