#include "base/date.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY		86400
#define DATE_MIN	INT64_C(-719162)	/* 0001-01-01 */
#define DATE_MAX	INT64_C(2932896)	/* 9999-12-31 */

/*
 * Both conversions count from 0000-03-01, so that a leap day ends its year:
 * 146,097 days are 400 years, and (153 m + 2) / 5 days precede month m.
 */
#define EPOCH_SHIFT	719468

int64_t
date_from_civil(int year, int month, int day)
{
	int64_t	 y = year - (month <= 2);
	int64_t	 era = (y >= 0 ? y : y - 399) / 400;
	int64_t	 of_era = y - era * 400;
	int64_t	 m = month > 2 ? month - 3 : month + 9;
	int64_t	 of_year = (153 * m + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - EPOCH_SHIFT;
}

void
date_to_civil(int64_t days, int *year, int *month, int *day)
{
	int64_t	 z = days + EPOCH_SHIFT;
	int64_t	 era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t	 n = z - era * 146097;
	int64_t	 y = (n - n / 1460 + n / 36524 - n / 146096) / 365;
	int64_t	 of_year = n - (365 * y + y / 4 - y / 100);
	int64_t	 m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

static bool
date_number(const char *p, size_t n, int *out)
{
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*out = *out * 10 + (p[i] - '0');
	}
	return true;
}

static int
date_month_days(int year, int month)
{
	static const int	 days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (month == 2 && year % 4 == 0 &&
	    (year % 100 != 0 || year % 400 == 0))
		return 29;
	return days[month - 1];
}

bool
date_parse(struct span s, int64_t *days)
{
	int	 y, m, d;

	if (s.n != DATE_SIZE - 1 || s.p[4] != '-' || s.p[7] != '-' ||
	    !date_number(s.p, 4, &y) || !date_number(s.p + 5, 2, &m) ||
	    !date_number(s.p + 8, 2, &d))
		return false;
	if (y < 1 || m < 1 || m > 12 || d < 1 || d > date_month_days(y, m))
		return false;
	*days = date_from_civil(y, m, d);
	return true;
}

bool
datetime_parse(struct span s, int64_t *seconds)
{
	int64_t	 days;
	int	 h, m, sec;

	if (s.n != DATETIME_SIZE - 1 || s.p[10] != ' ' || s.p[13] != ':' ||
	    s.p[16] != ':' ||
	    !date_parse((struct span){ s.p, DATE_SIZE - 1 }, &days) ||
	    !date_number(s.p + 11, 2, &h) || !date_number(s.p + 14, 2, &m) ||
	    !date_number(s.p + 17, 2, &sec))
		return false;
	if (h > 23 || m > 59 || sec > 59)
		return false;
	*seconds = days * DAY + h * 3600 + m * 60 + sec;
	return true;
}

static void
date_two(char *out, int n)
{
	out[0] = (char)('0' + n / 10);
	out[1] = (char)('0' + n % 10);
}

/* A day outside the years 1 to 9999 is shown as the nearest inside. */
void
date_format(int64_t days, char out[DATE_SIZE])
{
	int	 y, m, d;

	if (days < DATE_MIN)
		days = DATE_MIN;
	if (days > DATE_MAX)
		days = DATE_MAX;
	date_to_civil(days, &y, &m, &d);
	date_two(out, y / 100);
	date_two(out + 2, y % 100);
	out[4] = '-';
	date_two(out + 5, m);
	out[7] = '-';
	date_two(out + 8, d);
	out[10] = '\0';
}

void
datetime_format(int64_t seconds, char out[DATETIME_SIZE])
{
	int64_t	 days = seconds / DAY;
	int	 rest = (int)(seconds % DAY);

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	date_format(days, out);
	out[10] = ' ';
	date_two(out + 11, rest / 3600);
	out[13] = ':';
	date_two(out + 14, rest / 60 % 60);
	out[16] = ':';
	date_two(out + 17, rest % 60);
	out[19] = '\0';
}

int64_t
clock_now(void)
{
	const char	*still = getenv("CARDFILE_NOW");
	int64_t		 seconds;

	if (still != NULL && datetime_parse(span_of(still), &seconds))
		return seconds;
	return (int64_t)time(NULL);
}

int64_t
clock_ticks(void)
{
	struct timespec	 t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
