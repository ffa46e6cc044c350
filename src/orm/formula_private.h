#ifndef ORM_FORMULA_PRIVATE_H
#define ORM_FORMULA_PRIVATE_H

#include "orm/formula.h"

struct assign;
struct reach;
struct vals;

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
/* formula_recompute among these models. */
bool	 formula_recompute_in(struct env *, const struct model *const *models,
	    size_t nmodels, const struct model *, const struct ids *,
	    const struct field *const *fields, size_t n);

#endif
