#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "base/buf.h"

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

/* What becomes of a code point that is not ASCII: up to CODES_MAX others. */
#define CODES_MAX	16
typedef size_t code_map(utf8proc_int32_t, utf8proc_int32_t *);

static size_t
code_decompose(utf8proc_int32_t code, utf8proc_int32_t *to, int options)
{
	utf8proc_ssize_t	 n;
	int			 boundary = 0;

	n = utf8proc_decompose_char(code, to, CODES_MAX,
	    (utf8proc_option_t)options, &boundary);
	return n < 0 || n > CODES_MAX ? 0 : (size_t)n;
}

static size_t
code_fold(utf8proc_int32_t code, utf8proc_int32_t *to)
{
	return code_decompose(code, to, UTF8PROC_CASEFOLD);
}

/* Folded first: what folds alike must be flat alike. */
static size_t
code_flat(utf8proc_int32_t code, utf8proc_int32_t *to)
{
	utf8proc_int32_t	 folded[CODES_MAX], flat[CODES_MAX];
	size_t			 n = code_fold(code, folded), all = 0, more;

	for (size_t i = 0; i < n; i++) {
		more = code_decompose(folded[i], flat, UTF8PROC_DECOMPOSE |
		    UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD);
		for (size_t k = 0; k < more && all < CODES_MAX; k++)
			to[all++] = flat[k];
	}
	return all;
}

static size_t
code_lower(utf8proc_int32_t code, utf8proc_int32_t *to)
{
	*to = utf8proc_tolower(code);
	return 1;
}

static size_t
code_upper(utf8proc_int32_t code, utf8proc_int32_t *to)
{
	*to = utf8proc_toupper(code);
	return 1;
}

/* The size of the code point at p, or 0. */
static size_t
utf8_code(const char *p, size_t n, utf8proc_int32_t *code)
{
	utf8proc_ssize_t	 size;

	size = utf8proc_iterate((const utf8proc_uint8_t *)p,
	    (utf8proc_ssize_t)n, code);
	return size > 0 ? (size_t)size : 0;
}

/* ASCII letters from first on change their case, the others are mapped. */
static struct span
utf8_map(struct arena *a, struct span s, char first, code_map *map)
{
	struct buf		*b = buf_new(a);
	utf8proc_int32_t	 code, to[CODES_MAX];
	size_t			 size, n;
	char			 text[4];

	buf_reserve(b, s.n);
	for (size_t i = 0; i < s.n; i += size) {
		char	 c = s.p[i];

		size = 1;
		if ((unsigned char)c < 0x80)
			buf_char(b, (char)(c >= first && c <= first + 25 ?
			    c ^ 0x20 : c));
		else if ((n = utf8_code(s.p + i, s.n - i, &code)) == 0)
			buf_char(b, c);
		else {
			size = n;
			n = map(code, to);
			for (size_t k = 0; k < n; k++)
				buf_add(b, text, utf8_put(
				    (unsigned long)to[k], text));
		}
	}
	return buf_text(b);
}

struct span
utf8_fold(struct arena *a, struct span s)
{
	return utf8_map(a, s, 'A', code_fold);
}

struct span
utf8_flat(struct arena *a, struct span s)
{
	return utf8_map(a, s, 'A', code_flat);
}

struct span
utf8_lower(struct arena *a, struct span s)
{
	return utf8_map(a, s, 'A', code_lower);
}

struct span
utf8_upper(struct arena *a, struct span s)
{
	return utf8_map(a, s, 'a', code_upper);
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
