/* ir.model.data: external ids. */

#include <string.h>

#include "base/arena.h"
#include "models/models.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/model.h"
#include "orm/registry.h"

static bool
data_unknown(struct env *env, const char *xmlid)
{
	return env_fail(env, ERR_VALUE, "There is no record with the external "
	    "id %.120s.", xmlid);
}

/* Whether the user may read the record. */
static bool
data_seen(struct env *env, const struct external_id *x, bool *seen)
{
	const struct model	*m = registry_model(env->reg, x->model);
	struct page		 page = { "id", 0, 1 };
	struct value		 context = value_dict(env->arena);
	struct env		 all = *env;
	struct ids		 ids;

	*seen = false;
	if (m == NULL)
		return true;
	if (!access_allowed(env, m, ACCESS_READ, seen) || !*seen)
		return env->err->code == ERR_OK;
	value_set(env->arena, &context, "active_test", value_bool(false));
	all.context = &context;
	if (!model_search(&all, m, domain_term(&all, "id", "=",
	    value_int(x->id)), &page, &ids))
		return false;
	*seen = ids.n != 0;
	return true;
}

/* [model, id] of the record, with false for the id of one that the user may
 * not read. */
bool
ir_model_data_check_object_reference(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const char		*module = method_text(args, "module");
	const char		*name = method_text(args, "xml_id");
	const char		*xmlid;
	struct external_id	 x;
	bool			 seen;

	(void)m;
	(void)none;
	xmlid = arena_printf(env->arena, "%s.%s", module, name);
	if (!external_id_find(env, module, xmlid, &x))
		return false;
	if (x.id == 0)
		return data_unknown(env, xmlid);
	if (!data_seen(env, &x, &seen))
		return false;
	if (!seen && method_flag(args, "raise_on_access_error"))
		return env_fail(env, ERR_ACCESS, "You are not allowed to read "
		    "the record %.120s.", xmlid);
	*out = value_list(env->arena, 2);
	value_push(env->arena, out, value_text(x.model));
	value_push(env->arena, out, seen ? value_int(x.id) :
	    value_bool(false));
	return true;
}

bool
ir_model_data_xmlid_to_res_id(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const char		*xmlid = method_text(args, "xmlid");
	struct external_id	 x = { 0 };

	(void)m;
	(void)none;
	if (strchr(xmlid, '.') == NULL)
		return env_fail(env, ERR_VALUE,
		    "An external id is module.name, not \"%.80s\".", xmlid);
	if (!external_id_find(env, "", xmlid, &x))
		return false;
	if (x.id == 0 && method_flag(args, "raise_if_not_found"))
		return data_unknown(env, xmlid);
	*out = x.id == 0 ? value_bool(false) : value_int(x.id);
	return true;
}

static bool
data_blank(struct env *env, const struct model *m, const struct value *vals,
    const char *field)
{
	const struct value	*v = value_get(vals, field);

	if (v == NULL || v->type != VALUE_TEXT ||
	    strpbrk(v->u.text.p, " \t\r\n") == NULL)
		return true;
	return err_field(env->err, ERR_VALIDATION, m->name, field,
	    "An external id has no blanks.");
}

bool
ir_model_data_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*module = value_get(vals, "module");

	(void)ids;
	if (module != NULL && module->type == VALUE_TEXT &&
	    strchr(module->u.text.p, '.') != NULL)
		return err_field(env->err, ERR_VALIDATION, m->name, "module",
		    "The module of an external id has no dot.");
	return data_blank(env, m, vals, "module") &&
	    data_blank(env, m, vals, "name");
}
