#ifndef STORE_PERIOD_H
#define STORE_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

enum period { DAY, WEEK, MONTH, QUARTER, YEAR, PERIOD__MAX };

extern const char *const	 period_names[PERIOD__MAX];

/* Both are false beyond the calendar, years 1 to 9999. */
/* Beyond a month's end is its last day. */
bool	 period_add(int64_t days, int64_t n, enum period, int64_t *out);
/* The first day of the period; weeks begin on Monday. */
bool	 period_start(int64_t days, enum period, int64_t *out);

#endif
