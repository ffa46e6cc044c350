/*
 * HTML from outside is stored as it is or not at all.  Tags are taken apart
 * as HTML 5 says; what would make a browser see other tags than we do
 * (comments, elements with raw text, foreign elements) is refused.
 */

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "orm/field_private.h"

static const char *const	 html_refused[] = {
	"script", "style", "iframe", "frame", "frameset", "object", "embed",
	"applet", "link", "meta", "base", "svg", "math", "form", "textarea",
	"title", "noscript", "noembed", "noframes", "xmp", "plaintext",
	"template", "select",
};

static bool
html_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
html_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes what comes before the first of the characters in stop. */
static struct span
html_until(struct span *s, const char *stop)
{
	struct span	 taken = { s->p, 0 };

	while (taken.n < s->n && strchr(stop, s->p[taken.n]) == NULL)
		taken.n++;
	s->p += taken.n;
	s->n -= taken.n;
	return taken;
}

static void
html_skip(struct span *s, bool slash)
{
	while (s->n != 0 && (html_space(*s->p) || (slash && *s->p == '/'))) {
		s->p++;
		s->n--;
	}
}

static bool
html_is(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static int
html_digit(char c, int base)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (base == 16 && html_letter(c) && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The character that "&#106;" or "&colon;" at s stands for; 0 for none. */
static size_t
html_reference(struct span s, long *code)
{
	int	 base = 10, digit;
	size_t	 i = 2;

	*code = 0;
	if (s.n >= 7 && strncasecmp(s.p, "&colon;", 7) == 0) {
		*code = ':';
		return 7;
	}
	if (s.n >= 5 && strncasecmp(s.p, "&tab;", 5) == 0)
		return 5;
	if (s.n >= 9 && strncasecmp(s.p, "&newline;", 9) == 0)
		return 9;
	if (s.n < 3 || s.p[1] != '#')
		return 0;
	if ((s.p[2] | 0x20) == 'x') {
		base = 16;
		i++;
	}
	for (; i < s.n && (digit = html_digit(s.p[i], base)) >= 0; i++)
		if (*code <= 0x10ffff)
			*code = *code * base + digit;
	return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

/* An attribute's value in lower case, without what browsers leave out. */
static char *
html_plain(struct arena *a, struct span s)
{
	char	*out = arena_text(a, s.n), *p = out;

	for (size_t i = 0, size; i < s.n; i += size) {
		long	 c = (unsigned char)s.p[i];

		size = c == '&' ? html_reference((struct span){ s.p + i,
		    s.n - i }, &c) : 1;
		if (size == 0) {
			c = '&';
			size = 1;
		}
		if (c > ' ' && c < 0x80)
			*p++ = (char)(html_letter((char)c) ? c | 0x20 : c);
	}
	*p = '\0';
	return out;
}

static bool
html_attribute_safe(struct arena *a, struct span name, struct span value)
{
	const char	*plain;

	if ((name.n > 2 && strncasecmp(name.p, "on", 2) == 0) ||
	    html_is(name, "srcdoc"))
		return false;
	plain = html_plain(a, value);
	if (strncmp(plain, "data:", 5) == 0 &&
	    strncmp(plain, "data:image/", 11) != 0)
		return false;
	return strstr(plain, "javascript:") == NULL &&
	    strstr(plain, "vbscript:") == NULL;
}

static bool
html_value(struct span *s, struct span *value)
{
	char	 quote[2] = { 0 };

	html_skip(s, false);
	if (s->n == 0)
		return false;
	if (*s->p != '"' && *s->p != '\'') {
		*value = html_until(s, " \t\n\f\r>");
		return true;
	}
	quote[0] = *s->p;
	s->p++;
	s->n--;
	*value = html_until(s, quote);
	if (s->n == 0)
		return false;
	s->p++;
	s->n--;
	return true;
}

static bool
html_attributes(struct arena *a, struct span *s)
{
	for (;;) {
		struct span	 name, rest, value = { "", 0 };

		html_skip(s, true);
		if (s->n == 0)
			return false;
		if (*s->p == '>')
			return true;
		rest = (struct span){ s->p + 1, s->n - 1 };
		name = html_until(&rest, " \t\n\f\r/>=");
		name = (struct span){ s->p, name.n + 1 };
		*s = rest;
		html_skip(s, false);
		if (s->n != 0 && *s->p == '=') {
			s->p++;
			s->n--;
			if (!html_value(s, &value))
				return false;
		}
		if (!html_attribute_safe(a, name, value))
			return false;
	}
}

/* s begins after a "<". */
static bool
html_tag(struct arena *a, struct span *s)
{
	bool		 end = s->n != 0 && *s->p == '/';
	struct span	 name;

	if (end) {
		s->p++;
		s->n--;
	}
	if (s->n == 0 || !html_letter(*s->p))
		return !end && (s->n == 0 || (*s->p != '!' && *s->p != '?'));
	name = html_until(s, " \t\n\f\r/>");
	for (size_t i = 0; i < sizeof html_refused / sizeof *html_refused; i++)
		if (html_is(name, html_refused[i]))
			return false;
	return html_attributes(a, s);
}

bool
html_safe(struct arena *a, struct span s)
{
	for (;;) {
		html_until(&s, "<");
		if (s.n == 0)
			return true;
		s.p++;
		s.n--;
		if (!html_tag(a, &s))
			return false;
	}
}
