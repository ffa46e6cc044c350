#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include <stddef.h>

/*
 * Statements kept prepared: text -> handle.  It holds a fixed number and
 * gives back, to be closed by the caller, what it pushes out.
 */
struct cache;

struct cache	*cache_new(void);
/* Only once cache_pop has returned NULL. */
void	 cache_free(struct cache *);
void	*cache_get(struct cache *, const char *text, size_t n);
/* Adds what cache_get has just not found; the text is copied. */
void	*cache_put(struct cache *, const char *text, size_t n, void *handle);
void	*cache_pop(struct cache *);		/* any, or NULL */

#endif
