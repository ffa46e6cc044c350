#include "base/arena.h"
#include "base/crypto.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/change_log.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula_private.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/rule.h"
#include "orm/translation.h"
#include "orm/vals.h"
#include "store/store.h"

/* The log fields, but for those that a loader has set itself. */
static void
create_log(struct env *env, struct vals *vals)
{
	const struct {
		const char	*name;
		struct value	 v;
	}	 log[] = {
		{ "create_uid", value_int(env->uid) },
		{ "create_date", value_datetime(env->now) },
		{ "write_uid", value_int(env->uid) },
		{ "write_date", value_datetime(env->now) },
	};

	for (size_t i = 0; i < sizeof log / sizeof log[0]; i++) {
		const struct field	*f;

		f = map_get(vals->model->by_name, span_of(log[i].name));
		if (!vals_has(vals, f))
			vals_add(env, vals, f, log[i].v);
	}
}

/* computed: the row holds its computed fields already. */
static bool
create_insert(struct env *env, const struct vals *vals, int64_t *id,
    bool *computed)
{
	struct assign	*row = vals_assigns(env, vals,
			    vals->model->nfields + 1);
	char		*uuid = arena_text(env->arena, 36);
	size_t		 n = vals->n;

	crypto_uuid(uuid);
	row[n++] = (struct assign){ "uuid", value_text(uuid), NULL };
	if (!formula_insert(env, vals, row, &n, computed))
		return false;
	return store_insert(env->store, vals->model->table, row, n, id,
	    env->err) || vals_refused(env, vals->model);
}

bool
model_create(struct env *env, const struct model *m, const struct value *dict,
    int64_t *id)
{
	const struct observer	*o = m->observer;
	struct vals		 vals;
	int64_t			 made;
	struct ids		 ids = { &made, 1 };
	bool			 computed;

	if (!access_check(env, m, ACCESS_CREATE) ||
	    !vals_read(env, m, NULL, dict, &vals) ||
	    !vals_defaults(env, &vals) ||
	    !vals_required(env, &vals, true))
		return false;
	create_log(env, &vals);
	if (!create_insert(env, &vals, &made, &computed) ||
	    !translation_create(env, made, &vals) ||
	    !formula_created(env, m, made, computed) ||
	    !change_log(env, m, &ids, "create") ||
	    !vals_save(env, &vals, &ids, true) ||
	    (o != NULL && o->created != NULL && !o->created(env, m, made)) ||
	    !rule_check(env, m, ACCESS_CREATE, &ids))
		return false;
	*id = made;
	return true;
}
