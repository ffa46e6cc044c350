#ifndef ORM_NUMBER_H
#define ORM_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"

struct arena;

/* A number times 10^scale, seen from the integers. */
struct scaled {
	int64_t	 floor;
	int64_t	 rounded;	/* half away from zero */
	bool	 exact;		/* both are the number itself */
};

/* [+-]digits, within 64 bits. */
bool		 number_int(struct span, int64_t *);
/* [+-]digits[.digits][e[+-]digits], finite. */
bool		 number_float(struct arena *, struct span, double *);
/* The same text, exactly; false also for what does not fit 64 bits. */
bool		 number_scaled(struct span, unsigned int scale,
		    struct scaled *);
/*
 * BOOL, INT, FLOAT or DECIMAL as Python writes it: True, 5, 5.0, 1e+16.
 * Floats have the fewest digits that read back the same.
 */
struct span	 number_text(struct arena *, const struct value *);

#endif
