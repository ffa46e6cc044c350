#ifndef ORM_ATTACHMENT_H
#define ORM_ATTACHMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "orm/access.h"

struct env;
struct expr;
struct model;
struct records;
struct rows;
struct value;

/* What ir.attachment has beyond other models. */
bool	 attachment_is(const struct model *);
/*
 * An attachment is for those who may read (for a change: write) the record
 * that it belongs to, one of no record for who made it and for the settings
 * group, a public one is read by all.  A condition over its row.
 */
bool	 attachment_where(struct env *, enum access, const struct expr **);
/* The cell of the record's datas as it is stored becomes the contents, also
 * where they lie in a file. */
bool	 attachment_contents(struct env *, int64_t id, struct value *cell);
/* The same for all rows of a read, before they are shown. */
bool	 attachment_fetch(struct env *, const struct records *,
	    struct rows *);

#endif
