#ifndef ORM_CUSTOM_PRIVATE_H
#define ORM_CUSTOM_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orm/custom.h"

struct definition;
struct expr;
struct field;
struct field_row;
struct model;
struct model_row;
struct registry;
struct span;

/* The world before a change and after it, both whole. */
struct custom {
	struct env		*env;
	const struct registry	*old, *now;
};

/* Whether the field has an index that is not one for a text. */
bool	 custom_wants_index(const struct field *);
/* Rows of the meta-models, in the order of ids. */
bool	 custom_model_rows(struct env *, const struct expr *where,
	    struct model_row **, size_t *n);
bool	 custom_field_rows(struct env *, const struct expr *where,
	    struct field_row **, size_t *n);
const struct expr	*custom_equal(struct env *, const char *column,
			    int64_t id);

/* The model or field of before, NULL if it is new. */
const struct model	*custom_old_model(const struct custom *,
			    const struct model *);
const struct field	*custom_old_field(const struct model *old, int64_t id);

/* How many rows of the field's model a condition finds. */
bool	 custom_count(struct env *, const struct field *,
	    const struct expr *where, int64_t *n);
/* The field's data fit what it has become; old NULL: it is new. */
bool	 custom_data(struct env *, const struct field *old,
	    const struct field *);
/* What was fixed when the field was made is still so. */
bool	 custom_fixed(struct env *, const struct field *old,
	    const struct field *);
/* Tables and API names are those of one model, and not too many. */
bool	 custom_verify_names(struct env *);
/* The field's formulas hold; its domain, currency and default do. */
bool	 custom_verify_formula(struct env *, const struct field *);
bool	 custom_verify_formulas(struct env *);	/* of all fields */
bool	 custom_verify_field(struct env *, const struct field *);
/* Not too many fields of one model. */
bool	 custom_verify_many(struct env *, const struct model *);
/* Everything holds, of all models. */
bool	 custom_verify(struct env *);
/* ERR_VALIDATION if the text does not hold a selection. */
bool	 custom_selection(struct env *, const struct field_row *);

#endif
