#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

#define SQL_JOINS	16		/* first size of the array */
#define JOINS_MAX	50		/* of one query; SQLite has 64 tables */

/* The row of a table that a lookup wants, joined once to its query. */
struct sql_join {
	unsigned int		 base;		/* of the query */
	unsigned int		 from;		/* the row that id belongs to */
	unsigned int		 alias;
	const struct expr	*id;
	const char		*table;
};

static bool
text_same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Would both be written alike?  Queries are not looked into. */
bool
sql_same(const struct expr *a, const struct expr *b)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || a->op != b->op ||
	    a->query != b->query || a->further != b->further ||
	    !text_same(a->name, b->name))
		return false;
	if (a->op == EXPR_COLUMN)
		return true;
	return a->type == b->type && a->scale == b->scale &&
	    value_equal(&a->value, &b->value) &&
	    sql_same(a->args[0], b->args[0]) &&
	    sql_same(a->args[1], b->args[1]) &&
	    sql_same(a->args[2], b->args[2]);
}

static const struct sql_join *
join_find(const struct sql *s, const struct sql_scope *scope,
    const struct expr *lookup)
{
	for (size_t i = 0; i < s->njoins; i++) {
		const struct sql_join	*j = &s->joins[i];

		if (j->from == scope->alias &&
		    text_same(j->table, lookup->name) &&
		    sql_same(j->id, lookup->args[0]))
			return j;
	}
	return NULL;
}

static const struct sql_join *
join_add(struct sql *s, const struct sql_scope *scope,
    const struct expr *lookup)
{
	struct sql_join	*more;

	if (s->njoins == s->joins_cap) {
		s->joins_cap = s->joins_cap == 0 ? SQL_JOINS : s->joins_cap * 2;
		more = arena_array(s->arena, s->joins_cap, sizeof *more);
		if (s->njoins != 0)
			memcpy(more, s->joins, s->njoins * sizeof *more);
		s->joins = more;
	}
	s->joins[s->njoins] = (struct sql_join){
		.base = scope->base,
		.from = scope->alias,
		.alias = sql_alias_new(s),
		.id = lookup->args[0],
		.table = lookup->name,
	};
	return &s->joins[s->njoins++];
}

/* The scope of the row looked up. */
static struct sql_scope
join_scope(const struct sql_scope *scope, unsigned int alias,
    const char *table)
{
	struct sql_scope	 inner = *scope;

	inner.alias = alias;
	inner.table = table;
	return inner;
}

static bool
join_room(const struct sql *s, const struct sql_scope *scope)
{
	size_t	 n = 0;

	for (size_t i = 0; i < s->njoins; i++)
		n += s->joins[i].base == scope->base;
	return n < JOINS_MAX;
}

/* Notes the joins that an expression needs, before FROM is written.  Where
 * they are too many, the rest is looked up by subqueries. */
void
sql_collect(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	const struct sql_join	*join;
	struct sql_scope	 inner;

	if (e == NULL || e->op == EXPR_COLUMN)
		return;
	sql_collect(s, scope, e->args[0]);
	if (e->op != EXPR_LOOKUP) {
		sql_collect(s, scope, e->args[1]);
		sql_collect(s, scope, e->args[2]);
		return;
	}
	if ((join = join_find(s, scope, e)) == NULL) {
		if (!join_room(s, scope))
			return;
		join = join_add(s, scope, e);
	}
	inner = join_scope(scope, join->alias, join->table);
	sql_collect(s, &inner, e->args[1]);
}

void
sql_joins(struct sql *s, const struct sql_scope *scope)
{
	/* Writing an id may add joins of queries inside it: no pointers. */
	for (size_t i = 0, n = s->njoins; i < n; i++) {
		struct sql_join		 join = s->joins[i];
		struct sql_scope	 from = join_scope(scope, join.from,
		    NULL);

		if (join.base != scope->base)
			continue;
		buf_str(s->text, " LEFT JOIN ");
		sql_name(s, join.table);
		buf_str(s->text, " AS ");
		sql_alias(s, join.alias);
		buf_str(s->text, " ON ");
		sql_qualified(s, join.alias, "id");
		buf_char(s->text, '=');
		sql_expr(s, &from, join.id);
	}
}

/* (SELECT want FROM table AS tN WHERE tN.id = id) */
static void
lookup_subquery(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	struct sql_scope	 inner;

	inner = join_scope(scope, sql_alias_new(s), e->name);
	buf_str(s->text, "(SELECT ");
	sql_expr(s, &inner, e->args[1]);
	buf_str(s->text, " FROM ");
	sql_name(s, e->name);
	buf_str(s->text, " AS ");
	sql_alias(s, inner.alias);
	buf_str(s->text, " WHERE ");
	sql_qualified(s, inner.alias, "id");
	buf_char(s->text, '=');
	sql_expr(s, scope, e->args[0]);
	buf_char(s->text, ')');
}

/* Is it NULL where the row is not there, and so all columns are? */
static bool
is_null_without_row(const struct expr *e)
{
	if (e->op == EXPR_LOOKUP)
		return is_null_without_row(e->args[0]);
	return e->op == EXPR_COLUMN;
}

static void
lookup_joined(struct sql *s, const struct sql_scope *scope,
    const struct expr *want)
{
	if (is_null_without_row(want)) {
		sql_expr(s, scope, want);
		return;
	}
	buf_str(s->text, "CASE WHEN ");
	sql_qualified(s, scope->alias, "id");
	buf_str(s->text, " IS NOT NULL THEN ");
	sql_inner(s, scope, want, DEPTH_CASE);
	buf_str(s->text, " END");
}

void
sql_lookup(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	const struct sql_join	*join;
	struct sql_scope	 inner;

	if (!scope->joins || (join = join_find(s, scope, e)) == NULL) {
		lookup_subquery(s, scope, e);
		return;
	}
	inner = join_scope(scope, join->alias, join->table);
	lookup_joined(s, &inner, e->args[1]);
}
