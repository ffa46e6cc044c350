#include "case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

#define N(array)	(sizeof array / sizeof array[0])

static void
fixture_tables(struct fixture *fx)
{
	const struct column_def	 groups[] = {
		{ "name", COL_TEXT, 0, NULL, false },
		{ "boss_id", COL_ID, 0, fx->group, false },
	};
	const struct column_def	 items[] = {
		{ "n", COL_INT, 0, NULL, false },
		{ "txt", COL_TEXT, 0, NULL, false },
		{ "flag", COL_BOOL, 0, NULL, false },
		{ "f", COL_FLOAT, 0, NULL, false },
		{ "d", COL_DECIMAL, 2, NULL, false },
		{ "b", COL_BYTES, 0, NULL, false },
		{ "day", COL_DATE, 0, NULL, false },
		{ "at", COL_DATETIME, 0, NULL, false },
		{ "parent_id", COL_ID, 0, fx->item, false },
		{ "group_id", COL_ID, 0, fx->group, false },
	};
	const struct table_def	 tables[] = {
		{ fx->item, items, N(items), NULL, 0, false },
		{ fx->group, groups, N(groups), NULL, 0, false },
	};

	done(fx, store_begin(fx->st, TXN_WRITE, &fx->err));
	done(fx, store_change(fx->st, tables, N(tables), &fx->err));
	done(fx, store_commit(fx->st, &fx->err));
}

struct store *
another(struct fixture *fx)
{
	struct store_options	 options = {
		.sync = STORE_SYNC_SHARED,
		.mmap_bytes = 1 << 24,
		.create = true,
	};
	struct store		*st = NULL;

	done(fx, store_open(fx->url, &options, &st, &fx->err));
	return st;
}

int
fixture_open(void **state)
{
	struct arena	*a = arena_new();
	struct fixture	*fx = arena_alloc(a, sizeof *fx);
	char		*directory;

	fx->a = a;
	if ((fx->url = getenv("STORE_URL")) == NULL) {
		directory = arena_strdup(a, "/tmp/store-XXXXXX");
		assert_non_null(mkdtemp(directory));
		fx->directory = directory;
		fx->url = arena_printf(a, "sqlite:%s/test.db", directory);
	}
	fx->item = name_new(fx, "item");
	fx->group = name_new(fx, "group");
	fx->st = another(fx);
	fixture_tables(fx);
	*state = fx;
	return 0;
}

int
fixture_close(void **state)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock", "-journal",
	};
	struct fixture			*fx = *state;

	store_close(fx->st);
	for (size_t i = 0; fx->directory != NULL && i < N(ends); i++)
		unlink(arena_printf(fx->a, "%s/test.db%s", fx->directory,
		    ends[i]));
	if (fx->directory != NULL)
		rmdir(fx->directory);
	arena_free(fx->a);
	return 0;
}

void
done(struct fixture *fx, bool ok)
{
	if (!ok)
		fail_msg("%d: %s (%s)", (int)fx->err.code, fx->err.msg,
		    fx->err.cause);
}

void
refused(struct fixture *fx, bool ok, enum err_code code)
{
	assert_false(ok);
	if (fx->err.code != code)
		fail_msg("%d, not %d: %s (%s)", (int)fx->err.code, (int)code,
		    fx->err.msg, fx->err.cause);
	err_clear(&fx->err);
}

const char *
name_new(struct fixture *fx, const char *word)
{
	char	 random[8] = "XXXXXXX";

	for (size_t i = 0; i < 7; i++)
		random[i] = (char)('a' + arc4random_uniform(26));
	return arena_printf(fx->a, "%s_%s", word, random);
}

int64_t
group_add(struct fixture *fx, const char *name, int64_t boss)
{
	struct assign	 set[] = {
		{ "name", value_text(name), NULL },
		{ "boss_id", boss == 0 ? value_null() : value_int(boss), NULL },
	};
	int64_t		 id;

	done(fx, store_insert(fx->st, fx->group, set, 2, &id, &fx->err));
	return id;
}

int64_t
item_add(struct fixture *fx, const char *txt, struct value n)
{
	struct assign	 set[] = {
		{ "n", n, NULL },
		{ "txt", txt == NULL ? value_null() : value_text(txt), NULL },
	};
	int64_t		 id;

	done(fx, store_insert(fx->st, fx->item, set, 2, &id, &fx->err));
	return id;
}

int64_t
item_set(struct fixture *fx, int64_t id, const char *column, struct value v)
{
	struct assign	 set = { column, v, NULL };
	int64_t		 changed;

	done(fx, store_update(fx->st, fx->item, by_id(fx, id), &set, 1,
	    &changed, &fx->err));
	return changed;
}

const struct expr *
c_int(struct fixture *fx, const char *name)
{
	return expr_column(fx->a, name, COL_INT, 0);
}

const struct expr *
c_id(struct fixture *fx, const char *name)
{
	return expr_column(fx->a, name, COL_ID, 0);
}

const struct expr *
c_text(struct fixture *fx, const char *name)
{
	return expr_column(fx->a, name, COL_TEXT, 0);
}

const struct expr *
v_int(struct fixture *fx, int64_t i)
{
	return expr_value(fx->a, value_int(i));
}

const struct expr *
v_text(struct fixture *fx, const char *s)
{
	return expr_value(fx->a, value_text(s));
}

const struct expr *
two(struct fixture *fx, enum expr_op op, const struct expr *l,
    const struct expr *r)
{
	return expr_binary(fx->a, op, l, r);
}

const struct expr *
by_id(struct fixture *fx, int64_t id)
{
	return two(fx, EXPR_EQ, c_id(fx, "id"), v_int(fx, id));
}

struct rows
find(struct fixture *fx, const struct expr *column, const struct expr *where,
    const struct order *order)
{
	struct query		*q = query_new(fx->a, fx->item, 1);
	const struct order	 id = { c_id(fx, "id"), false, false };
	struct order		 orders[2] = { id, id };
	struct rows		 rows;

	q->columns[0] = column;
	q->where = where;
	if (order != NULL)
		orders[0] = *order;
	q->orders = orders;
	q->norders = order != NULL ? 2 : 1;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	return rows;
}

int64_t
count(struct fixture *fx, const char *table, const struct expr *where)
{
	struct query	*q = query_new(fx->a, table, 0);
	struct rows	 rows;

	q->where = where;
	q->count = true;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	assert_int_equal(rows.n, 1);
	return rows.cells[0].u.i;
}

const char *
joined(struct fixture *fx, const struct rows *rows)
{
	struct buf	*b = buf_new(fx->a);

	for (size_t i = 0; i < rows->n; i++) {
		const struct value	*v = &rows->cells[i * rows->width];

		if (i != 0)
			buf_char(b, ',');
		if (v->type == VALUE_NULL)
			buf_str(b, "-");
		else if (v->type == VALUE_TEXT)
			buf_span(b, v->u.text);
		else
			buf_int(b, v->u.i);
	}
	return b->p;
}

const char *
texts(struct fixture *fx, const struct expr *where)
{
	struct rows	 rows = find(fx, c_text(fx, "txt"), where, NULL);

	return joined(fx, &rows);
}

struct value
item_get(struct fixture *fx, int64_t id, const char *column,
    enum col_type type, unsigned int scale)
{
	struct rows	 rows;

	rows = find(fx, expr_column(fx->a, column, type, scale),
	    by_id(fx, id), NULL);
	assert_int_equal(rows.n, 1);
	return rows.cells[0];
}

const struct expr *
node(struct fixture *fx, enum expr_op op, enum col_type type,
    const struct expr *l, const struct expr *r)
{
	return expr_node(fx->a, op, type, 0, l, r);
}

/* The expression's value in the only row. */
struct value
value_of(struct fixture *fx, const struct expr *e)
{
	struct rows	 rows = find(fx, e, NULL, NULL);

	assert_int_equal(rows.n, 1);
	return rows.cells[0];
}

void
is_null(struct fixture *fx, const struct expr *e)
{
	assert_int_equal(value_of(fx, e).type, VALUE_NULL);
}

const struct expr *
decimal(struct fixture *fx, enum expr_op op, unsigned int scale,
    const struct expr *l, const struct expr *r)
{
	return expr_node(fx->a, op, COL_DECIMAL, scale, l, r);
}

struct expr *
period(struct fixture *fx, enum expr_op op, enum col_type type,
    const char *name, const struct expr *l, const struct expr *r)
{
	struct expr	*e = expr_node(fx->a, op, type, 0, l, r);

	e->name = name;
	return e;
}
