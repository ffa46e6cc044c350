/* cardfile import. */

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/import.h"
#include "orm/registry.h"
#include "ser/parse.h"
#include "worker/admin_private.h"
#include "worker/csv.h"
#include "worker/file.h"
#include "worker/user.h"

#define IMPORT_SHOWN	100	/* messages to people */

/* A file is as long as it is; it is ours to read, not a stranger's request. */
static const struct parse_limits	 import_limits = {
	.depth = 4, .nodes = SIZE_MAX, .keys = 1000,
};

bool
admin_format(struct admin *a, const char *file, bool *json)
{
	const char	*format = a->options[ADMIN_FORMAT];
	const char	*dot = strrchr(file, '.');

	if (format == NULL)
		format = dot == NULL ? "csv" : dot + 1;
	*json = strcmp(format, "json") == 0;
	return *json || strcmp(format, "csv") == 0 ||
	    err_set(&a->err, ERR_BAD_REQUEST, "\"%.40s\" is neither csv nor "
	    "json: say --format csv or --format json", format);
}

bool
admin_model(struct admin *a, const char *name, const struct model **m)
{
	*m = registry_model(a->env.reg, name);
	return *m != NULL || err_set(&a->err, ERR_NOT_FOUND,
	    "there is no model %.80s", name);
}

bool
admin_as_user(struct admin *a)
{
	const char	*login = a->options[ADMIN_USER];

	if (login == NULL)
		return true;
	if (!user_find(&a->env, login, &a->env.uid))
		return false;
	a->env.su = false;
	return true;
}

/* The first row names the columns. */
static bool
import_csv(struct admin *a, struct span text, struct import *in,
    struct value *rows)
{
	struct value_list	*l;

	if (!csv_parse(a->arena, text, rows, &a->err))
		return false;
	l = rows->u.list;
	if (l->n == 0)
		return err_set(&a->err, ERR_VALUE,
		    "the first line must name the columns");
	in->columns.v = arena_array(a->arena, l->v[0].u.list->n,
	    sizeof *in->columns.v);
	for (size_t i = 0; i < l->v[0].u.list->n; i++)
		in->columns.v[in->columns.n++] =
		    l->v[0].u.list->v[i].u.text.p;
	l->v++;
	l->n--;
	return true;
}

/* All keys of all objects, in the order in which they first come. */
static bool
import_keys(struct admin *a, const struct value *objects, struct map *keys)
{
	for (size_t i = 0; i < objects->u.list->n; i++) {
		const struct value	*o = &objects->u.list->v[i];

		if (o->type != VALUE_DICT)
			return err_set(&a->err, ERR_VALUE, "item %zu of the "
			    "list is no object", i);
		for (size_t j = 0; j < map_count(o->u.dict); j++)
			map_put(keys, map_key(o->u.dict, j), keys);
	}
	return true;
}

static bool
import_json(struct admin *a, struct span text, struct import *in,
    struct value *rows)
{
	struct map	*keys = map_new(a->arena);
	struct value	 objects;

	if (!parse_json(a->arena, text, &import_limits, &objects, &a->err))
		return false;
	if (objects.type != VALUE_LIST)
		return err_set(&a->err, ERR_VALUE,
		    "a list of objects is wanted");
	if (!import_keys(a, &objects, keys))
		return false;
	in->columns.v = arena_array(a->arena, map_count(keys) + 1,
	    sizeof *in->columns.v);
	for (size_t j = 0; j < map_count(keys); j++)
		in->columns.v[in->columns.n++] = map_key(keys, j).p;
	*rows = value_list(a->arena, objects.u.list->n);
	for (size_t i = 0; i < objects.u.list->n; i++) {
		struct value	 row = value_list(a->arena, in->columns.n);

		for (size_t j = 0; j < in->columns.n; j++) {
			const struct value	*v = value_get(
			    &objects.u.list->v[i], in->columns.v[j]);

			value_push(a->arena, &row, v == NULL ? value_null() :
			    *v);
		}
		value_push(a->arena, rows, row);
	}
	return true;
}

/* Rows are counted from 1, without the line of the columns. */
static void
import_show(struct admin *a, const struct value_list *messages)
{
	size_t	 n = messages->n < IMPORT_SHOWN ? messages->n : IMPORT_SHOWN;

	for (size_t i = 0; i < n; i++) {
		const struct value	*m = &messages->v[i];
		const struct value	*field = value_get(m, "field");

		admin_note(a, "%s: row %lld%s%s: %s",
		    value_get(m, "type")->u.text.p,
		    (long long)value_get(m, "record")->u.i + 1,
		    field->type == VALUE_TEXT ? ", " : "",
		    field->type == VALUE_TEXT ? field->u.text.p : "",
		    value_get(m, "message")->u.text.p);
	}
	if (n < messages->n)
		admin_note(a, "and %zu more", messages->n - n);
}

static bool
import_result(struct admin *a, const struct value *result)
{
	const struct value	*ids = value_get(result, "ids");
	const struct value	*messages = value_get(result, "messages");
	bool			 ok = ids->type == VALUE_LIST;
	struct value		 v = value_dict(a->arena);

	import_show(a, messages->u.list);
	value_set(a->arena, &v, "records", value_int(ok ?
	    (int64_t)ids->u.list->n : 0));
	if (a->options[ADMIN_JSON] != NULL)
		value_set(a->arena, &v, "messages", *messages);
	if (ok || a->options[ADMIN_JSON] != NULL)
		admin_put(a, &v, NULL);
	return ok || err_set(&a->err, ERR_VALIDATION, "nothing was imported");
}

bool
admin_import(struct admin *a)
{
	struct import		 in = {
		.module = "__import__", .progress = admin_progress(a),
	};
	const struct model	*m;
	struct value		 rows, result;
	struct span		 text;
	bool			 json, ok;

	if (!admin_format(a, a->args[1], &json) ||
	    !file_read(a->arena, a->args[1], &text, &a->err) ||
	    !(json ? import_json(a, text, &in, &rows) :
	    import_csv(a, text, &in, &rows)))
		return false;
	in.rows = rows.u.list;
	if (!admin_begin(a, a->options[ADMIN_DATABASE], ENV_WRITE))
		return false;
	ok = admin_as_user(a) && admin_model(a, a->args[0], &m) &&
	    import_load(&a->env, m, &in, &result);
	ok = admin_end(a, ok);
	admin_clear(a);
	return ok && import_result(a, &result);
}
