/* Model files to rows of ir.model and ir.model.fields. */

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/literal_write.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/definition.h"
#include "orm/field.h"

/* The fields that every model has; all but id come last. */
static const struct {
	const char	*name, *label, *ttype, *relation;
} automatic[] = {
	{ "id",			"Id",			"integer",	NULL },
	{ "display_name",	"Display Name",		"char",		NULL },
	{ "create_uid",		"Created by",	"many2one",	"res.users" },
	{ "create_date",	"Created on",		"datetime",	NULL },
	{ "write_uid",		"Last Updated by", "many2one",	"res.users" },
	{ "write_date",		"Last Updated on",	"datetime",	NULL },
	{ "__last_update",	"Last Modified on",	"datetime",	NULL },
};

#define AUTOMATIC	(sizeof automatic / sizeof automatic[0])

/* Words of a model file that are not columns of ir.model. */
static const char *const	 model_words[] = {
	"display", "fields", "indexes", "unique",
};

/* Those of a file that adds to another module's model. */
static const char *const	 extension_words[] = {
	"model", "fields", "indexes", "unique",
};

bool
definition_automatic(const char *field)
{
	for (size_t i = 0; i < AUTOMATIC; i++)
		if (strcmp(automatic[i].name, field) == 0)
			return true;
	return false;
}

bool
definition_name_valid(const char *name, bool dots)
{
	size_t	 n = strlen(name);

	if (n == 0 || n > NAME_MAX_BYTES ||
	    strspn(name, dots ? "abcdefghijklmnopqrstuvwxyz0123456789_." :
	    "abcdefghijklmnopqrstuvwxyz0123456789_") != n)
		return false;
	if (dots)
		return strchr("abcdefghijklmnopqrstuvwxyz", name[0]) != NULL;
	return strchr("0123456789", name[0]) == NULL;
}

static const char *
definition_literal(struct arena *a, const struct value *v)
{
	struct buf	*b = buf_new(a);

	literal_write(b, v);
	return b->p;
}

/* A word's value as the column keeps it. */
static const char *
definition_text(struct arena *a, const struct value *dict, const char *word)
{
	const struct value	*v = value_get(dict, word);

	if (*word == '\0' || v == NULL || v->type == VALUE_NULL)
		return NULL;
	if (v->type == VALUE_TEXT && strcmp(word, "default") != 0)
		return arena_strndup(a, v->u.text.p, v->u.text.n);
	return definition_literal(a, v);
}

static bool
definition_flag(const struct value *dict, const char *word)
{
	const struct value	*v = value_get(dict, word);

	if (*word == '\0' || v == NULL)
		return false;
	return value_truthy(v);
}

static int64_t
definition_size(const struct value *dict, const char *word)
{
	const struct value	*v = value_get(dict, word);

	return v != NULL && v->type == VALUE_INT ? v->u.i : 0;
}

#define READ_TEXT(a, dict, word)	definition_text((a), (dict), (word))
#define READ_FLAG(a, dict, word)	definition_flag((dict), (word))
#define READ_SIZE(a, dict, word)	definition_size((dict), (word))

static bool
definition_word(const char *const *words, size_t n, struct span word)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

static bool
definition_ondelete(const char *text)
{
	static const char *const	 policies[] = {
		"set null", "restrict", "cascade",
	};

	return definition_word(policies, 3, span_of(text));
}

/* Words that nobody reads are mistakes of the file's author. */
static bool
definition_words(const struct value *dict, const char *const *words, size_t n,
    const char *what, struct err *err)
{
	for (size_t i = 0; i < map_count(dict->u.dict); i++) {
		struct span	 word = map_key(dict->u.dict, i);

		if (!definition_word(words, n, word))
			return err_set(err, ERR_VALIDATION,
			    "%s: unknown attribute \"%s\"", what, word.p);
	}
	return true;
}

bool
definition_check(const struct field_row *row, const char *what,
    struct err *err)
{
	const char	*type = row->ttype == NULL ? "" : row->ttype;
	bool		 one2many = strcmp(type, "one2many") == 0;
	bool		 many2one = strcmp(type, "many2one") == 0;
	bool		 link = one2many || many2one ||
	    strcmp(type, "many2many") == 0;

	if (!definition_name_valid(row->name, false) ||
	    definition_automatic(row->name) || strcmp(row->name, "uuid") == 0)
		return err_set(err, ERR_VALIDATION,
		    "%s: not a name for a field", what);
	if (field_type_named(type) == NULL)
		return err_set(err, ERR_VALIDATION, "%s: unknown type \"%s\"",
		    what, type);
	if (link != (row->relation != NULL))
		return err_set(err, ERR_VALIDATION, "%s: relation is %s",
		    what, link ? "missing" : "for relations alone");
	if (one2many != (row->relation_field != NULL))
		return err_set(err, ERR_VALIDATION, "%s: relation_field is %s",
		    what, one2many ? "missing" : "for one2many alone");
	if (row->compute != NULL && row->related != NULL)
		return err_set(err, ERR_VALIDATION,
		    "%s: either compute or related", what);
	if (row->on_delete != NULL && (!many2one ||
	    !definition_ondelete(row->on_delete) || (row->required &&
	    strcmp(row->on_delete, "set null") == 0)))
		return err_set(err, ERR_VALIDATION,
		    "%s: ondelete \"%s\" is not possible", what,
		    row->on_delete);
	if (!row->store && row->compute == NULL && row->related == NULL)
		return err_set(err, ERR_VALIDATION,
		    "%s: neither stored nor computed", what);
	if ((row->index || row->text_index) && link && !many2one)
		return err_set(err, ERR_VALIDATION, "%s: a %s has no index",
		    what, type);
	if (row->store && (row->compute != NULL || row->related != NULL) &&
	    link && !many2one)
		return err_set(err, ERR_VALIDATION,
		    "%s: a computed %s cannot be stored", what, type);
	return row->size >= 0 && row->size <= INT32_MAX ? true :
	    err_set(err, ERR_VALIDATION, "%s: size is not possible", what);
}

static bool
definition_read_field(struct arena *a, const struct model_row *model,
    struct span name, const struct value *v, struct field_row *row,
    struct err *err)
{
	static const char *const	 words[] = {
#define META(kind, column, word)	word,
#include "orm/meta.def"
#undef META
	};
	const char	*what;

	what = arena_printf(a, "field %s of %s", name.p, model->model);
	if (v->type != VALUE_DICT)
		return err_set(err, ERR_VALIDATION,
		    "%s must be a dictionary of attributes", what);
	if (!definition_words(v, words, sizeof words / sizeof *words, what,
	    err))
		return false;
#define META(kind, column, word)	row->column = READ_##kind(a, v, word);
#include "orm/meta.def"
#undef META
	row->name = arena_strndup(a, name.p, name.n);
	row->model = model->model;
	row->state = model->state;
	row->modules = model->modules;
	if (value_get(v, "copy") == NULL)
		row->copied = row->ttype == NULL ||
		    strcmp(row->ttype, "one2many") != 0;
	if (value_get(v, "store") == NULL)
		row->store = row->compute == NULL && row->related == NULL;
	return definition_check(row, what, err);
}

static struct field_row
definition_read_automatic(const struct model_row *model, size_t i,
    const struct value *file)
{
	bool	 display = strcmp(automatic[i].name, "display_name") == 0;

	return (struct field_row){
		.name = automatic[i].name,
		.model = model->model,
		.field_description = automatic[i].label,
		.ttype = automatic[i].ttype,
		.relation = automatic[i].relation,
		.on_delete = automatic[i].relation == NULL ? NULL : "restrict",
		.state = model->state,
		.modules = model->modules,
		.readonly = true,
		.store = !display || model->display_store,
		.compute = display ? model->display : NULL,
		.text_index = display && model->display_store &&
		    definition_flag(value_get(file, "display"), "text_index"),
	};
}

size_t
definition_automatic_rows(struct arena *a, const struct model_row *model,
    struct field_row **out)
{
	*out = arena_array(a, AUTOMATIC, sizeof **out);
	for (size_t i = 0; i < AUTOMATIC; i++)
		(*out)[i] = definition_read_automatic(model, i, NULL);
	return AUTOMATIC;
}

static bool
definition_read_fields(struct arena *a, const struct value *file, bool fresh,
    struct definition *d, struct err *err)
{
	const struct value	*fields = value_get(file, "fields");
	size_t			 n;

	if (fields == NULL || fields->type != VALUE_DICT)
		return err_set(err, ERR_VALIDATION,
		    "model %s: fields must be a dictionary", d->row.model);
	n = map_count(fields->u.dict);
	d->fields = arena_array(a, n + AUTOMATIC, sizeof *d->fields);
	if (fresh)
		d->fields[d->nfields++] = definition_read_automatic(&d->row, 0,
		    file);
	for (size_t i = 0; i < n; i++)
		if (!definition_read_field(a, &d->row,
		    map_key(fields->u.dict, i), map_at(fields->u.dict, i),
		    &d->fields[d->nfields++], err))
			return false;
	for (size_t i = 1; fresh && i < AUTOMATIC; i++)
		d->fields[d->nfields++] = definition_read_automatic(&d->row, i,
		    file);
	return true;
}

static bool
definition_read_display(struct arena *a, const struct value *file,
    struct model_row *row, struct err *err)
{
	static const char *const	 words[] = {
		"compute", "store", "index", "text_index",
	};
	const struct value		*display = value_get(file, "display");

	if (display == NULL)
		return true;
	if (display->type != VALUE_DICT)
		return err_set(err, ERR_VALIDATION,
		    "model %s: display must be a dictionary", row->model);
	if (!definition_words(display, words, 4, row->model, err))
		return false;
	row->display = definition_text(a, display, "compute");
	row->display_store = definition_flag(display, "store");
	return true;
}

bool
definition_read(struct arena *a, const struct value *file, const char *module,
    bool fresh, struct definition *d, struct err *err)
{
	const char *const	 columns[] = {
#define META(kind, column, word)	word,
#include "orm/meta_model.def"
#undef META
		model_words[0], model_words[1], model_words[2], model_words[3],
	};

	memset(d, 0, sizeof *d);
	if (file->type != VALUE_DICT)
		return err_set(err, ERR_VALIDATION,
		    "a model file must hold one dictionary");
#define META(kind, column, word)	\
	d->row.column = READ_##kind(a, file, word);
#include "orm/meta_model.def"
#undef META
	d->row.state = "base";
	d->row.modules = module;
	d->extends = !fresh;
	if (d->row.model == NULL || !definition_name_valid(d->row.model, true))
		return err_set(err, ERR_VALIDATION, "\"%s\" is no model name",
		    d->row.model == NULL ? "" : d->row.model);
	if (fresh && d->row.name == NULL)
		return err_set(err, ERR_VALIDATION,
		    "model %s: name is missing", d->row.model);
	if (!(fresh ? definition_words(file, columns,
	    sizeof columns / sizeof *columns, d->row.model, err) :
	    definition_words(file, extension_words, 4, d->row.model, err)))
		return false;
	d->indexes = value_get(file, "indexes");
	d->unique = value_get(file, "unique");
	return definition_read_display(a, file, &d->row, err) &&
	    definition_read_fields(a, file, fresh, d, err);
}
