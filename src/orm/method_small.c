/* Methods of every model that are a few lines. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/method.h"
#include "orm/model.h"
#include "orm/vals.h"

/* Those that the user may see, sorted. */
static bool
small_visible(struct env *env, const struct model *m, const struct ids *ids,
    struct ids *out)
{
	struct env	 all = *env;
	struct value	 context = env->context == NULL ?
			    value_dict(env->arena) :
			    value_copy(env->arena, env->context);
	struct page	 page = { "id", 0, 0 };

	value_set(env->arena, &context, "active_test", value_bool(false));
	all.context = &context;
	return model_search(&all, m, domain_term(env, "id", "in",
	    ids_value(env, ids)), &page, out);
}

/* exists: those that are there, in the order given, each once; a record that
 * rules hide is not there. */
bool
method_exists(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	struct ids	 there, kept = { 0 };
	struct ids	 left;
	size_t		 at;

	(void)args;
	if (!small_visible(env, m, ids, &there))
		return false;
	left = there;
	left.v = arena_array(env->arena, there.n, sizeof *left.v);
	for (size_t i = 0; i < ids->n; i++) {
		if (!ids_find(&there, ids->v[i], &at) || left.v[at] != 0)
			continue;
		left.v[at] = 1;
		ids_add(env, &kept, ids->v[i]);
	}
	*out = ids_value(env, &kept);
	return true;
}

bool
method_fields_get(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct names	 fields, attributes;

	(void)none;
	method_names(env, args, "allfields", &fields);
	method_names(env, args, "attributes", &attributes);
	return model_describe(env, m, &fields, &attributes, out);
}

/* The names alone, which old clients ask for. */
bool
method_fields_get_keys(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	(void)none;
	(void)args;
	*out = value_list(env->arena, m->nfields);
	for (size_t i = 0; i < m->nfields; i++)
		if (access_sees(env, &m->fields[i]))
			value_push(env->arena, out,
			    value_text(m->fields[i].name));
	return true;
}

/* The default that a create would take, of fields that have one. */
static void
default_add(struct env *env, const struct vals *vals, const struct field *f,
    struct value *out)
{
	for (size_t i = 0; i < vals->n; i++)
		if (vals->fields[i] == f)
			value_set(env->arena, out, f->name, vals->v[i]);
	for (size_t i = 0; i < vals->nrelations; i++)
		if (vals->relations[i].field == f)
			value_set(env->arena, out, f->name,
			    vals->relations[i].v);
}

bool
method_default_get(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct vals	 vals = { .model = m };
	struct names	 names;

	(void)none;
	method_names(env, args, "fields_list", &names);
	if (!vals_defaults(env, &vals))
		return false;
	*out = value_dict(env->arena);
	for (size_t i = 0; i < names.n; i++) {
		const struct field	*f;

		f = access_field(env, m, span_of(names.v[i]));
		if (f == NULL)
			return model_no_field(env, m, span_of(names.v[i]));
		default_add(env, &vals, f, out);
	}
	for (size_t i = 0; names.n == 0 && i < m->nfields; i++)
		if (access_sees(env, &m->fields[i]))
			default_add(env, &vals, &m->fields[i], out);
	return true;
}
