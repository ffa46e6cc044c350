#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/change_log.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

#define UNLINK_DEPTH	32	/* of cascades */

static bool	unlink_records(struct env *, const struct model *,
		    const struct ids *, int depth);

static const struct expr *
unlink_in(struct env *env, const char *column, const struct ids *ids)
{
	struct value	 list = ids_value(env, ids);

	return expr_in(env->arena, expr_column(env->arena, column, COL_ID, 0),
	    &list);
}

/*
 * The records of f's model that point to one of ids and do not go with them;
 * at most limit of them, 0: all.
 */
static bool
unlink_referring(struct env *env, const struct field *f, const struct ids *ids,
    int64_t limit, struct ids *out)
{
	struct query	*q = query_new(env->arena, f->model->table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = unlink_in(env, f->column, ids);
	if (f->model == f->target)
		q->where = expr_and(env->arena, q->where,
		    expr_unary(env->arena, EXPR_NOT,
		    unlink_in(env, "id", ids)));
	q->limit = limit;
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*out = (struct ids){ 0 };
	for (size_t i = 0; i < rows.n; i++)
		ids_add(env, out, rows.cells[i].u.i);
	return true;
}

static bool
unlink_restrict(struct env *env, const struct field *f, const struct ids *ids)
{
	struct ids	 refs;

	if (!unlink_referring(env, f, ids, 1, &refs))
		return false;
	if (refs.n == 0)
		return true;
	return err_field(env->err, ERR_FOREIGN, f->model->name, f->name,
	    "The record cannot be deleted: %s (%s) of %s (%s), record %lld, "
	    "still refers to it. Archive it instead, if possible.",
	    f->string, f->name, f->model->description, f->model->name,
	    (long long)refs.v[0]);
}

static bool
unlink_clear(struct env *env, const struct field *f, const struct ids *ids)
{
	struct assign	 none = { .column = f->column };
	int64_t		 changed;

	return store_update(env->store, f->model->table,
	    unlink_in(env, f->column, ids), &none, 1, &changed, env->err);
}

static bool
unlink_reference(struct env *env, const struct field *f, const struct ids *ids,
    int depth)
{
	struct ids	 refs;

	switch (f->ondelete) {
	case ONDELETE_RESTRICT:
		return unlink_restrict(env, f, ids);
	case ONDELETE_SET_NULL:
		return unlink_clear(env, f, ids);
	default:
		return unlink_referring(env, f, ids, 0, &refs) &&
		    (refs.n == 0 ||
		    unlink_records(env, f->model, &refs, depth + 1));
	}
}

/* Rows of link tables go with either end. */
static bool
unlink_links(struct env *env, const struct model *owner,
    const struct model *m, const struct ids *ids)
{
	size_t	 n = owner->links == NULL ? 0 : map_count(owner->links);

	for (size_t i = 0; i < n; i++) {
		const struct value	*columns = map_at(owner->links, i);

		for (size_t j = 0; j < map_count(columns->u.dict); j++) {
			int64_t	 changed;

			if (!value_is_text(map_at(columns->u.dict, j), m->name))
				continue;
			if (!store_delete(env->store,
			    map_key(owner->links, i).p, unlink_in(env,
			    map_key(columns->u.dict, j).p, ids), &changed,
			    env->err))
				return false;
		}
	}
	return true;
}

static bool
unlink_references(struct env *env, const struct model *m,
    const struct ids *ids, int depth)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*other = registry_at(env->reg, i);

		if (!unlink_links(env, other, m, ids))
			return false;
		for (size_t j = 0; j < other->nfields; j++) {
			const struct field	*f = &other->fields[j];

			if (f->target == m && f->column != NULL &&
			    !unlink_reference(env, f, ids, depth))
				return false;
		}
	}
	return true;
}

/* External ids of the records. */
static bool
unlink_names(struct env *env, const struct model *m, const struct ids *ids)
{
	int64_t	 changed;

	return store_delete(env->store, "ir_model_data", expr_and(env->arena,
	    expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, "model", COL_TEXT, 0),
	    expr_value(env->arena, value_text(m->name))),
	    unlink_in(env, "res_id", ids)), &changed, env->err);
}

static bool
unlink_records(struct env *env, const struct model *m, const struct ids *ids,
    int depth)
{
	const struct observer	*o = m->observer;
	int64_t			 changed;

	if (depth > UNLINK_DEPTH)
		return env_fail(env, ERR_VALIDATION, "The deletion would "
		    "cascade over more than %d levels.", UNLINK_DEPTH);
	if (o != NULL && o->unlinking != NULL && !o->unlinking(env, m, ids))
		return false;
	if (!unlink_references(env, m, ids, depth) ||
	    !unlink_names(env, m, ids) ||
	    !change_log(env, m, ids, "unlink") ||
	    !store_delete(env->store, m->table, unlink_in(env, "id", ids),
	    &changed, env->err))
		return false;
	if ((size_t)changed != ids->n)
		return env_fail(env, ERR_MISSING,
		    "Record does not exist or has been deleted.");
	return true;
}

bool
model_unlink(struct env *env, const struct model *m, const struct ids *given)
{
	struct ids	 ids, there;

	if (!access_check(env, m, ACCESS_UNLINK))
		return false;
	ids_once(env, given, &ids);
	if (!model_exists(env, m, &ids, &there))
		return false;
	if (there.n != ids.n)
		return env_fail(env, ERR_MISSING,
		    "Record does not exist or has been deleted.");
	return ids.n == 0 || unlink_records(env, m, &ids, 0);
}
