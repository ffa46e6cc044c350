/* count(), sum(), min(), max(), avg(): over the records a path leads to. */

#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"

/* The relations of a path up to the last that leads to many records. */
struct way {
	struct formula_scope	*scope;
	const struct field	*steps[FORMULA_STEPS];
	size_t			 n;
	struct span		 rest;		/* of the path */
};

static const struct expr *
way_column(const struct way *w, const char *name)
{
	return expr_column(w->scope->env->arena, name, COL_ID, 0);
}

/* The ids that the query over a table gives of one of its columns. */
static struct query *
way_query(const struct way *w, const char *table, const struct expr *column,
    const struct expr *where)
{
	struct query	*q = query_new(w->scope->env->arena, table, 1);

	q->columns[0] = column;
	q->where = where;
	return q;
}

/* Which rows of the step's target count at all; NULL: all. */
static bool
way_shown(const struct way *w, size_t step, const struct expr **where)
{
	struct formula_scope	*s = w->scope;
	const struct field	*f = w->steps[step];
	bool			 any = true;

	if (!(field_is_x2many(f) ? x2many_where(s->env, f, false, where) :
	    formula_visible(s->env, f->target, &any, where)))
		return false;
	if (!any || !access_sees(s->env, f))
		*where = expr_bool(s->env->arena, false);
	return true;
}

static const struct query	*way_ids(const struct way *, size_t step,
				    unsigned int further);

/*
 * The column holds the id of a row that the step starts from: of the
 * formula's own, so many queries further out, or of those of the step before.
 */
static const struct expr *
way_from(const struct way *w, size_t step, const char *column,
    unsigned int further)
{
	struct arena		*a = w->scope->env->arena;
	const struct expr	*own = way_column(w, column);
	const struct query	*q;

	if (step == 0)
		return expr_binary(a, EXPR_EQ, own, expr_outer_far(a, "id",
		    COL_ID, further));
	q = way_ids(w, step - 1, further + 1);
	return q == NULL ? NULL : expr_in_query(a, own, q);
}

/* The ids that the step leads to, where another table than theirs has them:
 * that of links, or that of the records before. */
static const struct query *
way_through(const struct way *w, size_t step, const char *table,
    const char *own, const struct expr *other, unsigned int further)
{
	struct arena		*a = w->scope->env->arena;
	const struct expr	*from = way_from(w, step, own, further);
	const struct expr	*shown;

	if (from == NULL || other == NULL || !way_shown(w, step, &shown))
		return NULL;
	if (shown != NULL)
		from = expr_and(a, from, expr_lookup(a, other,
		    w->steps[step]->target->table, shown));
	return way_query(w, table, other, from);
}

/* The rows of the step's target that the path leads to. */
static const struct expr *
way_rows(const struct way *w, size_t step, unsigned int further)
{
	struct arena		*a = w->scope->env->arena;
	const struct field	*f = w->steps[step];
	const struct expr	*from = NULL, *shown;
	const struct query	*q;

	if (f->inverse == NULL) {
		q = way_ids(w, step, further + 1);
		return q == NULL ? NULL : expr_in_query(a,
		    way_column(w, "id"), q);
	}
	from = way_from(w, step, f->inverse->column, further);
	if (from == NULL || !way_shown(w, step, &shown))
		return NULL;
	return expr_and(a, from, shown);
}

static const struct query *
way_ids(const struct way *w, size_t step, unsigned int further)
{
	const struct field	*f = w->steps[step];
	const struct expr	*rows;

	if (f->link != NULL)
		return way_through(w, step, f->link, f->link_own,
		    way_column(w, f->link_other), further);
	if (field_is_many2one(f))
		return way_through(w, step, f->model->table, "id",
		    field_expr_deep(w->scope->env, f, w->scope->reach),
		    further);
	rows = way_rows(w, step, further);
	return rows == NULL ? NULL : way_query(w, f->target->table,
	    way_column(w, "id"), rows);
}

/* Takes the path apart; what follows the last list of records is rest. */
static bool
way_read(struct formula_scope *s, struct span path, struct way *w)
{
	struct formula_scope	 at = *s;
	const struct field	*steps[FORMULA_STEPS];
	struct span		 rest = path;

	*w = (struct way){ .scope = s };
	for (size_t n = 0; rest.n != 0; at.model = steps[n++]->target) {
		const struct field	*f = formula_first(&at, rest, &rest);

		if (f == NULL)
			return false;
		if (f->target == NULL)
			break;
		if (n == FORMULA_STEPS)
			return formula_refuse(s, "goes through more than %d "
			    "relations", FORMULA_STEPS) != NULL;
		steps[n] = f;
		if (!field_is_x2many(f))
			continue;
		w->n = n + 1;
		w->rest = rest;
	}
	memcpy(w->steps, steps, w->n * sizeof *steps);
	return w->n != 0 || formula_refuse(s, "leads to no list of records "
	    "by \"%.*s\"", (int)path.n, path.p) != NULL;
}

static struct expr *
aggregate_select(struct formula_scope *s, const struct way *w,
    const struct expr *column, const struct expr *where)
{
	struct expr	*e = expr_node(s->env->arena, EXPR_SELECT,
	    column->type, column->scale, NULL, NULL);

	e->query = way_query(w, w->steps[w->n - 1]->target->table, column,
	    where);
	return e;
}

static const struct expr *
aggregate_count(struct formula_scope *s, const struct way *w,
    const struct expr *value, const struct expr *where)
{
	struct arena	*a = s->env->arena;

	if (value != NULL)
		where = expr_and(a, where, formula_truth(a, value));
	return aggregate_select(s, w, expr_node(a, EXPR_COUNT, COL_INT, 0,
	    NULL, NULL), where);
}

static enum expr_op
aggregate_op(struct span name)
{
	if (span_is(name, "sum"))
		return EXPR_SUM;
	if (span_is(name, "avg"))
		return EXPR_AVG;
	return span_is(name, "min") ? EXPR_MIN : EXPR_MAX;
}

static const struct expr *
aggregate_values(struct formula_scope *s, const struct formula *f,
    const struct way *w, const struct expr *value, const struct expr *where)
{
	struct arena	*a = s->env->arena;
	enum expr_op	 op = aggregate_op(f->name);
	bool		 number = formula_numeric(value->type);
	bool		 order = value->type == COL_DATE ||
	    value->type == COL_DATETIME || value->type == COL_TEXT;
	enum col_type	 type = value->type;
	unsigned int	 scale = value->scale;

	if (!number && (!order || op == EXPR_SUM || op == EXPR_AVG))
		return formula_refuse(s, "cannot take %s() of %s", f->name.p,
		    formula_type(value->type));
	if (op == EXPR_AVG && type != COL_FLOAT) {
		type = COL_DECIMAL;
		scale = scale > FORMULA_DIGITS ? scale : FORMULA_DIGITS;
	}
	if (number)
		value = formula_zero(a, value);
	return aggregate_select(s, w, expr_node(a, op, type, scale, value,
	    NULL), where);
}

/* What is taken of each record: the end of the path, or the expression. */
static bool
aggregate_value(struct formula_scope *s, const struct formula *f,
    const struct way *w, const struct expr **value)
{
	struct formula_scope	 inner = *s;

	inner.model = w->steps[w->n - 1]->target;
	*value = NULL;
	if (f->nargs == 2 && w->rest.n != 0)
		return formula_refuse(s, "wants a path to records in %s(), "
		    "before the expression", f->name.p) != NULL;
	if (f->nargs == 2)
		*value = formula_expr(&inner, f->args[1]);
	else if (w->rest.n != 0)
		*value = formula_path(&inner, w->rest);
	else
		return span_is(f->name, "count") || formula_refuse(s,
		    "wants a field or an expression in %s()",
		    f->name.p) != NULL;
	return *value != NULL;
}

static const struct expr *
aggregate_many(struct formula_scope *s, const struct formula *f,
    const struct way *w)
{
	const struct field	*f0 = w->steps[0];
	const struct expr	*where, *value, *e = NULL;

	if (!reach_enter(s->env, s->reach, f0))
		return NULL;
	if (aggregate_value(s, f, w, &value) &&
	    (where = way_rows(w, w->n - 1, 0)) != NULL)
		e = span_is(f->name, "count") ?
		    aggregate_count(s, w, value, where) :
		    aggregate_values(s, f, w, value, where);
	reach_leave(s->reach);
	return e;
}

/* many2ones before the first list lead to the record that has it. */
static const struct expr *
aggregate_at(struct formula_scope *s, const struct formula *f,
    struct span path)
{
	struct way		 w;
	struct formula_scope	 inner = *s;
	struct span		 rest;
	const struct expr	*id, *e;

	if (!way_read(s, path, &w))
		return NULL;
	if (field_is_x2many(w.steps[0]))
		return aggregate_many(s, f, &w);
	formula_split(path, &rest);
	inner.model = w.steps[0]->target;
	if (!reach_enter(s->env, s->reach, w.steps[0]))
		return NULL;
	id = field_expr_deep(s->env, w.steps[0], s->reach);
	e = id == NULL ? NULL : aggregate_at(&inner, f, rest);
	reach_leave(s->reach);
	return e == NULL ? NULL : formula_beyond(s, w.steps[0], id, e);
}

const struct expr *
formula_aggregate(struct formula_scope *s, const struct formula *f)
{
	const struct expr	*e;

	if (f->args[0]->kind != FORMULA_PATH)
		return formula_refuse(s, "wants a path of fields in %s()",
		    f->name.p);
	e = aggregate_at(s, f, f->args[0]->name);
	if (e == NULL || (!span_is(f->name, "sum") &&
	    !span_is(f->name, "count")))
		return e;
	return formula_zero(s->env->arena, e);
}
