/* The groups of a read_group as rows. */

#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/group.h"
#include "orm/group_private.h"
#include "orm/order.h"
#include "orm/rule.h"
#include "store/store.h"

/*
 * One query of a grouping.  By a many2many the rows are those of its link
 * table, and what is asked of a record is looked up through it; the records
 * without a link are a query of their own.
 */
struct group_query {
	struct grouping		*g;
	struct query		*q;
	bool			 linked, unlinked;
};

static const struct expr *
query_link(const struct group_query *gq, const char *column)
{
	return expr_column(gq->g->env->arena, column, COL_ID, 0);
}

/* The expression over a record, over a row of the query. */
static const struct expr *
query_over(const struct group_query *gq, const struct expr *e)
{
	if (!gq->linked)
		return e;
	return expr_lookup(gq->g->env->arena, query_link(gq,
	    gq->g->links->field->link_own), gq->g->model->table, e);
}

static const struct expr *
query_key(const struct group_query *gq, const struct group_key *key)
{
	if (key != gq->g->links)
		return query_over(gq, key->expr);
	if (gq->unlinked)
		return expr_value(gq->g->env->arena, value_null());
	return query_link(gq, key->field->link_other);
}

static const struct expr *
query_sum(const struct group_query *gq, const struct group_sum *sum)
{
	return expr_node(gq->g->env->arena, sum->op, sum->type,
	    sum->type == COL_DECIMAL ? sum->expr->scale : 0,
	    query_over(gq, sum->expr), NULL);
}

static const struct expr *
query_count(const struct group_query *gq)
{
	return expr_node(gq->g->env->arena, EXPR_COUNT, COL_INT, 0, NULL,
	    NULL);
}

/* The rows of the records that where selects. */
static bool
query_where(const struct group_query *gq, const struct expr *where)
{
	struct env		*env = gq->g->env;
	const struct model	*m = gq->g->model, *target;
	struct arena		*a = env->arena;
	struct query		*of = query_new(a, m->table, 1), *seen;
	const struct expr	*rule;

	gq->q->where = where;
	if (!gq->linked)
		return true;
	of->columns[0] = expr_column(a, "id", COL_ID, 0);
	of->where = where;
	gq->q->where = expr_in_query(a, query_link(gq,
	    gq->g->links->field->link_own), of);
	target = gq->g->links->field->target;
	if (!access_check(env, target, ACCESS_READ) ||
	    !rule_where(env, target, ACCESS_READ, &rule))
		return false;
	if (rule == NULL)
		return true;
	seen = query_new(a, target->table, 1);
	seen->columns[0] = of->columns[0];
	seen->where = rule;
	gq->q->where = expr_and(a, gq->q->where, expr_in_query(a,
	    query_link(gq, gq->g->links->field->link_other), seen));
	return true;
}

/* No link of the record is there. */
static const struct expr *
query_no_link(const struct grouping *g)
{
	struct arena	*a = g->env->arena;
	struct query	*q = query_new(a, g->links->field->link, 1);

	q->columns[0] = expr_column(a, g->links->field->link_own, COL_ID, 0);
	q->where = expr_binary(a, EXPR_EQ, q->columns[0],
	    expr_outer(a, "id", COL_ID));
	return expr_unary(a, EXPR_NOT, expr_exists(a, q));
}

/* The terms of one of orderby. */
static bool
query_order_one(const struct group_query *gq, const struct group_by *by,
    const struct order **orders, size_t *n)
{
	const struct group_key	*key = &gq->g->keys[by->at];
	struct order		*o;

	if (by->what == GROUP_KEY && key->field->target != NULL)
		return order_records(gq->g->env, key->field->target,
		    query_key(gq, key), by->desc, orders, n);
	o = arena_alloc(gq->g->env->arena, sizeof *o);
	o->expr = by->what == GROUP_COUNT ? query_count(gq) :
	    by->what == GROUP_SUM ? query_sum(gq, &gq->g->sums[by->at]) :
	    query_key(gq, key);
	o->desc = by->desc;
	o->nullable = true;
	*orders = o;
	*n = 1;
	return true;
}

static bool
query_orders(const struct group_query *gq)
{
	struct grouping	*g = gq->g;
	struct order	*all = arena_array(g->env->arena, 1, sizeof *all);
	size_t		 room = 1, n = 0, many;

	for (size_t i = 0; i < g->norder; i++) {
		const struct order	*some;

		if (!query_order_one(gq, &g->order[i], &some, &many))
			return false;
		if (n + many > room) {
			struct order	*old = all;

			room = 2 * (n + many);
			all = arena_array(g->env->arena, room, sizeof *all);
			memcpy(all, old, n * sizeof *all);
		}
		memcpy(all + n, some, many * sizeof *all);
		n += many;
	}
	gq->q->orders = all;
	gq->q->norders = n;
	return true;
}

/* Keys, count, sums. */
static void
query_columns(const struct group_query *gq)
{
	struct grouping	*g = gq->g;
	struct query	*q = gq->q;
	size_t		 n = 0;

	q->groups = arena_array(g->env->arena, g->nkeys + 1,
	    sizeof *q->groups);
	q->columns = arena_array(g->env->arena, g->nkeys + 1 + g->nsums,
	    sizeof *q->columns);
	for (size_t i = 0; i < g->nkeys; i++) {
		q->columns[n++] = query_key(gq, &g->keys[i]);
		if (!(gq->unlinked && &g->keys[i] == g->links))
			q->groups[q->ngroups++] = q->columns[n - 1];
	}
	q->columns[n++] = query_count(gq);
	for (size_t i = 0; i < g->nsums; i++)
		q->columns[n++] = query_sum(gq, &g->sums[i]);
	q->ncolumns = n;
}

static bool
query_make(struct group_query *gq, const struct expr *where)
{
	struct grouping	*g = gq->g;

	gq->q = query_new(g->env->arena, gq->linked ? g->links->field->link :
	    g->model->table, 0);
	query_columns(gq);
	return query_where(gq, where) && query_orders(gq);
}

/* Adds what the rows are sorted by as cells of their own. */
static void
query_show_orders(const struct group_query *gq)
{
	struct query		 *q = gq->q;
	const struct expr	**columns;

	columns = arena_array(gq->g->env->arena, q->ncolumns + q->norders,
	    sizeof *columns);
	memcpy(columns, q->columns, q->ncolumns * sizeof *columns);
	for (size_t i = 0; i < q->norders; i++)
		columns[q->ncolumns + i] = q->orders[i].expr;
	q->columns = columns;
	q->ncolumns += q->norders;
}

static int
value_order(const struct value *a, const struct value *b)
{
	size_t	 n;
	int	 c;

	if (a->type == VALUE_NULL || b->type == VALUE_NULL)
		return (a->type == VALUE_NULL) - (b->type == VALUE_NULL);
	switch (a->type) {
	case VALUE_BOOL:
		return a->u.b - b->u.b;
	case VALUE_FLOAT:
		return (a->u.f > b->u.f) - (a->u.f < b->u.f);
	case VALUE_TEXT:
		n = a->u.text.n < b->u.text.n ? a->u.text.n : b->u.text.n;
		c = memcmp(a->u.text.p, b->u.text.p, n);
		return c != 0 ? c : (a->u.text.n > b->u.text.n) -
		    (a->u.text.n < b->u.text.n);
	default:
		return (a->u.i > b->u.i) - (a->u.i < b->u.i);
	}
}

/* Whether row a comes before row b; both point to what they are sorted by. */
static bool
row_before(const struct query *q, const struct value *a,
    const struct value *b)
{
	for (size_t i = 0; i < q->norders; i++) {
		int	 c = value_order(&a[i], &b[i]);

		if (c != 0)
			return (c < 0) != q->orders[i].desc;
	}
	return true;
}

/* Two sorted sets of rows as one, cut to the page. */
static void
rows_merge(const struct grouping *g, const struct query *q,
    const struct rows *a, const struct rows *b, struct rows *out)
{
	size_t	 width = a->width, at = width - q->norders;
	size_t	 i = 0, j = 0, skip = (size_t)g->asked->page.offset;
	size_t	 most = (size_t)g->asked->page.limit;

	out->width = width;
	out->n = 0;
	out->cells = arena_array(g->env->arena, (a->n + b->n) * width,
	    sizeof *out->cells);
	while (i < a->n || j < b->n) {
		const struct value	*x = a->cells + i * width;
		const struct value	*y = b->cells + j * width;
		bool			 first;

		first = j == b->n || (i < a->n && row_before(q, x + at,
		    y + at));
		i += first;
		j += !first;
		if (skip > 0) {
			skip--;
			continue;
		}
		if (most != 0 && out->n == most)
			return;
		memcpy(out->cells + out->n++ * width, first ? x : y,
		    width * sizeof *x);
	}
}

static bool
query_run(struct group_query *gq, const struct expr *where, struct rows *rows)
{
	struct grouping	*g = gq->g;

	if (!query_make(gq, where))
		return false;
	query_show_orders(gq);
	if (!store_select(g->env->store, gq->q, g->env->arena, rows,
	    g->env->err))
		return false;
	/* No groups: there is a row, even of no records. */
	if (gq->q->ngroups == 0 && rows->cells[g->nkeys].u.i == 0)
		rows->n = 0;
	return true;
}

/* By a many2many: the linked ones, then those without a link. */
static bool
group_rows_linked(struct grouping *g, const struct expr *where,
    struct rows *rows)
{
	struct group_query	 with = { .g = g, .linked = true };
	struct group_query	 without = { .g = g, .unlinked = true };
	struct rows		 a, b;

	if (!query_run(&with, where, &a) ||
	    !query_run(&without, expr_and(g->env->arena, where,
	    query_no_link(g)), &b))
		return false;
	rows_merge(g, with.q, &a, &b, rows);
	return true;
}

bool
group_rows(struct grouping *g, struct rows *rows)
{
	struct group_query	 gq = { .g = g };
	const struct domain	*d;
	const struct expr	*where;

	if (!domain_parse(g->env, &g->asked->domain, &d) ||
	    !model_where(g->env, g->model, d, &where))
		return false;
	if (g->links != NULL)
		return group_rows_linked(g, where, rows);
	if (!query_make(&gq, where))
		return false;
	gq.q->limit = g->asked->page.limit;
	gq.q->offset = g->asked->page.offset;
	return store_select(g->env->store, gq.q, g->env->arena, rows,
	    g->env->err);
}
