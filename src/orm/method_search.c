/* search, search_count, search_read, read as methods. */

#include <string.h>

#include "base/arena.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/method.h"
#include "orm/model.h"

static bool
search_domain(struct env *env, const struct value *args,
    const struct domain **d)
{
	return domain_parse(env, value_get(args, "domain"), d);
}

static bool
search_ids(struct env *env, const struct model *m, const struct value *args,
    struct ids *ids)
{
	struct page		 page = {
		.order = method_text(args, "order"),
		.offset = method_int(args, "offset"),
		.limit = method_int(args, "limit"),
	};
	const struct domain	*d;

	return search_domain(env, args, &d) &&
	    model_search(env, m, d, &page, ids);
}

/* All, or with a limit no more than that. */
bool
method_search_count(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	int64_t			 limit = method_int(args, "limit"), n;
	const struct domain	*d;

	(void)none;
	if (limit < 0)
		return env_fail(env, ERR_VALUE, "limit cannot be negative");
	if (!search_domain(env, args, &d) || !model_count(env, m, d, &n))
		return false;
	*out = value_int(limit != 0 && n > limit ? limit : n);
	return true;
}

bool
method_search(struct env *env, const struct model *m, const struct ids *none,
    const struct value *args, struct value *out)
{
	struct ids	 ids;

	if (method_flag(args, "count"))
		return method_search_count(env, m, none, args, out);
	if (!search_ids(env, m, args, &ids))
		return false;
	*out = ids_value(env, &ids);
	return true;
}

/* With load other than "_classic_read" a many2one is but an id. */
static bool
search_show(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, bool names, struct value *out)
{
	struct names	 fields;
	struct records	 r;

	method_names(env, args, "fields", &fields);
	if (!model_read(env, m, ids, fields.n != 0 ? &fields : NULL, &r))
		return false;
	*out = value_list(env->arena, r.n);
	for (size_t i = 0; i < r.n; i++) {
		struct value	 row = value_dict(env->arena);

		for (size_t j = 0; j < r.nfields; j++) {
			struct value	 v = r.rows[i][j];

			if (!names && field_is_many2one(r.fields[j]) &&
			    v.type == VALUE_LIST)
				v = v.u.list->v[0];
			value_set(env->arena, &row, r.fields[j]->name, v);
		}
		value_push(env->arena, out, row);
	}
	return true;
}

bool
method_search_read(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct ids	 ids;

	(void)none;
	return search_ids(env, m, args, &ids) &&
	    search_show(env, m, &ids, args, true, out);
}

bool
method_read(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	const char	*load = method_text(args, "load");

	return search_show(env, m, ids, args, load != NULL &&
	    strcmp(load, "_classic_read") == 0, out);
}
