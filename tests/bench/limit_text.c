#include "limit.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX	1024

static struct limit_note *
note_of(struct limit *l, const char *index)
{
	struct limit_note	*n = l->notes;
	char			*text;

	while (n->index != NULL && strcmp(n->index, index) != 0)
		n++;
	if (n->index != NULL)
		return n;
	if (n == l->notes + NOTES - 1)
		limit_die(l, index);
	n->index = strdup(index);
	text = sqlite3_mprintf("INSERT INTO \"%w\" (rowid, text)"
	    " VALUES (?, ?)", index);
	if (sqlite3_prepare_v3(l->db, text, -1, SQLITE_PREPARE_PERSISTENT,
	    &n->add, NULL) != SQLITE_OK)
		limit_die(l, text);
	sqlite3_free(text);
	return n;
}

/*
 * Index, row, text before, text after: there is none before, since names are
 * never changed here, and they are ASCII.
 */
static void
note(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct limit		*l = sqlite3_user_data(ctx);
	struct limit_note	*n;
	char			 flat[TEXT_MAX];
	int			 size = sqlite3_value_bytes(argv[3]);

	(void)argc;
	n = note_of(l, (const char *)sqlite3_value_text(argv[0]));
	if (size > TEXT_MAX || sqlite3_value_type(argv[2]) != SQLITE_NULL)
		limit_die(l, n->index);
	memcpy(flat, sqlite3_value_text(argv[3]), (size_t)size);
	for (int i = 0; i < size; i++)
		if (flat[i] >= 'A' && flat[i] <= 'Z')
			flat[i] |= 0x20;
	sqlite3_bind_value(n->add, 1, argv[1]);
	sqlite3_bind_text(n->add, 2, flat, size, SQLITE_STATIC);
	if (sqlite3_step(n->add) != SQLITE_DONE)
		limit_die(l, n->index);
	sqlite3_reset(n->add);
}

void
limit_texts(struct limit *l)
{
	if (sqlite3_create_function(l->db, "text_note", 4, SQLITE_UTF8, l,
	    note, NULL, NULL) != SQLITE_OK)
		limit_die(l, "text_note");
}
