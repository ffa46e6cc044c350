/* date, datetime. */

#include "base/date.h"
#include "orm/field_private.h"

#define DATE_TEXT	(DATE_SIZE - 1)
#define DAY		86400

/* YYYY-MM-DD; what follows a space or a T is cut off. */
static bool
date_read(struct span s, int64_t *days)
{
	if (s.n > DATE_TEXT && s.p[DATE_TEXT] != ' ' && s.p[DATE_TEXT] != 'T')
		return false;
	if (s.n > DATE_TEXT)
		s.n = DATE_TEXT;
	return date_parse(s, days);
}

static int64_t
date_floor(int64_t seconds)
{
	return seconds / DAY - (seconds % DAY < 0);
}

static bool
date_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	int64_t	 days;

	if (field_unset(in))
		*out = value_null();
	else if (in->type == VALUE_DATE)
		*out = *in;
	else if (in->type == VALUE_DATETIME)
		*out = value_date(date_floor(in->u.i));
	else if (in->type == VALUE_TEXT && date_read(in->u.text, &days))
		*out = value_date(days);
	else
		return field_refuse(env, f, "a date YYYY-MM-DD", in);
	return true;
}

static bool
date_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	(void)mode;
	return date_operand(env, f, in, out);
}

/* A date is its midnight. */
static bool
datetime_operand(struct env *env, const struct field *f,
    const struct value *in, struct value *out)
{
	int64_t	 n;

	if (field_unset(in))
		*out = value_null();
	else if (in->type == VALUE_DATETIME)
		*out = *in;
	else if (in->type == VALUE_DATE)
		*out = value_datetime(in->u.i * DAY);
	else if (in->type == VALUE_TEXT && datetime_parse(in->u.text, &n))
		*out = value_datetime(n);
	else if (in->type == VALUE_TEXT && date_parse(in->u.text, &n))
		*out = value_datetime(n * DAY);
	else
		return field_refuse(env, f,
		    "a date and time YYYY-MM-DD HH:MM:SS", in);
	return true;
}

static bool
datetime_convert(struct env *env, const struct field *f,
    enum convert_mode mode, const struct value *in, struct value *out)
{
	(void)mode;
	return datetime_operand(env, f, in, out);
}

const struct field_type	 field_date = {
	.name = "date",
	.column = COL_DATE,
	.cells = 1,
	.convert = date_convert,
	.operand = date_operand,
	.present = field_present_plain,
};

const struct field_type	 field_datetime = {
	.name = "datetime",
	.column = COL_DATETIME,
	.cells = 1,
	.convert = datetime_convert,
	.operand = datetime_operand,
	.present = field_present_plain,
};
