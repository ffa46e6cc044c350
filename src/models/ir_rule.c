/* ir.rule: a rule that does not hold is refused when it is written. */

#include <string.h>

#include "base/value.h"
#include "models/models.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"

enum { IR_RULE_ID, IR_RULE_MODEL, IR_RULE_DOMAIN, IR_RULE_READ };

static const char *const	 ir_rule_fields[] = {
	"model_id", "domain_force", "perm_read", "perm_write", "perm_create",
	"perm_unlink",
};

static const struct model *
ir_rule_model(const struct env *env, const struct value *pair)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		if (pair->type == VALUE_LIST &&
		    m->id == pair->u.list->v[0].u.i)
			return m;
	}
	return NULL;
}

/* Why a text is no domain of the model; the message stays short. */
static bool
ir_rule_domain(struct env *env, const struct model *rule,
    const struct model *m, const struct value *text)
{
	const struct expr	*where;
	struct value		 domain;
	struct err		 why;

	if (text->type != VALUE_TEXT)
		return true;
	if (rule_domain(env, text->u.text.p, &domain) &&
	    rule_compile(env, m, &domain, &where))
		return true;
	why = *env->err;
	if (err_http(why.code) >= 500)
		return false;
	err_clear(env->err);
	return err_field(env->err, ERR_VALIDATION, rule->name, "domain_force",
	    "The domain of a record rule of %s does not hold: %.250s", m->name,
	    why.msg);
}

static bool
ir_rule_permission(struct env *env, const struct model *rule,
    const struct value *row)
{
	for (size_t k = 0; k < ACCESS__MAX; k++)
		if (value_truthy(&row[IR_RULE_READ + k]))
			return true;
	return err_field(env->err, ERR_VALIDATION, rule->name, "perm_read",
	    "A record rule must apply to one operation at least: read, write, "
	    "create or delete.");
}

static bool
ir_rule_row(struct env *env, const struct model *rule,
    const struct value *row)
{
	const struct model	*m = ir_rule_model(env, &row[IR_RULE_MODEL]);

	if (m == NULL)
		return err_field(env->err, ERR_VALIDATION, rule->name,
		    "model_id", "The model of a record rule is not there.");
	if (m == rule)
		return err_field(env->err, ERR_VALIDATION, rule->name,
		    "model_id", "Record rules cannot have rules themselves.");
	return ir_rule_permission(env, rule, row) &&
	    ir_rule_domain(env, rule, m, &row[IR_RULE_DOMAIN]);
}

static bool
ir_rule_test(struct env *env, const struct model *rule, const struct ids *ids)
{
	struct env	 su = env_sudo(env);
	struct names	 names;
	struct records	 rec;

	names.v = (const char **)ir_rule_fields;
	names.n = sizeof ir_rule_fields / sizeof ir_rule_fields[0];
	if (!model_read(&su, rule, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (!ir_rule_row(env, rule, rec.rows[i]))
			return false;
	return true;
}

bool
ir_rule_created(struct env *env, const struct model *m, int64_t id)
{
	struct ids	 ids = { &id, 1 };

	return ir_rule_test(env, m, &ids) && rights_created(env, m, id);
}

bool
ir_rule_written(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *vals)
{
	return ir_rule_test(env, m, ids) && rights_written(env, m, ids, vals);
}
