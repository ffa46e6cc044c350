/* Tables and columns that are no longer wanted. */
#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

static bool
columns_have(const struct rows *found, const char *name)
{
	for (size_t i = 0; i < found->n; i++)
		if (value_is_text(&found->cells[i * found->width], name))
			return true;
	return false;
}

static bool
drop_table(struct store *st, const char *table, struct arena *a,
    struct err *err)
{
	struct rows	 found;
	struct sql	*s;
	bool		 done;

	done = store_columns(st, table, a, &found, err);
	for (size_t i = 0; done && i < found.n; i++)
		done = index_drop_of(st, table,
		    found.cells[i * found.width].u.text.p, a, err);
	if (!done)
		return false;
	s = store_sql(st, err);
	buf_str(s->text, "DROP TABLE IF EXISTS ");
	sql_name(s, table);
	return store_change_exec(st, s, err);
}

static bool
drop_column(struct store *st, const char *table, const char *column,
    struct arena *a, struct err *err)
{
	struct rows	 found;
	struct sql	*s;

	if (!store_columns(st, table, a, &found, err))
		return false;
	if (!columns_have(&found, column))
		return true;
	if (!index_drop_of(st, table, column, a, err))
		return false;
	s = store_sql(st, err);
	buf_str(s->text, "ALTER TABLE ");
	sql_name(s, table);
	buf_str(s->text, " DROP COLUMN ");
	sql_name(s, column);
	return store_change_exec(st, s, err);
}

static bool
rename_column(struct store *st, const char *table, const char *from,
    const char *to, struct arena *a, struct err *err)
{
	struct rows	 found;
	struct sql	*s;

	if (!store_columns(st, table, a, &found, err))
		return false;
	if (!columns_have(&found, from))
		return true;
	if (columns_have(&found, to))
		return err_field(err, ERR_VALIDATION, table, to,
		    "The column %s of %s exists already", to, table);
	if (!index_drop_of(st, table, from, a, err))
		return false;
	s = store_sql(st, err);
	buf_str(s->text, "ALTER TABLE ");
	sql_name(s, table);
	buf_str(s->text, " RENAME COLUMN ");
	sql_name(s, from);
	buf_str(s->text, " TO ");
	sql_name(s, to);
	return store_change_exec(st, s, err);
}

bool
store_drop_table(struct store *st, const char *table, struct err *err)
{
	struct arena	*a;
	bool		 done;

	if (!store_writable(st, err))
		return false;
	a = arena_new();
	done = drop_table(st, table, a, err);
	arena_free(a);
	return done;
}

bool
store_drop_column(struct store *st, const char *table, const char *column,
    struct err *err)
{
	struct arena	*a;
	bool		 done;

	if (!store_writable(st, err))
		return false;
	a = arena_new();
	done = drop_column(st, table, column, a, err);
	arena_free(a);
	return done;
}

bool
store_rename_column(struct store *st, const char *table, const char *from,
    const char *to, struct err *err)
{
	struct arena	*a;
	bool		 done;

	if (!store_writable(st, err))
		return false;
	a = arena_new();
	done = rename_column(st, table, from, to, a, err);
	arena_free(a);
	return done;
}
