#ifndef ORM_IMPORT_H
#define ORM_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/progress.h"
#include "base/value.h"
#include "orm/model.h"

struct env;

/*
 * Rows of text on their way into records (semantics 9.3).  A column is a
 * path: field, id (the external id), .id (the database id), relation/id,
 * relation/.id, relation (by name), x2many/column.
 */
struct import {
	struct names		 columns;
	const struct value_list	*rows;		/* lists of values */
	/* of external ids without one */
	const char		*module;
	struct progress		*progress;	/* or NULL */
};

/*
 * load: {ids, messages, nextrow}.  All or nothing: with an error among the
 * messages ids is False and nothing has changed.  False: it could not be
 * tried (ERR_VALUE: an unknown column).
 */
bool	 import_load(struct env *, const struct model *,
	    const struct import *, struct value *result);

/*
 * export_data: a list of rows, the columns as above; lines of x2many columns
 * stand below their record.  Records without an external id get one if a
 * column asks for it.
 */
bool	 export_rows(struct env *, const struct model *, const struct ids *,
	    const struct names *columns, struct value *rows);

#endif
