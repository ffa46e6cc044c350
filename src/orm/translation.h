#ifndef ORM_TRANSLATION_H
#define ORM_TRANSLATION_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct expr;
struct field;
struct ids;
struct model;
struct value;
struct vals;

/*
 * Values per language (semantics 4.6).  The column of a translated field
 * holds the base language; ir.translation the others.
 */

/* The field in the language of env; the column's value where there is none. */
const struct expr	*translation_expr(struct env *, const struct field *,
			    const struct expr *column);
/* Moves what is not meant for the base language from vals to taken. */
void	 translation_take(struct env *, struct vals *, struct vals *taken);
/*
 * Writes what was taken: the language's own rows, and the base language
 * where it has nothing yet.  What vals empties is emptied in all languages.
 */
bool	 translation_write(struct env *, const struct ids *,
	    const struct vals *vals, const struct vals *taken);
/* A record created in another language has its texts in both. */
bool	 translation_create(struct env *, int64_t id, const struct vals *);
/* To another record, of the fields that are copied, but for those that the
 * dictionary names. */
bool	 translation_copy(struct env *, const struct model *, int64_t from,
	    int64_t to, const struct value *without);
bool	 translation_unlink(struct env *, const struct model *,
	    const struct ids *);
/* The labels and helps of a model's fields: replaces those in a fields_get. */
bool	 translation_labels(struct env *, const struct model *,
	    struct value *fields);

#endif
