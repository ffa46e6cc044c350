#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/value.h"
#include "ser/ser.h"
#include "ser/ser_private.h"

#define XML_HEAD	"<?xml version=\"1.0\" encoding=\"UTF-8\" ?><root>"
#define XML_TAIL	"</root>"

/* What a byte in a text needs. */
enum { CLEAN, BAD, MAYBE, CR, AMP, QUOT, APOS, LT, GT };

static const char *const xml_escapes[] = {
	[BAD] = "\xef\xbf\xbd", [CR] = "&#13;", [AMP] = "&amp;",
	[QUOT] = "&quot;", [APOS] = "&apos;", [LT] = "&lt;", [GT] = "&gt;",
};

static const unsigned char	 xml_special[256] = {
	BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	BAD, CLEAN, CLEAN, BAD, BAD, CR, BAD, BAD,
	BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	['&'] = AMP, ['"'] = QUOT, ['\''] = APOS, ['<'] = LT, ['>'] = GT,
	[0xef] = MAYBE,
};

static const char *const xml_types[VALUE__MAX] = {
	[VALUE_NULL] = "null", [VALUE_BOOL] = "bool", [VALUE_INT] = "int",
	[VALUE_FLOAT] = "float", [VALUE_DECIMAL] = "float",
	[VALUE_TEXT] = "str", [VALUE_BYTES] = "str", [VALUE_DATE] = "str",
	[VALUE_DATETIME] = "str",
};

/* An element's name, and the key where the name could not be it. */
struct element {
	struct span	 name;
	struct span	 key;
};

static size_t
xml_clean(const char *p, size_t n)
{
	size_t	 i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t	 w;

		memcpy(&w, p + i, sizeof w);
		if (ser_below(w, ' ') || ser_has(w, '&') || ser_has(w, '"') ||
		    ser_has(w, '\'') || ser_has(w, '<') || ser_has(w, '>') ||
		    ser_has(w, 0xef))
			break;
	}
	while (i < n && xml_special[(unsigned char)p[i]] == CLEAN)
		i++;
	return i;
}

/* Writes what stands for the first character; how many bytes it took. */
static size_t
xml_escape(struct buf *b, const char *p, size_t n)
{
	unsigned char	 what = xml_special[(unsigned char)*p];

	if (what != MAYBE) {
		buf_str(b, xml_escapes[what]);
		return 1;
	}
	if (n < 3 || p[1] != '\xbf' || (unsigned char)p[2] < 0xbe) {
		buf_char(b, *p);
		return 1;
	}
	buf_str(b, xml_escapes[BAD]);	/* U+FFFE, U+FFFF */
	return 3;
}

static void
xml_text(struct buf *b, struct span text)
{
	const char	*p = text.p;
	size_t		 left = text.n, n;

	for (;;) {
		n = xml_clean(p, left);
		buf_add(b, p, n);
		if ((left -= n) == 0)
			return;
		p += n;
		n = xml_escape(b, p, left);
		p += n;
		left -= n;
	}
}

/* As text, but a reader would make blanks of tabs and line ends. */
static void
xml_attribute(struct buf *b, struct span text)
{
	size_t	 i = 0, from = 0;

	for (; i <= text.n; i++) {
		if (i < text.n && text.p[i] != '\t' && text.p[i] != '\n')
			continue;
		xml_text(b, (struct span){ text.p + from, i - from });
		if (i < text.n)
			buf_str(b, text.p[i] == '\t' ? "&#9;" : "&#10;");
		from = i + 1;
	}
}

/* Letters beyond ASCII that every edition of XML 1.0 takes in names. */
static bool
xml_letter(unsigned long c)
{
	static const struct {
		unsigned long	 first;
		unsigned long	 last;
	} ranges[] = {
		{ 0xc0, 0xd6 }, { 0xd8, 0xf6 }, { 0xf8, 0x131 },
		{ 0x134, 0x13e }, { 0x141, 0x148 }, { 0x14a, 0x17e },
		{ 0x388, 0x38a }, { 0x38c, 0x38c }, { 0x38e, 0x3a1 },
		{ 0x3a3, 0x3ce }, { 0x401, 0x40c }, { 0x40e, 0x44f },
		{ 0x451, 0x45c }, { 0x45e, 0x481 }, { 0x5d0, 0x5ea },
		{ 0x621, 0x63a }, { 0x641, 0x64a }, { 0x3041, 0x3094 },
		{ 0x30a1, 0x30fa }, { 0x4e00, 0x9fa5 }, { 0xac00, 0xd7a3 },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

/* The bytes of the letter of 2 or 3 that p starts with, or 0. */
static size_t
xml_letter_size(const char *p, size_t n)
{
	const unsigned char	*u = (const unsigned char *)p;

	if (n >= 2 && u[0] >= 0xc2 && u[0] < 0xe0)
		return xml_letter((u[0] & 0x1fu) << 6 | (u[1] & 0x3fu)) ? 2 : 0;
	if (n >= 3 && u[0] >= 0xe0 && u[0] < 0xf0)
		return xml_letter((u[0] & 0x0fu) << 12 | (u[1] & 0x3fu) << 6 |
		    (u[2] & 0x3fu)) ? 3 : 0;
	return 0;
}

static bool
xml_is_name(struct span key)
{
	/* 1: anywhere in a name; 2: not at its start. */
	static const char	 chars[256] = {
		['-'] = 2, ['.'] = 2, ['0'] = 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
		['A'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		['a'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		['_'] = 1,
	};
	size_t			 i = 0, n;

	while (i < key.n) {
		char	 kind = chars[(unsigned char)key.p[i]];

		n = kind != 0 ? 1 : xml_letter_size(key.p + i, key.n - i);
		if (n == 0 || (i == 0 && kind == 2))
			return false;
		i += n;
	}
	return key.n != 0;
}

static bool
xml_is_digits(struct span key)
{
	size_t	 i = 0;

	while (i < key.n && key.p[i] >= '0' && key.p[i] <= '9')
		i++;
	return i == key.n && i != 0;
}

static bool
xml_is_float(struct span key, double *f)
{
	char	 text[64], *end;

	if (key.n == 0 || key.n >= sizeof text)
		return false;
	memcpy(text, key.p, key.n);
	text[key.n] = '\0';
	if (strspn(text, "+-.0123456789eE") != key.n)
		return false;
	*f = strtod(text, &end);
	return end == text + key.n;
}

static struct span
xml_underscores(struct arena *a, struct span key)
{
	char	*copy = arena_strndup(a, key.p, key.n);

	for (size_t i = 0; i < key.n; i++)
		if (copy[i] == ' ')
			copy[i] = '_';
	return (struct span){ copy, key.n };
}

/* dicttoxml's ways to a name, in its order. */
static struct element
xml_odd_name(struct arena *a, struct span key)
{
	char		 number[SER_FLOAT_SIZE];
	struct span	 name;
	double		 f;
	size_t		 n;

	if (xml_is_digits(key))
		name = span_of(arena_printf(a, "n%.*s", (int)key.n, key.p));
	else if (xml_is_float(key, &f)) {
		n = ser_float(f, number);
		name = span_of(arena_printf(a, "n%.*s", (int)n, number));
	} else
		name = xml_underscores(a, key);
	if (xml_is_name(name))
		return (struct element){ name, { NULL, 0 } };
	return (struct element){ span_of("key"), key };
}

static struct element
xml_element(struct ser *s, struct span key)
{
	if (key.p == NULL)
		return (struct element){ span_of("item"), key };
	if (s->plain || xml_is_name(key))
		return (struct element){ key, { NULL, 0 } };
	return xml_odd_name(s->arena, key);
}

/* The opening tag; at: where the name stands in the buffer. */
static struct element
xml_start(struct ser *s, struct span key, const char *type, size_t *at)
{
	struct element	 e = xml_element(s, key);
	struct buf	*b = s->buf;
	size_t		 n = strlen(type);
	char		*w = ser_room(b, e.name.n + 1);

	*w++ = '<';
	*at = (size_t)(w - b->p);
	memcpy(w, e.name.p, e.name.n);
	ser_wrote(b, w + e.name.n);
	if (e.key.p != NULL) {
		buf_str(b, " name=\"");
		xml_attribute(b, e.key);
		buf_char(b, '"');
	}
	w = ser_room(b, n + 9);
	memcpy(w, " type=\"", 7);
	memcpy(w + 7, type, n);
	memcpy(w + 7 + n, "\">", 2);
	ser_wrote(b, w + n + 9);
	return e;
}

static void
xml_end(struct buf *b, size_t at, size_t n)
{
	char	*w = ser_room(b, n + 3);

	memcpy(w, "</", 2);
	memcpy(w + 2, b->p + at, n);
	w[2 + n] = '>';
	ser_wrote(b, w + n + 3);
}

static void
xml_open(struct ser *s, struct span key, const char *type)
{
	struct ser_scope	*scope = &s->scopes[s->depth];

	if (s->depth == 1)
		return;
	if (type == NULL)
		type = scope->array ? "list" : "dict";
	scope->name_n = xml_start(s, key, type, &scope->name).name.n;
}

static void
xml_close(struct ser *s)
{
	const struct ser_scope	*scope = &s->scopes[s->depth];

	if (s->depth > 1)
		xml_end(s->buf, scope->name, scope->name_n);
}

static void
xml_put(struct ser *s, struct span key, const char *type,
    const struct value *v)
{
	struct element	 e;
	size_t		 at;

	e = xml_start(s, key, type != NULL ? type : xml_types[v->type], &at);
	if (v->type == VALUE_TEXT)
		xml_text(s->buf, v->u.text);
	else if (v->type != VALUE_NULL)
		ser_plain(s->buf, v);
	xml_end(s->buf, at, e.name.n);
}

static void
xml_finish(struct ser *s)
{
	struct buf	*b = s->buf;
	size_t		 n = sizeof XML_HEAD - 1;

	if (s->members < 2 || (s->flags & SER_XML_BARE) != 0)
		return;
	buf_reserve(b, n);
	memmove(b->p + s->start + n, b->p + s->start, b->n - s->start);
	memcpy(b->p + s->start, XML_HEAD, n);
	b->n += n;
	buf_str(b, XML_TAIL);
}

const struct ser_ops	 ser_xml = {
	.content_type = "application/xml; charset=utf-8",
	.open = xml_open,
	.close = xml_close,
	.put = xml_put,
	.finish = xml_finish,
};
