/* Whether all models hold together: what is made, changed or taken away at
 * run time must leave nothing that points nowhere. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/custom_private.h"
#include "orm/definition.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/order.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "store/query.h"

/* Says whose trouble it is; what fails in the store stays as it is. */
static bool
verify_failed(struct env *env, const struct model *m, const char *field,
    const char *what)
{
	struct err	 why = *env->err;

	if (err_http(why.code) >= 500 || (*field != '\0' &&
	    strstr(why.msg, arena_printf(env->arena, "%s of %s", field,
	    m->name)) != NULL))
		return false;
	err_clear(env->err);
	return err_field(env->err, ERR_VALIDATION, m->name, field,
	    "%s%s%s of %s: %.170s", what, *field == '\0' ? "" : " of ", field,
	    m->name, why.msg);
}

/* A name that only one may have; the other one is told. */
static bool
verify_once(struct env *env, struct map *seen, const char *name,
    const struct model *m, const char *what)
{
	const struct model	*other = map_get(seen, span_of(name));

	map_put(seen, span_of(name), (void *)(uintptr_t)m);
	if (other == NULL || other == m || (!m->manual && !other->manual))
		return true;
	if (!m->manual) {
		const struct model	*t = m;

		m = other;
		other = t;
	}
	return err_field(env->err, ERR_VALIDATION, "ir.model", "model",
	    "%s: the %s would be %s, which is that of %s.", m->name, what,
	    name, other->name);
}

bool
custom_verify_names(struct env *env)
{
	struct map	*tables = map_new(env->arena);
	struct map	*names = map_new(env->arena);
	size_t		 n = 0;

	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		n += m->manual;
		if (!verify_once(env, tables, m->table, m, "table") ||
		    !verify_once(env, names, m->api_name, m, "API name"))
			return false;
	}
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		for (size_t j = 0; j < m->nfields; j++)
			if (m->fields[j].link != NULL &&
			    map_get(tables, span_of(m->fields[j].link)) != NULL)
				return err_field(env->err, ERR_VALIDATION,
				    m->name, m->fields[j].name, "%s of %s: "
				    "%s is the table of a model.",
				    m->fields[j].name, m->name,
				    m->fields[j].link);
	}
	return n <= CUSTOM_MODELS || env_fail(env, ERR_USER,
	    "There cannot be more than %d custom models.", CUSTOM_MODELS);
}

/* A custom model is sorted by what it stores. */
static bool
verify_stored(struct env *env, const struct model *m)
{
	const char	*p = m->order;

	while (*p != '\0') {
		struct span		 name;
		const struct field	*f;

		p += strspn(p, " \t,");
		name = (struct span){ p, strcspn(p, " \t,") };
		p += strcspn(p, ",");
		if (name.n == 0)
			continue;
		f = model_field_span(m, name);
		if (f == NULL || f->column == NULL)
			return env_fail(env, ERR_VALIDATION, "\"%.*s\" is no "
			    "stored field of the model", (int)name.n, name.p);
	}
	return true;
}

static bool
verify_order(struct env *env, const struct model *m)
{
	const struct order	*orders;
	size_t			 n;

	return (order_parse(env, m, NULL, &orders, &n) &&
	    (!m->manual || verify_stored(env, m))) ||
	    verify_failed(env, m, "", "The order");
}

static bool
verify_rules(struct env *env, const struct model *m)
{
	for (size_t i = 0; i < m->nrules; i++) {
		const struct expr	*where;
		struct value		 domain;

		if (!rule_domain(env, m->rules[i].domain, &domain) ||
		    !rule_compile(env, m, &domain, &where))
			return verify_failed(env, m, "", "A record rule");
	}
	return true;
}

static bool
verify_domain(struct env *env, const struct field *f)
{
	const struct domain	*d;
	const struct expr	*where;

	if (f->target == NULL || f->domain.type == VALUE_NULL)
		return true;
	return (domain_parse(env, &f->domain, &d) &&
	    domain_compile(env, f->target, d, &where)) ||
	    verify_failed(env, f->model, f->name, "The domain");
}

static bool
verify_currency(struct env *env, const struct field *f)
{
	const struct field	*currency;

	if (f->currency_field == NULL || f->currency_field[0] == '\0')
		return true;
	currency = model_field(f->model, f->currency_field);
	if (currency != NULL && field_is_many2one(currency) &&
	    strcmp(currency->target->name, "res.currency") == 0)
		return true;
	return err_field(env->err, ERR_VALIDATION, f->model->name, f->name,
	    "%s of %s: its currency_field \"%s\" is no many2one to "
	    "res.currency.", f->name, f->model->name, f->currency_field);
}

/* What a reference may refer to is there. */
static bool
verify_reference(struct env *env, const struct field *f)
{
	if (strcmp(f->type->name, "reference") != 0 ||
	    f->selection.type != VALUE_LIST)
		return true;
	for (size_t i = 0; i < f->selection.u.list->n; i++) {
		const struct value	*pair = &f->selection.u.list->v[i];

		if (registry_model(env->reg,
		    pair->u.list->v[0].u.text.p) == NULL)
			return err_field(env->err, ERR_VALIDATION,
			    f->model->name, f->name, "%s of %s may refer to "
			    "%s, which is no model.", f->name, f->model->name,
			    pair->u.list->v[0].u.text.p);
	}
	return true;
}

static bool
verify_default(struct env *env, const struct field *f)
{
	struct value	 v;

	return f->dflt.type == VALUE_NULL || f->type->convert == NULL ||
	    f->type->convert(env, f, CONVERT_ODOO, &f->dflt, &v) ||
	    verify_failed(env, f->model, f->name, "The default");
}

/* A model that has lost what every model has. */
static bool
verify_whole(struct env *env, const struct model *m)
{
	struct model_row	 none = { .state = "manual" };
	struct field_row	*rows;
	size_t			 n;

	n = definition_automatic_rows(env->arena, &none, &rows);
	for (size_t i = 0; i < n; i++)
		if (map_get(m->by_name, span_of(rows[i].name)) == NULL)
			return env_fail(env, ERR_USER, "%s of %s is one of "
			    "the fields that every model has.", rows[i].name,
			    m->name);
	return true;
}

bool
custom_verify_field(struct env *env, const struct field *f)
{
	struct env	 su = env_sudo(env);

	return verify_domain(&su, f) && verify_currency(&su, f) &&
	    verify_reference(&su, f) &&
	    (!f->manual || verify_default(&su, f));
}

bool
custom_verify_many(struct env *env, const struct model *m)
{
	size_t	 n = 0;

	for (size_t i = 0; i < m->nfields; i++)
		n += m->fields[i].manual && !m->fields[i].automatic;
	return n <= CUSTOM_FIELDS || env_fail(env, ERR_USER,
	    "%s cannot have more than %d custom fields.", m->name,
	    CUSTOM_FIELDS);
}

/* A record's name goes one field further than what it is made of. */
static bool
verify_display(struct env *env, const struct model *m)
{
	struct env	 su = env_sudo(env);

	return field_expr(&su, m->display) != NULL ||
	    verify_failed(env, m, m->display->name, "The name of the records");
}

bool
custom_verify_formulas(struct env *env)
{
	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		if (!verify_display(env, m))
			return false;
		for (size_t j = 0; j < m->nfields; j++)
			if (!custom_verify_formula(env, &m->fields[j]))
				return false;
	}
	return true;
}

/* The fields that models name their records by are there. */
static bool
verify_rec_names(struct env *env)
{
	struct arena		*a = env->arena;
	struct model_row	*rows;
	size_t			 n;

	if (!custom_model_rows(env, expr_unary(a, EXPR_NOT, expr_unary(a,
	    EXPR_IS_NULL, expr_column(a, "rec_name", COL_TEXT, 0))), &rows,
	    &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct model	*m = registry_model(env->reg,
					    rows[i].model);

		if (m != NULL && m->rec_name == NULL)
			return env_fail(env, ERR_VALIDATION, "%s: there is no "
			    "field %s to name its records by.", m->name,
			    rows[i].rec_name);
	}
	return true;
}

bool
custom_verify_formula(struct env *env, const struct field *f)
{
	return (f->compute == NULL && f->dflt_compute == NULL) ||
	    formula_define(env, f) || verify_failed(env, f->model, f->name,
	    f->related != NULL ? "The related path" : "The formula");
}

bool
custom_verify(struct env *env)
{
	struct env	 su = env_sudo(env);

	for (size_t i = 0; i < registry_count(env->reg); i++) {
		const struct model	*m = registry_at(env->reg, i);

		if (!verify_whole(env, m) || !verify_order(&su, m) ||
		    !verify_rules(&su, m))
			return false;
		for (size_t j = 0; j < m->nfields; j++)
			if (!custom_verify_field(env, &m->fields[j]))
				return false;
	}
	return custom_verify_formulas(env) && verify_rec_names(env);
}
