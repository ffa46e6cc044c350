#include "orm/change_log.h"

#include "base/arena.h"
#include "orm/env.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

bool
change_log(struct env *env, const struct model *m, const struct ids *ids,
    const char *operation)
{
	struct arena		*a = env->arena;
	const struct expr	*id = expr_column(a, "id", COL_ID, 0);
	const struct expr	*uuid = expr_column(a, "uuid", COL_TEXT, 0);
	struct query		*q = query_new(a, m->table, 2);
	struct assign		 row[] = {
		{ "model", value_text(m->name), NULL },
		{ "operation", value_text(operation), NULL },
		{ "time", value_datetime(env->now), NULL },
		{ "user_id", value_int(env->uid), NULL },
		{ "res_id", value_null(), id },
		{ "res_uuid", value_null(), uuid },
	};

	q->where = ids_in(env, "id", ids);
	return store_insert_from(env->store, "ir_change", row,
	    sizeof row / sizeof row[0], q, env->err);
}
