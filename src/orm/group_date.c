/* What read_group says of periods. */

#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "orm/field.h"
#include "orm/group_private.h"

#define DAY		86400
#define YEAR_LAST	9999

static const char *const	 months[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
};

static int64_t
date_next(const char *unit, int64_t days)
{
	int	 year, month, day;

	if (strcmp(unit, "day") == 0 || strcmp(unit, "week") == 0)
		return days + (unit[0] == 'd' ? 1 : 7);
	date_to_civil(days, &year, &month, &day);
	month += strcmp(unit, "month") == 0 ? 1 :
	    strcmp(unit, "quarter") == 0 ? 3 : 12;
	return date_from_civil(year + (month - 1) / 12, (month - 1) % 12 + 1,
	    1);
}

/* ISO 8601: a week belongs to the year of its Thursday; days is a Monday. */
static struct value
date_week(struct arena *a, int64_t days)
{
	int	 year, month, day;

	date_to_civil(days + 3, &year, &month, &day);
	return value_text(arena_printf(a, "W%d %d",
	    (int)((days + 3 - date_from_civil(year, 1, 1)) / 7 + 1), year));
}

struct value
group_date_label(struct arena *a, const char *unit, int64_t days)
{
	int	 year, month, day;

	if (strcmp(unit, "week") == 0)
		return date_week(a, days);
	date_to_civil(days, &year, &month, &day);
	if (strcmp(unit, "day") == 0)
		return value_text(arena_printf(a, "%02d %.3s %d", day,
		    months[month - 1], year));
	if (strcmp(unit, "month") == 0)
		return value_text(arena_printf(a, "%s %d", months[month - 1],
		    year));
	if (strcmp(unit, "quarter") == 0)
		return value_text(arena_printf(a, "Q%d %d",
		    (month - 1) / 3 + 1, year));
	return value_text(arena_printf(a, "%d", year));
}

struct value
group_date_value(const struct field *f, int64_t days)
{
	return field_column_type(f) == COL_DATE ? value_date(days) :
	    value_datetime(days * DAY);
}

struct value
group_date_next(const struct field *f, const char *unit, int64_t days)
{
	int64_t	 next = date_next(unit, days);

	return next > date_from_civil(YEAR_LAST, 12, 31) ? value_null() :
	    group_date_value(f, next);
}
