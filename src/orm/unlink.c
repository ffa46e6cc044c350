#include "base/arena.h"
#include "orm/access.h"
#include "orm/change_log.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "orm/translation.h"
#include "store/query.h"
#include "store/store.h"

#define UNLINK_STEPS	1000	/* of cascades, one from the other */

/* Records that were found together, whose own references are to be followed. */
struct step {
	const struct model	*model;
	struct ids		 ids;
	struct step		*next;
};

/* All that goes: what was asked for, and what goes with it. */
struct unlink {
	struct env	 *env;
	/* of the start: an observer may bring a new one */
	const struct registry	*reg;
	struct ids	 *gone;		/* by the model's place, sorted */
	struct recompute **after;	/* likewise */
	struct step	**last;
	size_t		  nsteps;
};

/* What is to be done about a field that refers to records that go. */
typedef bool	 unlink_reference(struct unlink *, const struct field *,
		    const struct ids *);

static struct ids *
unlink_gone(const struct unlink *u, const struct model *m)
{
	size_t	 i = 0;

	while (registry_at(u->reg, i) != m)
		i++;
	return &u->gone[i];
}

/* The records of the model that where finds and that are not known to go. */
static bool
unlink_find(struct unlink *u, const struct model *m, const struct expr *where,
    struct ids *out)
{
	const struct ids	*gone = unlink_gone(u, m);
	struct env		*env = u->env;
	struct query		*q = query_new(env->arena, m->table, 1);
	struct ids		 all;

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = where;
	if (!ids_select(env, q, &all))
		return false;
	ids_without(env, &all, gone, out);
	return true;
}

/* Sorted ids that are not among them yet, each to its place. */
static void
unlink_merge(struct env *env, struct ids *gone, const struct ids *ids)
{
	size_t	 i = gone->n, j = ids->n;

	for (size_t k = 0; k < ids->n; k++)
		ids_add(env, gone, ids->v[k]);
	while (j > 0) {
		bool	 keep = i > 0 && gone->v[i - 1] > ids->v[j - 1];

		gone->v[i + j - 1] = keep ? gone->v[i - 1] : ids->v[j - 1];
		i -= keep;
		j -= !keep;
	}
}

/* ids are not known to go yet. */
static bool
unlink_add(struct unlink *u, const struct model *m, const struct ids *ids)
{
	struct step	*step;

	if (ids->n == 0)
		return true;
	if (++u->nsteps > UNLINK_STEPS)
		return env_fail(u->env, ERR_VALIDATION, "The deletion would "
		    "cascade over more than %d steps.", UNLINK_STEPS);
	step = arena_alloc(u->env->arena, sizeof *step);
	step->model = m;
	ids_once(u->env, ids, &step->ids);
	unlink_merge(u->env, unlink_gone(u, m), &step->ids);
	*u->last = step;
	u->last = &step->next;
	return true;
}

static bool
unlink_references(struct unlink *u, const struct model *m,
    const struct ids *ids, unlink_reference *act)
{
	for (size_t i = 0; i < registry_count(u->reg); i++) {
		const struct model	*other = registry_at(u->reg, i);

		for (size_t j = 0; j < other->nfields; j++) {
			const struct field	*f = &other->fields[j];

			if (f->target == m && f->column != NULL &&
			    !act(u, f, ids))
				return false;
		}
	}
	return true;
}

static bool
unlink_cascade(struct unlink *u, const struct field *f, const struct ids *ids)
{
	struct ids	 refs;

	return f->ondelete != ONDELETE_CASCADE ||
	    (unlink_find(u, f->model, ids_in(u->env, f->column, ids),
	    &refs) && unlink_add(u, f->model, &refs));
}

static const struct expr *
unlink_equal(struct env *env, const char *column, const char *text)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, COL_TEXT, 0),
	    expr_value(env->arena, value_text(text)));
}

static bool
unlink_attachments(struct unlink *u, const struct model *m,
    const struct ids *ids)
{
	struct env		*env = u->env;
	const struct model	*files = registry_model(u->reg,
	    "ir.attachment");
	struct ids		 refs;

	return files == NULL ||
	    (unlink_find(u, files, expr_and(env->arena,
	    unlink_equal(env, "res_model", m->name),
	    ids_in(env, "res_id", ids)), &refs) &&
	    unlink_add(u, files, &refs));
}

/* The user is told of the record only if he may read it. */
static bool
unlink_refuse(struct env *env, const struct field *f, int64_t id)
{
	const struct model	*m = f->model;
	struct ids		 ids = { &id, 1 };
	const char		*which = "";
	int64_t			 hidden;
	bool			 may;

	if (!access_allowed(env, m, ACCESS_READ, &may) ||
	    !rule_hidden(env, m, ACCESS_READ, &ids, &hidden))
		return false;
	if (may && hidden == 0)
		which = arena_printf(env->arena, ", record %lld,",
		    (long long)id);
	return err_field(env->err, ERR_FOREIGN, m->name, f->name,
	    "The record cannot be deleted: %s (%s) of %s (%s)%s still refers "
	    "to it. Archive it instead, if possible.", f->string, f->name,
	    m->description, m->name, which);
}

/* What refers to them and stays no longer does, as if it were written so. */
static bool
unlink_clear(struct env *env, const struct field *f, const struct ids *refs)
{
	const struct observer	*o = f->model->observer;
	struct assign		 none = { .column = f->column };
	struct value		 vals = value_dict(env->arena);
	struct recompute	*rc;
	int64_t			 changed;

	value_set(env->arena, &vals, f->name, value_null());
	return formula_before(env, f->model, refs, &f, 1, &rc) &&
	    store_update(env->store, f->model->table,
	    ids_in(env, "id", refs), &none, 1, &changed, env->err) &&
	    formula_after(env, rc) &&
	    change_log(env, f->model, refs, "write") &&
	    (o == NULL || o->written == NULL ||
	    o->written(env, f->model, refs, &vals));
}

static bool
unlink_rest(struct unlink *u, const struct field *f, const struct ids *ids)
{
	struct ids	 refs;

	if (f->ondelete == ONDELETE_CASCADE)
		return true;
	if (!unlink_find(u, f->model, ids_in(u->env, f->column, ids),
	    &refs))
		return false;
	if (refs.n == 0)
		return true;
	if (f->ondelete == ONDELETE_RESTRICT)
		return unlink_refuse(u->env, f, refs.v[0]);
	return unlink_clear(u->env, f, &refs);
}

static bool
unlink_link(struct env *env, const char *table, const char *column,
    const struct ids *ids)
{
	int64_t	 changed;

	return store_delete(env->store, table, ids_in(env, column, ids),
	    &changed, env->err);
}

/* Rows of link tables go with either end. */
static bool
unlink_links(struct env *env, const struct model *of, const struct model *m,
    const struct ids *ids)
{
	for (size_t i = 0; i < of->nfields; i++) {
		const struct field	*f = &of->fields[i];

		if (f->link == NULL || f->compute != NULL)
			continue;
		if (of == m && !unlink_link(env, f->link, f->link_own, ids))
			return false;
		if (f->target == m && f->mirror == NULL &&
		    !unlink_link(env, f->link, f->link_other, ids))
			return false;
	}
	return true;
}

/* The external ids of the records. */
static bool
unlink_names(struct env *env, const struct model *m, const struct ids *ids)
{
	int64_t	 changed;

	return store_delete(env->store, "ir_model_data", expr_and(env->arena,
	    unlink_equal(env, "model", m->name),
	    ids_in(env, "res_id", ids)), &changed, env->err);
}

static bool
unlink_rows(struct env *env, const struct model *m, const struct ids *ids)
{
	int64_t	 changed;

	for (size_t i = 0; i < registry_count(env->reg); i++)
		if (!unlink_links(env, registry_at(env->reg, i), m, ids))
			return false;
	return unlink_names(env, m, ids) &&
	    translation_unlink(env, m, ids) &&
	    change_log(env, m, ids, "unlink") &&
	    store_delete(env->store, m->table, ids_in(env, "id", ids),
	    &changed, env->err);
}

/* Everything that goes is known: asks the observers, frees the rest of it. */
static bool
unlink_prepare(struct unlink *u, const struct model *m)
{
	const struct ids	*ids = unlink_gone(u, m);
	const struct observer	*o = m->observer;

	return ids->n == 0 ||
	    ((o == NULL || o->unlinking == NULL ||
	    o->unlinking(u->env, m, ids)) &&
	    unlink_references(u, m, ids, unlink_rest));
}

static bool
unlink_done(struct env *env, const struct model *m, const struct ids *ids)
{
	const struct observer	*o = m->observer;

	return o == NULL || o->unlinked == NULL || o->unlinked(env, m, ids);
}

/* All rows at once; what was computed of them follows. */
static bool
unlink_all(struct unlink *u)
{
	struct env	*env = u->env;
	size_t		 n = registry_count(u->reg);

	for (size_t i = 0; i < n; i++)
		if (!formula_before(env, registry_at(u->reg, i),
		    &u->gone[i], NULL, 0, &u->after[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		if (u->gone[i].n != 0 && !unlink_rows(env,
		    registry_at(u->reg, i), &u->gone[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!formula_after(env, u->after[i]))
			return false;
	for (size_t i = 0; i < n; i++)
		if (u->gone[i].n != 0 && !unlink_done(env,
		    registry_at(u->reg, i), &u->gone[i]))
			return false;
	return true;
}

static bool
unlink_records(struct env *env, const struct model *m, const struct ids *ids)
{
	size_t		 n = registry_count(env->reg);
	struct step	*first = NULL;
	struct unlink	 u = { .env = env, .reg = env->reg, .last = &first };

	u.gone = arena_array(env->arena, n, sizeof *u.gone);
	u.after = arena_array(env->arena, n, sizeof *u.after);
	if (!unlink_add(&u, m, ids))
		return false;
	for (const struct step *s = first; s != NULL; s = s->next)
		if (!unlink_references(&u, s->model, &s->ids,
		    unlink_cascade) ||
		    !unlink_attachments(&u, s->model, &s->ids))
			return false;
	for (size_t i = 0; i < n; i++)
		if (!unlink_prepare(&u, registry_at(u.reg, i)))
			return false;
	return unlink_all(&u);
}

bool
model_unlink(struct env *env, const struct model *m, const struct ids *given)
{
	struct ids	 ids, there;

	if (!access_check(env, m, ACCESS_UNLINK))
		return false;
	ids_once(env, given, &ids);
	if (!rule_check(env, m, ACCESS_UNLINK, &ids) ||
	    !model_exists(env, m, &ids, &there))
		return false;
	if (there.n != ids.n)
		return model_missing(env);
	return unlink_records(env, m, &ids);
}
