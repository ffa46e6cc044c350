#include "base/literal_write.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/map.h"
#include "base/value.h"

static void
literal_write_text(struct buf *b, struct span s)
{
	buf_char(b, '\'');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char	 c = (unsigned char)s.p[i];

		if (c == '\'' || c == '\\')
			buf_char(b, '\\');
		if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\x%02x", c);
		else
			buf_char(b, (char)c);
	}
	buf_char(b, '\'');
}

static void
literal_write_float(struct buf *b, double f)
{
	char	 text[32];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*e", digits - 1, f);
		if (strtod(text, NULL) == f)
			break;
	}
	buf_str(b, text);
}

static void
literal_write_list(struct buf *b, const struct value_list *l)
{
	buf_char(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i != 0)
			buf_str(b, ", ");
		literal_write(b, &l->v[i]);
	}
	buf_char(b, ']');
}

static void
literal_write_dict(struct buf *b, const struct map *dict)
{
	buf_char(b, '{');
	for (size_t i = 0; i < map_count(dict); i++) {
		if (i != 0)
			buf_str(b, ", ");
		literal_write_text(b, map_key(dict, i));
		buf_str(b, ": ");
		literal_write(b, map_at(dict, i));
	}
	buf_char(b, '}');
}

static void
literal_write_time(struct buf *b, const struct value *v)
{
	char	 text[DATETIME_SIZE];

	if (v->type == VALUE_DATE)
		date_format(v->u.i, text);
	else
		datetime_format(v->u.i, text);
	literal_write_text(b, span_of(text));
}

void
literal_write(struct buf *b, const struct value *v)
{
	switch (v->type) {
	case VALUE_BOOL:
		buf_str(b, v->u.b ? "True" : "False");
		break;
	case VALUE_INT:
		buf_int(b, v->u.i);
		break;
	case VALUE_FLOAT:
		literal_write_float(b, v->u.f);
		break;
	case VALUE_DECIMAL:
		buf_int(b, v->u.i);
		buf_printf(b, "e-%u", v->scale);
		break;
	case VALUE_TEXT:
	case VALUE_BYTES:
		literal_write_text(b, v->u.text);
		break;
	case VALUE_DATE:
	case VALUE_DATETIME:
		literal_write_time(b, v);
		break;
	case VALUE_LIST:
		literal_write_list(b, v->u.list);
		break;
	case VALUE_DICT:
		literal_write_dict(b, v->u.dict);
		break;
	default:
		buf_str(b, "None");
	}
}
