#ifndef ORM_FORMULA_H
#define ORM_FORMULA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"
#include "base/value.h"

struct arena;
struct env;
struct expr;
struct field;
struct ids;
struct map;
struct model;

/*
 * The expression language of computed fields (design 5), so far: literals,
 * field paths through many2one, comparison (== != < <= > >=), and or not,
 * if(c, a, b), text +.  A tree in the arena, never changed.
 */
enum formula_kind {
	FORMULA_VALUE, FORMULA_PATH, FORMULA_CALL, FORMULA_AND, FORMULA_OR,
	FORMULA_NOT, FORMULA_COMPARE, FORMULA_ADD
};

struct formula {
	enum formula_kind	 kind;
	struct value		 value;		/* VALUE */
	struct span		 name;	/* PATH "a.b", CALL, COMPARE "<=" */
	const struct formula	*args[3];
	size_t			 nargs;
};

/* ERR_VALUE with the position. */
bool	 formula_parse(struct arena *, struct span, const struct formula **,
	    struct err *) MUST_CHECK;

/* As an expression over a row of the model; NULL with env->err set. */
const struct expr	*formula_compile(struct env *, const struct model *,
			    const struct formula *);

/*
 * Brings every stored computed field up to date that depends on one of the
 * named fields of these records, here or through a path from another model,
 * one after the other until nothing follows.  fields NULL: all, of records
 * just created, to which no other can point yet.
 */
bool	 formula_recompute(struct env *, const struct model *,
	    const struct ids *, const struct field *const *fields, size_t n);

/* Adds a text for each stored computed field that is not up to date. */
bool	 formula_check(struct env *, struct value *faults);

#endif
