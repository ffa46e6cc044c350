/* The rules for rows of ir.model and ir.model.fields (semantics 8). */

#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/custom_private.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/model.h"
#include "store/query.h"

static bool
rules_manual(struct env *env, const char *state, const char *what)
{
	return (state != NULL && strcmp(state, "manual") == 0) ||
	    env_fail(env, ERR_VALIDATION, "%s: the state of what is made at "
	    "run time is \"manual\".", what);
}

bool
custom_name(struct env *env, const char *name, bool model)
{
	const char	*kind = model ? "model" : "field";

	if (strncmp(name, "x_", 2) != 0 || name[2] == '\0')
		return err_field(env->err, ERR_VALIDATION, model ? "ir.model" :
		    "ir.model.fields", model ? "model" : "name", "\"%.60s\": "
		    "the name of a custom %s must start with x_.", name, kind);
	if (!definition_name_valid(name, model))
		return err_field(env->err, ERR_VALIDATION, model ? "ir.model" :
		    "ir.model.fields", model ? "model" : "name", "\"%.60s\": "
		    "the name of a %s holds small letters, digits and _%s "
		    "alone, %d of them at most.", name, kind, model ? " and ." :
		    "", NAME_MAX_BYTES);
	return true;
}

/* Other APIs name the model so. */
static bool
rules_api_name(struct env *env, const struct model_row *row)
{
	return row->api_name == NULL ||
	    definition_name_valid(row->api_name, false) ||
	    err_field(env->err, ERR_VALIDATION, "ir.model", "api_name",
	    "%s: an api_name holds small letters, digits and _ alone, %d of "
	    "them at most.", row->model, NAME_MAX_BYTES);
}

bool
custom_check_models(struct env *env, const struct ids *ids, bool made)
{
	struct model_row	*rows;
	size_t			 n;

	if (!custom_model_rows(env, ids_in(env, "id", ids), &rows, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!made && rows[i].state != NULL &&
		    strcmp(rows[i].state, "base") == 0)
			continue;
		if (!custom_name(env, rows[i].model, true) ||
		    !rules_manual(env, rows[i].state, rows[i].model) ||
		    !rules_api_name(env, &rows[i]))
			return false;
	}
	return true;
}

bool
custom_model_of(struct env *env, const struct value *id,
    const struct value *name, struct value *other)
{
	const struct expr	*where;
	struct model_row	*rows;
	size_t			 n;

	*other = value_null();
	if (id != NULL && id->type == VALUE_INT)
		where = custom_equal(env, "id", id->u.i);
	else if (id == NULL && name->type == VALUE_TEXT)
		where = expr_binary(env->arena, EXPR_EQ,
		    expr_column(env->arena, "model", COL_TEXT, 0),
		    expr_value(env->arena, *name));
	else
		return true;
	if (!custom_model_rows(env, where, &rows, &n))
		return false;
	if (n != 0)
		*other = id == NULL ? value_int(rows[0].id) :
		    value_text(rows[0].model);
	if (id != NULL && name != NULL && !value_equal(name, other))
		return err_field(env->err, ERR_VALIDATION, "ir.model.fields",
		    "model", "model_id and model do not name the same model.");
	if (id == NULL && n == 0)
		return err_field(env->err, ERR_VALIDATION, "ir.model.fields",
		    "model", "There is no model %.60s.", name->u.text.p);
	return true;
}

static bool
rules_pair(const struct value *v, struct map *keys)
{
	const struct value	*pair;

	if (v->type != VALUE_LIST || v->u.list->n != 2)
		return false;
	pair = v->u.list->v;
	if (pair[0].type != VALUE_TEXT || pair[0].u.text.n == 0 ||
	    pair[1].type != VALUE_TEXT || map_get(keys, pair[0].u.text) != NULL)
		return false;
	map_put(keys, pair[0].u.text, keys);
	return true;
}

bool
custom_selection(struct env *env, const struct field_row *row)
{
	struct map	*keys = map_new(env->arena);
	struct err	 why = { 0 };
	struct value	 v = value_null();
	bool		 ok;

	ok = row->selection != NULL && literal_parse(env->arena,
	    span_of(row->selection), &parse_limits_default, &v, &why) &&
	    v.type == VALUE_LIST && v.u.list->n != 0;
	for (size_t i = 0; ok && i < v.u.list->n; i++)
		ok = rules_pair(&v.u.list->v[i], keys);
	if (ok)
		return true;
	return err_field(env->err, ERR_VALIDATION, "ir.model.fields",
	    "selection", "%s of %s: the selection must be a list of pairs of "
	    "texts, a key that is there once and its label, as in "
	    "[('a', 'First'), ('b', 'Second')].%s%.100s", row->name,
	    row->model, why.msg[0] == '\0' ? "" : " ", why.msg);
}

static bool
rules_is(const char *ttype, const char *const *types)
{
	for (; *types != NULL; types++)
		if (strcmp(ttype, *types) == 0)
			return true;
	return false;
}

/* Attributes that mean something for some types alone. */
static bool
rules_types(struct env *env, const struct field_row *row)
{
	static const char *const	 texts[] = { "char", "text", "html",
		NULL };
	static const char *const	 indexed[] = { "char", "text", NULL };
	static const char *const	 numbers[] = { "float", "monetary",
		NULL };
	static const char *const	 chosen[] = { "selection", "reference",
		NULL };
	const struct {
		bool			 given;
		const char		*word;
		const char *const	*types;
	}	 words[] = {
		{ row->size != 0, "size", texts },
		{ row->translate, "translate", texts },
		{ row->text_index, "text_index", indexed },
		{ row->digits != NULL, "digits", numbers },
		{ row->currency_field != NULL, "currency_field", numbers },
		{ row->selection != NULL, "selection", chosen },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].given && !rules_is(row->ttype, words[i].types))
			return err_field(env->err, ERR_VALIDATION,
			    "ir.model.fields", words[i].word, "%s of %s: %s is "
			    "not for fields of type %s.", row->name,
			    row->model, words[i].word, row->ttype);
	return !rules_is(row->ttype, chosen) || row->related != NULL ||
	    row->compute != NULL || custom_selection(env, row);
}

static bool
rules_field(struct env *env, const struct field_row *row)
{
	return custom_name(env, row->name, false) &&
	    rules_manual(env, row->state, row->name) &&
	    definition_check(row, arena_printf(env->arena, "%s of %s",
	    row->name, row->model), env->err) &&
	    rules_types(env, row);
}

bool
custom_check_fields(struct env *env, const struct ids *ids)
{
	struct field_row	*rows;
	size_t			 n;

	if (!custom_field_rows(env, ids_in(env, "id", ids), &rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!rules_field(env, &rows[i]))
			return false;
	return true;
}
