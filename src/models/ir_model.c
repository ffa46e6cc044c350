/* ir.model: models made at run time (semantics 8.1). */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/value.h"
#include "models/models.h"
#include "orm/custom.h"
#include "orm/definition.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"

/* What is said of models by modules alone. */
static const char *const	 of_modules[] = {
	"display", "display_store", "links", "locked", "modules",
	"transient",
};

/* What may be changed of a module's model: the rest of the list has rules of
 * its own. */
static const char *const	 of_labels[] = {
	"name", "info", "field_id", "access_ids", "rule_ids",
};

/* What is fixed once a model is made. */
static const char *const	 of_making[] = { "model", "state" };

#define COUNT(array)	(sizeof array / sizeof array[0])

static bool
ir_model_kept(struct env *env, const struct value *vals)
{
	for (size_t i = 0; i < COUNT(of_modules); i++) {
		const struct value	*v = value_get(vals, of_modules[i]);

		if (v != NULL && value_truthy(v))
			return err_field(env->err, ERR_USER, "ir.model",
			    of_modules[i], "%s is for the models of modules "
			    "alone.", of_modules[i]);
	}
	return true;
}

bool
ir_model_state(struct env *env, const char *model, const struct value *vals)
{
	const struct value	*state = value_get(vals, "state");

	return state == NULL || value_is_text(state, "manual") ||
	    err_field(env->err, ERR_VALIDATION, model, "state",
	    "What is made at run time has the state \"manual\".");
}

static bool
ir_model_is_label(struct span word)
{
	for (size_t i = 0; i < COUNT(of_labels); i++)
		if (span_is(word, of_labels[i]))
			return true;
	return false;
}

static bool
ir_model_change(struct env *env, const struct value *row,
    const struct value *vals)
{
	bool	 base = !value_is_text(&row[2], "manual");

	for (size_t i = 0; base && i < map_count(vals->u.dict); i++)
		if (!ir_model_is_label(map_key(vals->u.dict, i)))
			return env_fail(env, ERR_USER, "%s is a module's "
			    "model: its name, info, fields and rights alone "
			    "can be changed.",
			    row[1].u.text.p);
	for (size_t i = 0; i < COUNT(of_making); i++) {
		const struct value	*v = value_get(vals, of_making[i]);

		if (v != NULL && !value_equal(v, &row[1 + i]))
			return err_field(env->err, ERR_USER, "ir.model",
			    of_making[i], "%s: the %s of a model cannot be "
			    "changed once it is made.", row[1].u.text.p,
			    of_making[i]);
	}
	return true;
}

static bool
ir_model_read(struct env *env, const struct model *m, const struct ids *ids,
    struct records *rec)
{
	struct env	 su = env_sudo(env);
	struct names	 names = { (const char **)of_making,
			    COUNT(of_making) };

	return model_read(&su, m, ids, &names, rec);
}

bool
ir_model_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*name = value_get(vals, "model");
	struct records		 rec;

	if (env->loading)
		return true;
	if (!ir_model_kept(env, vals))
		return false;
	if (ids == NULL)
		return ir_model_state(env, m->name, vals) &&
		    (name == NULL || name->type != VALUE_TEXT ||
		    custom_name(env, name->u.text.p, true));
	if (!ir_model_read(env, m, ids, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (!ir_model_change(env, rec.rows[i], vals))
			return false;
	return true;
}

bool
ir_model_created(struct env *env, const struct model *m, int64_t id)
{
	struct ids	 ids = { &id, 1 };

	(void)m;
	return env->loading || (custom_check_models(env, &ids, true) &&
	    custom_apply(env, NULL));
}

bool
ir_model_written(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *vals)
{
	(void)m;
	(void)vals;
	return env->loading || (custom_check_models(env, ids, false) &&
	    custom_apply(env, NULL));
}

/* The attachments of all records of a model. */
static bool
ir_model_attachments(struct env *env, const char *name)
{
	const struct model	*files = registry_model(env->reg,
				    "ir.attachment");
	struct env		 su = env_sudo(env);
	const struct domain	*d;
	struct page		 all = { "id", 0, 0 };
	struct ids		 ids;

	d = domain_term(&su, "res_model", "=", value_text(name));
	return model_search(&su, files, d, &all, &ids) &&
	    (ids.n == 0 || model_unlink(&su, files, &ids));
}

bool
ir_model_unlinking(struct env *env, const struct model *m,
    const struct ids *ids)
{
	struct records	 rec;

	if (!ir_model_read(env, m, ids, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++) {
		const char	*name = rec.rows[i][1].u.text.p;

		if (!value_is_text(&rec.rows[i][2], "manual"))
			return env_fail(env, ERR_USER, "%s is a module's "
			    "model and cannot be deleted.", name);
		if (!ir_model_attachments(env, name))
			return false;
	}
	return true;
}

/* What no longer holds together is told as the reason. */
bool
ir_model_unlinked(struct env *env, const struct model *m, const struct ids *ids)
{
	struct err	 why;

	(void)m;
	(void)ids;
	if (custom_apply(env, NULL))
		return true;
	why = *env->err;
	if (why.code != ERR_VALIDATION && why.code != ERR_VALUE)
		return false;
	err_clear(env->err);
	return err_field(env->err, ERR_USER, why.model, why.field,
	    "It cannot be deleted: %.220s", why.msg);
}
