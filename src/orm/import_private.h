#ifndef ORM_IMPORT_PRIVATE_H
#define ORM_IMPORT_PRIVATE_H

#include "base/span.h"
#include "orm/import.h"

struct err;
struct field;
struct map;

enum import_kind {
	IMPORT_VALUE,		/* the field itself, or a relation by name */
	IMPORT_EXTERNAL,	/* external id, of the record or the relation */
	IMPORT_ID,		/* database id of the same */
	IMPORT_LINES		/* columns of another model's records */
};

struct import_column {
	enum import_kind	 kind;
	const struct field	*field;	/* NULL: the record's own id */
	const char		*path;
	size_t			 at;	/* in the row */
	struct import_node	*lines;
};

/* The columns of one model. */
struct import_node {
	const struct model	*model;
	struct import_column	*v;
	size_t			 n;
};

/* writes: only what can be written; false, ERR_VALUE, names the column. */
bool	 import_columns(struct env *, const struct model *,
	    const struct names *, bool writes, struct import_node *);

/* An import under way. */
struct import_run {
	struct env		*env;	/* of the whole */
	const struct import	*input;
	struct value		 messages;	/* a list */
	size_t			 errors;
	struct map		*names;	/* model, name -> id */
};

/* The rows that a record is made of: from to to, the last included. */
struct import_rows {
	size_t	 from, to;
};

/* Adds a message about a column (or NULL) of these rows. */
void	 import_say(struct import_run *, const char *type,
	    const struct import_column *, const struct import_rows *,
	    const char *message);

/* Whether a refusal is the data's fault, to be told as a message. */
bool	 import_tells(const struct err *);
/* Whether the row begins a record: one of its own columns is not empty. */
bool	 import_begins(struct import_run *, struct env *,
	    const struct import_node *, size_t row);
/*
 * The values of a record; an error is a message.  id is that of the record
 * to be changed, 0 for a new one, which is to be called name, if that is not
 * NULL.
 */
bool	 import_record(struct import_run *, struct env *,
	    const struct import_node *, const struct import_rows *,
	    struct value *vals, int64_t *id, const char **name);

#endif
