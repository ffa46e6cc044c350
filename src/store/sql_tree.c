#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

/* "(WITH RECURSIVE t(id) AS (SELECT ... UNION SELECT" */
#define DEPTH_TREE	12

/* The row that is looked at, next to one of the tree. */
static void
tree_from(struct sql *s, const struct query *q, unsigned int tree,
    unsigned int row)
{
	buf_str(s->text, " FROM ");
	sql_alias(s, tree);
	buf_str(s->text, " CROSS JOIN ");
	sql_name(s, q->table);
	buf_str(s->text, " AS ");
	sql_alias(s, row);
	buf_str(s->text, " WHERE ");
}

/* Rows that hang on one of the tree, if they meet the third column. */
static void
tree_below(struct sql *s, const struct sql_scope *scope,
    const struct query *q, unsigned int tree)
{
	buf_str(s->text, "SELECT ");
	sql_expr(s, scope, q->columns[0]);
	tree_from(s, q, tree, scope->alias);
	sql_expr(s, scope, q->columns[1]);
	buf_char(s->text, '=');
	sql_qualified(s, tree, "id");
	if (q->ncolumns < 3)
		return;
	buf_str(s->text, " AND ");
	sql_expr(s, scope, q->columns[2]);
}

static void
tree_above(struct sql *s, const struct sql_scope *scope,
    const struct query *q, unsigned int tree)
{
	buf_str(s->text, "SELECT ");
	sql_expr(s, scope, q->columns[1]);
	tree_from(s, q, tree, scope->alias);
	sql_expr(s, scope, q->columns[0]);
	buf_char(s->text, '=');
	sql_qualified(s, tree, "id");
	buf_str(s->text, " AND ");
	sql_expr(s, scope, q->columns[1]);
	buf_str(s->text, " IS NOT NULL");
}

/* UNION takes each row once, so a circle ends where it began. */
void
sql_tree(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	unsigned int		 tree = sql_alias_new(s);
	unsigned int		 row = sql_alias_new(s);
	struct sql_scope	 inner = { row, row, false, e->query->table,
				    scope };
	struct query		 roots = *e->query;

	roots.ncolumns = 1;
	buf_char(s->text, '(');
	sql_inner(s, scope, e->args[0], DEPTH_FIRST);
	buf_str(s->text, " IN (WITH RECURSIVE ");
	sql_alias(s, tree);
	buf_str(s->text, "(id) AS (");
	s->depth += DEPTH_TREE;
	sql_query(s, scope, &roots);
	buf_str(s->text, " UNION ");
	if (e->op == EXPR_BELOW)
		tree_below(s, &inner, e->query, tree);
	else
		tree_above(s, &inner, e->query, tree);
	s->depth -= DEPTH_TREE;
	buf_str(s->text, ") SELECT id FROM ");
	sql_alias(s, tree);
	buf_add(s->text, "))", 2);
}
