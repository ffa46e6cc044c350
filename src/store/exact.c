#include "store/exact.h"

#include <math.h>

/* __int128 is no word of ISO C. */
__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

static wide
ten_to(unsigned int n)
{
	wide	 power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

static bool
exact_none(struct exact *out)
{
	*out = (struct exact){ .kind = EXACT_NONE };
	return true;
}

static bool
exact_whole(wide v, int scale, struct exact *out)
{
	*out = (struct exact){
		.kind = EXACT_WHOLE,
		.scale = (unsigned int)scale,
		.i = (int64_t)v,
	};
	return v >= INT64_MIN && v <= INT64_MAX;
}

static bool
exact_real(double f, struct exact *out)
{
	*out = (struct exact){ .kind = EXACT_REAL, .f = f };
	return isfinite(f);
}

static uwide
magnitude(wide v)
{
	return v < 0 ? -(uwide)v : (uwide)v;
}

/* v / by, half away from zero. */
static wide
wide_round(wide v, wide by)
{
	uwide	 n = magnitude(v), d = magnitude(by), q = n / d;

	if (n % d >= d - n % d)
		q++;
	return (v < 0) != (by < 0) ? -(wide)q : (wide)q;
}

/* v of scale from as one of scale to. */
static bool
wide_rescale(wide v, unsigned int from, int to, struct exact *out)
{
	unsigned int	 scale = (unsigned int)to;

	if (from >= scale)
		return exact_whole(wide_round(v, ten_to(from - scale)), to,
		    out);
	/* Else the product might not even fit in what it is checked in. */
	return exact_whole(v, to, out) &&
	    exact_whole(v * ten_to(scale - from), to, out);
}

static double
exact_double(struct exact x)
{
	return x.kind == EXACT_REAL ? x.f :
	    (double)x.i / (double)ten_to(x.scale);
}

/* As if the float were multiplied without error before it is rounded. */
static bool
real_rescale(double f, int scale, struct exact *out)
{
	double	 unit, product, rest;

	if (scale == EXACT_FLOAT)
		return exact_real(f, out);
	unit = (double)ten_to((unsigned int)scale);
	product = f * unit;
	rest = fma(f, unit, -product);
	if (!(product >= -0x1p63 && product < 0x1p63))
		return false;
	f = round(product);
	if (fabs(product - trunc(product)) == 0.5 && rest != 0 &&
	    (rest < 0) == (product > 0))
		f = trunc(product);
	return exact_whole((wide)f, scale, out);
}

static bool
exact_missing(struct exact a, struct exact b)
{
	return a.kind == EXACT_NONE || b.kind == EXACT_NONE;
}

/* Floats are wanted, or cannot be avoided. */
static bool
exact_floats(struct exact a, struct exact b, int scale)
{
	return scale == EXACT_FLOAT || a.kind == EXACT_REAL ||
	    b.kind == EXACT_REAL;
}

static bool
add_signed(struct exact a, struct exact b, int sign, int scale,
    struct exact *out)
{
	unsigned int	 common = a.scale > b.scale ? a.scale : b.scale;
	wide		 sum;

	if (exact_missing(a, b))
		return exact_none(out);
	if (exact_floats(a, b, scale))
		return real_rescale(exact_double(a) + sign * exact_double(b),
		    scale, out);
	sum = (wide)a.i * ten_to(common - a.scale) +
	    sign * ((wide)b.i * ten_to(common - b.scale));
	return wide_rescale(sum, common, scale, out);
}

bool
exact_add(struct exact a, struct exact b, int scale, struct exact *out)
{
	return add_signed(a, b, 1, scale, out);
}

bool
exact_sub(struct exact a, struct exact b, int scale, struct exact *out)
{
	return add_signed(a, b, -1, scale, out);
}

bool
exact_mul(struct exact a, struct exact b, int scale, struct exact *out)
{
	if (exact_missing(a, b))
		return exact_none(out);
	if (exact_floats(a, b, scale))
		return real_rescale(exact_double(a) * exact_double(b), scale,
		    out);
	return wide_rescale((wide)a.i * b.i, a.scale + b.scale, scale, out);
}

/* n / d with so many digits more, one after the other, then rounded. */
static bool
wide_divide(wide n, wide d, int digits, wide *out)
{
	uwide	 by = magnitude(d), q = magnitude(n) / by;
	uwide	 rest = magnitude(n) % by;

	while (digits-- > 0) {
		if (q > (uwide)INT64_MAX + 1)
			return false;
		q = q * 10 + rest * 10 / by;
		rest = rest * 10 % by;
	}
	if (rest >= by - rest)
		q++;
	*out = (n < 0) != (d < 0) ? -(wide)q : (wide)q;
	return true;
}

bool
exact_div(struct exact a, struct exact b, int scale, struct exact *out)
{
	int	 digits;
	wide	 d = b.i, q;

	if (exact_missing(a, b) ||
	    (b.kind == EXACT_REAL ? b.f == 0 : b.i == 0))
		return exact_none(out);
	if (exact_floats(a, b, scale))
		return real_rescale(exact_double(a) / exact_double(b), scale,
		    out);
	digits = scale + (int)b.scale - (int)a.scale;
	if (digits < 0)
		d *= ten_to((unsigned int)-digits);
	return wide_divide(a.i, d, digits, &q) && exact_whole(q, scale, out);
}

bool
exact_as(struct exact a, int scale, struct exact *out)
{
	if (a.kind == EXACT_NONE)
		return exact_none(out);
	if (exact_floats(a, a, scale))
		return real_rescale(exact_double(a), scale, out);
	return wide_rescale(a.i, a.scale, scale, out);
}

void
exact_sum_add(struct exact_sum *sum, struct exact x)
{
	if (x.kind == EXACT_NONE)
		return;
	sum->n++;
	if (x.kind == EXACT_REAL) {
		sum->is_real = true;
		sum->real += x.f;
		return;
	}
	sum->scale = x.scale;
	sum->whole += x.i;
}

static double
sum_double(const struct exact_sum *sum)
{
	return sum->real + (double)sum->whole / (double)ten_to(sum->scale);
}

bool
exact_sum_total(const struct exact_sum *sum, int scale, struct exact *out)
{
	if (sum->n == 0)
		return exact_none(out);
	if (sum->is_real || scale == EXACT_FLOAT)
		return real_rescale(sum_double(sum), scale, out);
	return wide_rescale(sum->whole, sum->scale, scale, out);
}

bool
exact_sum_average(const struct exact_sum *sum, int scale, struct exact *out)
{
	int	 digits = scale - (int)sum->scale;
	wide	 d = sum->n, q;

	if (sum->n == 0)
		return exact_none(out);
	if (sum->is_real || scale == EXACT_FLOAT)
		return real_rescale(sum_double(sum) / (double)sum->n, scale,
		    out);
	if (digits < 0)
		d *= ten_to((unsigned int)-digits);
	return wide_divide(sum->whole, d, digits, &q) &&
	    exact_whole(q, scale, out);
}
