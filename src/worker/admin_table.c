/* Results in columns, for people. */

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "worker/admin_private.h"

/* The text of a cell; row 0 is the head. */
static struct span
table_cell(struct arena *a, const struct value *rows, size_t row,
    size_t column)
{
	const struct value	*dict;
	struct buf		*b = buf_new(a);

	dict = &rows->u.list->v[row == 0 ? 0 : row - 1];
	if (row == 0)
		return map_key(dict->u.dict, column);
	admin_text(b, map_at(dict->u.dict, column));
	return buf_text(b);
}

static size_t *
table_widths(struct arena *a, const struct value *rows, size_t columns)
{
	size_t	*widths = arena_array(a, columns, sizeof *widths);

	for (size_t i = 0; i <= rows->u.list->n; i++)
		for (size_t j = 0; j < columns; j++) {
			size_t	 n = utf8_length(table_cell(a, rows, i, j));

			if (n > widths[j])
				widths[j] = n;
		}
	return widths;
}

static void
table_row(struct arena *a, struct buf *b, const struct value *rows, size_t row,
    const size_t *widths, size_t columns)
{
	for (size_t j = 0; j < columns; j++) {
		struct span	 cell = table_cell(a, rows, row, j);

		buf_span(b, cell);
		for (size_t n = utf8_length(cell); j + 1 < columns &&
		    n < widths[j] + 2; n++)
			buf_char(b, ' ');
	}
	while (b->n > 0 && b->p[b->n - 1] == ' ')
		b->n--;
	buf_char(b, '\n');
}

void
admin_table(struct admin *a, const struct value *rows)
{
	struct buf	*b = buf_new(a->arena);
	size_t		 columns;
	const size_t	*widths;

	if (a->options[ADMIN_JSON] != NULL) {
		admin_put(a, rows, NULL);
		return;
	}
	if (rows->u.list->n == 0)
		return;
	columns = map_count(rows->u.list->v[0].u.dict);
	widths = table_widths(a->arena, rows, columns);
	for (size_t i = 0; i <= rows->u.list->n; i++)
		table_row(a->arena, b, rows, i, widths, columns);
	fwrite(b->p, 1, b->n, stdout);
}
