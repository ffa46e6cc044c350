#include "worker/csv.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/date.h"
#include "base/utf8.h"
#include "base/value.h"
#include "orm/number.h"

struct csv {
	struct arena	*arena;
	const char	*p, *end;
	size_t		 line;
	struct err	*err;
};

static bool
csv_fail(struct csv *c, const char *what)
{
	return err_set(c->err, ERR_VALUE, "line %zu: %s", c->line, what);
}

/* At the opening quote. */
static bool
csv_quoted(struct csv *c, struct span *out)
{
	struct buf	*b = buf_new(c->arena);

	for (c->p++; c->p < c->end; c->p++) {
		if (*c->p == '"' && (c->p + 1 == c->end || c->p[1] != '"'))
			break;
		if (*c->p == '"')
			c->p++;
		if (*c->p == '\n')
			c->line++;
		buf_char(b, *c->p);
	}
	if (c->p == c->end)
		return csv_fail(c, "a quote is not closed");
	c->p++;
	*out = buf_text(b);
	if (c->p < c->end && strchr(",\r\n", *c->p) == NULL)
		return csv_fail(c, "text after a closing quote");
	return true;
}

static bool
csv_plain(struct csv *c, struct span *out)
{
	const char	*start = c->p;

	while (c->p < c->end && strchr(",\r\n\"", *c->p) == NULL)
		c->p++;
	if (c->p < c->end && *c->p == '"')
		return csv_fail(c, "a quote inside a value");
	out->n = (size_t)(c->p - start);
	out->p = arena_strndup(c->arena, start, out->n);
	return true;
}

/* The values of one line; what ends it is used up. */
static bool
csv_row(struct csv *c, struct value *row)
{
	struct span	 cell = { NULL, 0 };

	*row = value_list(c->arena, 8);
	for (;;) {
		if (!(c->p < c->end && *c->p == '"' ? csv_quoted(c, &cell) :
		    csv_plain(c, &cell)))
			return false;
		value_push(c->arena, row, value_span(cell));
		if (c->p == c->end || *c->p != ',')
			break;
		c->p++;
	}
	if (c->p < c->end && *c->p == '\r')
		c->p++;
	if (c->p < c->end && *c->p != '\n')
		return csv_fail(c, "a carriage return without a line feed");
	if (c->p < c->end)
		c->p++;
	return true;
}

static bool
csv_empty(const struct value *row)
{
	return row->u.list->n == 1 && row->u.list->v[0].u.text.n == 0;
}

bool
csv_parse(struct arena *a, struct span text, struct value *rows,
    struct err *err)
{
	struct csv	 c = { a, text.p, text.p + text.n, 1, err };
	struct value	 row;

	if (!utf8_valid(text))
		return err_set(err, ERR_VALUE, "not UTF-8");
	*rows = value_list(a, 64);
	for (; c.p < c.end; c.line++) {
		if (!csv_row(&c, &row))
			return false;
		if (csv_empty(&row))
			continue;
		if (rows->u.list->n > 0 && row.u.list->n !=
		    rows->u.list->v[0].u.list->n)
			return csv_fail(&c, "not as many values as the first "
			    "line has");
		value_push(a, rows, row);
	}
	return true;
}

static void
csv_cell(struct buf *b, struct span text)
{
	bool	 quote = false;

	for (size_t i = 0; i < text.n; i++)
		quote = quote || strchr(",\"\r\n", text.p[i]) != NULL;
	if (!quote) {
		buf_span(b, text);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_char(b, '"');
		buf_char(b, text.p[i]);
	}
	buf_char(b, '"');
}

static void
csv_value(struct arena *a, struct buf *b, const struct value *v)
{
	char	 date[DATETIME_SIZE];

	switch (v->type) {
	case VALUE_NULL:
		break;
	case VALUE_BOOL:
		buf_char(b, v->u.b ? '1' : '0');
		break;
	case VALUE_TEXT:
		csv_cell(b, v->u.text);
		break;
	case VALUE_BYTES:
		base64_encode(b, v->u.text);
		break;
	case VALUE_DATE:
		date_format(v->u.i, date);
		buf_str(b, date);
		break;
	case VALUE_DATETIME:
		datetime_format(v->u.i, date);
		buf_str(b, date);
		break;
	default:
		buf_span(b, number_text(a, v));
		break;
	}
}

void
csv_write(struct arena *a, struct buf *b, const struct value_list *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (i != 0)
			buf_char(b, ',');
		csv_value(a, b, &row->v[i]);
	}
	buf_str(b, "\r\n");
}
