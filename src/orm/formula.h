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

struct formula_function;

/* The expression language of design 5.  A tree in the arena, never changed. */
enum formula_kind {
	FORMULA_VALUE, FORMULA_PATH, FORMULA_CALL, FORMULA_AND, FORMULA_OR,
	FORMULA_NOT, FORMULA_COMPARE, FORMULA_ADD, FORMULA_SUB, FORMULA_MUL,
	FORMULA_DIV
};

struct formula {
	enum formula_kind	 kind;
	struct value		 value;		/* VALUE */
	struct span		 name;	/* PATH "a.b", CALL, COMPARE "<=" */
	const struct formula_function *function;	/* CALL */
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
 * Stored computed fields follow every change.  Whoever changes something asks
 * formula_before, changes it, and calls formula_after, which brings up to date
 * what depends on it, here or through a path from another model, one after
 * the other until nothing follows: those that led there before and those
 * that do now.  fields are those that are written; NULL: the records go.  The
 * links of a many2many are written by naming that field and the records of
 * its own model.  *out is NULL where nothing depends; after takes that too.
 */
struct recompute;
bool	 formula_before(struct env *, const struct model *,
	    const struct ids *, const struct field *const *fields, size_t n,
	    struct recompute **out);
bool	 formula_after(struct env *, struct recompute *);
/* The row is there; computed: it holds its own computed fields already. */
bool	 formula_created(struct env *, const struct model *, int64_t id,
	    bool computed);

/*
 * Whether the field's formulas hold: their fields exist and give what the
 * field may hold, none follows itself but from record to record, a related
 * path ends in a field of the same kind; the database can ask for it.  Asked
 * with the new registry and tables.  ERR_VALUE, ERR_VALIDATION.
 */
bool	 formula_define(struct env *, const struct field *);
/* The same of all fields: also after one was changed or taken away. */
bool	 formula_sound(struct env *);
/* What dflt_compute gives now for the user. */
bool	 formula_default(struct env *, const struct field *, struct value *);

/* Adds a text for each stored computed field that is not up to date. */
bool	 formula_check(struct env *, struct value *faults);

#endif
