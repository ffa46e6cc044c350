#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/literal_private.h"
#include "base/value.h"

static int
number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 16;
}

static bool
number_is_digit(const struct literal *l, const char *p, int base)
{
	return p < l->end && number_digit(*p) < base;
}

/* Skips digits, between which single underscores may stand. */
static void
number_digits(struct literal *l, int base)
{
	while (number_is_digit(l, l->p, base)) {
		l->p++;
		if (l->p < l->end && *l->p == '_' &&
		    number_is_digit(l, l->p + 1, base))
			l->p++;
	}
}

/* The digits from p to l->p. */
static bool
number_int(struct literal *l, const char *p, int base, bool negative,
    struct value *out)
{
	uint64_t	 max = (uint64_t)INT64_MAX + negative, n = 0;

	for (const char *at = p; at < l->p; at++) {
		unsigned int	 digit;

		if (*at == '_')
			continue;
		digit = (unsigned int)number_digit(*at);
		if (n > (max - digit) / (unsigned int)base)
			return literal_fail(l, p,
			    "an integer must fit in 64 bit");
		n = n * (unsigned int)base + digit;
	}
	*out = value_int((int64_t)(negative ? 0 - n : n));
	return true;
}

/* 0x, 0o and 0b: l->p is at the 0. */
static bool
number_based(struct literal *l, int base, bool negative, struct value *out)
{
	const char	*p;

	l->p += 2;
	if (l->p < l->end && *l->p == '_')
		l->p++;
	p = l->p;
	if (!number_is_digit(l, p, base))
		return literal_fail(l, p, "a digit is missing here");
	number_digits(l, base);
	return number_int(l, p, base, negative, out);
}

/* Skips .digits and the exponent; false if there is neither. */
static bool
number_fraction(struct literal *l)
{
	const char	*before = l->p, *e;

	if (l->p < l->end && *l->p == '.') {
		l->p++;
		number_digits(l, 10);
	}
	if (l->p < l->end && (*l->p | 0x20) == 'e') {
		e = l->p + 1;
		if (e < l->end && (*e == '+' || *e == '-'))
			e++;
		if (number_is_digit(l, e, 10)) {
			l->p = e;
			number_digits(l, 10);
		}
	}
	return l->p > before;
}

/* XXX: strtod reads the decimal point of the locale, which stays "C". */
static bool
number_float(struct literal *l, const char *p, bool negative,
    struct value *out)
{
	char	*text = arena_text(l->arena, (size_t)(l->p - p));
	char	*to = text;
	double	 f;

	for (const char *at = p; at < l->p; at++)
		if (*at != '_')
			*to++ = *at;
	*to = '\0';
	f = strtod(text, NULL);
	if (!isfinite(f))
		return literal_fail(l, p, "the number is too large");
	*out = value_float(negative ? -f : f);
	return true;
}

bool
literal_number(struct literal *l, bool negative, struct value *out)
{
	const char	*p = l->p;

	if (*p == '0' && p + 1 < l->end) {
		switch (p[1] | 0x20) {
		case 'x':
			return number_based(l, 16, negative, out);
		case 'o':
			return number_based(l, 8, negative, out);
		case 'b':
			return number_based(l, 2, negative, out);
		}
	}
	if (*p == '.' && !number_is_digit(l, p + 1, 10))
		return literal_fail(l, p, "a digit is missing here");
	number_digits(l, 10);
	if (number_fraction(l))
		return number_float(l, p, negative, out);
	if (*p == '0')
		for (const char *at = p; at < l->p; at++)
			if (*at != '0' && *at != '_')
				return literal_fail(l, p,
				    "an integer must not begin with 0");
	return number_int(l, p, 10, negative, out);
}
