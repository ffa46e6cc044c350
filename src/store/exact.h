#ifndef STORE_EXACT_H
#define STORE_EXACT_H

#include <stdbool.h>
#include <stdint.h>

#define EXACT_SCALE_MAX	18
#define EXACT_FLOAT	(-1)	/* in place of a result's scale */

/*
 * A number as a column holds it: i / 10^scale, or a float.  None is a missing
 * one, and what comes of it is missing too.
 */
struct exact {
	enum { EXACT_NONE, EXACT_WHOLE, EXACT_REAL } kind;
	unsigned int	 scale;
	int64_t		 i;
	double		 f;
};

/* The memory that an engine gives to an aggregate is aligned no better. */
__extension__ typedef __int128 exact_wide __attribute__((aligned(8)));

/* What is added up: one rounding at the end, no matter how many. */
struct exact_sum {
	exact_wide	 whole;
	double		 real;
	int64_t		 n;
	unsigned int	 scale;		/* of whole */
	bool		 is_real;	/* one of them was */
};

/*
 * The result has this scale, rounded once, half away from zero; false if it
 * does not fit.  A float among the operands makes the calculation one of
 * floats.
 */
bool	 exact_add(struct exact, struct exact, int scale, struct exact *);
bool	 exact_sub(struct exact, struct exact, int scale, struct exact *);
bool	 exact_mul(struct exact, struct exact, int scale, struct exact *);
/* Divided by nothing there is no result. */
bool	 exact_div(struct exact, struct exact, int scale, struct exact *);
bool	 exact_as(struct exact, int scale, struct exact *);

/* All added are of one scale. */
void	 exact_sum_add(struct exact_sum *, struct exact);
bool	 exact_sum_total(const struct exact_sum *, int scale, struct exact *);
bool	 exact_sum_average(const struct exact_sum *, int scale,
	    struct exact *);

#endif
