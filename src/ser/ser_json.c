#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/value.h"
#include "ser/ser_private.h"

/* 0: as it is; u: as \u00XX; else the letter behind the backslash. */
static const char	 json_special[256] = {
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	['"'] = '"', ['\\'] = '\\',
};

/* How many bytes need no escape; eight at a time while they do not. */
static size_t
json_clean(const char *p, size_t n)
{
	size_t	 i = 0;

	for (; n - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t	 w;

		memcpy(&w, p + i, sizeof w);
		if (ser_below(w, ' ') || ser_has(w, '"') || ser_has(w, '\\'))
			break;
	}
	while (i < n && json_special[(unsigned char)p[i]] == 0)
		i++;
	return i;
}

static void
json_escape(struct buf *b, unsigned char c)
{
	static const char	 hex[] = "0123456789abcdef";
	char			*w = ser_room(b, 6);

	*w++ = '\\';
	*w++ = json_special[c];
	if (json_special[c] == 'u') {
		*w++ = '0';
		*w++ = '0';
		*w++ = hex[c >> 4];
		*w++ = hex[c & 15];
	}
	ser_wrote(b, w);
}

static void
json_text(struct buf *b, struct span text)
{
	const char	*p = text.p, *end = text.p + text.n;
	size_t		 clean = json_clean(p, text.n);
	char		*w = ser_room(b, text.n + 2);

	*w++ = '"';
	if (clean != 0)
		memcpy(w, p, clean);
	ser_wrote(b, w + clean);
	for (p += clean; p < end; p += clean) {
		json_escape(b, (unsigned char)*p++);
		clean = json_clean(p, (size_t)(end - p));
		buf_add(b, p, clean);
	}
	w = ser_room(b, 1);
	*w++ = '"';
	ser_wrote(b, w);
}

/* The comma and the key, as the scope wants them; room is left behind. */
static char *
json_member(struct ser *s, const struct ser_scope *scope, struct span key,
    size_t room)
{
	char	*w = ser_room(s->buf, key.n + 4 + room);

	if (scope->n > 1)
		*w++ = ',';
	if (key.p == NULL)
		return w;
	if (s->plain || json_clean(key.p, key.n) == key.n) {
		*w++ = '"';
		memcpy(w, key.p, key.n);
		w += key.n;
		*w++ = '"';
	} else {
		ser_wrote(s->buf, w);
		json_text(s->buf, key);
		w = ser_room(s->buf, 1 + room);
	}
	*w++ = ':';
	return w;
}

static void
json_open(struct ser *s, struct span key, const char *type)
{
	const struct ser_scope	*scope = &s->scopes[s->depth];
	char			*w = json_member(s, scope - 1, key, 1);

	(void)type;
	*w++ = scope->array ? '[' : '{';
	ser_wrote(s->buf, w);
}

static void
json_close(struct ser *s)
{
	buf_char(s->buf, s->scopes[s->depth].array ? ']' : '}');
}

static void
json_put(struct ser *s, struct span key, const char *type,
    const struct value *v)
{
	char	*w = json_member(s, &s->scopes[s->depth], key, 5);

	(void)type;
	if (v->type == VALUE_BOOL || v->type == VALUE_NULL) {
		bool	 no = v->type == VALUE_BOOL && !v->u.b;

		memcpy(w, no ? "false" : v->type == VALUE_NULL ? "null" :
		    "true", 5);
		ser_wrote(s->buf, w + (no ? 5 : 4));
		return;
	}
	ser_wrote(s->buf, w);
	switch (v->type) {
	case VALUE_TEXT:
		json_text(s->buf, v->u.text);
		return;
	case VALUE_BYTES:
	case VALUE_DATE:
	case VALUE_DATETIME:
		buf_char(s->buf, '"');
		ser_plain(s->buf, v);
		buf_char(s->buf, '"');
		return;
	default:
		ser_plain(s->buf, v);
	}
}

static void
json_finish(struct ser *s)
{
	(void)s;
}

const struct ser_ops	 ser_json = {
	.content_type = "application/json; charset=utf-8",
	.open = json_open,
	.close = json_close,
	.put = json_put,
	.finish = json_finish,
};
