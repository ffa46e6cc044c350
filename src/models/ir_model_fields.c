/* ir.model.fields: fields made at run time (semantics 8.2). */

#include <string.h>

#include "base/value.h"
#include "models/models.h"
#include "orm/custom.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/model.h"

/* An empty text in one of these says nothing. */
static const char *const	 of_texts[] = {
	"help", "digits", "selection", "relation", "relation_field",
	"relation_table", "column1", "column2", "on_delete", "domain",
	"default_value", "default_compute", "compute", "related",
	"currency_field",
};

/* What is said of fields by modules alone. */
static const char *const	 of_modules[] = {
	"secret", "modules", "group_names",
};

#define COUNT(array)	(sizeof array / sizeof array[0])

static bool
ir_model_fields_plain(struct env *env, struct value *vals)
{
	for (size_t i = 0; i < COUNT(of_modules); i++) {
		const struct value	*v = value_get(vals, of_modules[i]);

		if (v != NULL && value_truthy(v))
			return err_field(env->err, ERR_USER,
			    "ir.model.fields", of_modules[i], "%s is for the "
			    "fields of modules alone.", of_modules[i]);
	}
	for (size_t i = 0; i < COUNT(of_texts); i++) {
		const struct value	*v = value_get(vals, of_texts[i]);

		if (v != NULL && value_is_text(v, ""))
			value_set(env->arena, vals, of_texts[i], value_null());
	}
	return true;
}

/* The model's name goes with its id, the id with its name. */
static bool
ir_model_fields_model(struct env *env, struct value *vals)
{
	const struct value	*id = value_get(vals, "model_id");
	const struct value	*name = value_get(vals, "model");
	struct value		 found;

	if (id == NULL && name == NULL)
		return true;
	if (!custom_model_of(env, id, name, &found))
		return false;
	if (id == NULL)
		value_set(env->arena, vals, "model_id", found);
	else if (name == NULL)
		value_set(env->arena, vals, "model", found);
	return true;
}

static void
ir_model_fields_default(struct env *env, struct value *vals, const char *field,
    struct value v)
{
	if (value_get(vals, field) == NULL)
		value_set(env->arena, vals, field, v);
}

static bool
ir_model_fields_is(const struct value *vals, const char *type)
{
	const struct value	*ttype = value_get(vals, "ttype");

	return ttype != NULL && value_is_text(ttype, type);
}

static bool
ir_model_fields_given(const struct value *vals, const char *field)
{
	const struct value	*v = value_get(vals, field);

	return v != NULL && value_truthy(v);
}

/* What depends on other values. */
static void
ir_model_fields_defaults(struct env *env, struct value *vals)
{
	bool	 computed = ir_model_fields_given(vals, "compute") ||
	    ir_model_fields_given(vals, "related");

	if (ir_model_fields_is(vals, "many2one"))
		ir_model_fields_default(env, vals, "on_delete", value_text(
		    ir_model_fields_given(vals, "required") ? "restrict" :
		    "set null"));
	else if (value_get(vals, "on_delete") != NULL &&
	    value_is_text(value_get(vals, "on_delete"), "set null"))
		value_set(env->arena, vals, "on_delete", value_null());
	if (computed || ir_model_fields_is(vals, "one2many"))
		ir_model_fields_default(env, vals, "copied",
		    value_bool(false));
	if (computed && (ir_model_fields_is(vals, "one2many") ||
	    ir_model_fields_is(vals, "many2many")))
		ir_model_fields_default(env, vals, "store",
		    value_bool(false));
}

/* A module's fields, and those that every model has, stay as they are. */
static bool
ir_model_fields_check(struct env *env, const struct model *m,
    const struct ids *ids, bool automatic)
{
	struct env	 su = env_sudo(env);
	const char	*fields[] = { "name", "model", "state" };
	struct names	 names = { fields, COUNT(fields) };
	struct records	 rec;

	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++) {
		const struct value	*row = rec.rows[i];

		if (!value_is_text(&row[3], "manual") || (automatic &&
		    definition_automatic(row[1].u.text.p)))
			return env_fail(env, ERR_USER, "%s of %s is no custom "
			    "field: it stays as it is.", row[1].u.text.p,
			    row[2].u.text.p);
	}
	return true;
}

/* A field stays with its model. */
static bool
ir_model_fields_stay(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	struct env		 su = env_sudo(env);
	const char		*fields[] = { "name", "model" };
	struct names		 names = { fields, COUNT(fields) };
	const struct value	*model = value_get(vals, "model");
	struct records		 rec;

	if (model == NULL)
		return true;
	if (!model_read(&su, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (!value_equal(model, &rec.rows[i][2]))
			return env_fail(env, ERR_USER, "%s of %s: the model of "
			    "a field cannot be changed once it is made.",
			    rec.rows[i][1].u.text.p, rec.rows[i][2].u.text.p);
	return true;
}

bool
ir_model_fields_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*name = value_get(vals, "name");

	if (env->loading)
		return true;
	if (!ir_model_state(env, m->name, vals) ||
	    (ids != NULL && !ir_model_fields_check(env, m, ids, true)) ||
	    (name != NULL && name->type == VALUE_TEXT &&
	    !custom_name(env, name->u.text.p, false)) ||
	    !ir_model_fields_plain(env, vals) ||
	    !ir_model_fields_model(env, vals))
		return false;
	if (ids != NULL)
		return ir_model_fields_stay(env, m, ids, vals);
	ir_model_fields_defaults(env, vals);
	return true;
}

bool
ir_model_fields_created(struct env *env, const struct model *m, int64_t id)
{
	struct ids	 ids = { &id, 1 };

	(void)m;
	return env->loading || (custom_check_fields(env, &ids) &&
	    custom_apply(env, &ids));
}

bool
ir_model_fields_written(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	(void)m;
	(void)vals;
	return env->loading || (custom_check_fields(env, ids) &&
	    custom_apply(env, ids));
}

bool
ir_model_fields_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	return ir_model_fields_check(env, m, ids, false);
}
