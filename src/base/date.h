#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

#define DATE_SIZE	11	/* "YYYY-MM-DD" and NUL */
#define DATETIME_SIZE	20	/* "YYYY-MM-DD HH:MM:SS" and NUL */

/* Proleptic Gregorian calendar, years 1 to 9999, UTC, whole seconds. */
int64_t	 date_from_civil(int year, int month, int day);
void	 date_to_civil(int64_t days, int *year, int *month, int *day);
/* Exactly YYYY-MM-DD; false if it is not or there is no such day. */
bool	 date_parse(struct span, int64_t *days);
/* Exactly YYYY-MM-DD HH:MM:SS. */
bool	 datetime_parse(struct span, int64_t *seconds);
/* Both write without a NUL being counted: 10 and 19 characters. */
void	 date_format(int64_t days, char out[DATE_SIZE]);
void	 datetime_format(int64_t seconds, char out[DATETIME_SIZE]);

/* The one clock.  CARDFILE_NOW (datetime, UTC) stands it still for tests. */
int64_t	 clock_now(void);
/* Monotonic, for measuring: microseconds. */
int64_t	 clock_ticks(void);

#endif
