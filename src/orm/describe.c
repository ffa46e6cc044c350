/* fields_get: semantics 7. */

#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/translation.h"

static void
describe_text(struct env *env, struct value *d, const char *key,
    const char *text)
{
	value_set(env->arena, d, key, value_text(text));
}

static void
describe_flag(struct env *env, struct value *d, const char *key, bool flag)
{
	value_set(env->arena, d, key, value_bool(flag));
}

/* The fields that a formula looks at, each path once. */
static void
describe_paths(struct env *env, const struct formula *f, struct value *list)
{
	bool	 there = f->kind != FORMULA_PATH;

	for (size_t i = 0; !there && i < list->u.list->n; i++)
		there = span_equal(list->u.list->v[i].u.text, f->name);
	if (!there)
		value_push(env->arena, list, value_span(f->name));
	for (size_t i = 0; i < f->nargs; i++)
		describe_paths(env, f->args[i], list);
}

/* The manual shows an empty help for fields of a module, none for automatic
 * ones. */
static struct value
describe_field(struct env *env, const struct field *f)
{
	struct value	 d = value_dict(env->arena);
	struct value	 depends = value_list(env->arena, 0);

	if (f->compute != NULL)
		describe_paths(env, f->compute, &depends);
	describe_text(env, &d, "type", f->type->name);
	describe_text(env, &d, "string", f->string);
	if (f->help != NULL || !f->automatic)
		describe_text(env, &d, "help", f->help == NULL ? "" : f->help);
	describe_text(env, &d, "name", f->name);
	describe_flag(env, &d, "required", f->required);
	describe_flag(env, &d, "readonly", f->readonly ||
	    (f->compute != NULL));
	describe_flag(env, &d, "store", f->column != NULL ||
	    (field_is_x2many(f) && f->compute == NULL));
	describe_flag(env, &d, "manual", f->manual);
	describe_flag(env, &d, "searchable", true);
	describe_flag(env, &d, "sortable", !field_is_x2many(f));
	describe_flag(env, &d, "exportable", true);
	describe_flag(env, &d, "company_dependent", false);
	describe_flag(env, &d, "change_default", false);
	describe_flag(env, &d, "default_export_compatible", false);
	value_set(env->arena, &d, "depends", depends);
	if (f->related != NULL && f->related[0] != '\0')
		describe_text(env, &d, "related", f->related);
	if (f->groups != NULL && f->groups[0] != '\0')
		describe_text(env, &d, "groups", f->groups);
	if (f->type->describe != NULL)
		f->type->describe(env, f, &d);
	return d;
}

/* Only the attributes that were asked for, in the order of the field's own. */
static struct value
describe_pick(struct env *env, const struct value *all,
    const struct names *attributes)
{
	struct value	 d = value_dict(env->arena);

	for (size_t i = 0; i < attributes->n; i++) {
		const struct value	*v = value_get(all, attributes->v[i]);

		if (v != NULL)
			value_set(env->arena, &d, attributes->v[i], *v);
	}
	return d;
}

static bool
describe_wanted(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

bool
model_describe(struct env *env, const struct model *m,
    const struct names *fields, const struct names *attributes,
    struct value *out)
{
	if (!access_check(env, m, ACCESS_READ))
		return false;
	*out = value_dict(env->arena);
	for (size_t i = 0; i < m->nfields; i++) {
		const struct field	*f = &m->fields[i];
		struct value		 d;

		if (!access_sees(env, f) || (fields != NULL && fields->n != 0 &&
		    !describe_wanted(fields, f->name)))
			continue;
		d = describe_field(env, f);
		if (attributes != NULL && attributes->n != 0)
			d = describe_pick(env, &d, attributes);
		value_set(env->arena, out, f->name, d);
	}
	return translation_labels(env, m, out);
}
