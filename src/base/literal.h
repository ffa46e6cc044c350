#ifndef BASE_LITERAL_H
#define BASE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct arena;
struct value;

/* What a text from outside may hold, for literals and for JSON. */
struct parse_limits {
	size_t		 depth;		/* of lists and dictionaries */
	size_t		 nodes;		/* values in all */
	size_t		 keys;		/* of one dictionary */
};

extern const struct parse_limits parse_limits_default;	/* 32, 200,000, 1,000 */

/*
 * A Python literal, or what looks like one in JSON (null, true, false), as a
 * value in the arena.  Tuples become lists.  The text must be UTF-8 without
 * NUL and be used up.  Errors are ERR_VALUE and tell the position.
 */
bool	 literal_parse(struct arena *, struct span, const struct parse_limits *,
	    struct value *, struct err *) MUST_CHECK;

/* Says what a name ("user.company_id.id") stands for; false: err says why
 * it stands for nothing. */
typedef bool	 literal_name(void *, struct span name, struct value *,
		    struct err *);

/* A literal that may hold names and sums of lists: company_ids + [False]. */
bool	 literal_parse_names(struct arena *, struct span,
	    const struct parse_limits *, literal_name *, void *,
	    struct value *, struct err *) MUST_CHECK;

#endif
