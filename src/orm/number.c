#include "orm/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define DIGITS_MAX	18		/* of any int64_t, less one */
#define EXPONENT_MAX	10000

/* The parts of a number's text. */
struct digits {
	bool		 minus;
	struct span	 whole, part;	/* before and after the point */
	int		 exponent;
};

static struct span
digits_take(struct span *s)
{
	struct span	 taken = { s->p, 0 };

	while (taken.n < s->n && s->p[taken.n] >= '0' && s->p[taken.n] <= '9')
		taken.n++;
	s->p += taken.n;
	s->n -= taken.n;
	return taken;
}

static bool
digits_char(struct span *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
digits_exponent(struct span *s, int *out)
{
	bool		 minus;
	struct span	 digits;

	*out = 0;
	if (!digits_char(s, 'e') && !digits_char(s, 'E'))
		return true;
	minus = digits_char(s, '-');
	if (!minus)
		digits_char(s, '+');
	digits = digits_take(s);
	for (size_t i = 0; i < digits.n && *out < EXPONENT_MAX; i++)
		*out = *out * 10 + (digits.p[i] - '0');
	if (minus)
		*out = -*out;
	return digits.n != 0;
}

static bool
digits_read(struct span s, struct digits *d)
{
	memset(d, 0, sizeof *d);
	d->minus = digits_char(&s, '-');
	if (!d->minus)
		digits_char(&s, '+');
	d->whole = digits_take(&s);
	if (digits_char(&s, '.'))
		d->part = digits_take(&s);
	return d->whole.n + d->part.n != 0 &&
	    digits_exponent(&s, &d->exponent) && s.n == 0;
}

/* The i-th digit of whole and part together; zeros follow. */
static int
digits_at(const struct digits *d, size_t i)
{
	if (i < d->whole.n)
		return d->whole.p[i] - '0';
	i -= d->whole.n;
	return i < d->part.n ? d->part.p[i] - '0' : 0;
}

static bool
digits_zero_from(const struct digits *d, size_t i)
{
	for (; i < d->whole.n + d->part.n; i++)
		if (digits_at(d, i) != 0)
			return false;
	return true;
}

bool
number_scaled(struct span s, unsigned int scale, struct scaled *out)
{
	struct digits	 d;
	int64_t		 n = 0, last;
	int		 next = 0;
	size_t		 from = 0;

	if (!digits_read(s, &d) || d.whole.n > INT32_MAX)
		return false;
	last = (int64_t)d.whole.n + d.exponent + (int64_t)scale;
	if (digits_zero_from(&d, 0))
		last = 0;
	for (; last > 0 && from < (size_t)last; from++) {
		if (n > (INT64_MAX - digits_at(&d, from)) / 10)
			return false;
		n = n * 10 + digits_at(&d, from);
	}
	if (last >= 0)
		next = digits_at(&d, (size_t)last);
	out->exact = digits_zero_from(&d, last > 0 ? (size_t)last : 0);
	if (n == INT64_MAX && !out->exact)
		return false;
	out->rounded = n + (next >= 5);
	out->floor = n;
	if (d.minus) {
		out->rounded = -out->rounded;
		out->floor = out->exact ? -n : -n - 1;
	}
	return true;
}

bool
number_int(struct span s, int64_t *out)
{
	struct digits	 d;
	struct scaled	 n;

	if (!digits_read(s, &d) || d.whole.n != s.n - (s.p[0] == '-' ||
	    s.p[0] == '+'))
		return false;
	if (span_is(s, "-9223372036854775808")) {
		*out = INT64_MIN;
		return true;
	}
	if (!number_scaled(s, 0, &n))
		return false;
	*out = n.floor;
	return true;
}

bool
number_float(struct arena *a, struct span s, double *out)
{
	struct digits	 d;

	if (!digits_read(s, &d))
		return false;
	*out = strtod(arena_strndup(a, s.p, s.n), NULL);
	return *out - *out == 0;
}

static struct span
number_float_text(struct arena *a, double f)
{
	char	 text[40];
	int	 digits = 0, exponent;

	do
		snprintf(text, sizeof text, "%.*e", digits, f);
	while (strtod(text, NULL) != f && ++digits < DIGITS_MAX);
	exponent = atoi(strchr(text, 'e') + 1);
	if (exponent < -4 || exponent >= 16)
		return span_of(arena_strdup(a, text));
	digits -= exponent;
	return span_of(arena_printf(a, "%.*f", digits < 1 ? 1 : digits, f));
}

static struct span
number_decimal_text(struct arena *a, int64_t i, unsigned int scale)
{
	uint64_t	 n = i < 0 ? -(uint64_t)i : (uint64_t)i;
	char		 text[48];
	int		 size;

	if (scale == 0)
		return span_of(arena_printf(a, "%lld", (long long)i));
	size = snprintf(text, sizeof text, "%0*llu", (int)scale + 1,
	    (unsigned long long)n);
	return span_of(arena_printf(a, "%s%.*s.%s", i < 0 ? "-" : "",
	    size - (int)scale, text, text + size - scale));
}

struct span
number_text(struct arena *a, const struct value *v)
{
	switch (v->type) {
	case VALUE_BOOL:
		return span_of(v->u.b ? "True" : "False");
	case VALUE_FLOAT:
		return number_float_text(a, v->u.f);
	case VALUE_DECIMAL:
		return number_decimal_text(a, v->u.i, v->scale);
	default:
		return span_of(arena_printf(a, "%lld", (long long)v->u.i));
	}
}
