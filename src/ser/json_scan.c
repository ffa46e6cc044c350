#include "ser/json_scan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/utf8.h"

#define DIGITS_SURE	300	/* so many digits stay below 1e308 */

/* A text being gone over: p moves from start to end. */
struct scan {
	struct arena			*arena;
	const struct parse_limits	*limits;
	struct json_seen		*seen;
	struct err			*err;
	struct span			 text;
	const char			*p, *end;
	size_t				 depth, nodes;
};

static bool	 scan_value(struct scan *);

bool
json_fail(struct span text, const char *at, const char *what,
    struct err *err)
{
	struct span	 before = { text.p, (size_t)(at - text.p) };

	return err_set(err, ERR_VALUE, "position %zu: %s",
	    utf8_length(before) + 1, what);
}

static bool
scan_fail(struct scan *s, const char *at, const char *what)
{
	return json_fail(s->text, at, what, s->err);
}

static bool
scan_at(const struct scan *s, char c)
{
	return s->p < s->end && *s->p == c;
}

static void
scan_space(struct scan *s)
{
	while (scan_at(s, ' ') || scan_at(s, '\n') || scan_at(s, '\r') ||
	    scan_at(s, '\t'))
		s->p++;
}

long
json_hex(const char *p, const char *end)
{
	long	 code = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char	 c = p[i];

		if (c >= '0' && c <= '9')
			code = code << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code = code << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return code;
}

/* \uXXXX, and its other half if it is a surrogate. */
static bool
scan_unicode(struct scan *s)
{
	const char	*at = s->p;
	long		 code = json_hex(at + 2, s->end), low;

	if (code < 0)
		return scan_fail(s, at, "four hexadecimal digits must follow");
	if (code == 0)
		return scan_fail(s, at, "a text must not contain NUL");
	s->p += 6;
	if (code < 0xd800 || code > 0xdfff)
		return true;
	low = code < 0xdc00 && s->end - s->p >= 6 && s->p[0] == '\\' &&
	    s->p[1] == 'u' ? json_hex(s->p + 2, s->end) : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return scan_fail(s, at, "half of a surrogate pair");
	s->seen->surrogates = true;
	s->p += 6;
	return true;
}

static bool
scan_escape(struct scan *s)
{
	if (s->end - s->p < 2)
		return scan_fail(s, s->p, "the string does not end");
	if (s->p[1] == 'u')
		return scan_unicode(s);
	if (strchr("\"\\/bfnrt", s->p[1]) == NULL)
		return scan_fail(s, s->p, "there is no such escape");
	s->p += 2;
	return true;
}

static bool
scan_string(struct scan *s)
{
	const char	*at = s->p++;

	while (s->p < s->end && *s->p != '"') {
		if ((unsigned char)*s->p < 0x20)
			return scan_fail(s, s->p,
			    "a control character must be escaped");
		if (*s->p != '\\')
			s->p++;
		else if (!scan_escape(s))
			return false;
	}
	if (s->p == s->end)
		return scan_fail(s, at, "the string does not end");
	s->p++;
	return true;
}

static void
scan_digits(struct scan *s)
{
	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
}

/* An integer that was found well-formed: does it fit? */
static bool
scan_fits(struct scan *s, const char *at)
{
	bool		 negative = *at == '-';
	uint64_t	 max = (uint64_t)INT64_MAX + negative, n = 0;

	for (const char *p = at + negative; p < s->p; p++) {
		unsigned int	 digit = (unsigned int)(*p - '0');

		if (n > (max - digit) / 10)
			return scan_fail(s, at,
			    "an integer must fit in 64 bit");
		n = n * 10 + digit;
	}
	return true;
}

static bool
scan_finite(struct scan *s, const char *at)
{
	size_t	 n = (size_t)(s->p - at);

	if (n < DIGITS_SURE && memchr(at, 'e', n) == NULL &&
	    memchr(at, 'E', n) == NULL)
		return true;
	if (isfinite(strtod(arena_strndup(s->arena, at, n), NULL)))
		return true;
	return scan_fail(s, at, "the number is too large");
}

/* Skips the digits that must stand here. */
static bool
scan_some_digits(struct scan *s)
{
	const char	*at = s->p;

	scan_digits(s);
	return s->p > at || scan_fail(s, at, "a digit is missing here");
}

static bool
scan_number(struct scan *s)
{
	const char	*at = s->p;
	bool		 whole = true;

	if (*s->p == '-')
		s->p++;
	if (scan_at(s, '0'))
		s->p++;
	else if (!scan_some_digits(s))
		return false;
	if (scan_at(s, '.')) {
		whole = false;
		s->p++;
		if (!scan_some_digits(s))
			return false;
	}
	if (scan_at(s, 'e') || scan_at(s, 'E')) {
		whole = false;
		s->p++;
		if (scan_at(s, '+') || scan_at(s, '-'))
			s->p++;
		if (!scan_some_digits(s))
			return false;
	}
	return whole ? scan_fits(s, at) : scan_finite(s, at);
}

static bool
scan_word(struct scan *s, const char *word)
{
	struct span	 rest = { s->p, (size_t)(s->end - s->p) };

	if (!span_starts(rest, word))
		return scan_fail(s, s->p, "no value can be read here");
	s->p += strlen(word);
	return true;
}

static bool
scan_open(struct scan *s)
{
	if (s->depth == s->limits->depth)
		return scan_fail(s, s->p, "nested too deep");
	s->depth++;
	s->p++;
	scan_space(s);
	return true;
}

/* After a member: moves behind the comma or to the closing bracket. */
static bool
scan_comma(struct scan *s, char close, const char *what)
{
	scan_space(s);
	if (scan_at(s, close))
		return true;
	if (!scan_at(s, ','))
		return scan_fail(s, s->p, what);
	s->p++;
	scan_space(s);
	if (scan_at(s, close))
		return scan_fail(s, s->p, "a value is missing here");
	return true;
}

static bool
scan_array(struct scan *s)
{
	if (!scan_open(s))
		return false;
	while (!scan_at(s, ']'))
		if (!scan_value(s) ||
		    !scan_comma(s, ']', "an array must end with ]"))
			return false;
	s->p++;
	s->depth--;
	return true;
}

/* Takes down that an object begins here; its number. */
static size_t
scan_seen(struct scan *s)
{
	struct json_seen	*seen = s->seen;

	if (seen->n == seen->cap) {
		struct json_object_seen	*old = seen->objects;

		seen->cap = seen->cap == 0 ? 8 : seen->cap * 2;
		seen->objects = arena_array(s->arena, seen->cap, sizeof *old);
		if (seen->n != 0)
			memcpy(seen->objects, old, seen->n * sizeof *old);
	}
	seen->objects[seen->n] = (struct json_object_seen){ s->p, 0 };
	return seen->n++;
}

static bool
scan_member(struct scan *s)
{
	if (!scan_at(s, '"'))
		return scan_fail(s, s->p, s->p == s->end ?
		    "an object must end with }" : "a key must be a string");
	if (!scan_string(s))
		return false;
	scan_space(s);
	if (!scan_at(s, ':'))
		return scan_fail(s, s->p, "a key must be followed by :");
	s->p++;
	scan_space(s);
	return scan_value(s);
}

static bool
scan_object(struct scan *s)
{
	size_t	 me = scan_seen(s);

	if (!scan_open(s))
		return false;
	while (!scan_at(s, '}')) {
		if (s->seen->objects[me].keys++ == s->limits->keys)
			return scan_fail(s, s->p, "too many keys");
		if (!scan_member(s) ||
		    !scan_comma(s, '}', "an object must end with }"))
			return false;
	}
	s->p++;
	s->depth--;
	return true;
}

static bool
scan_value(struct scan *s)
{
	if (s->p == s->end)
		return scan_fail(s, s->p, "a value is missing here");
	if (s->nodes++ == s->limits->nodes)
		return scan_fail(s, s->p, "too many values");
	switch (*s->p) {
	case '{':
		return scan_object(s);
	case '[':
		return scan_array(s);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return scan_number(s);
	default:
		return scan_fail(s, s->p, "no value can be read here");
	}
}

bool
json_scan(struct arena *a, struct span text,
    const struct parse_limits *limits, struct json_seen *seen,
    struct err *err)
{
	struct scan	 s = {
		.arena = a, .limits = limits, .seen = seen, .err = err,
		.text = text, .p = text.p, .end = text.p + text.n
	};

	*seen = (struct json_seen){ .n = 0 };
	if (!utf8_valid(text))
		return err_set(err, ERR_VALUE,
		    "the text is not UTF-8 or contains NUL");
	scan_space(&s);
	if (!scan_value(&s))
		return false;
	scan_space(&s);
	return s.p == s.end ||
	    scan_fail(&s, s.p, "the text goes on after its value");
}
