#include "worker/loader_data.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "ser/parse.h"
#include "worker/csv.h"
#include "worker/file.h"

static bool
data_section(struct env *env, const char *module, const struct value *section)
{
	const struct value	*model = value_get(section, "model");
	const struct value	*records = value_get(section, "records");
	const struct value	*noupdate = value_get(section, "noupdate");

	if (model == NULL || model->type != VALUE_TEXT || records == NULL ||
	    records->type != VALUE_LIST)
		return env_fail(env, ERR_VALUE,
		    "a section wants a model and a list of records");
	return database_load(env, module, model->u.text.p, records,
	    noupdate != NULL && value_truthy(noupdate));
}

static bool
data_json(struct env *env, const char *module, struct span text)
{
	struct value	 file;

	if (!parse_json(env->arena, text, &parse_limits_default, &file,
	    env->err))
		return false;
	if (file.type != VALUE_LIST)
		return data_section(env, module, &file);
	for (size_t i = 0; i < file.u.list->n; i++)
		if (!data_section(env, module, &file.u.list->v[i]))
			return false;
	return true;
}

/* What a text of a CSV file means to a field. */
static bool
data_cell(struct env *env, const struct field *f, struct span text,
    struct value *out)
{
	enum col_type	 type = field_column_type(f);

	*out = value_span(text);
	if (type == COL_BOOL && (span_is(text, "1") || span_is(text, "0"))) {
		*out = value_bool(text.p[0] == '1');
		return true;
	}
	if (type != COL_BOOL && type != COL_INT && type != COL_FLOAT &&
	    type != COL_DECIMAL && type != COL_ID)
		return true;
	return literal_parse(env->arena, text, &parse_limits_default, out,
	    env->err);
}

/* "country_id:id" and "country_id/id" name what they refer to. */
static bool
data_is_ref(struct span column)
{
	const char	*end = column.p + column.n - 3;

	return column.n > 3 &&
	    (memcmp(end, ":id", 3) == 0 || memcmp(end, "/id", 3) == 0);
}

static struct value
data_ref(struct env *env, struct span xmlid)
{
	struct value	 ref = value_dict(env->arena);

	value_set(env->arena, &ref, "ref", value_text(
	    arena_strndup(env->arena, xmlid.p, xmlid.n)));
	return ref;
}

/* External ids with commas between: what a many2many is set to. */
static struct value
data_refs(struct env *env, struct span text)
{
	struct value	 refs = value_list(env->arena, 4);

	for (;;) {
		const char	*comma = memchr(text.p, ',', text.n);
		struct span	 word = text;

		if (comma != NULL)
			word.n = (size_t)(comma - text.p);
		value_push(env->arena, &refs, data_ref(env, word));
		if (comma == NULL)
			return refs;
		text.p += word.n + 1;
		text.n -= word.n + 1;
	}
}

static bool
data_value(struct env *env, const struct model *m, struct span column,
    struct span text, struct value *vals)
{
	const struct field	*f;
	const char		*name;
	struct value		 v;

	name = arena_strndup(env->arena, column.p,
	    data_is_ref(column) ? column.n - 3 : column.n);
	f = model_field(m, name);
	if (f == NULL)
		return env_fail(env, ERR_VALUE, "%s has no field %s", m->name,
		    name);
	if (data_is_ref(column))
		v = field_is_x2many(f) ? data_refs(env, text) :
		    data_ref(env, text);
	else if (!data_cell(env, f, text, &v))
		return false;
	value_set(env->arena, vals, name, v);
	return true;
}

static bool
data_record(struct env *env, const struct model *m,
    const struct value_list *head, const struct value_list *row,
    struct value *record)
{
	struct value	 vals = value_dict(env->arena);

	*record = value_dict(env->arena);
	for (size_t i = 0; i < row->n; i++) {
		struct span	 column = head->v[i].u.text;

		if (row->v[i].u.text.n == 0)
			continue;
		if (span_is(column, "id"))
			value_set(env->arena, record, "id", row->v[i]);
		else if (!data_value(env, m, column, row->v[i].u.text, &vals))
			return false;
	}
	value_set(env->arena, record, "values", vals);
	return true;
}

static bool
data_csv(struct env *env, const char *module, const char *model,
    struct span text)
{
	const struct model	*m = registry_model(env->reg, model);
	struct value		 rows, records, record;

	if (m == NULL)
		return env_fail(env, ERR_VALUE, "there is no model %s", model);
	if (!csv_parse(env->arena, text, &rows, env->err))
		return false;
	records = value_list(env->arena, rows.u.list->n);
	for (size_t i = 1; i < rows.u.list->n; i++) {
		if (!data_record(env, m, rows.u.list->v[0].u.list,
		    rows.u.list->v[i].u.list, &record))
			return false;
		value_push(env->arena, &records, record);
	}
	return database_load(env, module, model, &records,
	    strcmp(model, "ir.model.access") != 0);
}

static bool
data_text(struct env *env, const char *module, const char *file,
    struct span text)
{
	const char	*dot = strrchr(file, '.');

	if (dot != NULL && strcmp(dot, ".csv") == 0)
		return data_csv(env, module, arena_strndup(env->arena, file,
		    (size_t)(dot - file)), text);
	if (dot != NULL && strcmp(dot, ".json") == 0)
		return data_json(env, module, text);
	return env_fail(env, ERR_VALUE, "neither .json nor .csv");
}

bool
loader_data(struct env *env, const char *module, const char *path)
{
	const char	*slash = strrchr(path, '/');
	const char	*file = slash == NULL ? path : slash + 1;
	struct span	 text;
	char		 msg[sizeof env->err->msg];

	if (!file_read(env->arena, path, &text, env->err))
		return false;
	if (data_text(env, module, file, text))
		return true;
	snprintf(msg, sizeof msg, "%s/%s: %.300s", module, file,
	    env->err->msg);
	memcpy(env->err->msg, msg, sizeof msg);
	return false;
}
