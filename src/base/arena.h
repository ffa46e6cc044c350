#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory by lifetime: process, schema generation, request.  All that is
 * allocated from an arena goes with it.  Running out of memory ends the
 * process, so nothing here returns NULL.
 */
struct arena;

struct arena	*arena_new(void);
void		 arena_free(struct arena *);
/* Runs what was deferred, last first, and keeps one block for next time. */
void		 arena_reset(struct arena *);

void	*arena_alloc(struct arena *, size_t);		/* zeroed */
/* Zeroed room for n members; ends the process if n * size overflows. */
void	*arena_array(struct arena *, size_t n, size_t size);
/* The same, but not zeroed. */
void	*arena_room(struct arena *, size_t n, size_t size);
/* Room for text: not zeroed, but for the NUL at [n]. */
char	*arena_text(struct arena *, size_t n);
char	*arena_strdup(struct arena *, const char *);
char	*arena_strndup(struct arena *, const char *, size_t);
char	*arena_printf(struct arena *, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
char	*arena_vprintf(struct arena *, const char *, va_list)
	    __attribute__((format(printf, 2, 0)));

/* Ties a foreign object to the arena: fn(arg) runs at reset and free. */
void	 arena_defer(struct arena *, void (*fn)(void *), void *arg);

/* Bytes handed out since the last reset. */
size_t	 arena_used(const struct arena *);

#endif
