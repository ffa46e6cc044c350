#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/command.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/formula.h"
#include "orm/rule.h"
#include "store/store.h"

/* An expression over a row of the target, over the row of the link table. */
static const struct expr *
many2many_through(struct env *env, const struct field *f,
    const struct expr *other, const struct expr *e)
{
	if (e == NULL)
		return NULL;
	if (e->op == EXPR_COLUMN && strcmp(e->name, "id") == 0)
		return other;
	return expr_lookup(env->arena, other, f->target->table, e);
}

static const struct expr *
many2many_other(struct env *env, const struct field *f)
{
	return expr_column(env->arena, f->link_other, COL_ID, 0);
}

static bool
many2many_orders(struct env *env, const struct field *f, struct query *q)
{
	const struct expr	*other = many2many_other(env, f);
	const struct order	*from;
	struct order		*to;

	if (!x2many_orders(env, f, &from, &q->norders))
		return false;
	q->orders = to = arena_array(env->arena, q->norders, sizeof *to);
	for (size_t i = 0; i < q->norders; i++) {
		to[i] = from[i];
		to[i].expr = many2many_through(env, f, other, from[i].expr);
	}
	return true;
}

/* The records at the other end of the row's links. */
static const struct expr *
many2many_expr(struct env *env, const struct field *f, struct reach *r)
{
	struct arena		*a = env->arena;
	const struct expr	*other = many2many_other(env, f);
	struct query		*q = query_new(a, f->link, 1);
	const struct expr	*where, *own;

	if (!reach_enter(env, r, f) || !x2many_where(env, f, false, &where) ||
	    !many2many_orders(env, f, q))
		return NULL;
	reach_leave(r);
	own = expr_binary(a, EXPR_EQ,
	    expr_column(a, f->link_own, COL_ID, 0),
	    expr_outer(a, "id", COL_ID));
	q->columns[0] = other;
	q->where = expr_and(a, own, many2many_through(env, f, other, where));
	return x2many_ids(env, q, own);
}

/* One end of a link: its column, the table that it points to, and ids. */
struct link_end {
	const char		*column, *table;
	const struct ids	*ids;
};

/* Links one record with all of the other end; what is there already stays. */
static bool
many2many_insert(struct env *env, const struct field *f,
    const struct link_end *one, int64_t id, const struct link_end *many)
{
	struct arena		*a = env->arena;
	const struct expr	*row = expr_column(a, "id", COL_ID, 0);
	struct query		*q = query_new(a, many->table, 0);
	struct query		*there = query_new(a, f->link, 1);
	struct assign		 set[] = {
		{ one->column, value_int(id), NULL },
		{ many->column, value_null(), row },
	};

	there->columns[0] = expr_column(a, many->column, COL_ID, 0);
	there->where = expr_and(a, expr_binary(a, EXPR_EQ,
	    expr_column(a, one->column, COL_ID, 0),
	    expr_value(a, value_int(id))),
	    ids_in(env, many->column, many->ids));
	q->where = expr_and(a, ids_in(env, "id", many->ids),
	    expr_unary(a, EXPR_NOT, expr_in_query(a, row, there)));
	return store_insert_from(env->store, f->link, set, 2, q, env->err);
}

static bool
many2many_add(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *others)
{
	const struct link_end	 own = { f->link_own, f->model->table, ids };
	const struct link_end	 other = { f->link_other, f->target->table,
	    others };
	const struct link_end	*few = ids->n <= others->n ? &own : &other;

	for (size_t i = 0; others->n != 0 && i < few->ids->n; i++)
		if (!many2many_insert(env, f, few, few->ids->v[i],
		    few == &own ? &other : &own))
			return false;
	return true;
}

static bool
many2many_remove(struct env *env, const struct field *f,
    const struct ids *ids, const struct ids *others)
{
	int64_t	 changed;

	return others->n == 0 || store_delete(env->store, f->link,
	    expr_and(env->arena, ids_in(env, f->link_own, ids),
	    ids_in(env, f->link_other, others)), &changed, env->err);
}

static const struct ids	 nothing;

/* Takes links away and adds others; what is computed of them follows. */
static bool
many2many_change(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *gone, const struct ids *more)
{
	struct recompute	*rc;

	return formula_before(env, f->model, ids, &f, 1, &rc) &&
	    many2many_remove(env, f, ids, gone) &&
	    many2many_add(env, f, ids, more) &&
	    formula_after(env, rc);
}

/* Only what the user may read can be linked or let go of. */
static bool
many2many_may(struct env *env, const struct field *f, const struct ids *others)
{
	return access_check(env, f->target, ACCESS_READ) &&
	    rule_check(env, f->target, ACCESS_READ, others);
}

/* What the records are linked with as the user sees it, but for some. */
static bool
many2many_linked(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *without, struct ids *out)
{
	const struct expr	*other = many2many_other(env, f), *where;
	struct query		*q = query_new(env->arena, f->link, 1);
	struct ids		 all;

	if (!x2many_where(env, f, true, &where))
		return false;
	q->columns[0] = other;
	q->where = expr_and(env->arena, ids_in(env, f->link_own, ids),
	    many2many_through(env, f, other, where));
	if (!x2many_select(env, q, &all))
		return false;
	ids_without(env, &all, without, out);
	return true;
}

static bool
many2many_set(struct env *env, const struct field *f, const struct ids *ids,
    bool first, const struct ids *others)
{
	struct ids	 gone = { 0 };

	return many2many_may(env, f, others) &&
	    (first || many2many_linked(env, f, ids, others, &gone)) &&
	    many2many_change(env, f, ids, &gone, others);
}

/* One record, linked to all of them. */
static bool
many2many_create(struct env *env, const struct field *f,
    const struct ids *ids, const struct value *vals)
{
	struct value	 none = value_dict(env->arena);
	int64_t		 id;

	return command_create(env, f, vals == NULL ? &none : vals, &id) &&
	    many2many_change(env, f, ids, &nothing, &(struct ids){ &id, 1 });
}

/* first: the records have no links yet. */
static bool
many2many_run(struct env *env, const struct field *f, const struct ids *ids,
    bool first, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_CREATE:
		return many2many_create(env, f, ids, c->vals);
	case COMMAND_UPDATE:
		return c->vals == NULL ||
		    command_update(env, f, &c->ids, c->vals);
	case COMMAND_DELETE:
		return model_unlink(env, f->target, &c->ids);
	case COMMAND_UNLINK:
		return many2many_may(env, f, &c->ids) &&
		    many2many_change(env, f, ids, &c->ids, &nothing);
	case COMMAND_LINK:
		return many2many_may(env, f, &c->ids) &&
		    many2many_change(env, f, ids, &nothing, &c->ids);
	default:
		return many2many_set(env, f, ids, first, &c->ids);
	}
}

static bool
many2many_save(struct env *env, const struct field *f, const struct ids *ids,
    bool created, const struct value *in)
{
	return command_each(env, f, ids, created, in, many2many_run);
}

const struct field_type	 field_many2many = {
	.name = "many2many",
	.column = COL_NONE,
	.cells = 1,
	.convert = x2many_convert,
	.operand = x2many_operand,
	.present = x2many_present,
	.expr = many2many_expr,
	.save = many2many_save,
	.describe = x2many_describe,
};
