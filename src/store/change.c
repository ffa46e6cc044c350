#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

bool
store_columns(struct store *st, const char *table, struct arena *a,
    struct rows *found, struct err *err)
{
	struct sql	*s = store_sql(st, err);

	buf_str(s->text, s->flavor->columns);
	s->args[s->nargs++] = value_text(table);
	sql_await(s, COL_TEXT, 0);
	sql_await(s, COL_TEXT, 0);
	return store_exec(st, a, found, NULL, err);
}

bool
store_change_exec(struct store *st, struct sql *s, struct err *err)
{
	s->once = s->indexes = true;
	return !s->failed && store_exec(st, NULL, NULL, NULL, err);
}

static void
change_column(struct sql *s, const struct column_def *c)
{
	sql_name(s, c->name);
	buf_char(s->text, ' ');
	buf_str(s->text, s->flavor->types[c->type]);
	if (c->references == NULL)
		return;
	buf_str(s->text, " REFERENCES ");
	sql_name(s, c->references);
	buf_str(s->text, "(id) DEFERRABLE INITIALLY DEFERRED");
}

static void
change_key(struct sql *s, const struct table_def *t)
{
	buf_str(s->text, ", PRIMARY KEY (");
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (i != 0)
			buf_str(s->text, ", ");
		sql_name(s, t->columns[i].name);
	}
	buf_str(s->text, ")");
}

static bool
change_is_id(const struct table_def *t, const struct column_def *c)
{
	return !t->link && strcmp(c->name, "id") == 0;
}

static bool
change_create(struct store *st, const struct table_def *t, struct err *err)
{
	struct sql	*s = store_sql(st, err);
	const char	*comma = t->link ? "" : ", ";

	buf_str(s->text, "CREATE TABLE ");
	sql_name(s, t->name);
	buf_str(s->text, " (");
	if (!t->link) {
		buf_str(s->text, "id ");
		buf_str(s->text, s->flavor->id_type);
	}
	for (size_t i = 0; i < t->ncolumns; i++) {
		if (change_is_id(t, &t->columns[i]))
			continue;
		buf_str(s->text, comma);
		change_column(s, &t->columns[i]);
		if (t->columns[i].not_null || t->link)
			buf_str(s->text, " NOT NULL");
		comma = ", ";
	}
	if (t->link)
		change_key(s, t);
	buf_char(s->text, ')');
	buf_str(s->text, t->link ? s->flavor->link_tail :
	    s->flavor->table_tail);
	return store_change_exec(st, s, err);
}

/* Rows that are there have nothing in it, so it cannot be NOT NULL. */
static bool
change_add(struct store *st, const struct table_def *t,
    const struct column_def *c, struct err *err)
{
	struct sql	*s = store_sql(st, err);

	buf_str(s->text, "ALTER TABLE ");
	sql_name(s, t->name);
	buf_str(s->text, " ADD COLUMN ");
	change_column(s, c);
	return store_change_exec(st, s, err);
}

/* The declared type of a column that is there, or NULL. */
static const struct value *
change_type(const struct rows *found, const char *name)
{
	for (size_t i = 0; i < found->n; i++)
		if (value_is_text(&found->cells[i * found->width], name))
			return &found->cells[i * found->width + 1];
	return NULL;
}

static bool
change_alter(struct store *st, const struct table_def *t,
    const struct rows *found, const struct sql_flavor *flavor,
    struct err *err)
{
	if (t->link == (change_type(found, "id") != NULL))
		return err_field(err, ERR_VALIDATION, t->name, "id",
		    "The table %s exists already, of another kind", t->name);
	for (size_t i = 0; i < t->ncolumns; i++) {
		const struct column_def	*c = &t->columns[i];
		const struct value	*type = change_type(found, c->name);

		if (type == NULL && t->link)
			return err_field(err, ERR_VALIDATION, t->name, c->name,
			    "The table %s exists already, without a column %s",
			    t->name, c->name);
		if (type == NULL && !change_add(st, t, c, err))
			return false;
		if (type != NULL &&
		    !value_is_text(type, flavor->types[c->type]))
			return err_field(err, ERR_VALIDATION, t->name, c->name,
			    "The column %s of %s exists already, of another "
			    "type", c->name, t->name);
	}
	return true;
}

static bool
change_table(struct store *st, const struct table_def *t, struct arena *a,
    struct err *err)
{
	struct rows	 found;

	if (!store_columns(st, t->name, a, &found, err))
		return false;
	if (found.n == 0 && !change_create(st, t, err))
		return false;
	if (found.n != 0 && !change_alter(st, t, &found,
	    store_sql(st, err)->flavor, err))
		return false;
	for (size_t i = 0; i < t->nindexes; i++)
		if (!index_make(st, t->name, &t->indexes[i], err))
			return false;
	return true;
}

bool
store_change(struct store *st, const struct table_def *tables, size_t n,
    struct err *err)
{
	struct arena	*a;
	bool		 done = true;

	if (!store_writable(st, err))
		return false;
	a = arena_new();
	for (size_t i = 0; done && i < n; i++)
		done = change_table(st, &tables[i], a, err);
	arena_free(a);
	return done;
}
