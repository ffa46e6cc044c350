#ifndef BASE_LITERAL_PRIVATE_H
#define BASE_LITERAL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/literal.h"

struct arena;
struct err;
struct parse_limits;
struct value;

/* A literal being read: p moves from start to end. */
struct literal {
	struct arena			*arena;
	const struct parse_limits	*limits;
	struct err			*err;
	const char			*start, *p, *end;
	size_t				 depth;
	size_t				 nodes;
	literal_name			*name;	/* NULL: no names, no sums */
	void				*arg;
};

/* Fails with "position N: what"; N counts characters from 1. */
bool	 literal_fail(struct literal *, const char *at, const char *what);
/* Skips blanks, and line breaks too where a bracket is open. */
void	 literal_space(struct literal *);
/* Does a string begin here, with its prefix or without? */
bool	 literal_is_text(const struct literal *);
/* One string or several in a row: TEXT or BYTES. */
bool	 literal_text(struct literal *, struct value *out);
/* An unsigned number, or what follows a minus. */
bool	 literal_number(struct literal *, bool negative, struct value *out);

#endif
