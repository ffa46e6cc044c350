#ifndef ORM_SECRET_H
#define ORM_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct env;

/*
 * For those who check credentials: fields that nobody sees, by no rights and
 * without a trace in the change log.
 *
 * The n fields (names, or many2one.name) of the record of the model whose
 * field is match, as they are stored.  found tells whether there is one.
 */
bool	 secret_find(struct env *, const char *model, const char *field,
	    struct value match, const char *const *fields, size_t n,
	    struct value *cells, bool *found);
/* Sets one stored field of one record; the value is not converted. */
bool	 secret_set(struct env *, const char *model, int64_t id,
	    const char *field, struct value);

#endif
