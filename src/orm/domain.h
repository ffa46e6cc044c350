#ifndef ORM_DOMAIN_H
#define ORM_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

struct env;
struct expr;
struct field;
struct model;
struct operator;

enum domain_kind {
	DOMAIN_TRUE, DOMAIN_FALSE, DOMAIN_AND, DOMAIN_OR, DOMAIN_NOT,
	DOMAIN_TERM,
	DOMAIN_NAME		/* the record's name meets op and value */
};

/* A domain as a tree, negations already at the terms (semantics 1.1). */
struct domain {
	enum domain_kind	 kind;
	const struct domain	*a, *b;		/* AND, OR; NOT: a, a TERM */
	struct span		 path;		/* TERM */
	const struct operator	*op;		/* TERM, NAME */
	struct value		 value;
	const struct domain	*sub;		/* any: its domain */
	/* of the term in the list, from 1: "3", inside any "3." "2"; 0: it
	 * is in none */
	const char		*prefix;
	size_t			 at;
};

/*
 * The prefix list as a tree.  Errors are ERR_VALUE and tell which term.  An
 * empty list is DOMAIN_TRUE.
 */
bool	 domain_parse(struct env *, const struct value *,
	    const struct domain **);
/* The tree as a condition over a row of the model; NULL for TRUE. */
bool	 domain_compile(struct env *, const struct model *,
	    const struct domain *, const struct expr **);
/* Whether a term anywhere names exactly this field. */
bool	 domain_names(const struct domain *, const char *field);
const struct domain	*domain_and(struct env *, const struct domain *,
			    const struct domain *);
/* (path, op, value), for the ORM's own use. */
const struct domain	*domain_term(struct env *, const char *path,
			    const char *op, struct value);
/* The record's name meets it (semantics 9.4). */
const struct domain	*domain_called(struct env *, const struct operator *,
			    struct value);

#endif
