/* export_data, load, import_data: semantics 9.3. */

#include "base/arena.h"
#include "base/conf.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/import.h"
#include "orm/method.h"
#include "orm/model.h"

#define EXPORT_GROUP	"base.group_allow_export"

bool
method_export_data(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	struct names	 columns;
	struct value	 rows;
	bool		 may = env->su || env->uid == SUPERUSER;

	if (!may && !access_in_group(env, EXPORT_GROUP, &may))
		return false;
	if (!may)
		return env_fail(env, ERR_ACCESS, "You are not allowed to "
		    "export records: that takes the group " EXPORT_GROUP ".");
	method_names(env, args, "fields_to_export", &columns);
	if (!export_rows(env, m, ids, &columns, &rows))
		return false;
	*out = value_dict(env->arena);
	value_set(env->arena, out, "datas", rows);
	return true;
}

static bool
method_load_rows(struct env *env, const struct model *m,
    const struct value *args, const char *rows, const char *module,
    struct value *out)
{
	struct import	 in = { .module = module };

	method_names(env, args, "fields", &in.columns);
	in.rows = value_get(args, rows)->u.list;
	if (in.rows->n > (size_t)env->conf->max_ids)
		return env_fail(env, ERR_TOO_LARGE,
		    "more than %lld rows at once",
		    (long long)env->conf->max_ids);
	return import_load(env, m, &in, out);
}

bool
method_load(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	(void)ids;
	return method_load_rows(env, m, args, "data", "__import__", out);
}

/* What came before load: [rows, 0, 0, 0], or [-1, row, message, ""]. */
bool
method_import_data(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	const char		*module = method_text(args, "current_module");
	struct value		 result, zero = value_int(0);
	const struct value	*first;
	int64_t			 row;

	(void)ids;
	if (!method_load_rows(env, m, args, "datas", module == NULL ?
	    "__import__" : module, &result))
		return false;
	*out = value_list(env->arena, 4);
	if (value_get(&result, "ids")->type == VALUE_LIST) {
		value_push(env->arena, out, value_int(
		    (int64_t)value_get(args, "datas")->u.list->n));
		value_push(env->arena, out, zero);
		value_push(env->arena, out, zero);
		value_push(env->arena, out, zero);
		return true;
	}
	first = value_get(&result, "messages")->u.list->v;
	while (!value_is_text(value_get(first, "type"), "error"))
		first++;
	row = value_get(first, "record")->u.i;
	value_push(env->arena, out, value_int(-1));
	value_push(env->arena, out,
	    value_get(args, "datas")->u.list->v[row]);
	value_push(env->arena, out, *value_get(first, "message"));
	value_push(env->arena, out, value_text(""));
	return true;
}
