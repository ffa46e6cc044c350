#ifndef ORM_ORDER_H
#define ORM_ORDER_H

#include <stdbool.h>
#include <stddef.h>

struct env;
struct expr;
struct model;
struct order;

/*
 * "name desc, id" as terms to sort by (semantics 2); NULL or an empty text
 * is the model's own order.  A many2one sorts by its target's order.
 * ERR_USER for what is no such text, ERR_VALUE for an unknown field.
 */
bool	 order_parse(struct env *, const struct model *, const char *text,
	    const struct order **, size_t *n);
/* The order of the records that id, an expression, names; of two that are
 * alike the id decides. */
bool	 order_records(struct env *, const struct model *,
	    const struct expr *id, bool desc, const struct order **,
	    size_t *n);

#endif
