#include "store/period.h"

#include "base/date.h"

#define FAR	((int64_t)10000 * 366)	/* days; more than the calendar has */

const char *const	 period_names[PERIOD__MAX] = {
	[DAY] = "day",
	[WEEK] = "week",
	[MONTH] = "month",
	[QUARTER] = "quarter",
	[YEAR] = "year",
};

static int64_t
month_days(int year, int month)
{
	return month == 12 ? 31 : date_from_civil(year, month + 1, 1) -
	    date_from_civil(year, month, 1);
}

static bool
in_calendar(int64_t days)
{
	return days >= date_from_civil(1, 1, 1) &&
	    days <= date_from_civil(9999, 12, 31);
}

/* Months are counted from the year 0. */
static bool
months_add(int64_t days, int64_t months, int64_t *out)
{
	int	 year, month, day;
	int64_t	 last;

	date_to_civil(days, &year, &month, &day);
	months += (int64_t)year * 12 + month - 1;
	if (months < 12 || months >= 10000 * 12)
		return false;
	year = (int)(months / 12);
	month = (int)(months % 12) + 1;
	last = month_days(year, month);
	*out = date_from_civil(year, month, day < last ? day : (int)last);
	return true;
}

bool
period_add(int64_t days, int64_t n, enum period period, int64_t *out)
{
	static const int	 sizes[PERIOD__MAX] = {
		[DAY] = 1, [WEEK] = 7, [MONTH] = 1, [QUARTER] = 3, [YEAR] = 12,
	};

	if (!in_calendar(days) || n > FAR || n < -FAR)
		return false;
	n *= sizes[period];
	if (period >= MONTH)
		return months_add(days, n, out);
	*out = days + n;
	return in_calendar(*out);
}

bool
period_start(int64_t days, enum period period, int64_t *out)
{
	int	 year, month, day;

	if (!in_calendar(days))
		return false;
	date_to_civil(days, &year, &month, &day);
	if (period == QUARTER)
		month -= (month - 1) % 3;
	if (period == YEAR)
		month = 1;
	/* 1970-01-01 was a Thursday. */
	if (period <= WEEK)
		*out = period == DAY ? days : days - ((days + 3) % 7 + 7) % 7;
	else
		*out = date_from_civil(year, month, 1);
	return in_calendar(*out);
}
