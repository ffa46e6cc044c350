#ifndef ORM_VALS_H
#define ORM_VALS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/value.h"

struct assign;
struct env;
struct field;
struct ids;
struct model;

/* Values on their way to a row: fields and what is stored for each. */
struct vals {
	const struct model	 *model;
	const struct field	**fields;
	struct value		 *v;
	size_t			  n, cap;
	/* one2many and many2many: what is to be done once the row is there */
	struct relation_vals	 *relations;
	size_t			  nrelations;
};

struct relation_vals {
	const struct field	*field;
	struct value		 v;
};

/*
 * Converts a dictionary from outside: unknown fields are errors, automatic
 * and computed ones are passed over (but for env->loading, which may set log
 * fields), secret ones are there for env->su alone.  Linked records must
 * exist.  ids is what is written, NULL for a create.
 */
bool	 vals_read(struct env *, const struct model *, const struct ids *,
	    const struct value *dict, struct vals *);
/* What a new record gets if nothing is given: of the context, else of the
 * field; VALUE_NULL: nothing. */
bool	 vals_default(struct env *, const struct field *, struct value *);
/* Adds the defaults of what a create does not give, from context and field. */
bool	 vals_defaults(struct env *, struct vals *);
/* ERR_VALIDATION naming the first required field that is left empty. */
bool	 vals_required(struct env *, const struct vals *, bool create);
/* Fails; where the store has refused a value that another record has, with
 * a message that names the fields. */
bool	 vals_refused(struct env *, const struct model *);
void	 vals_add(struct env *, struct vals *, const struct field *,
	    struct value);
bool	 vals_has(const struct vals *, const struct field *);
/* Carries out what the values say of one2many and many2many fields. */
bool	 vals_save(struct env *, const struct vals *, const struct ids *,
	    bool created);
/* As assignments, with room for more behind them. */
struct assign	*vals_assigns(struct env *, const struct vals *, size_t room);

#endif
