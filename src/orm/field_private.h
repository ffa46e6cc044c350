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

/* field_html.c: no script can hide in it. */
bool	 html_safe(struct arena *, struct span);

#endif
