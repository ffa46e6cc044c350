#ifndef ORM_FORMULA_PRIVATE_H
#define ORM_FORMULA_PRIVATE_H

#include "orm/env.h"
#include "orm/formula.h"
#include "store/query.h"

struct assign;
struct reach;
struct rows;
struct vals;

/* Digits after the point of what a division or a product adds. */
#define FORMULA_DIGITS		8
/* Computed fields that follow from each other over records of one field. */
#define FORMULA_LEVELS		100
#define FORMULA_STEPS		8	/* relations of one path */

/* Where a formula is compiled: over a row of which model, or (NULL) none. */
struct formula_scope {
	struct env		*env;
	const struct model	*model;
	struct reach		*reach;
};

/* A row of formulas.def. */
struct formula_function {
	const char		*name;
	size_t			 least, most;	/* arguments */
	const struct expr	*(*compile)(struct formula_scope *,
				    const struct formula *);
};

/* NULL if there is none. */
const struct formula_function	*formula_function(struct span name);
#define FORMULA(name, least, most, compile)				\
const struct expr	*compile(struct formula_scope *,		\
			    const struct formula *);
#include "orm/formulas.def"
#undef FORMULA

/* formula_compile.c */
const struct expr	*formula_expr(struct formula_scope *,
			    const struct formula *);
/* A field of the scope's model, or one that many2ones lead to. */
const struct expr	*formula_path(struct formula_scope *, struct span);
/* e over the record that id, of the many2one, names, if the user may read
 * it. */
const struct expr	*formula_beyond(struct formula_scope *,
			    const struct field *, const struct expr *id,
			    const struct expr *e);
/* ERR_VALUE: "a formula of MODEL " and so on; NULL. */
const struct expr	*formula_refuse(struct formula_scope *,
			    const char *format, ...)
			    __attribute__((format(printf, 2, 3)));
/* The field that the path begins with; what follows its dot, or "". */
const struct field	*formula_first(struct formula_scope *,
			    struct span path, struct span *rest);
/* Whether the user may read records of the model, and which: where. */
bool	 formula_visible(struct env *, const struct model *, bool *any,
	    const struct expr **where);
/* The first name of a path, and what follows its dot, or "". */
struct span	 formula_split(struct span path, struct span *rest);

/* formula_value.c: types, and what counts as nothing */
const char		*formula_type(enum col_type);
bool			 formula_numeric(enum col_type);
/* Whether it is never NULL. */
bool			 formula_known(const struct expr *);
const struct expr	*formula_null(struct arena *, const struct expr *like);
/* What is not set counts as 0, as "", as a thing less than all. */
const struct expr	*formula_zero(struct arena *, const struct expr *);
/* Whether it is set and not its type's zero; never NULL. */
const struct expr	*formula_truth(struct arena *, const struct expr *);
const struct expr	*formula_decided(struct arena *, const struct expr *);
/* e in a type; NULL, without a message, if it cannot be had so. */
const struct expr	*formula_fit(struct arena *, const struct expr *,
			    enum col_type, unsigned int scale);
/* Brings two sides to one type: a literal to that of the other side. */
bool			 formula_match(struct formula_scope *,
			    const char *what, const struct expr **,
			    const struct expr **);
/* A number as a number of the type and scale. */
const struct expr	*formula_number_as(struct arena *,
			    const struct expr *, enum col_type,
			    unsigned int scale);

/* formula_number.c */
const struct expr	*formula_plus(struct formula_scope *,
			    const struct formula *);
const struct expr	*formula_arithmetic(struct formula_scope *,
			    const struct formula *);

/* A formula in a field's type. */
const struct expr	*formula_as(struct formula_scope *,
			    const struct field *, const struct formula *);
/* A field's formula in the field's own type. */
const struct expr	*formula_field(struct env *, const struct field *,
			    struct reach *);
/* The column does not hold what the formula's expression gives. */
const struct expr	*formula_differs(struct arena *,
			    const struct expr *column, const struct expr *);
/*
 * Adds the stored computed fields of a row to be inserted, as expressions of
 * its values.  all is false if one of them must be recomputed afterwards.
 */
bool	 formula_insert(struct env *, const struct vals *, struct assign *row,
	    size_t *n, bool *all);

/*
 * formula_depend.c.  A stored computed field that follows a field: from the
 * records of its model, path leads to those whose field it is.
 */
struct dependent {
	const struct field		*field;
	const struct field *const	*path;
	size_t				 npath;
	/* the field decides where the path leads: where it led before counts */
	bool				 moves;
	const struct dependent		*next;
};

/* What a model knows of a field of its own, by the field's place. */
struct formula_place {
	const struct dependent	*dependents;
	unsigned int		 rank;		/* after what it depends on */
};

/* Gives each model its places; what is wrong with a formula is passed over,
 * for formula_sound to tell. */
void	 formula_link(struct arena *, struct model *const *, size_t n);
const struct formula_place	*formula_place(const struct field *);

/* formula_walk.c: the fields that a formula names, with the way to each. */
struct formula_walk {
	struct arena		*arena;
	bool	(*meet)(struct formula_walk *, const struct field *);
	void			*arg;
	const struct field	*path[FORMULA_STEPS + 1];
	size_t			 npath;
	size_t			 met;		/* so far */
	int			 depth;
};

/* False as soon as meet says so, or it goes too far. */
bool	 formula_walk(struct formula_walk *, const struct field *);

/* formula_define.c */
bool	 formula_acyclic(struct env *, const struct field *);

#endif
