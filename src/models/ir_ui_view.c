/* ir.ui.view: a view names its model, and is found from there. */

#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"

/* model_id follows the name; it is not given itself. */
bool
ir_ui_view_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*name = value_get(vals, "model");
	const struct model	*of;

	(void)ids;
	if (name == NULL) {
		if (value_get(vals, "model_id") == NULL)
			return true;
		return err_field(env->err, ERR_VALIDATION, m->name, "model_id",
		    "The model of a view is given by its name (model).");
	}
	if (!value_truthy(name)) {
		value_set(env->arena, vals, "model_id", value_null());
		return true;
	}
	of = name->type == VALUE_TEXT ?
	    registry_model(env->reg, name->u.text.p) : NULL;
	if (of == NULL)
		return err_field(env->err, ERR_VALIDATION, m->name, "model",
		    "There is no model of the name that the view gives.");
	value_set(env->arena, vals, "model_id", value_int(of->id));
	return true;
}
