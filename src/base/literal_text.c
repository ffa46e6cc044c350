#include <string.h>

#include "base/arena.h"
#include "base/literal_private.h"
#include "base/utf8.h"
#include "base/value.h"

/* One quoted string: what stands between its quotes, and how to read it. */
struct piece {
	const char	*p, *end;
	bool		 raw, bytes;
	bool		 triple;
};

/* Reads the prefix at l->p; the quote behind it, or NULL. */
static const char *
piece_prefix(const struct literal *l, struct piece *s)
{
	bool	 text = false;

	s->raw = s->bytes = false;
	for (const char *p = l->p; p < l->end; p++) {
		bool	*flag;

		if (*p == '"' || *p == '\'')
			return p;
		switch (*p | 0x20) {
		case 'r':
			flag = &s->raw;
			break;
		case 'b':
			flag = &s->bytes;
			break;
		case 'u':
			flag = &text;
			break;
		default:
			return NULL;
		}
		if (*flag || text || (flag == &text && p > l->p))
			return NULL;
		*flag = true;
	}
	return NULL;
}

bool
literal_is_text(const struct literal *l)
{
	struct piece	 s;

	return piece_prefix(l, &s) != NULL;
}

static bool
piece_ends(const struct literal *l, const struct piece *s, const char *p,
    char quote)
{
	return *p == quote && (!s->triple ||
	    (l->end - p > 2 && p[1] == quote && p[2] == quote));
}

/* Finds the borders of the string at l->p and moves behind it. */
static bool
piece_read(struct literal *l, struct piece *s)
{
	const char	*quote = piece_prefix(l, s), *p;

	s->triple = l->end - quote > 2 && quote[1] == *quote &&
	    quote[2] == *quote;
	s->p = quote + (s->triple ? 3 : 1);
	for (p = s->p; p < l->end; p++) {
		if (piece_ends(l, s, p, *quote)) {
			s->end = p;
			l->p = p + (s->triple ? 3 : 1);
			return true;
		}
		if (!s->triple && (*p == '\n' || *p == '\r'))
			break;
		if (*p == '\\' && l->end - p > 1 && *++p == '\r' &&
		    l->end - p > 1 && p[1] == '\n')
			p++;
	}
	return literal_fail(l, l->p, "the string does not end");
}

static int
escape_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* Writes one character or byte by its number; to moves. */
static bool
escape_put(struct literal *l, const struct piece *s, const char *at,
    unsigned long code, char **to)
{
	size_t	 n;

	if (s->bytes) {
		*(*to)++ = (char)(unsigned char)code;
		return true;
	}
	if (code == 0)
		return literal_fail(l, at, "a text must not contain NUL");
	if ((n = utf8_put(code, *to)) == 0)
		return literal_fail(l, at, "there is no such character");
	*to += n;
	return true;
}

/* \xhh, \uhhhh or \Uhhhhhhhh: digits many must follow. */
static bool
escape_number(struct literal *l, const struct piece *s, const char **p,
    int digits, char **to)
{
	const char	*at = *p;
	unsigned long	 code = 0;

	*p += 2;
	for (; digits > 0; digits--, (*p)++) {
		if (*p == s->end || escape_hex(**p) < 0)
			return literal_fail(l, at,
			    "a hexadecimal digit is missing");
		code = code << 4 | (unsigned long)escape_hex(**p);
	}
	return escape_put(l, s, at, code, to);
}

static bool
escape_octal(struct literal *l, const struct piece *s, const char **p,
    char **to)
{
	const char	*at = (*p)++;
	unsigned long	 code = 0;

	for (int i = 0; i < 3 && *p < s->end && **p >= '0' && **p <= '7'; i++)
		code = code << 3 | (unsigned long)(*(*p)++ - '0');
	return escape_put(l, s, at, code, to);
}

/* p is at a backslash, which another character follows before the end. */
static bool
escape_read(struct literal *l, const struct piece *s, const char **p,
    char **to)
{
	static const char	 letters[] = "\\'\"abfnrtv";
	static const char	 meant[] = "\\'\"\a\b\f\n\r\t\v";
	char			 c = (*p)[1];
	const char		*letter = strchr(letters, c);

	if (letter != NULL) {
		*(*to)++ = meant[letter - letters];
		*p += 2;
		return true;
	}
	if (c == '\n' || c == '\r') {
		*p += c == '\r' && s->end - *p > 2 && (*p)[2] == '\n' ? 3 : 2;
		return true;
	}
	if (c >= '0' && c <= '7')
		return escape_octal(l, s, p, to);
	if (c == 'x')
		return escape_number(l, s, p, 2, to);
	if (!s->bytes && (c == 'u' || c == 'U'))
		return escape_number(l, s, p, c == 'u' ? 4 : 8, to);
	if (!s->bytes && c == 'N')
		return literal_fail(l, *p, "\\N{...} is not understood");
	*(*to)++ = *(*p)++;
	return true;
}

/* Writes what the string means, never more bytes than it has; to moves. */
static bool
piece_decode(struct literal *l, const struct piece *s, char **to)
{
	const char	*p = s->p;

	while (p < s->end) {
		if (s->bytes && (unsigned char)*p >= 0x80)
			return literal_fail(l, p,
			    "bytes are written in ASCII");
		if (*p == '\\' && !s->raw) {
			if (!escape_read(l, s, &p, to))
				return false;
		} else if (*p == '\r') {
			*(*to)++ = '\n';
			p += s->end - p > 1 && p[1] == '\n' ? 2 : 1;
		} else
			*(*to)++ = *p++;
	}
	return true;
}

/* Measures the strings in a row; l->p ends up behind the last. */
static bool
text_measure(struct literal *l, size_t *room, bool *bytes)
{
	struct piece	 s;
	const char	*behind;
	bool		 first = true;

	*room = 0;
	do {
		const char	*at = l->p;

		if (!piece_read(l, &s))
			return false;
		if (!first && s.bytes != *bytes)
			return literal_fail(l, at,
			    "a text and bytes cannot be joined");
		first = false;
		*bytes = s.bytes;
		*room += (size_t)(s.end - s.p);
		behind = l->p;
		literal_space(l);
	} while (literal_is_text(l));
	l->p = behind;
	return true;
}

bool
literal_text(struct literal *l, struct value *out)
{
	const char	*start = l->p, *behind;
	struct piece	 s;
	size_t		 room;
	bool		 bytes;
	char		*text, *to;

	if (!text_measure(l, &room, &bytes))
		return false;
	behind = l->p;
	text = to = arena_text(l->arena, room);
	for (l->p = start; l->p < behind; literal_space(l))
		if (!piece_read(l, &s) || !piece_decode(l, &s, &to))
			return false;
	l->p = behind;
	*to = '\0';
	*out = value_span((struct span){ text, (size_t)(to - text) });
	if (bytes)
		out->type = VALUE_BYTES;
	return true;
}
