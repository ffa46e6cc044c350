#ifndef STORE_FAKE_H
#define STORE_FAKE_H

#include <stddef.h>

#include "base/err.h"
#include "store/store.h"

/*
 * What a store opened as "fake:" has been told to answer and has been
 * asked.  Each statement takes one answer, in order; once they are used up
 * it gets no rows, id 1 and one row changed.
 */
struct fake;

struct fake	*fake_of(struct store *);
/* The cells are copied. */
void		 fake_rows(struct fake *, const struct value *cells, size_t n,
		    size_t width);
void		 fake_effect(struct fake *, int64_t id, int64_t changed);
void		 fake_failure(struct fake *, enum err_code);
/* The next begin or commit fails. */
void		 fake_fail_transaction(struct fake *, enum err_code);

/* Statements so far, begin, commit and rollback by these words. */
size_t		 fake_asked(const struct fake *);
const char	*fake_text(const struct fake *, size_t i);	/* or "" */
/* The values bound: a list */
const struct value *fake_values(const struct fake *, size_t i);

#endif
