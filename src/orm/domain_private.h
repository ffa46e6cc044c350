#ifndef ORM_DOMAIN_PRIVATE_H
#define ORM_DOMAIN_PRIVATE_H

#include "orm/domain.h"

#define DOMAIN_ITEM	"the domain's item "	/* a mistake's place */

/* What the parts of compiling a domain share.  All return NULL or false with
 * the reason in env->err. */

/* A text, or a list of nothing but texts: they stand for records. */
bool			 domain_is_name(const struct value *);
/* Semantics 1.6: how names are looked up; an inequality means "in". */
const struct operator	*domain_name_operator(const struct operator *,
			    bool list);
/* name.c: the name of a row of the model meets the operator. */
const struct expr	*domain_name(struct env *, const struct model *,
			    const struct operator *, const struct value *);

/* domain_compile.c: a domain as a condition, TRUE included. */
const struct expr	*domain_expr(struct env *, const struct model *,
			    const struct domain *);

/* domain_x2many.c: a term whose left side is one2many or many2many. */
const struct expr	*domain_x2many(struct env *, const struct field *,
			    const struct domain *);

/*
 * domain_link.c.  reach: what a record of the model must meet to be found
 * through a relation: where, the user's rules, and, unless archived ones
 * count, that it is active.  ERR_ACCESS if the user may not read the model.
 */
bool			 domain_reach(struct env *, const struct model *,
			    bool archived, const struct expr **where);
/*
 * The field points to a record that meets the condition; NULL where a
 * many2one is not set.
 */
const struct expr	*domain_points(struct env *, const struct field *,
			    const struct expr *where);
/* An x2many holds one of these ids (a list), as far as the user may know. */
const struct expr	*domain_holds(struct env *, const struct field *,
			    const struct value *ids);
/* No record is pointed to that domain_points would find: a record that points
 * to none at all qualifies. */
const struct expr	*domain_points_not(struct env *,
			    const struct expr *points);
/* An x2many holds something, as far as the user may know. */
const struct expr	*domain_filled(struct env *, const struct field *);

#endif
