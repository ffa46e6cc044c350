#include "ser/ser_private.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/codec.h"
#include "base/date.h"
#include "base/value.h"

#define DECIMAL_SCALE	20

/* At least one digit on both sides of the point, no more zeros behind. */
static size_t
decimal_text(int64_t i, unsigned int scale, char out[SER_FLOAT_SIZE])
{
	char		 digits[SER_FLOAT_SIZE], *p = digits + sizeof digits;
	uint64_t	 u = i < 0 ? -(uint64_t)i : (uint64_t)i;
	size_t		 n;

	assert(scale <= DECIMAL_SCALE);
	for (; scale > 1 && u % 10 == 0; scale--)
		u /= 10;
	if (scale == 0)
		*--p = '0';
	for (; scale > 0; scale--, u /= 10)
		*--p = (char)('0' + u % 10);
	*--p = '.';
	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (i < 0)
		*--p = '-';
	n = (size_t)(digits + sizeof digits - p);
	memcpy(out, p, n);
	return n;
}

/*
 * A float that a short decimal reads back to: below 10^15 the division of
 * two exact numbers is rounded as the reader rounds.
 */
static bool
float_decimal(double f, int64_t *i, unsigned int *scale)
{
	static const double	 tens[] = { 1, 10, 100, 1e3, 1e4, 1e5, 1e6 };
	double			 size = fabs(f);

	if (size < 1e16 && (double)(int64_t)f == f) {
		*i = (int64_t)f;
		*scale = 0;
		return size != 0 || !signbit(f);
	}
	if (size < 1e-4)
		return false;
	for (unsigned int k = 1; k <= 6 && size * tens[k] < 1e15; k++) {
		*i = llround(f * tens[k]);
		*scale = k;
		if ((double)*i / tens[k] == f)
			return true;
	}
	return false;
}

size_t
ser_float(double f, char out[SER_FLOAT_SIZE])
{
	int64_t		 i;
	unsigned int	 scale;
	int		 n = 0;

	if (float_decimal(f, &i, &scale))
		return decimal_text(i, scale, out);
	if (f == 0)
		return (size_t)snprintf(out, SER_FLOAT_SIZE, "-0.0");
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(out, SER_FLOAT_SIZE, "%.*g", digits, f);
		if (strtod(out, NULL) == f)
			break;
	}
	if (strpbrk(out, ".ein") == NULL)	/* 17 digits, no point */
		n = snprintf(out, SER_FLOAT_SIZE, "%.16e", f);
	return (size_t)n;
}

static void
plain_date(struct buf *b, const struct value *v)
{
	char	*w = ser_room(b, DATETIME_SIZE);

	if (v->type == VALUE_DATE) {
		date_format(v->u.i, w);
		ser_wrote(b, w + DATE_SIZE - 1);
	} else {
		datetime_format(v->u.i, w);
		ser_wrote(b, w + DATETIME_SIZE - 1);
	}
}

void
ser_plain(struct buf *b, const struct value *v)
{
	char	*w = ser_room(b, SER_FLOAT_SIZE);

	switch (v->type) {
	case VALUE_BOOL:
		memcpy(w, v->u.b ? "true" : "false", 5);
		ser_wrote(b, w + (v->u.b ? 4 : 5));
		return;
	case VALUE_INT:
		buf_int(b, v->u.i);
		return;
	case VALUE_FLOAT:
		ser_wrote(b, w + ser_float(v->u.f, w));
		return;
	case VALUE_DECIMAL:
		ser_wrote(b, w + decimal_text(v->u.i, v->scale, w));
		return;
	case VALUE_DATE:
	case VALUE_DATETIME:
		plain_date(b, v);
		return;
	case VALUE_BYTES:
		base64_encode(b, v->u.text);
		return;
	default:
		assert(!"a value without a plain form");
	}
}
