/* model_search, model_count, model_exists. */

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/operator.h"
#include "orm/order.h"
#include "store/query.h"
#include "store/store.h"

/* Just the children of given records, where those are shown archived too. */
static bool
search_children(const struct model *m, const struct domain *d)
{
	return m->parent_archived && m->parent != NULL &&
	    d->kind == DOMAIN_TERM && d->op->compile == op_set &&
	    !d->op->negate && !domain_is_name(&d->value) &&
	    span_is(d->path, m->parent->name);
}

/* The domain, active records only where semantics 1.11 has it so, and what
 * the user's rules leave. */
bool
model_where(struct env *env, const struct model *m, const struct domain *d,
    const struct expr **where)
{
	bool	 archived = d != NULL && (search_children(m, d) ||
	    (m->active != NULL && domain_names(d, m->active->name)));

	*where = NULL;
	return access_check(env, m, ACCESS_READ) &&
	    (d == NULL || domain_compile(env, m, d, where)) &&
	    domain_reach(env, m, archived, where);
}

static bool
search_page(struct env *env, const struct model *m, const struct page *page,
    struct query *q)
{
	if (page->offset < 0 || page->limit < 0)
		return env_fail(env, ERR_VALUE,
		    "offset and limit cannot be negative");
	q->offset = page->offset;
	q->limit = page->limit;
	return order_parse(env, m, page->order, &q->orders, &q->norders);
}

bool
model_search(struct env *env, const struct model *m, const struct domain *d,
    const struct page *page, struct ids *ids)
{
	struct query	*q = query_new(env->arena, m->table, 1);

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	return model_where(env, m, d, &q->where) &&
	    search_page(env, m, page, q) && ids_select(env, q, ids);
}

bool
model_count(struct env *env, const struct model *m, const struct domain *d,
    int64_t *count)
{
	struct query	*q = query_new(env->arena, m->table, 0);
	struct rows	 rows;

	q->count = true;
	if (!model_where(env, m, d, &q->where) ||
	    !store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*count = rows.cells[0].u.i;
	return true;
}

bool
model_exists(struct env *env, const struct model *m, const struct ids *ids,
    struct ids *out)
{
	struct query	*q = query_new(env->arena, m->table, 1);
	struct ids	 there;

	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = ids_in(env, "id", ids);
	if (!ids_select(env, q, &there))
		return false;
	ids_once(env, &there, out);
	return true;
}
