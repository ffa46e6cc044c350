#include "store/sqlite.h"
#include "store/sqlite_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "store/trigram.h"

/*
 * Triggers keep the text indexes, but the engine lets none of them write to a
 * virtual table while the schema is not trusted.  So they call a function,
 * which can do nothing but note in a table of the connection what has changed.
 * The notes go into the indexes together, before a commit or a search: an
 * index is written out whenever a savepoint begins or ends, which would be
 * once a row.  A table, since what is rolled back takes its notes along.
 */
#define NOTES_MANY	4096	/* that are not kept back for longer */

/* The two statements of one index, kept prepared with the connection. */
struct note {
	struct note	*next;
	const char	*index;
	sqlite3_stmt	*add;
	sqlite3_stmt	*remove;
};

static struct note *
note_of(struct sqlite *c, const char *index)
{
	struct note	*n;

	for (n = c->notes; n != NULL; n = n->next)
		if (strcmp(n->index, index) == 0)
			return n;
	n = arena_alloc(c->arena, sizeof *n);
	n->index = arena_strdup(c->arena, index);
	n->next = c->notes;
	c->notes = n;
	return n;
}

static int
note_prepare(struct sqlite *c, sqlite3_stmt **stmt, const char *pattern,
    const char *index)
{
	char	*text;
	int	 rc;

	if (*stmt != NULL)
		return SQLITE_OK;
	if ((text = sqlite3_mprintf(pattern, index, index)) == NULL)
		return SQLITE_NOMEM;
	rc = sqlite3_prepare_v3(c->db, text, -1, SQLITE_PREPARE_PERSISTENT,
	    stmt, NULL);
	sqlite3_free(text);
	return rc;
}

static int
note_write(struct sqlite *c, sqlite3_stmt *stmt, sqlite3_value *id,
    sqlite3_value *text)
{
	struct span	 flat;
	int		 rc;

	flat.p = (const char *)sqlite3_value_text(text);
	flat.n = (size_t)sqlite3_value_bytes(text);
	flat = utf8_flat(c->scratch, flat);
	sqlite3_bind_value(stmt, 1, id);
	sqlite3_bind_text(stmt, 2, flat.p, (int)flat.n, SQLITE_STATIC);
	sqlite3_step(stmt);
	rc = sqlite3_reset(stmt);
	arena_reset(c->scratch);
	return rc;
}

static int
note_remove(struct sqlite *c, struct note *n, sqlite3_value *id,
    sqlite3_value *text)
{
	int	 rc;

	if (sqlite3_value_type(text) == SQLITE_NULL)
		return SQLITE_OK;
	rc = note_prepare(c, &n->remove, "INSERT INTO \"%w\""
	    "(\"%w\", rowid, text) VALUES ('delete', ?1, ?2)", n->index);
	return rc != SQLITE_OK ? rc : note_write(c, n->remove, id, text);
}

static int
note_add(struct sqlite *c, struct note *n, sqlite3_value *id,
    sqlite3_value *text)
{
	int	 rc;

	if (sqlite3_value_type(text) == SQLITE_NULL)
		return SQLITE_OK;
	rc = note_prepare(c, &n->add, "INSERT INTO \"%w\"(rowid, text)"
	    " VALUES (?1, ?2)", n->index);
	return rc != SQLITE_OK ? rc : note_write(c, n->add, id, text);
}

static int
note_apply(struct sqlite *c, sqlite3_stmt *from)
{
	struct note	*n;
	int		 rc;

	n = note_of(c, (const char *)sqlite3_column_text(from, 0));
	rc = note_remove(c, n, sqlite3_column_value(from, 1),
	    sqlite3_column_value(from, 2));
	return rc != SQLITE_OK ? rc : note_add(c, n,
	    sqlite3_column_value(from, 1), sqlite3_column_value(from, 3));
}

/* An index takes rows best in the order of their ids. */
static int
notes_apply_all(struct sqlite *c)
{
	int	 rc = SQLITE_OK, end;

	while (rc == SQLITE_OK &&
	    (rc = sqlite3_step(c->noted)) == SQLITE_ROW)
		rc = note_apply(c, c->noted);
	end = sqlite3_reset(c->noted);
	return rc != SQLITE_DONE ? rc : end;
}

bool
sqlite_notes_apply(struct sqlite *c, struct err *err)
{
	int	 rc;

	if (!c->notes_any)
		return true;
	c->notes_kept = 0;
	rc = notes_apply_all(c);
	return rc == SQLITE_OK ? sqlite_run(c, "DELETE FROM temp.text_notes",
	    err) : sqlite_fail(c, rc, err);
}

bool
sqlite_notes_due(const struct sqlite *c)
{
	return c->notes_kept >= NOTES_MANY;
}

/* index, id, the text before, the text after */
static void
function_note(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct sqlite	*c = sqlite3_user_data(ctx);
	int		 rc;

	for (int i = 0; i < argc; i++)
		sqlite3_bind_value(c->note, i + 1, argv[i]);
	rc = sqlite3_step(c->note);
	sqlite3_reset(c->note);
	if (rc != SQLITE_DONE)
		sqlite3_result_error_code(ctx, rc);
	c->notes_any = true;
	c->notes_kept++;
}

/* Over all rows: their text and id. */
static void
trigrams_step(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct sqlite	*c = sqlite3_user_data(ctx);
	uint64_t	*sum;
	struct span	 text;

	(void)argc;
	text.p = (const char *)sqlite3_value_text(argv[0]);
	if ((sum = sqlite3_aggregate_context(ctx, sizeof *sum)) == NULL ||
	    text.p == NULL)
		return;
	text.n = (size_t)sqlite3_value_bytes(argv[0]);
	*sum += trigram_sum(c->scratch, text, sqlite3_value_int64(argv[1]));
	arena_reset(c->scratch);
}

static void
trigrams_final(sqlite3_context *ctx)
{
	uint64_t	*sum = sqlite3_aggregate_context(ctx, 0);

	sqlite3_result_int64(ctx, sum == NULL ? 0 : (int64_t)*sum);
}

void
sqlite_notes(struct sqlite *c)
{
	sqlite3_create_function(c->db, "text_note", 4,
	    SQLITE_UTF8 | SQLITE_INNOCUOUS, c, function_note, NULL, NULL);
	sqlite3_create_function(c->db, "trigram_sum", 2,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, c, NULL,
	    trigrams_step, trigrams_final);
}

bool
sqlite_notes_open(struct sqlite *c, struct err *err)
{
	int	 rc;

	c->notes_any = false;
	c->notes_kept = 0;
	if (c->note != NULL)
		return true;
	if (!sqlite_run(c, "CREATE TEMP TABLE IF NOT EXISTS text_notes"
	    " (name, id, old, new)", err))
		return false;
	rc = sqlite3_prepare_v3(c->db, "SELECT name, id, old, new FROM"
	    " temp.text_notes ORDER BY name, id, rowid", -1,
	    SQLITE_PREPARE_PERSISTENT, &c->noted, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(c->db, "INSERT INTO temp.text_notes"
		    " VALUES (?1, ?2, ?3, ?4)", -1, SQLITE_PREPARE_PERSISTENT,
		    &c->note, NULL);
	return rc == SQLITE_OK || sqlite_fail(c, rc, err);
}

void
sqlite_notes_close(struct sqlite *c)
{
	sqlite3_finalize(c->note);
	sqlite3_finalize(c->noted);
	for (struct note *n = c->notes; n != NULL; n = n->next) {
		sqlite3_finalize(n->add);
		sqlite3_finalize(n->remove);
	}
}
