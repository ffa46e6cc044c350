#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

#define INDEX_WORDS	52	/* bytes of an index's name before its hash */

const char *
index_name(struct arena *a, const char *table, const struct index_def *ix)
{
	struct buf	*b = buf_new(a);
	unsigned long	 hash = 0xcbf29ce484222325u;
	size_t		 n;

	buf_str(b, table);
	for (size_t i = 0; i < ix->n; i++) {
		buf_char(b, ' ');
		buf_str(b, ix->columns[i]);
	}
	if (ix->unique || ix->text)
		buf_char(b, ix->text ? '%' : '!');
	for (size_t i = 0; i < b->n; i++)
		hash = (hash ^ (unsigned char)b->p[i]) * 0x100000001b3u;
	for (size_t i = 0; i < b->n; i++)
		if (strchr(" !%", b->p[i]) != NULL)
			b->p[i] = '_';
	n = b->n < INDEX_WORDS ? b->n : INDEX_WORDS;
	return arena_printf(a, "%.*s_%08lx", (int)n, b->p,
	    hash >> 32 & 0xffffffff);
}

/* One statement for each pattern. */
static bool
index_patterns(struct store *st, const char *const *patterns,
    const char *table, const struct index_def *ix, struct err *err)
{
	for (size_t i = 0; patterns[i] != NULL; i++) {
		struct sql	*s = store_sql(st, err);
		const struct expr names = {
			.name = index_name(s->scratch, table, ix),
			.args = {
				expr_column(s->scratch, table, COL_NONE, 0),
				expr_column(s->scratch, ix->columns[0],
				    COL_NONE, 0),
			},
		};

		sql_names(s, patterns[i], &names);
		if (!store_change_exec(st, s, err))
			return false;
	}
	return true;
}

static bool
text_make(struct store *st, const char *table, const struct index_def *ix,
    struct err *err)
{
	const struct sql_flavor	*flavor = store_sql(st, err)->flavor;
	struct arena		*a = arena_new();
	struct rows		 found;
	bool			 done;

	done = store_columns(st, index_name(a, table, ix), a, &found, err) &&
	    (found.n != 0 ||
	    index_patterns(st, flavor->text_make, table, ix, err));
	arena_free(a);
	return done;
}

bool
index_make(struct store *st, const char *table, const struct index_def *ix,
    struct err *err)
{
	struct sql	*s = store_sql(st, err);

	if (ix->text)
		return text_make(st, table, ix, err);
	buf_str(s->text, ix->unique ? "CREATE UNIQUE INDEX IF NOT EXISTS " :
	    "CREATE INDEX IF NOT EXISTS ");
	sql_name(s, index_name(s->scratch, table, ix));
	buf_str(s->text, " ON ");
	sql_name(s, table);
	buf_str(s->text, " (");
	for (size_t i = 0; i < ix->n; i++) {
		if (i != 0)
			buf_str(s->text, ", ");
		sql_name(s, ix->columns[i]);
	}
	buf_char(s->text, ')');
	return store_change_exec(st, s, err);
}

static bool
index_drop(struct store *st, const char *name, struct err *err)
{
	struct sql	*s = store_sql(st, err);

	buf_str(s->text, "DROP INDEX IF EXISTS ");
	sql_name(s, name);
	return store_change_exec(st, s, err);
}

bool
store_drop_index(struct store *st, const char *table,
    const struct index_def *ix, struct err *err)
{
	const struct sql_flavor	*flavor;
	struct arena		*a;
	bool			 done;

	if (!store_writable(st, err))
		return false;
	flavor = store_sql(st, err)->flavor;
	if (ix->text)
		return index_patterns(st, flavor->text_drop, table, ix, err);
	a = arena_new();
	done = index_drop(st, index_name(a, table, ix), err);
	arena_free(a);
	return done;
}

static bool
index_drop_text(struct store *st, const char *table, const char *column,
    struct err *err)
{
	const struct index_def	 text = { &column, 1, false, true };

	return store_drop_index(st, table, &text, err);
}

bool
index_drop_of(struct store *st, const char *table, const char *column,
    struct arena *a, struct err *err)
{
	struct sql	*s = store_sql(st, err);
	struct rows	 names;
	bool		 done;

	buf_str(s->text, s->flavor->indexes_of);
	s->args[s->nargs++] = value_text(table);
	s->args[s->nargs++] = value_text(column);
	sql_await(s, COL_TEXT, 0);
	done = store_exec(st, a, &names, NULL, err);
	for (size_t i = 0; done && i < names.n; i++)
		done = index_drop(st, names.cells[i].u.text.p, err);
	return done && index_drop_text(st, table, column, err);
}

/* The rows of b after those of a: both have one column. */
static void
rows_append(struct arena *a, struct rows *rows, const struct rows *more)
{
	struct value	*all;

	if (more->n == 0)
		return;
	all = arena_array(a, rows->n + more->n, sizeof *all);
	if (rows->n != 0)
		memcpy(all, rows->cells, rows->n * sizeof *all);
	memcpy(all + rows->n, more->cells, more->n * sizeof *all);
	*rows = (struct rows){ all, rows->n + more->n, 1 };
}

static bool
index_check_one(struct store *st, const char *name, struct arena *a,
    struct rows *faults, struct err *err)
{
	const struct expr	 names = { .name = name };
	const char *const	*check = store_sql(st, err)->flavor->text_check;
	struct rows		 found;

	for (size_t i = 0; check[i] != NULL; i++) {
		struct sql	*s = store_sql(st, err);

		s->once = s->indexes = true;
		sql_names(s, check[i], &names);
		sql_await(s, COL_TEXT, 0);
		if (!store_exec(st, a, &found, NULL, err))
			return false;
		rows_append(a, faults, &found);
	}
	return true;
}

bool
index_check(struct store *st, struct arena *a, struct rows *faults,
    struct err *err)
{
	struct sql	*s = store_sql(st, err);
	struct rows	 names;
	bool		 done;

	buf_str(s->text, s->flavor->text_indexes);
	sql_await(s, COL_TEXT, 0);
	done = store_exec(st, a, &names, NULL, err);
	for (size_t i = 0; done && i < names.n; i++)
		done = index_check_one(st, names.cells[i].u.text.p, a, faults,
		    err);
	return done;
}
