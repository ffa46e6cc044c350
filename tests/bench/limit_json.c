#include "limit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct limit_field	 limit_fields[NFIELDS] = {
#include "limit_fields.h"
};

void
limit_keys(struct limit *l)
{
	for (size_t i = 0; i < NFIELDS; i++) {
		int	 n = asprintf(&l->keys[i], "%c\"%s\":",
		    i == 0 ? '{' : ',', limit_fields[i].key);

		l->key_sizes[i] = (size_t)n;
	}
}

void
limit_put(struct limit *l, const char *p, size_t n)
{
	memcpy(l->w, p, n);
	l->w += n;
}

void
limit_int(struct limit *l, sqlite3_int64 i)
{
	char			 digits[24], *p = digits + sizeof digits;
	unsigned long long	 u;

	u = i < 0 ? 0 - (unsigned long long)i : (unsigned long long)i;
	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (i < 0)
		*--p = '-';
	limit_put(l, p, (size_t)(digits + sizeof digits - p));
}

static void
put_text(struct limit *l, sqlite3_stmt *s, int i)
{
	const unsigned char	*p = sqlite3_column_text(s, i), *from = p;

	*l->w++ = '"';
	for (;; p++) {
		if (*p >= ' ' && *p != '"' && *p != '\\')
			continue;
		limit_put(l, (const char *)from, (size_t)(p - from));
		if (*p == '\0')
			break;
		if (*p == '"' || *p == '\\') {
			*l->w++ = '\\';
			*l->w++ = (char)*p;
		} else if (*p == '\n')
			PUT(l, "\\n");
		else
			l->w += sprintf(l->w, "\\u%04x", *p);
		from = p + 1;
	}
	*l->w++ = '"';
}

static void
put_digits(struct limit *l, int n, int width, char after)
{
	for (int i = width; i-- > 0; n /= 10)
		l->w[i] = (char)('0' + n % 10);
	l->w += width;
	*l->w++ = after;
}

static void
put_date(struct limit *l, sqlite3_int64 days, char after)
{
	sqlite3_int64	 z = days + 719468, era = z / 146097;
	int		 doe = (int)(z - era * 146097), doy, mp, month;
	int		 yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;

	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	month = mp < 10 ? mp + 3 : mp - 9;
	put_digits(l, (int)(yoe + era * 400) + (month <= 2), 4, '-');
	put_digits(l, month, 2, '-');
	put_digits(l, doy - (153 * mp + 2) / 5 + 1, 2, after);
}

static void
put_datetime(struct limit *l, sqlite3_int64 t)
{
	int	 s = (int)(t % 86400);

	put_date(l, t / 86400, ' ');
	put_digits(l, s / 3600, 2, ':');
	put_digits(l, s / 60 % 60, 2, ':');
	put_digits(l, s % 60, 2, '"');
}

static void
put_float(struct limit *l, double f)
{
	double	 cents = f * 100;

	if (fabs(f) < 1e12 && cents == rint(cents)) {
		sqlite3_int64	 i = (sqlite3_int64)cents;

		limit_int(l, i / 100);
		*l->w++ = '.';
		*l->w++ = (char)('0' + llabs(i) / 10 % 10);
		if (i % 10 != 0)
			*l->w++ = (char)('0' + llabs(i) % 10);
		return;
	}
	l->w += sprintf(l->w, "%.17g", f);
}

static void
put_field(struct limit *l, enum kind kind, sqlite3_stmt *s, int i)
{
	switch (kind) {
	case INT:
		limit_int(l, sqlite3_column_int64(s, i));
		return;
	case LIST:
		*l->w++ = '[';
		limit_put(l, (const char *)sqlite3_column_text(s, i),
		    (size_t)sqlite3_column_bytes(s, i));
		*l->w++ = ']';
		return;
	case FLOAT:
		put_float(l, sqlite3_column_double(s, i));
		return;
	case BOOL:
		if (sqlite3_column_int(s, i))
			PUT(l, "true");
		else
			PUT(l, "false");
		return;
	default:
		break;
	}
	if (sqlite3_column_type(s, i) == SQLITE_NULL) {
		PUT(l, "false");
		return;
	}
	switch (kind) {
	case TEXT:
		put_text(l, s, i);
		return;
	case DATE:
		*l->w++ = '"';
		put_date(l, sqlite3_column_int64(s, i), '"');
		return;
	case DATETIME:
		*l->w++ = '"';
		put_datetime(l, sqlite3_column_int64(s, i));
		return;
	default:
		*l->w++ = '[';
		limit_int(l, sqlite3_column_int64(s, i));
		*l->w++ = ',';
		put_text(l, s, i + 1);
		*l->w++ = ']';
	}
}

void
limit_record(struct limit *l, sqlite3_stmt *s)
{
	int	 column = 0;

	for (size_t i = 0; i < NFIELDS; i++) {
		limit_put(l, l->keys[i], l->key_sizes[i]);
		put_field(l, limit_fields[i].kind, s, column);
		column += limit_fields[i].kind == LINK ? 2 : 1;
	}
	*l->w++ = '}';
}
