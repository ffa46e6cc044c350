/* Stored computed fields follow what is written: formula_before, _after. */

#include <string.h>

#include "base/arena.h"
#include "orm/change_log.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "orm/model.h"
#include "orm/vals.h"
#include "store/store.h"

#define RECOMPUTE_STEPS	2	/* of a path, in one question */

/* Rows of a model that may not be up to date. */
struct suspect {
	const struct expr	*where;
	struct suspect		*next;
};

/* A computed field, and where it is to be looked at. */
struct stale {
	const struct field	*field;
	struct suspect		*suspects;
	int			 rounds;	/* that changed something */
	struct stale		*next;
};

/* Records whose computed fields have changed. */
struct touched {
	const struct model	*model;
	struct ids		 ids;
	struct touched		*next;
};

struct recompute {
	const struct model		*model;	/* of what is written */
	struct ids			 ids;
	const struct field *const	*fields;
	size_t				 n;
	struct stale			*stale;
	struct touched			*touched;
};

/* A condition on a column that holds ids: of the records themselves, or of
 * those that where finds in the table. */
static const struct expr *
recompute_to(struct env *env, const struct expr *own, const char *table,
    const struct ids *ids, const struct expr *where)
{
	struct value	 list = ids_value(env, ids);
	struct query	*q;

	if (where == NULL)
		return expr_in(env->arena, own, &list);
	q = query_new(env->arena, table, 1);
	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = where;
	return expr_in_query(env->arena, own, q);
}

/* The rows from which a list leads to the records. */
static const struct expr *
recompute_list(struct env *env, const struct field *f,
    const struct ids *ids, const struct expr *where)
{
	struct arena		*a = env->arena;
	const struct expr	*id = expr_column(a, "id", COL_ID, 0);
	bool			 link = f->link != NULL;
	struct query		*q = query_new(a, link ? f->link :
	    f->target->table, 1);

	q->columns[0] = expr_column(a, link ? f->link_own :
	    f->inverse->column, COL_ID, 0);
	if (link)
		q->where = recompute_to(env, expr_column(a, f->link_other,
		    COL_ID, 0), f->target->table, ids, where);
	else
		q->where = where != NULL ? where : ids_in(env, "id", ids);
	return expr_in_query(a, id, q);
}

static bool
recompute_find(struct env *env, const struct model *m,
    const struct expr *where, struct ids *ids)
{
	struct query	*q = query_new(env->arena, m->table, 1);

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = where;
	return ids_select(env, q, ids);
}

/* The rows of the field's model from which it leads to the records. */
static const struct expr *
recompute_step(struct env *env, const struct field *f,
    const struct ids *ids, const struct expr *where)
{
	const struct expr	*own;

	if (field_is_x2many(f))
		return recompute_list(env, f, ids, where);
	own = field_expr(env, f);
	return own == NULL ? NULL : recompute_to(env, own, f->target->table,
	    ids, where);
}

/* The rows of the computed field's model from which the path leads there; on
 * a long way they are looked up in between, lest the question is too deep. */
static const struct expr *
recompute_from(struct env *env, const struct dependent *d,
    const struct ids *ids)
{
	struct env		 su = env_sudo(env);
	const struct expr	*where = NULL;
	struct ids		 found;

	if (d->npath == 0)
		return ids_in(env, "id", ids);
	su.lang = NULL;
	for (size_t i = d->npath; i-- > 0;) {
		const struct field	*f = d->path[i];

		if ((where = recompute_step(&su, f, ids, where)) == NULL)
			return NULL;
		if (i == 0 || (d->npath - i) % RECOMPUTE_STEPS != 0)
			continue;
		if (!recompute_find(env, f->model, where, &found))
			return NULL;
		ids = &found;
		where = NULL;
	}
	return where;
}

static void
recompute_suspect(struct env *env, struct recompute *rc,
    const struct field *f, const struct expr *where)
{
	struct suspect	*s = arena_alloc(env->arena, sizeof *s);
	struct stale	*stale = rc->stale;

	while (stale != NULL && stale->field != f)
		stale = stale->next;
	if (stale == NULL) {
		stale = arena_alloc(env->arena, sizeof *stale);
		stale->field = f;
		stale->next = rc->stale;
		rc->stale = stale;
	}
	s->where = where;
	s->next = stale->suspects;
	stale->suspects = s;
}

/* What happens to the records: they are written, come or go. */
enum when { LED_BEFORE, LEADS_NOW, CREATED, GOING };

static bool
recompute_wants(const struct dependent *d, enum when when)
{
	const struct field	*last = d->npath == 0 ? NULL :
	    d->path[d->npath - 1];

	if (when == LED_BEFORE || when == LEADS_NOW)
		return when == LEADS_NOW || d->moves;
	return last != NULL && (last->inverse != NULL ||
	    (when == GOING && field_is_x2many(last)));
}

/* Suspects what follows the field of the records. */
static bool
recompute_follow(struct env *env, struct recompute *rc,
    const struct field *f, const struct ids *ids, enum when when)
{
	for (const struct dependent *d = formula_place(f)->dependents;
	    d != NULL; d = d->next) {
		const struct expr	*where;
		struct ids		 found;

		if (!recompute_wants(d, when))
			continue;
		if ((where = recompute_from(env, d, ids)) == NULL)
			return false;
		if (when == LED_BEFORE || when == GOING) {
			if (!recompute_find(env, d->field->model, where,
			    &found))
				return false;
			if (found.n == 0)
				continue;
			where = ids_in(env, "id", &found);
		}
		recompute_suspect(env, rc, d->field, where);
	}
	return true;
}

const struct expr *
formula_differs(struct arena *a, const struct expr *column,
    const struct expr *e)
{
	const struct expr	*unset = expr_unary(a, EXPR_IS_NULL, column);
	const struct expr	*nothing = expr_unary(a, EXPR_IS_NULL, e);

	return expr_or(a, expr_binary(a, EXPR_NE, column, e), expr_or(a,
	    expr_and(a, unset, expr_unary(a, EXPR_NOT, nothing)),
	    expr_and(a, expr_unary(a, EXPR_NOT, unset), nothing)));
}

/* The suspects whose value is another than the formula's, each once. */
static bool
recompute_changed(struct env *env, struct stale *stale,
    const struct expr *e, struct ids *ids)
{
	const struct field	*f = stale->field;
	const struct expr	*differs = formula_differs(env->arena,
	    expr_column(env->arena, f->column, e->type, e->scale), e);
	struct ids		 all = { 0 }, some;

	for (const struct suspect *s = stale->suspects; s != NULL;
	    s = s->next) {
		if (!recompute_find(env, f->model, expr_and(env->arena,
		    s->where, differs), &some))
			return false;
		for (size_t i = 0; i < some.n; i++)
			ids_add(env, &all, some.v[i]);
	}
	stale->suspects = NULL;
	ids_once(env, &all, ids);
	return true;
}

static bool
recompute_update(struct env *env, const struct field *f,
    const struct expr *e, const struct ids *ids)
{
	struct assign	 set[] = {
		{ f->column, value_null(), e },
		{ "write_uid", value_int(env->uid), NULL },
		{ "write_date", value_datetime(env->now), NULL },
	};
	bool		 log = model_field(f->model, "write_date") != NULL;
	int64_t		 changed;

	return store_update(env->store, f->model->table,
	    ids_in(env, "id", ids), set, log ? 3 : 1, &changed,
	    env->err) || vals_refused(env, f->model);
}

static bool
recompute_set(struct env *env, struct recompute *rc, struct stale *stale,
    const struct expr *e, const struct ids *ids)
{
	const struct field	*f = stale->field;
	struct touched		*t;

	if (stale->rounds++ == FORMULA_LEVELS)
		return err_field(env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s of %s depends on itself, over more than %d "
		    "records", f->name, f->model->name, FORMULA_LEVELS);
	t = arena_alloc(env->arena, sizeof *t);
	*t = (struct touched){ f->model, *ids, rc->touched };
	rc->touched = t;
	return recompute_follow(env, rc, f, ids, LED_BEFORE) &&
	    recompute_update(env, f, e, ids) &&
	    recompute_follow(env, rc, f, ids, LEADS_NOW);
}

static bool
recompute_field(struct env *env, struct recompute *rc, struct stale *stale)
{
	const struct expr	*e;
	struct reach		 reach = { 0 };
	struct ids		 ids;

	return (e = formula_field(env, stale->field, &reach)) != NULL &&
	    recompute_changed(env, stale, e, &ids) &&
	    (ids.n == 0 || recompute_set(env, rc, stale, e, &ids));
}

/* What depends on others comes after them. */
static struct stale *
recompute_next(const struct recompute *rc)
{
	struct stale	*next = NULL;

	for (struct stale *s = rc->stale; s != NULL; s = s->next)
		if (s->suspects != NULL && (next == NULL ||
		    formula_place(s->field)->rank <
		    formula_place(next->field)->rank))
			next = s;
	return next;
}

/* One entry for each record, but for those that the caller logs. */
static bool
recompute_log(struct env *env, struct recompute *rc)
{
	for (struct touched *t = rc->touched; t != NULL; t = t->next) {
		struct ids	 all = { 0 }, once, left = { 0 };
		size_t		 at;

		if (t->ids.n == 0)
			continue;
		for (struct touched *u = t; u != NULL; u = u->next) {
			if (u->model != t->model)
				continue;
			for (size_t i = 0; i < u->ids.n; i++)
				ids_add(env, &all, u->ids.v[i]);
			u->ids.n = 0;
		}
		ids_once(env, &all, &once);
		for (size_t i = 0; i < once.n; i++)
			if (t->model != rc->model ||
			    !ids_find(&rc->ids, once.v[i], &at))
				ids_add(env, &left, once.v[i]);
		if (left.n != 0 && !change_log(env, t->model, &left, "write"))
			return false;
	}
	return true;
}

static bool
recompute_run(struct env *env, struct recompute *rc)
{
	struct stale	*s;

	while ((s = recompute_next(rc)) != NULL)
		if (!recompute_field(env, rc, s))
			return false;
	return recompute_log(env, rc);
}

static struct recompute *
recompute_new(struct env *env, const struct model *m, const struct ids *ids,
    const struct field *const *fields, size_t n)
{
	struct recompute	 *rc = arena_alloc(env->arena, sizeof *rc);
	const struct field	**mine = arena_array(env->arena, n,
	    sizeof *mine);

	if (n != 0)
		memcpy(mine, fields, n * sizeof *mine);
	rc->model = m;
	rc->fields = mine;
	rc->n = n;
	ids_once(env, ids, &rc->ids);
	return rc;
}

bool
formula_before(struct env *env, const struct model *m, const struct ids *ids,
    const struct field *const *fields, size_t n, struct recompute **out)
{
	const struct field	*id = &m->fields[0];
	bool			 any = false;

	*out = NULL;
	if (fields == NULL)
		any = formula_place(id)->dependents != NULL;
	for (size_t i = 0; i < n; i++)
		any = any || formula_place(fields[i])->dependents != NULL;
	if (!any || ids->n == 0)
		return true;
	*out = recompute_new(env, m, ids, fields, n);
	if (fields == NULL)
		return recompute_follow(env, *out, id, ids, GOING);
	for (size_t i = 0; i < n; i++)
		if (!recompute_follow(env, *out, fields[i], ids, LED_BEFORE))
			return false;
	return true;
}

bool
formula_after(struct env *env, struct recompute *rc)
{
	if (rc == NULL)
		return true;
	for (size_t i = 0; i < rc->n; i++)
		if (!recompute_follow(env, rc, rc->fields[i], &rc->ids,
		    LEADS_NOW))
			return false;
	return recompute_run(env, rc);
}

bool
formula_created(struct env *env, const struct model *m, int64_t id,
    bool computed)
{
	struct ids		 ids = { &id, 1 };
	struct recompute	*rc;

	if (computed && formula_place(&m->fields[0])->dependents == NULL)
		return true;
	rc = recompute_new(env, m, &ids, NULL, 0);
	for (size_t i = 0; !computed && i < m->nfields; i++) {
		const struct field	*f = &m->fields[i];

		if (f->compute != NULL && f->column != NULL)
			recompute_suspect(env, rc, f,
			    ids_in(env, "id", &ids));
	}
	return recompute_follow(env, rc, &m->fields[0], &ids, CREATED) &&
	    recompute_run(env, rc);
}
