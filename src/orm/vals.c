#include "orm/vals.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "store/query.h"
#include "store/store.h"

void
vals_add(struct env *env, struct vals *vals, const struct field *f,
    struct value v)
{
	if (vals->n == vals->cap) {
		const struct field	**fields = vals->fields;
		struct value		 *values = vals->v;

		vals->cap = vals->cap == 0 ? 16 : 2 * vals->cap;
		vals->fields = arena_array(env->arena, vals->cap,
		    sizeof *fields);
		vals->v = arena_array(env->arena, vals->cap, sizeof *values);
		if (vals->n != 0) {
			memcpy(vals->fields, fields, vals->n * sizeof *fields);
			memcpy(vals->v, values, vals->n * sizeof *values);
		}
	}
	vals->fields[vals->n] = f;
	vals->v[vals->n++] = v;
}

bool
vals_has(const struct vals *vals, const struct field *f)
{
	for (size_t i = 0; i < vals->nrelations; i++)
		if (vals->relations[i].field == f)
			return true;
	for (size_t i = 0; i < vals->n; i++)
		if (vals->fields[i] == f)
			return true;
	return false;
}

/* A link to a record that is not there is told by name, before the store. */
static bool
vals_link(struct env *env, const struct field *f, const struct value *v)
{
	struct query	*q;
	struct rows	 rows;

	if (f->target == NULL || v->type == VALUE_NULL || env->loading)
		return true;
	q = query_new(env->arena, f->target->table, 1);
	q->columns[0] = expr_column(env->arena, "id", COL_ID, 0);
	q->where = expr_binary(env->arena, EXPR_EQ, q->columns[0],
	    expr_value(env->arena, *v));
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	if (rows.n != 0)
		return true;
	return err_field(env->err, ERR_VALIDATION, f->model->name, f->name,
	    "%s (%s): there is no record %lld of %s", f->string, f->name,
	    (long long)v->u.i, f->target->name);
}

static bool
vals_is_relation(const struct field *f)
{
	return field_is_x2many(f) && f->compute == NULL;
}

/* A field of its own is never given twice, so that there is room for all. */
static bool
vals_relation(struct env *env, struct vals *vals, const struct field *f,
    const struct value *in)
{
	struct relation_vals	*r;

	if (vals->relations == NULL)
		vals->relations = arena_array(env->arena,
		    vals->model->nfields, sizeof *r);
	r = &vals->relations[vals->nrelations++];
	r->field = f;
	return f->type->convert(env, f, CONVERT_ODOO, in, &r->v);
}

bool
vals_save(struct env *env, const struct vals *vals, const struct ids *ids,
    bool created)
{
	for (size_t i = 0; i < vals->nrelations; i++) {
		const struct relation_vals	*r = &vals->relations[i];

		if (!r->field->type->save(env, r->field, ids, created, &r->v))
			return false;
	}
	return true;
}

static bool
vals_take(struct env *env, struct vals *vals, const struct field *f,
    const struct value *in)
{
	struct value	 v;

	if (vals_is_relation(f))
		return vals_relation(env, vals, f, in);
	if (!f->type->convert(env, f, CONVERT_ODOO, in, &v) ||
	    !vals_link(env, f, &v))
		return false;
	vals_add(env, vals, f, v);
	return true;
}

/* given: by the caller; what the model adds itself he need not see. */
static bool
vals_read_one(struct env *env, struct vals *vals, struct span name,
    bool given, const struct value *in)
{
	const struct model	*m = vals->model;
	const struct field	*f = map_get(m->by_name, name);

	if (f == NULL || (given && !env->su && !env->loading &&
	    !access_sees(env, f)))
		return model_no_field(env, m, name);
	if (f->compute != NULL || (f->automatic && !env->loading) ||
	    (f->column == NULL && !vals_is_relation(f)))
		return true;
	return vals_take(env, vals, f, in);
}

bool
vals_read(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *dict, struct vals *vals)
{
	struct value	 mine;
	struct map	*given;

	*vals = (struct vals){ .model = m };
	if (dict->type != VALUE_DICT)
		return env_fail(env, ERR_VALUE, "the values must be a "
		    "dictionary of fields, not a %s",
		    value_type_name(dict->type));
	given = dict->u.dict;
	if (m->observer != NULL && m->observer->prepare != NULL) {
		mine = value_copy(env->arena, dict);
		if (!m->observer->prepare(env, m, ids, &mine))
			return false;
		dict = &mine;
	}
	for (size_t i = 0; i < map_count(dict->u.dict); i++)
		if (!vals_read_one(env, vals, map_key(dict->u.dict, i),
		    map_get(given, map_key(dict->u.dict, i)) != NULL,
		    map_at(dict->u.dict, i)))
			return false;
	return true;
}

bool
vals_default(struct env *env, const struct field *f, struct value *out)
{
	const struct value	*v = NULL;

	if (env->context != NULL && (env->su || access_sees(env, f)))
		v = value_get(env->context, arena_printf(env->arena,
		    "default_%s", f->name));
	if (v == NULL && f->dflt_compute != NULL)
		return formula_default(env, f, out);
	*out = v != NULL ? *v : f->dflt;
	return true;
}

bool
vals_defaults(struct env *env, struct vals *vals)
{
	const struct model	*m = vals->model;

	for (size_t i = 0; i < m->nfields; i++) {
		const struct field	*f = &m->fields[i];
		struct value		 in;

		if ((f->column == NULL && !vals_is_relation(f)) ||
		    f->automatic || f->compute != NULL ||
		    (f->secret && !env->su && !env->loading) ||
		    vals_has(vals, f))
			continue;
		if (!vals_default(env, f, &in) || (in.type != VALUE_NULL &&
		    !vals_take(env, vals, f, &in)))
			return false;
	}
	return true;
}

static bool
vals_missing(struct env *env, const struct field *f)
{
	return err_field(env->err, ERR_VALIDATION, f->model->name, f->name,
	    "A mandatory field is not set: %s (%s) of %s", f->string, f->name,
	    f->model->name);
}

bool
vals_required(struct env *env, const struct vals *vals, bool create)
{
	const struct model	*m = vals->model;

	for (size_t i = 0; i < vals->n; i++)
		if (vals->fields[i]->required && vals->v[i].type == VALUE_NULL)
			return vals_missing(env, vals->fields[i]);
	for (size_t i = 0; create && i < m->nfields; i++)
		if (m->fields[i].required && m->fields[i].column != NULL &&
		    m->fields[i].compute == NULL &&
		    !vals_has(vals, &m->fields[i]))
			return vals_missing(env, &m->fields[i]);
	return true;
}

/* "Login (login)" of "login"; the store tells columns with commas between. */
static const char *
vals_labels(struct env *env, const struct model *m, const char *columns)
{
	const char	*text = "";

	for (const char *p = columns; *p != '\0'; p += strspn(p, ", ")) {
		struct span		 name = { p, strcspn(p, ",") };
		const struct field	*f = model_field_span(m, name);

		p += name.n;
		if (f == NULL)
			return NULL;
		text = arena_printf(env->arena, "%s%s%s (%s)", text,
		    *text == '\0' ? "" : ", ", f->string, f->name);
	}
	return *text == '\0' ? NULL : text;
}

bool
vals_refused(struct env *env, const struct model *m)
{
	const struct err	 first = *env->err;
	const char		*labels;

	if (first.code != ERR_UNIQUE || strcmp(first.model, m->table) != 0 ||
	    (labels = vals_labels(env, m, first.field)) == NULL)
		return false;
	err_clear(env->err);
	err_cause(env->err, "%s", first.cause);
	return err_field(env->err, ERR_UNIQUE, m->name, first.field,
	    "Another record of %s (%s) has the same %s.", m->description,
	    m->name, labels);
}

struct assign *
vals_assigns(struct env *env, const struct vals *vals, size_t room)
{
	struct assign	*s;

	s = arena_array(env->arena, vals->n + room, sizeof *s);
	for (size_t i = 0; i < vals->n; i++) {
		s[i].column = vals->fields[i]->column;
		s[i].value = vals->v[i];
	}
	return s;
}
