#ifndef MODELS_IR_SEQUENCE_H
#define MODELS_IR_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct buf;

/* The moments whose parts a prefix may name, in seconds. */
struct sequence_times {
	int64_t	 now;			/* %(current_year)s */
	int64_t	 effective;		/* %(year)s: the date of the number */
	int64_t	 range;			/* %(range_year)s: its period's first */
};

/*
 * A prefix or suffix with its parts of the date filled in; %% is a percent
 * sign.  False where there is no such part: *wrong is what stands there.
 */
bool	 sequence_text(struct buf *, struct span text,
	    const struct sequence_times *, struct span *wrong);

#endif
