#ifndef SER_PARSE_H
#define SER_PARSE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/literal.h"
#include "base/span.h"

struct arena;
struct value;

/*
 * Strict JSON (RFC 8259) within the limits, as a value in the arena.
 * Refused besides, ERR_VALUE with the position where it is known: text that
 * is not UTF-8, NUL (also \u0000), lone surrogates, a key twice, integers
 * beyond 64 bit, NaN and infinities, control characters.
 */
bool	 parse_json(struct arena *, struct span, const struct parse_limits *,
	    struct value *, struct err *) MUST_CHECK;

/*
 * The XML request body of the Odoo REST API (spec 2.1): the root is vals,
 * args or kwargs; children are keys; "item" children (also below "items" or
 * "ids") make a list; a leaf's text is a literal if it parses as one, else
 * text.  A type attribute, where given, decides instead.  A DTD is refused.
 * Gives the dictionary {root: content}.  Errors are ERR_BAD_REQUEST.
 */
bool	 parse_xml(struct arena *, struct span, const struct parse_limits *,
	    struct value *, struct err *) MUST_CHECK;

#endif
