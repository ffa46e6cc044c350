#ifndef STORE_TRIGRAM_H
#define STORE_TRIGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct arena;

/* Three letters in a row, one letter further each time; false at the end. */
bool		 trigram_next(struct span *text, struct span *trigram);
/*
 * A number for the set of trigrams that a row has: those of all rows, added
 * up in any order, say whether an index has them.
 */
uint64_t	 trigram_sum(struct arena *, struct span text, int64_t row);

#endif
