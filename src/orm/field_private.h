#ifndef ORM_FIELD_PRIVATE_H
#define ORM_FIELD_PRIVATE_H

#include <stdbool.h>

#include "orm/field.h"

#define REACH_DEPTH	8	/* models and formulas, one inside the other */
#define REACH_FIELDS	1000

/* How far one expression has come; zeroed where it begins. */
struct reach {
	int	 depth;
	size_t	 fields;
	size_t	 nodes;		/* of formulas */
	bool	 stored;	/* what comes of it is stored */
};

/* False once it goes too far.  Every enter has its leave. */
bool	 reach_enter(struct env *, struct reach *, const struct field *);
void	 reach_leave(struct reach *);

/* What the kinds of fields share. */

/* NULL or False: nothing, whatever the kind. */
bool	 field_unset(const struct value *);
void	 field_present_plain(struct env *, const struct field *,
	    const struct value *cells, struct value *out);
/* str(v): a text, number or truth value as text, else field_refuse. */
bool	 field_str(struct env *, const struct field *, const struct value *in,
	    struct value *out);

/* field_expr as a part of a larger expression. */
const struct expr	*field_expr_deep(struct env *, const struct field *,
			    struct reach *);
/* As text: a many2one's is its record's display name. */
const struct expr	*field_label_expr(struct env *, const struct field *,
			    struct reach *);

/* fields_get of a relation: model, domain, context. */
void	 field_describe_relation(struct env *, const struct field *,
	    struct value *dict);
void	 field_describe_selection(struct env *, const struct field *,
	    struct value *dict);
/* Whether it is one of the selection's keys. */
bool	 field_selection_has(const struct field *, struct span key);

/* field_number.c */
bool	 float_convert(struct env *, const struct field *, enum convert_mode,
	    const struct value *in, struct value *out);
bool	 float_operand(struct env *, const struct field *,
	    const struct value *in, struct value *out);
void	 float_describe(struct env *, const struct field *,
	    struct value *dict);

/* field_x2many.c */
bool	 x2many_convert(struct env *, const struct field *, enum convert_mode,
	    const struct value *in, struct value *out);
bool	 x2many_operand(struct env *, const struct field *,
	    const struct value *in, struct value *out);
void	 x2many_present(struct env *, const struct field *,
	    const struct value *cells, struct value *out);
void	 x2many_describe(struct env *, const struct field *,
	    struct value *dict);
/*
 * What a row of the target must meet to be among the lines that the user is
 * shown: the field's domain, record rules, unless archived the active filter;
 * NULL: nothing, FALSE: he may not read the target.
 */
bool	 x2many_where(struct env *, const struct field *, bool archived,
	    const struct expr **where);
/* The target's own order. */
bool	 x2many_orders(struct env *, const struct field *,
	    const struct order **, size_t *n);
const struct expr	*x2many_ids(struct env *, const struct query *,
			    const struct expr *own);
/* The ids that a query of one column gives, sorted, each once. */
bool	 x2many_select(struct env *, const struct query *, struct ids *);

/* field_html.c: no script can hide in it. */
bool	 html_safe(struct arena *, struct span);

#endif
