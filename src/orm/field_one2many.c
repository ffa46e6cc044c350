#include "base/arena.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/command.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "store/store.h"

/* The target's rows whose inverse is this one. */
static const struct expr *
one2many_expr(struct env *env, const struct field *f, struct reach *r)
{
	struct arena		*a = env->arena;
	struct query		*q = query_new(a, f->target->table, 1);
	const struct expr	*where, *own;

	if (!reach_enter(env, r, f) || !x2many_where(env, f, false, &where) ||
	    !x2many_orders(env, f, &q->orders, &q->norders))
		return NULL;
	reach_leave(r);
	own = expr_binary(a, EXPR_EQ,
	    expr_column(a, f->inverse->column, COL_ID, 0),
	    expr_outer(a, "id", COL_ID));
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, own, where);
	return x2many_ids(env, q, own);
}

/* The lines of these records that meet the condition, sorted. */
static bool
one2many_lines(struct env *env, const struct field *f, const struct ids *ids,
    const struct expr *where, struct ids *lines)
{
	struct query	*q = query_new(env->arena, f->target->table, 1);

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = expr_and(env->arena, ids_in(env, f->inverse->column, ids),
	    where);
	return x2many_select(env, q, lines);
}

/* Makes the lines point to the record; NULL: to none. */
static bool
one2many_point(struct env *env, const struct field *f,
    const struct ids *lines, struct value record)
{
	struct value	 vals = value_dict(env->arena);

	if (lines->n == 0)
		return true;
	value_set(env->arena, &vals, f->inverse->name, record);
	return model_write(env, f->target, lines, &vals);
}

/* A line that would go with its record goes; one that needs a record and would
 * not is refused (semantics 4.4). */
static bool
one2many_release(struct env *env, const struct field *f,
    const struct ids *lines)
{
	if (lines->n != 0 && f->inverse->ondelete == ONDELETE_CASCADE)
		return model_unlink(env, f->target, lines);
	return one2many_point(env, f, lines, value_null());
}

/* A line has one record: of several it is the last. */
static bool
one2many_link(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *lines)
{
	struct ids	 last = { &ids->v[ids->n - 1], 1 }, there, more;

	if (!one2many_lines(env, f, &last, NULL, &there))
		return false;
	ids_without(env, lines, &there, &more);
	return one2many_point(env, f, &more, value_int(last.v[0]));
}

static bool
one2many_unlink(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *lines)
{
	struct ids	 own;

	return one2many_lines(env, f, ids, ids_in(env, "id", lines), &own) &&
	    one2many_release(env, f, &own);
}

/* All lines but those to be kept. */
static bool
one2many_clear(struct env *env, const struct field *f, const struct ids *ids,
    const struct ids *keep)
{
	const struct expr	*where;
	struct ids		 lines, rest;

	if (!access_check(env, f->target, ACCESS_READ) ||
	    !x2many_where(env, f, true, &where) ||
	    !one2many_lines(env, f, ids, where, &lines))
		return false;
	ids_without(env, &lines, keep, &rest);
	return one2many_release(env, f, &rest);
}

static bool
one2many_create(struct env *env, const struct field *f, const struct ids *ids,
    const struct value *vals)
{
	for (size_t i = 0; i < ids->n; i++) {
		struct value	 line = value_dict(env->arena);
		int64_t		 id;

		for (size_t j = 0; vals != NULL &&
		    j < map_count(vals->u.dict); j++)
			value_set(env->arena, &line,
			    map_key(vals->u.dict, j).p,
			    *(const struct value *)map_at(vals->u.dict, j));
		value_set(env->arena, &line, f->inverse->name,
		    value_int(ids->v[i]));
		if (!command_create(env, f, &line, &id))
			return false;
	}
	return true;
}

/* first: the records have no lines yet. */
static bool
one2many_run(struct env *env, const struct field *f, const struct ids *ids,
    bool first, const struct command *c)
{
	switch (c->kind) {
	case COMMAND_CREATE:
		return one2many_create(env, f, ids, c->vals);
	case COMMAND_UPDATE:
		return c->vals == NULL ||
		    command_update(env, f, &c->ids, c->vals);
	case COMMAND_DELETE:
		return model_unlink(env, f->target, &c->ids);
	case COMMAND_UNLINK:
		return first || one2many_unlink(env, f, ids, &c->ids);
	case COMMAND_LINK:
		return one2many_link(env, f, ids, &c->ids);
	case COMMAND_CLEAR:
		return first || one2many_clear(env, f, ids, &c->ids);
	default:
		return (first || one2many_clear(env, f, ids, &c->ids)) &&
		    one2many_link(env, f, ids, &c->ids);
	}
}

static bool
one2many_save(struct env *env, const struct field *f, const struct ids *ids,
    bool created, const struct value *in)
{
	return command_each(env, f, ids, created, in, one2many_run);
}

const struct field_type	 field_one2many = {
	.name = "one2many",
	.column = COL_NONE,
	.cells = 1,
	.convert = x2many_convert,
	.operand = x2many_operand,
	.present = x2many_present,
	.expr = one2many_expr,
	.save = one2many_save,
	.describe = x2many_describe,
};
