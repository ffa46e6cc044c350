#ifndef SER_JSON_SCAN_H
#define SER_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct arena;
struct parse_limits;

/* An object of the text: where it begins, and with how many keys. */
struct json_object_seen {
	const char	*at;
	size_t		 keys;
};

/*
 * All objects of a text, in the order in which they begin, and whether a
 * character was written as two surrogate escapes.
 */
struct json_seen {
	struct json_object_seen	*objects;
	size_t			 n, cap;
	bool			 surrogates;
};

/*
 * Goes over the text without building anything: true if it is strict JSON
 * within the limits.  Only keys given twice are left to be found, which is
 * what the objects are for.
 */
bool	 json_scan(struct arena *, struct span, const struct parse_limits *,
	    struct json_seen *, struct err *) MUST_CHECK;
/* The four hexadecimal digits at p as a number, or -1. */
long	 json_hex(const char *p, const char *end);
/* Fails with "position N: what"; N counts characters from 1. */
bool	 json_fail(struct span text, const char *at, const char *what,
	    struct err *);

#endif
