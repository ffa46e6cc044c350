/* Rows of ir.model.fields to fields and to tables. */

#include "orm/definition_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/value.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "store/store.h"

const char *
definition_table(struct arena *a, const char *model)
{
	char	*table = arena_strdup(a, model);

	for (char *p = table; *p != '\0'; p++)
		if (*p == '.')
			*p = '_';
	return table;
}

static bool
definition_literal(struct arena *a, const struct field_row *row,
    const char *text, struct value *out, struct err *err)
{
	struct err	 inner = { 0 };

	if (text == NULL || literal_parse(a, span_of(text),
	    &parse_limits_default, out, &inner))
		return true;
	return err_set(err, ERR_VALIDATION, "field %s of %s: %s", row->name,
	    row->model, inner.msg);
}

/* "[16, 2]": digits in all, digits after the point. */
static bool
definition_digits(struct arena *a, const struct field_row *row,
    struct field *f, struct err *err)
{
	struct value	 v = value_null();

	f->scale = strcmp(row->ttype, "monetary") == 0 ? 2 : -1;
	f->precision = 16;
	if (!definition_literal(a, row, row->digits, &v, err))
		return false;
	if (v.type == VALUE_NULL)
		return true;
	if (v.type != VALUE_LIST || v.u.list->n != 2 ||
	    v.u.list->v[0].type != VALUE_INT ||
	    v.u.list->v[1].type != VALUE_INT ||
	    v.u.list->v[0].u.i < 1 || v.u.list->v[0].u.i > 18 ||
	    v.u.list->v[1].u.i < 0 || v.u.list->v[1].u.i > v.u.list->v[0].u.i)
		return err_set(err, ERR_VALIDATION, "field %s of %s: digits "
		    "must be [1 to 18 in all, those after the point]",
		    row->name, row->model);
	f->precision = (int)v.u.list->v[0].u.i;
	f->scale = (int)v.u.list->v[1].u.i;
	return true;
}

static enum ondelete
definition_ondelete(const struct field_row *row)
{
	if (row->on_delete == NULL)
		return row->required ? ONDELETE_RESTRICT : ONDELETE_SET_NULL;
	if (strcmp(row->on_delete, "cascade") == 0)
		return ONDELETE_CASCADE;
	if (strcmp(row->on_delete, "restrict") == 0)
		return ONDELETE_RESTRICT;
	return ONDELETE_SET_NULL;
}

static bool
definition_formula(struct arena *a, const struct field_row *row,
    const char *text, const struct formula **out, struct err *err)
{
	struct err	 inner = { 0 };

	if (text == NULL || formula_parse(a, span_of(text), out, &inner))
		return true;
	return err_set(err, ERR_VALIDATION, "field %s of %s: %s", row->name,
	    row->model, inner.msg);
}

/* A related field is computed: its path is its formula. */
static bool
definition_compute(struct arena *a, const struct field_row *row,
    struct field *f, struct err *err)
{
	f->related = row->related;
	return definition_formula(a, row, row->related != NULL ?
	    row->related : row->compute, &f->compute, err) &&
	    definition_formula(a, row, row->default_compute,
	    &f->dflt_compute, err);
}

/* What a field row says of the field's relation. */
static bool
definition_relation(struct arena *a, const struct field_row *row,
    struct field *f, struct err *err)
{
	f->relation = row->relation;
	f->relation_field = row->relation_field;
	f->ondelete = definition_ondelete(row);
	return definition_many2many(a, row, f, err) &&
	    definition_literal(a, row, row->domain, &f->domain, err);
}

bool
definition_field(struct arena *a, const struct field_row *row,
    struct field *f, struct err *err)
{
	memset(f, 0, sizeof *f);
	f->id = row->id;
	f->name = row->name;
	f->key = span_of(row->name);
	f->string = row->field_description == NULL ||
	    row->field_description[0] == '\0' ? row->name :
	    row->field_description;
	f->help = row->help;
	f->type = field_type_named(row->ttype);
	if (f->type == NULL)
		return err_set(err, ERR_VALIDATION,
		    "field %s of %s: unknown type \"%s\"", row->name,
		    row->model, row->ttype);
	f->size = (int)row->size;
	f->required = row->required;
	f->readonly = row->readonly;
	f->automatic = definition_automatic(row->name);
	f->secret = row->secret;
	f->copy = row->copied;
	f->translate = row->translate;
	f->index = row->index;
	f->text_index = row->text_index;
	f->currency_field = row->currency_field;
	f->groups = row->group_names;
	f->manual = row->state != NULL && strcmp(row->state, "manual") == 0;
	if (row->store && f->type->column != COL_NONE)
		f->column = strcmp(row->name, "__last_update") == 0 ?
		    "write_date" : row->name;
	return definition_digits(a, row, f, err) &&
	    definition_relation(a, row, f, err) &&
	    definition_compute(a, row, f, err) &&
	    definition_literal(a, row, row->selection, &f->selection, err) &&
	    definition_literal(a, row, row->default_value, &f->dflt, err);
}

/* Columns that every table has besides its fields. */
static bool
definition_hidden(const char *field)
{
	return strcmp(field, "id") == 0 || strcmp(field, "__last_update") == 0;
}

static bool
definition_column(struct arena *a, const struct field_row *row,
    struct column_def *c, struct err *err)
{
	struct field	 f;

	if (!definition_field(a, row, &f, err))
		return false;
	c->name = f.column;
	c->type = field_column_type(&f);
	c->scale = c->type == COL_DECIMAL ? (unsigned int)f.scale : 0;
	if (c->type == COL_ID && f.relation != NULL)
		c->references = definition_table(a, f.relation);
	return true;
}

static size_t
definition_list_count(const struct value *v)
{
	return v != NULL && v->type == VALUE_LIST ? v->u.list->n : 0;
}

static bool
definition_index(struct arena *a, const struct value *columns, bool unique,
    struct index_def *out, struct err *err)
{
	const char	**names;

	if (columns->type != VALUE_LIST || columns->u.list->n == 0)
		return err_set(err, ERR_VALIDATION,
		    "an index must be a list of columns");
	names = arena_array(a, columns->u.list->n, sizeof *names);
	for (size_t i = 0; i < columns->u.list->n; i++) {
		const struct value	*v = &columns->u.list->v[i];

		if (v->type != VALUE_TEXT ||
		    !definition_name_valid(v->u.text.p, false))
			return err_set(err, ERR_VALIDATION,
			    "an index must be a list of columns");
		names[i] = v->u.text.p;
	}
	*out = (struct index_def){ names, columns->u.list->n, unique, false };
	return true;
}

static struct index_def
definition_index_one(struct arena *a, const char *column, bool unique)
{
	const char	**names = arena_array(a, 1, sizeof *names);

	names[0] = column;
	return (struct index_def){ names, 1, unique, false };
}

/* Whether an index that is wanted already begins with the column. */
static bool
definition_indexed(const struct table_def *t, const char *column)
{
	for (size_t i = 0; i < t->nindexes; i++)
		if (strcmp(t->indexes[i].columns[0], column) == 0)
			return true;
	return false;
}

static bool
definition_indexes(struct arena *a, const struct definition *d,
    struct table_def *t, struct err *err)
{
	size_t			 n = definition_list_count(d->indexes);
	size_t			 nunique = definition_list_count(d->unique);
	struct index_def	*ix;

	ix = arena_array(a, n + nunique + 2 * d->nfields + 1, sizeof *ix);
	t->indexes = ix;
	for (size_t i = 0; i < n; i++)
		if (!definition_index(a, &d->indexes->u.list->v[i], false,
		    &ix[t->nindexes++], err))
			return false;
	for (size_t i = 0; i < nunique; i++)
		if (!definition_index(a, &d->unique->u.list->v[i], true,
		    &ix[t->nindexes++], err))
			return false;
	for (size_t i = 0; i < d->nfields; i++) {
		const struct field_row	*row = &d->fields[i];

		if (row->store && !definition_automatic(row->name) &&
		    (row->index || strcmp(row->ttype, "many2one") == 0) &&
		    !definition_indexed(t, row->name))
			ix[t->nindexes++] = definition_index_one(a, row->name,
			    false);
		if (row->store && row->text_index) {
			ix[t->nindexes] = definition_index_one(a, row->name,
			    false);
			ix[t->nindexes++].text = true;
		}
	}
	if (d->row.display_store)
		ix[t->nindexes++] = definition_index_one(a, "display_name",
		    false);
	return true;
}

static bool
definition_table_of(struct arena *a, const struct definition *d,
    struct table_def *t, struct err *err)
{
	struct column_def	*c;

	c = arena_array(a, d->nfields + 1, sizeof *c);
	t->name = definition_table(a, d->row.model);
	t->columns = c;
	if (!d->extends)
		c[t->ncolumns++] = (struct column_def){ .name = "uuid",
		    .type = COL_TEXT };
	for (size_t i = 0; i < d->nfields; i++) {
		const struct field_row	*row = &d->fields[i];

		if (!row->store || definition_hidden(row->name))
			continue;
		if (!definition_column(a, row, &c[t->ncolumns], err))
			return false;
		if (c[t->ncolumns].type != COL_NONE)
			t->ncolumns++;
	}
	return definition_indexes(a, d, t, err);
}

bool
definition_tables(struct arena *a, const struct definition *d,
    struct table_def **out, size_t *n, struct err *err)
{
	*out = arena_array(a, 1 + d->nfields, sizeof **out);
	*n = 1;
	if (!definition_table_of(a, d, *out, err))
		return false;
	for (size_t i = 0; i < d->nfields; i++) {
		const struct field_row	*row = &d->fields[i];

		if (row->store && strcmp(row->ttype, "many2many") == 0 &&
		    !definition_link(a, row, &(*out)[(*n)++], err))
			return false;
	}
	return true;
}
