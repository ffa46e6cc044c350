/* From a relation to the records it points to: semantics 1.7, 1.8. */

#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/rule.h"

bool
domain_reach(struct env *env, const struct model *m, bool archived,
    const struct expr **where)
{
	struct arena		*a = env->arena;
	const struct expr	*rule, *active;

	if (!access_check(env, m, ACCESS_READ) ||
	    !rule_where(env, m, ACCESS_READ, &rule))
		return false;
	if (rule != NULL)
		*where = expr_and(a, *where, rule);
	if (archived || m->active == NULL ||
	    !env_flag(env, "active_test", true))
		return true;
	if ((active = field_expr(env, m->active)) == NULL)
		return false;
	*where = expr_and(a, *where, expr_binary(a, EXPR_EQ, active,
	    expr_value(a, value_bool(true))));
	return true;
}

static struct query *
link_query(struct env *env, const char *table, const char *column)
{
	struct query	*q = query_new(env->arena, table, 1);

	q->columns[0] = expr_column(env->arena, column, COL_ID, 0);
	return q;
}

/* The field that a path ends at, or NULL. */
static const struct field *
link_last(const struct model *m, const char *path)
{
	const struct field	*f = NULL;

	for (;;) {
		struct span	 step = { path, strcspn(path, ".") };

		f = m == NULL ? NULL : model_field_span(m, step);
		if (f == NULL || path[step.n] == '\0')
			return f;
		m = f->target;
		path += step.n + 1;
	}
}

/*
 * The id of the record that an x2many's lines belong to: a related one's are
 * those of another record's field, which f then is.
 */
static const struct expr *
link_owner(struct env *env, const struct field **f)
{
	struct formula		 path = { .kind = FORMULA_PATH };
	const struct field	*of = *f, *last;
	const char		*dot;

	if (of->related == NULL)
		return expr_column(env->arena, "id", COL_ID, 0);
	last = link_last(of->model, of->related);
	dot = strrchr(of->related, '.');
	if (last == NULL || last->related != NULL || !field_is_x2many(last)) {
		err_field(env->err, ERR_VALUE, of->model->name, of->name,
		    "%s of %s cannot be searched through %s", of->name,
		    of->model->name, of->related);
		return NULL;
	}
	*f = last;
	if (dot == NULL)
		return expr_column(env->arena, "id", COL_ID, 0);
	path.name = (struct span){ of->related, (size_t)(dot - of->related) };
	return formula_compile(env, of->model, &path);
}

/* The link table's rows whose other end is in the list, or meets where. */
static const struct expr *
link_other(struct env *env, const struct field *f, const struct value *ids,
    const struct expr *where)
{
	struct arena		*a = env->arena;
	const struct expr	*other;
	struct query		*q;

	other = expr_column(a, f->link_other, COL_ID, 0);
	if (where == NULL)
		return ids == NULL ? NULL : expr_in(a, other, ids);
	q = link_query(env, f->target->table, "id");
	q->where = where;
	return expr_in_query(a, other, q);
}

static const struct expr *
link_lines(struct env *env, const struct field *f, const struct value *ids,
    const struct expr *where)
{
	struct arena		*a = env->arena;
	const struct expr	*owner = link_owner(env, &f);
	struct query		*q;

	if (owner == NULL)
		return NULL;
	if (where != NULL && where->op == EXPR_TRUE)
		where = NULL;
	if (ids != NULL && (where != NULL || f->link == NULL))
		where = expr_and(a, expr_in(a,
		    expr_column(a, "id", COL_ID, 0), ids), where);
	if (f->link != NULL) {
		q = link_query(env, f->link, f->link_own);
		q->where = link_other(env, f, ids, where);
		return expr_in_query(a, owner, q);
	}
	q = link_query(env, f->target->table, f->inverse->column);
	q->where = expr_and(a, expr_unary(a, EXPR_NOT,
	    expr_unary(a, EXPR_IS_NULL, q->columns[0])), where);
	return expr_in_query(a, owner, q);
}

const struct expr *
domain_points(struct env *env, const struct field *f, const struct expr *where)
{
	const struct expr	*c;
	struct query		*q;

	if (where == NULL)
		return NULL;
	if (field_is_x2many(f))
		return link_lines(env, f, NULL, where);
	if ((c = field_expr(env, f)) == NULL)
		return NULL;
	q = link_query(env, f->target->table, "id");
	q->where = where;
	return expr_in_query(env->arena, c, q);
}

const struct expr *
domain_holds(struct env *env, const struct field *f, const struct value *ids)
{
	const struct expr	*where = NULL;

	if (!domain_reach(env, f->target, true, &where))
		return NULL;
	if (ids->u.list->n == 0)
		return expr_bool(env->arena, false);
	return link_lines(env, f, ids, where);
}

/* Row by row, so that a page needs no more rows than it shows. */
static const struct expr *
link_exists(struct env *env, const struct field *f, const struct expr *where)
{
	struct arena		*a = env->arena;
	struct query		*q = query_new(a, f->link != NULL ? f->link :
	    f->target->table, 0);
	const struct expr	*own;

	own = expr_column(a, f->link != NULL ? f->link_own :
	    f->inverse->column, COL_ID, 0);
	if (f->link != NULL)
		where = link_other(env, f, NULL, where);
	q->where = expr_and(a, expr_binary(a, EXPR_EQ, own,
	    expr_outer(a, "id", COL_ID)), where);
	return expr_exists(a, q);
}

const struct expr *
domain_filled(struct env *env, const struct field *f)
{
	const struct expr	*where = NULL;

	if (!domain_reach(env, f->target, true, &where))
		return NULL;
	return f->related != NULL ? link_lines(env, f, NULL, where) :
	    link_exists(env, f, where);
}

const struct expr *
domain_points_not(struct env *env, const struct expr *points)
{
	struct arena		*a = env->arena;
	const struct expr	*not = expr_unary(a, EXPR_NOT, points);
	const struct expr	*from = points->args[0];

	if (points->op != EXPR_IN_QUERY ||
	    (from->op == EXPR_COLUMN && strcmp(from->name, "id") == 0))
		return not;
	return expr_or(a, not, expr_unary(a, EXPR_IS_NULL, from));
}
