#include "store/sqlite_text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"

#define SCALE_MAX	18

static bool
fold_ascii(struct span text, char room[FOLD_ROOM])
{
	if (text.n > FOLD_ROOM)
		return false;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char	 c = (unsigned char)text.p[i];

		if (c >= 0x80)
			return false;
		room[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	return true;
}

struct span
text_fold(struct arena *a, struct span text, char room[FOLD_ROOM])
{
	if (fold_ascii(text, room))
		return (struct span){ room, text.n };
	return utf8_fold(a, text);
}

void
text_decimal(char text[DECIMAL_ROOM], int64_t i, unsigned int scale)
{
	uint64_t	 u = i < 0 ? -(uint64_t)i : (uint64_t)i, unit = 1;

	for (unsigned int k = 0; k < scale && k < SCALE_MAX; k++)
		unit *= 10;
	if (unit == 1)
		snprintf(text, DECIMAL_ROOM, "%" PRId64, i);
	else
		snprintf(text, DECIMAL_ROOM, "%s%" PRIu64 ".%0*" PRIu64,
		    i < 0 ? "-" : "", u / unit,
		    (int)(scale < SCALE_MAX ? scale : SCALE_MAX), u % unit);
}

void
err_constraint(struct err *err, const char *said)
{
	static const char	 before[] = "constraint failed: ";
	const char		*p = strstr(said, before), *dot;
	size_t			 n = 0;

	if (p == NULL)
		return;
	p += sizeof before - 1;
	if ((dot = strchr(p, '.')) == NULL)
		return;
	snprintf(err->model, sizeof err->model, "%.*s", (int)(dot - p), p);
	while (dot != NULL && n < sizeof err->field) {
		size_t	 len = strcspn(dot + 1, ",");

		n += (size_t)snprintf(err->field + n, sizeof err->field - n,
		    "%s%.*s", n == 0 ? "" : ", ", (int)len, dot + 1);
		dot = strchr(dot + 1 + len, '.');
	}
}
