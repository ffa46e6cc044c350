#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/change_log.h"
#include "orm/cycle.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/rule.h"
#include "orm/translation.h"
#include "orm/vals.h"
#include "store/query.h"
#include "store/store.h"

/* One update for all; the number of rows tells whether all were there. */
static bool
write_rows(struct env *env, const struct ids *ids, const struct vals *vals)
{
	struct assign	*row = vals_assigns(env, vals, 2);
	size_t		 n = vals->n;
	int64_t		 changed;

	row[n].column = "write_uid";
	row[n++].value = value_int(env->uid);
	row[n].column = "write_date";
	row[n++].value = value_datetime(env->now);
	if (!store_update(env->store, vals->model->table,
	    ids_in(env, "id", ids), row, n, &changed, env->err))
		return vals_refused(env, vals->model);
	if ((size_t)changed != ids->n)
		return model_missing(env);
	return true;
}

bool
model_write(struct env *env, const struct model *m, const struct ids *given,
    const struct value *dict)
{
	const struct observer	*o = m->observer;
	struct ids		 ids;
	struct vals		 vals, taken;
	struct recompute	*rc;

	if (!access_check(env, m, ACCESS_WRITE))
		return false;
	ids_once(env, given, &ids);
	if (!rule_check(env, m, ACCESS_WRITE, &ids) ||
	    !vals_read(env, m, &ids, dict, &vals) ||
	    !vals_required(env, &vals, false) ||
	    !cycle_check(env, &ids, &vals))
		return false;
	if (ids.n == 0)
		return true;
	if (!formula_before(env, m, &ids, vals.fields, vals.n, &rc))
		return false;
	translation_take(env, &vals, &taken);
	return write_rows(env, &ids, &vals) &&
	    translation_write(env, &ids, &vals, &taken) &&
	    formula_after(env, rc) &&
	    change_log(env, m, &ids, "write") &&
	    vals_save(env, &vals, &ids, false) &&
	    (o == NULL || o->written == NULL || o->written(env, m, &ids, dict));
}
