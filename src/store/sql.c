#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

#define EXPECTED_MAX	256		/* rows that room is made for at once */
#define SQL_ROOM	64		/* first size of the arrays */
#define SQL_NAME	63		/* bytes of the longest name */

void
sql_init(struct sql *s, const struct sql_flavor *flavor, struct arena *a)
{
	memset(s, 0, sizeof *s);
	s->flavor = flavor;
	s->arena = a;
	s->scratch = arena_new();
	s->text = buf_new(a);
	s->args_cap = s->columns_cap = SQL_ROOM;
	s->args = arena_array(a, SQL_ROOM, sizeof *s->args);
	s->columns = arena_array(a, SQL_ROOM, sizeof *s->columns);
}

void
sql_free(struct sql *s)
{
	arena_free(s->scratch);
}

void
sql_start(struct sql *s, struct err *err)
{
	if (arena_used(s->scratch) != 0)
		arena_reset(s->scratch);
	buf_clear(s->text);
	s->nargs = s->ncolumns = s->njoins = s->nfrequent = 0;
	s->aliases = s->depth = 0;
	s->once = s->indexes = s->failed = s->filter = false;
	s->expected = 1;
	s->err = err;
}

bool
sql_fail(struct sql *s, enum err_code code, const char *what)
{
	s->failed = true;
	return err_set(s->err, code, "%s", what);
}

/* Copies a name in quotes to p, which has room; returns what follows. */
static char *
sql_quote(struct sql *s, char *p, const char *name)
{
	const char	*end = name + SQL_NAME;

	*p++ = '"';
	for (; *name != '\0' && name < end; name++) {
		if ((*name < 'a' || *name > 'z') && *name != '_' &&
		    (*name < '0' || *name > '9'))
			break;
		*p++ = *name;
	}
	if (*name != '\0' || p[-1] == '"') {
		sql_fail(s, ERR_INTERNAL, "A name is not fit for the database");
		err_cause(s->err, "bad SQL name \"%s\"", name);
	}
	*p++ = '"';
	return p;
}

void
sql_name(struct sql *s, const char *name)
{
	char	 text[SQL_NAME + 2];

	buf_add(s->text, text, (size_t)(sql_quote(s, text, name) - text));
}

void
sql_word(struct sql *s, const char *name)
{
	char	 text[SQL_NAME + 2], *end = sql_quote(s, text, name);

	buf_add(s->text, text + 1, (size_t)(end - text - 2));
}

static char *
sql_alias_to(char *p, unsigned int alias)
{
	char	 digits[12], *d = digits + sizeof digits;

	do
		*--d = (char)('0' + alias % 10);
	while ((alias /= 10) != 0);
	*p++ = 't';
	while (d < digits + sizeof digits)
		*p++ = *d++;
	return p;
}

unsigned int
sql_alias_new(struct sql *s)
{
	return s->aliases++;
}

void
sql_alias(struct sql *s, unsigned int alias)
{
	char	 text[16];

	buf_add(s->text, text, (size_t)(sql_alias_to(text, alias) - text));
}

void
sql_qualified(struct sql *s, unsigned int alias, const char *name)
{
	char	 text[SQL_NAME + 2 + 16], *p;

	p = sql_alias_to(text, alias);
	*p++ = '.';
	p = sql_quote(s, p, name);
	buf_add(s->text, text, (size_t)(p - text));
}

/* Twice the room, in the arena; what was there is copied. */
static void *
sql_grow(struct sql *s, const void *old, size_t *cap, size_t size)
{
	void	*more = arena_array(s->arena, *cap * 2, size);

	memcpy(more, old, *cap * size);
	*cap *= 2;
	return more;
}

void
sql_bind(struct sql *s, struct value v)
{
	if (s->nargs == s->args_cap)
		s->args = sql_grow(s, s->args, &s->args_cap, sizeof *s->args);
	s->args[s->nargs++] = v;
	buf_char(s->text, s->flavor->placeholder);
	buf_int(s->text, (int64_t)s->nargs);
}

void
sql_await(struct sql *s, enum col_type type, unsigned int scale)
{
	if (s->ncolumns == s->columns_cap)
		s->columns = sql_grow(s, s->columns, &s->columns_cap,
		    sizeof *s->columns);
	s->columns[s->ncolumns++] = (struct sql_column){ type, scale };
}

/* Counting it takes a query of its own. */
static bool
query_is_page(const struct query *q)
{
	return q->limit != 0 || q->offset != 0 || q->ngroups != 0;
}

static void
sql_columns(struct sql *s, const struct sql_scope *scope,
    const struct query *q, const char *name)
{
	if (q->count)
		buf_str(s->text, query_is_page(q) ? "1" : "count(*)");
	else if (q->ncolumns == 0)
		buf_char(s->text, '1');
	for (size_t i = 0; !q->count && i < q->ncolumns; i++) {
		if (i != 0)
			buf_char(s->text, ',');
		sql_expr(s, scope, q->columns[i]);
		if (i == 0 && name != NULL) {
			buf_str(s->text, " AS ");
			sql_name(s, name);
		}
	}
}

/*
 * What rows are grouped by is written where it is a column, and elsewhere as
 * the column's number: the same text with other values bound is not the same.
 */
static void
sql_key(struct sql *s, const struct sql_scope *scope, const struct query *q,
    const struct expr *e, enum sql_depth depth)
{
	for (size_t i = 0; q->ngroups != 0 && !q->count && i < q->ncolumns; i++)
		if (sql_same(q->columns[i], e)) {
			buf_int(s->text, (int64_t)i + 1);
			return;
		}
	sql_inner(s, scope, e, depth);
}

static void
sql_groups(struct sql *s, const struct sql_scope *scope,
    const struct query *q)
{
	for (size_t i = 0; i < q->ngroups; i++) {
		buf_str(s->text, i == 0 ? " GROUP BY " : ",");
		sql_key(s, scope, q, q->groups[i], DEPTH_GROUP);
	}
}

static void
sql_orders(struct sql *s, const struct sql_scope *scope,
    const struct query *q)
{
	for (size_t i = 0; i < q->norders; i++) {
		const struct order	*o = &q->orders[i];

		buf_str(s->text, i == 0 ? " ORDER BY " : ",");
		sql_key(s, scope, q, o->expr, DEPTH_ORDER);
		if (o->desc)
			buf_str(s->text, " DESC");
		if (o->nullable)
			buf_str(s->text, o->desc ? " NULLS FIRST" :
			    " NULLS LAST");
	}
}

static void
sql_limit(struct sql *s, const struct query *q)
{
	if (q->limit == 0 && q->offset == 0)
		return;
	buf_str(s->text, " LIMIT ");
	if (q->limit != 0)
		sql_bind(s, value_int(q->limit));
	else
		buf_str(s->text, s->flavor->limit_all);
	if (q->offset != 0) {
		buf_str(s->text, " OFFSET ");
		sql_bind(s, value_int(q->offset));
	}
}

static void
sql_from(struct sql *s, const struct sql_scope *scope, const char *table)
{
	sql_name(s, table);
	buf_str(s->text, " AS ");
	sql_alias(s, scope->base);
}

static void
sql_where(struct sql *s, const struct sql_scope *scope,
    const struct expr *where)
{
	bool	 filter = s->filter;

	if (where == NULL)
		return;
	buf_str(s->text, " WHERE ");
	s->filter = true;
	sql_expr(s, scope, where);
	s->filter = filter;
}

/* The joins that a query needs. */
static void
sql_collect_all(struct sql *s, const struct sql_scope *scope,
    const struct query *q)
{
	for (size_t i = 0; !q->count && i < q->ncolumns; i++)
		sql_collect(s, scope, q->columns[i]);
	sql_collect(s, scope, q->where);
	for (size_t i = 0; i < q->ngroups; i++)
		sql_collect(s, scope, q->groups[i]);
	for (size_t i = 0; !q->count && i < q->norders; i++)
		sql_collect(s, scope, q->orders[i].expr);
}

void
sql_query_as(struct sql *s, const struct sql_scope *outer,
    const struct query *q, const char *name)
{
	unsigned int		 alias = sql_alias_new(s);
	struct sql_scope	 scope = {
		alias, alias, true, q->table, outer
	};
	bool			 page = q->count && query_is_page(q);

	sql_collect_all(s, &scope, q);
	if (page)
		buf_str(s->text, "SELECT count(*) FROM (");
	buf_str(s->text, "SELECT ");
	sql_columns(s, &scope, q, name);
	buf_str(s->text, " FROM ");
	sql_from(s, &scope, q->table);
	sql_joins(s, &scope);
	sql_where(s, &scope, q->where);
	sql_groups(s, &scope, q);
	if (!q->count)
		sql_orders(s, &scope, q);
	sql_limit(s, q);
	if (page)
		buf_str(s->text, ") AS page");
}

void
sql_query(struct sql *s, const struct sql_scope *outer, const struct query *q)
{
	sql_query_as(s, outer, q, NULL);
}

/* How many rows the query may give: its limit, its ids, or a handful. */
static size_t
sql_expected(const struct query *q)
{
	size_t	 n = 8;

	if (q->count)
		return 1;
	if (q->where != NULL && q->where->op == EXPR_IN)
		n = q->where->value.u.list->n;
	else if (q->limit > 0)
		n = (size_t)q->limit;
	return n < EXPECTED_MAX ? n : EXPECTED_MAX;
}

bool
sql_select(struct sql *s, const struct query *q)
{
	s->expected = sql_expected(q);
	sql_query(s, NULL, q);
	if (q->count)
		sql_await(s, COL_INT, 0);
	for (size_t i = 0; !q->count && i < q->ncolumns; i++)
		sql_await(s, q->columns[i]->type, q->columns[i]->scale);
	if (!q->count && q->ncolumns == 0)
		sql_await(s, COL_INT, 0);
	return !s->failed;
}

bool
sql_insert(struct sql *s, const char *table, const struct assign *set,
    size_t n)
{
	/* There is no row yet that could be named. */
	const struct sql_scope	 scope = { .alias = sql_alias_new(s) };

	buf_str(s->text, "INSERT INTO ");
	sql_name(s, table);
	if (n == 0)
		buf_str(s->text, " DEFAULT VALUES");
	for (size_t i = 0; i < n; i++) {
		buf_str(s->text, i == 0 ? " (" : ",");
		sql_name(s, set[i].column);
	}
	for (size_t i = 0; i < n; i++) {
		buf_str(s->text, i == 0 ? ") VALUES (" : ",");
		if (set[i].expr != NULL)
			sql_expr(s, &scope, set[i].expr);
		else
			sql_bind(s, set[i].value);
	}
	if (n != 0)
		buf_char(s->text, ')');
	return !s->failed;
}

bool
sql_insert_from(struct sql *s, const char *table, const struct assign *set,
    const struct query *q)
{
	buf_str(s->text, "INSERT INTO ");
	sql_name(s, table);
	for (size_t i = 0; i < q->ncolumns; i++) {
		buf_str(s->text, i == 0 ? " (" : ",");
		sql_name(s, set[i].column);
	}
	buf_str(s->text, ") ");
	sql_query(s, NULL, q);
	return !s->failed;
}

bool
sql_update(struct sql *s, const char *table, const struct expr *where,
    const struct assign *set, size_t n)
{
	unsigned int		 alias = sql_alias_new(s);
	struct sql_scope	 scope = { alias, alias, false, table, NULL };

	if (where == NULL || n == 0)
		return sql_fail(s, ERR_INTERNAL,
		    "An update must say what it changes");
	buf_str(s->text, "UPDATE ");
	sql_from(s, &scope, table);
	for (size_t i = 0; i < n; i++) {
		buf_str(s->text, i == 0 ? " SET " : ",");
		sql_name(s, set[i].column);
		buf_char(s->text, '=');
		if (set[i].expr != NULL)
			sql_expr(s, &scope, set[i].expr);
		else
			sql_bind(s, set[i].value);
	}
	sql_where(s, &scope, where);
	return !s->failed;
}

bool
sql_delete(struct sql *s, const char *table, const struct expr *where)
{
	unsigned int		 alias = sql_alias_new(s);
	struct sql_scope	 scope = { alias, alias, false, table, NULL };

	if (where == NULL)
		return sql_fail(s, ERR_INTERNAL,
		    "A deletion must say what it deletes");
	buf_str(s->text, "DELETE FROM ");
	sql_from(s, &scope, table);
	sql_where(s, &scope, where);
	return !s->failed;
}
