#include "base/codec.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

#define CHUNK	1024		/* characters of base64, a multiple of 4 */

static const char	 base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Writes the 4 characters for the first n (1 to 3) bytes at p. */
static void
base64_quad(const unsigned char *p, size_t n, char *out)
{
	uint32_t	 w = (uint32_t)p[0] << 16;

	if (n > 1)
		w |= (uint32_t)p[1] << 8;
	if (n > 2)
		w |= p[2];
	out[0] = base64_letters[w >> 18];
	out[1] = base64_letters[w >> 12 & 63];
	out[2] = n > 1 ? base64_letters[w >> 6 & 63] : '=';
	out[3] = n > 2 ? base64_letters[w & 63] : '=';
}

void
base64_encode(struct buf *b, struct span s)
{
	const unsigned char	*p = (const unsigned char *)s.p;
	char			 chunk[CHUNK];
	size_t			 used = 0;

	buf_reserve(b, s.n / 3 * 4 + 4);
	for (size_t i = 0; i < s.n; i += 3) {
		base64_quad(p + i, s.n - i < 3 ? s.n - i : 3, chunk + used);
		if ((used += 4) == CHUNK) {
			buf_add(b, chunk, used);
			used = 0;
		}
	}
	buf_add(b, chunk, used);
}

static bool
base64_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/*
 * What must follow the last digit: as much padding as makes up a group of
 * four, and no bits left over, so that bytes have one spelling only.
 */
static bool
base64_end(struct span rest, size_t digits, uint32_t bits)
{
	size_t	 pad = (4 - digits % 4) % 4, seen = 0;

	for (size_t i = 0; i < rest.n; i++) {
		if (rest.p[i] == '=')
			seen++;
		else if (!base64_space(rest.p[i]))
			return false;
	}
	if (pad == 3 || seen != pad)
		return false;
	return pad == 0 || (bits & (pad == 1 ? 3 : 15)) == 0;
}

bool
base64_decode(struct arena *a, struct span s, struct span *out)
{
	char		*to = arena_text(a, s.n / 4 * 3 + 3);
	size_t		 n = 0, digits = 0, i;
	uint32_t	 w = 0;
	int		 digit;

	for (i = 0; i < s.n && s.p[i] != '='; i++) {
		if (base64_space(s.p[i]))
			continue;
		if ((digit = base64_digit(s.p[i])) < 0)
			return false;
		w = w << 6 | (uint32_t)digit;
		if (digits++ % 4 != 0)
			to[n++] = (char)(w >> (6 - 2 * ((digits - 1) % 4)));
	}
	if (!base64_end((struct span){ s.p + i, s.n - i }, digits, w))
		return false;
	to[n] = '\0';
	*out = (struct span){ to, n };
	return true;
}

void
hex_encode(const void *bytes, size_t n, char *out)
{
	const unsigned char	*p = bytes;

	for (size_t i = 0; i < n; i++) {
		*out++ = "0123456789abcdef"[p[i] >> 4];
		*out++ = "0123456789abcdef"[p[i] & 15];
	}
	*out = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct span
percent_decode(struct arena *a, struct span s, bool plus)
{
	char	*to = arena_text(a, s.n);
	size_t	 n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char	 c = s.p[i];

		if (c == '+' && plus)
			c = ' ';
		else if (c == '%' && s.n - i > 2 &&
		    hex_digit(s.p[i + 1]) >= 0 && hex_digit(s.p[i + 2]) >= 0) {
			c = (char)(hex_digit(s.p[i + 1]) << 4 |
			    hex_digit(s.p[i + 2]));
			i += 2;
		}
		to[n++] = c;
	}
	to[n] = '\0';
	return (struct span){ to, n };
}

static bool
percent_plain(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') ||
	    c == '-' || c == '.' || c == '_' || c == '~';
}

void
percent_encode(struct buf *b, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char	 c = (unsigned char)s.p[i];
		char		 code[3] = { '%', "0123456789ABCDEF"[c >> 4],
				     "0123456789ABCDEF"[c & 15] };

		if (percent_plain(s.p[i]))
			buf_char(b, s.p[i]);
		else
			buf_add(b, code, sizeof code);
	}
}
