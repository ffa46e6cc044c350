#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/arena.h"

#define ONES	UINT64_C(0x0101010101010101)
#define HIGHS	UINT64_C(0x8080808080808080)

/* How many of the next bytes are ASCII without NUL, eight at a time. */
static size_t
utf8_ascii(const char *p, size_t n)
{
	size_t		 i = 0;
	uint64_t	 w;

	for (; n - i >= sizeof w; i += sizeof w) {
		memcpy(&w, p + i, sizeof w);
		if (((w | (w - ONES)) & HIGHS) != 0)
			break;
	}
	while (i < n && p[i] > 0 && (unsigned char)p[i] < 0x80)
		i++;
	return i;
}

/* The size of the well-formed sequence of 2 to 4 bytes at p, or 0. */
static size_t
utf8_sequence(const unsigned char *p, size_t n)
{
	unsigned char	 low = 0x80, high = 0xbf;
	size_t		 size;

	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	size = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (n < size)
		return 0;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

bool
utf8_valid(struct span s)
{
	size_t	 i = 0, size;

	while ((i += utf8_ascii(s.p + i, s.n - i)) < s.n) {
		/* Text that is not ASCII seldom has one such letter only. */
		do {
			size = utf8_sequence(
			    (const unsigned char *)s.p + i, s.n - i);
			if (size == 0)
				return false;
			i += size;
		} while (i < s.n && (unsigned char)s.p[i] >= 0x80);
	}
	return true;
}

size_t
utf8_length(struct span s)
{
	size_t	 n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static struct span
utf8_fold_ascii(struct arena *a, struct span s)
{
	char	*p = arena_text(a, s.n);

	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    s.p[i] + ('a' - 'A') : s.p[i]);
	return (struct span){ p, s.n };
}

/* The text with what the options do to each code point; false: no UTF-8. */
static bool
utf8_map(struct arena *a, struct span s, unsigned int options,
    utf8proc_custom_func each, struct span *out)
{
	utf8proc_uint8_t	*mapped;
	utf8proc_ssize_t	 n;

	n = utf8proc_map_custom((const utf8proc_uint8_t *)s.p,
	    (utf8proc_ssize_t)s.n, &mapped, (utf8proc_option_t)options, each,
	    NULL);
	if (n == UTF8PROC_ERROR_NOMEM)
		abort();
	if (n < 0)
		return false;
	out->n = (size_t)n;
	out->p = arena_strndup(a, (const char *)mapped, out->n);
	free(mapped);
	return true;
}

struct span
utf8_fold(struct arena *a, struct span s)
{
	struct span	 out;

	if (utf8_ascii(s.p, s.n) == s.n ||
	    !utf8_map(a, s, UTF8PROC_CASEFOLD, NULL, &out))
		return utf8_fold_ascii(a, s);
	return out;
}

struct span
utf8_flat(struct arena *a, struct span s)
{
	struct span	 out = utf8_fold(a, s);

	/* Folded first: what folds alike must be flat alike. */
	utf8_map(a, out, UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK |
	    UTF8PROC_CASEFOLD, NULL, &out);
	return out;
}

static utf8proc_int32_t
code_lower(utf8proc_int32_t code, void *arg)
{
	(void)arg;
	return utf8proc_tolower(code);
}

static utf8proc_int32_t
code_upper(utf8proc_int32_t code, void *arg)
{
	(void)arg;
	return utf8proc_toupper(code);
}

struct span
utf8_lower(struct arena *a, struct span s)
{
	struct span	 out = s;

	utf8_map(a, s, 0, code_lower, &out);
	return out;
}

struct span
utf8_upper(struct arena *a, struct span s)
{
	struct span	 out = s;

	utf8_map(a, s, 0, code_upper, &out);
	return out;
}

size_t
utf8_put(unsigned long code, char out[4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}
