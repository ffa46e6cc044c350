/*
 * Countries, subdivisions, currencies and languages from the JSON files of
 * iso-codes.
 */

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "ser/parse.h"
#include "worker/app.h"
#include "worker/file.h"
#include "worker/loader.h"

/* The entry as a record; false leaves it out. */
typedef bool iso_record(struct arena *, const struct value *entry,
	    struct value *record);

/* What one file gives. */
struct iso_file {
	const char	*model;
	iso_record	*record;
};

static const char *
iso_text(const struct value *entry, const char *key)
{
	const struct value	*v = value_get(entry, key);

	return v != NULL && v->type == VALUE_TEXT ? v->u.text.p : NULL;
}

static char *
iso_lower(struct arena *a, const char *text)
{
	char	*copy = arena_strdup(a, text);

	for (char *p = copy; *p != '\0'; p++)
		*p = *p == '-' ? '_' : (char)tolower((unsigned char)*p);
	return copy;
}

static void
iso_set(struct arena *a, struct value *dict, const char *key, const char *text)
{
	value_set(a, dict, key, value_text(text));
}

static void
iso_finish(struct arena *a, const char *id, struct value vals,
    struct value *record)
{
	*record = value_dict(a);
	iso_set(a, record, "id", id);
	value_set(a, record, "values", vals);
}

/* External ids are lower-case codes, but Odoo's uk. */
static const char *
iso_country_id(struct arena *a, const char *code)
{
	return strcmp(code, "GB") == 0 ? "uk" : iso_lower(a, code);
}

static bool
iso_country(struct arena *a, const struct value *entry, struct value *record)
{
	struct value	 vals = value_dict(a);
	const char	*code = iso_text(entry, "alpha_2");
	const char	*name = iso_text(entry, "common_name");

	if (name == NULL)
		name = iso_text(entry, "name");
	if (code == NULL || name == NULL)
		return false;
	iso_set(a, &vals, "name", name);
	iso_set(a, &vals, "code", code);
	iso_finish(a, iso_country_id(a, code), vals, record);
	return true;
}

/* "BE-VBR" is VBR in Belgium. */
static bool
iso_state(struct arena *a, const struct value *entry, struct value *record)
{
	struct value	 vals = value_dict(a), country = value_dict(a);
	const char	*code = iso_text(entry, "code");
	const char	*name = iso_text(entry, "name");
	const char	*dash = code == NULL ? NULL : strchr(code, '-');

	if (dash == NULL || name == NULL)
		return false;
	iso_set(a, &country, "ref", arena_printf(a, "base.%s",
	    iso_country_id(a, arena_strndup(a, code, (size_t)(dash - code)))));
	iso_set(a, &vals, "name", name);
	iso_set(a, &vals, "code", dash + 1);
	value_set(a, &vals, "country_id", country);
	iso_finish(a, arena_printf(a, "state_%s", iso_lower(a, code)), vals,
	    record);
	return true;
}

static bool
iso_currency(struct arena *a, const struct value *entry, struct value *record)
{
	struct value	 vals = value_dict(a);
	const char	*code = iso_text(entry, "alpha_3");
	const char	*name = iso_text(entry, "name");

	if (code == NULL || name == NULL)
		return false;
	iso_set(a, &vals, "name", code);
	iso_set(a, &vals, "full_name", name);
	iso_set(a, &vals, "symbol", code);
	value_set(a, &vals, "active", value_bool(false));
	iso_finish(a, code, vals, record);
	return true;
}

/* Those that have a code of two letters. */
static bool
iso_language(struct arena *a, const struct value *entry, struct value *record)
{
	struct value	 vals = value_dict(a);
	const char	*code = iso_text(entry, "alpha_2");
	const char	*name = iso_text(entry, "name");

	if (code == NULL || name == NULL)
		return false;
	iso_set(a, &vals, "name", name);
	iso_set(a, &vals, "code", code);
	iso_set(a, &vals, "iso_code", code);
	iso_finish(a, arena_printf(a, "lang_%s", code), vals, record);
	return true;
}

static bool
iso_parse(struct arena *a, const char *path, struct span text,
    struct value *out, struct err *err)
{
	struct err	 inner = { 0 };

	if (parse_json(a, text, &parse_limits_default, out, &inner))
		return true;
	return err_set(err, inner.code, "%s: %s", path, inner.msg);
}

static bool
iso_load(struct app *app, struct env *env, const char *part,
    const struct iso_file *f)
{
	struct arena		*a = env->arena;
	const char		*path;
	struct span		 text;
	struct value		 file, record, records;
	const struct value	*entries;

	path = arena_printf(a, "%s/iso_%s.json", app->conf.iso_codes_dir,
	    part);
	if (!file_read(a, path, &text, env->err) ||
	    !iso_parse(a, path, text, &file, env->err))
		return false;
	entries = value_get(&file, part);
	if (entries == NULL || entries->type != VALUE_LIST)
		return env_fail(env, ERR_VALUE, "%s: no list \"%s\"", path,
		    part);
	records = value_list(a, entries->u.list->n);
	for (size_t i = 0; i < entries->u.list->n; i++)
		if (f->record(a, &entries->u.list->v[i], &record))
			value_push(a, &records, record);
	return database_load(env, "base", f->model, &records, true);
}

const char *const	 loader_iso_parts[] = {
	"3166-1", "3166-2", "4217", "639-2", NULL,
};

bool
loader_iso_codes(struct app *app, struct env *env)
{
	static const struct iso_file	 files[] = {
		{ "res.country",	iso_country },
		{ "res.country.state",	iso_state },
		{ "res.currency",	iso_currency },
		{ "res.lang",		iso_language },
	};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		if (!iso_load(app, env, loader_iso_parts[i], &files[i]))
			return false;
	return true;
}
