#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A piece of text or bytes that somebody else owns.  Where a span comes
 * from an arena, p[n] is a NUL that is not counted.
 */
struct span {
	const char	*p;
	size_t		 n;
};

struct span	 span_of(const char *);		/* NULL gives an empty span */
bool		 span_is(struct span, const char *);
bool		 span_equal(struct span, struct span);
bool		 span_starts(struct span, const char *);
struct span	 span_trim(struct span);	/* without blanks around */

#endif
