#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct arena;

/*
 * Text that grows.  Its memory goes with the arena it was made in.  p[n] is
 * always a NUL.  The members are read freely, written only by buf.c and by
 * the serializer's inner loops.
 */
struct buf {
	char		*p;
	size_t		 n;
	size_t		 cap;		/* bytes at p, the NUL included */
	struct arena	*arena;
};

struct buf	*buf_new(struct arena *);
/* Makes room for n more bytes and a NUL. */
void		 buf_reserve(struct buf *, size_t n);
void		 buf_add(struct buf *, const char *, size_t);
void		 buf_str(struct buf *, const char *);
void		 buf_span(struct buf *, struct span);
void		 buf_char(struct buf *, char);
void		 buf_int(struct buf *, int64_t);
void		 buf_printf(struct buf *, const char *, ...)
		    __attribute__((format(printf, 2, 3)));
void		 buf_clear(struct buf *);
struct span	 buf_text(const struct buf *);

#endif
