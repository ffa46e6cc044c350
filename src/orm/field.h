#ifndef ORM_FIELD_H
#define ORM_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "orm/model.h"
#include "store/query.h"

struct env;
struct ids;
struct reach;

/* How strict a value from outside is taken; more modes with more dialects. */
enum convert_mode { CONVERT_ODOO };

/*
 * A row of fields.def: what a kind of field must answer.  convert takes a
 * value from outside to what is stored (NULL stays NULL) or fails with
 * ERR_VALUE or ERR_VALIDATION and the field's name.  present makes what is
 * shown of the cells that were selected.  operand converts the right side of
 * a domain's term (semantics 1.4).  second is what else is selected for one
 * value, where cells is 2.  out of present may be the first cell.
 * A kind without a column (one2many, many2many) gives its value by expr, and
 * takes what is written, commands on other records, by save, once the rows
 * that ids names are there; created: they are new.
 */
struct field_type {
	const char	*name;		/* "many2one" */
	enum col_type	 column;	/* COL_NONE: not in the row */
	size_t		 cells;		/* selected for one value: 1 or 2 */
	bool	(*convert)(struct env *, const struct field *,
		    enum convert_mode, const struct value *in,
		    struct value *out);
	bool	(*operand)(struct env *, const struct field *,
		    const struct value *in, struct value *out);
	const struct expr	*(*second)(struct env *,
		    const struct field *, const struct expr *first);
	void	(*present)(struct env *, const struct field *,
		    const struct value *cells, struct value *out);
	const struct expr	*(*expr)(struct env *, const struct field *,
		    struct reach *);
	bool	(*save)(struct env *, const struct field *,
		    const struct ids *, bool created, const struct value *);
	/* Attributes of fields_get beyond the common ones, or NULL. */
	void	(*describe)(struct env *, const struct field *,
		    struct value *dict);
};

#define FIELD_TYPE(n)	extern const struct field_type field_##n;
#include "orm/fields.def"
#undef FIELD_TYPE

const struct field_type	*field_type_named(const char *);	/* or NULL */

/* The field's value as an expression over a row of its model. */
const struct expr	*field_expr(struct env *, const struct field *);
/* The second cell: the display name of the record that id, an expression,
 * names. */
const struct expr	*field_name_expr(struct env *, const struct field *,
			    const struct expr *id);
/* The field's column type: a decimal where digits are given. */
enum col_type		 field_column_type(const struct field *);

bool	 field_is_many2one(const struct field *);
/* one2many or many2many */
bool	 field_is_x2many(const struct field *);

/* ERR_VALUE with model and field: "X of MODEL wants WHAT, got TYPE". */
bool	 field_refuse(struct env *, const struct field *, const char *wants,
	    const struct value *got);

#endif
