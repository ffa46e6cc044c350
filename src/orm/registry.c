#include "orm/registry_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/definition.h"
#include "orm/field.h"
#include "orm/formula_private.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "store/query.h"
#include "store/store.h"

/* A query over a whole table in the order of ids. */
static bool
registry_select(struct store *st, struct arena *a, const char *table,
    const struct expr **columns, size_t n, struct rows *rows, struct err *err)
{
	struct query	*q = query_new(a, table, 0);
	struct order	*o = arena_alloc(a, sizeof *o);

	q->columns = columns;
	q->ncolumns = n;
	o->expr = expr_column(a, "id", COL_ID, 0);
	q->orders = o;
	q->norders = 1;
	return store_select(st, q, a, rows, err);
}

static void
registry_model_set(struct registry *r, struct model *m,
    const struct model_row *row)
{
	m->id = row->id;
	m->name = row->model;
	m->description = row->name;
	m->table = definition_table(r->arena, row->model);
	m->order = row->order == NULL ? "id" : row->order;
	m->api_name = row->api_name != NULL ? row->api_name :
	    strncmp(m->table, "x_", 2) == 0 ? m->table + 2 : m->table;
	m->parent_store = row->parent_store;
	m->parent_archived = row->parent_archived;
	m->locked = row->locked;
	m->manual = row->state != NULL && strcmp(row->state, "manual") == 0;
	m->by_name = map_new(r->arena);
}

static bool
registry_models(struct registry *r, struct store *st,
    struct model_row **out, struct err *err)
{
	const struct expr	**columns;
	struct rows		  rows;
	size_t			  n;

	n = meta_model_columns(r->arena, &columns);
	if (!registry_select(st, r->arena, "ir_model", columns, n, &rows, err))
		return false;
	r->nmodels = rows.n;
	r->models = arena_array(r->arena, rows.n, sizeof *r->models);
	*out = arena_array(r->arena, rows.n, sizeof **out);
	for (size_t i = 0; i < rows.n; i++) {
		meta_model_row(rows.cells + i * n, &(*out)[i]);
		registry_model_set(r, &r->models[i], &(*out)[i]);
		map_put(r->by_name, span_of(r->models[i].name), &r->models[i]);
	}
	return true;
}

/* The id is shown first, what every model has last. */
static int
registry_place(const char *field)
{
	if (strcmp(field, "id") == 0)
		return 0;
	return definition_automatic(field) ? 2 : 1;
}

/* Adds the fields of one place to their models. */
static bool
registry_fields_at(struct registry *r, const struct field_row *rows, size_t n,
    int place, struct err *err)
{
	struct model	*m;

	for (size_t i = 0; i < n; i++) {
		m = map_get(r->by_name, span_of(rows[i].model));
		if (m != NULL && registry_place(rows[i].name) == place &&
		    !definition_field(r->arena, &rows[i],
		    &m->fields[m->nfields++], err))
			return false;
	}
	return true;
}

/* The field rows of models that are there, in the order of ids. */
static bool
registry_field_rows(struct registry *r, struct store *st,
    struct arena *scratch, struct field_row **out, size_t *n, struct err *err)
{
	const struct expr	**columns;
	struct rows		  rows;
	size_t			  width = meta_field_columns(scratch, &columns);

	if (!registry_select(st, scratch, "ir_model_fields", columns, width,
	    &rows, err))
		return false;
	*out = arena_array(scratch, rows.n, sizeof **out);
	*n = 0;
	for (size_t i = 0; i < rows.n; i++) {
		struct field_row	*row = &(*out)[*n];
		struct model		*m;

		meta_field_row(rows.cells + i * width, row);
		if ((m = map_get(r->by_name, span_of(row->model))) == NULL)
			continue;
		meta_field_keep(r->arena, row);
		m->nfields++;
		(*n)++;
	}
	return true;
}

static bool
registry_fields(struct registry *r, struct store *st, struct err *err)
{
	struct arena		*scratch = arena_new();
	struct field_row	*rows;
	size_t			 n;
	bool			 ok;

	ok = registry_field_rows(r, st, scratch, &rows, &n, err);
	for (size_t i = 0; i < r->nmodels; i++) {
		struct model	*m = &r->models[i];

		m->fields = arena_array(r->arena, m->nfields,
		    sizeof *m->fields);
		m->nfields = 0;
	}
	for (int place = 0; ok && place < 3; place++)
		ok = registry_fields_at(r, rows, n, place, err);
	arena_free(scratch);
	return ok;
}

/* Run-time models have x_ before a name that means something. */
static const struct field *
registry_known(const struct model *m, const char *name)
{
	const struct field	*f = map_get(m->by_name, span_of(name + 2));

	return f != NULL ? f : map_get(m->by_name, span_of(name));
}

static const struct field *
registry_rec_name(const struct model *m, const struct model_row *row)
{
	const struct field	*f;

	if (row->rec_name != NULL)
		return map_get(m->by_name, span_of(row->rec_name));
	f = registry_known(m, "x_name");
	return f == NULL || f->type->column == COL_NONE ||
	    f->type->column == COL_BYTES ? NULL : f;
}

static const struct field *
registry_active(const struct model *m)
{
	const struct field	*f = registry_known(m, "x_active");

	return f == NULL || f->type->column != COL_BOOL ? NULL : f;
}

/* The many2one that says which record stands above. */
static const struct field *
registry_parent(const struct model *m)
{
	const struct field	*f = registry_known(m, "x_parent_id");

	return f == NULL || !field_is_many2one(f) || f->target != m ||
	    f->column == NULL ? NULL : f;
}

static bool
registry_name_search(struct registry *r, struct model *m,
    const struct model_row *row, struct err *err)
{
	return row->name_search == NULL || literal_parse(r->arena,
	    span_of(row->name_search), &parse_limits_default, &m->name_search,
	    err);
}

static bool
registry_link_model(struct registry *r, struct model *m,
    const struct model_row *row, struct err *err)
{
	for (size_t i = 0; i < m->nfields; i++) {
		struct field	*f = &m->fields[i];

		f->model = m;
		map_put(m->by_name, span_of(f->name), f);
		if (f->relation == NULL)
			continue;
		f->target = map_get(r->by_name, span_of(f->relation));
		if (f->target == NULL)
			return err_set(err, ERR_VALIDATION,
			    "field %s of %s: there is no model %s", f->name,
			    m->name, f->relation);
	}
	m->rec_name = registry_rec_name(m, row);
	m->display = map_get(m->by_name, span_of("display_name"));
	m->active = registry_active(m);
	m->parent = registry_parent(m);
	return registry_name_search(r, m, row, err);
}

/* The many2one that a one2many turns round. */
static bool
registry_inverses(struct model *m, struct err *err)
{
	for (size_t i = 0; i < m->nfields; i++) {
		struct field	*f = &m->fields[i];

		if (f->relation_field == NULL || !field_is_x2many(f) ||
		    f->link != NULL)
			continue;
		f->inverse = map_get(f->target->by_name,
		    span_of(f->relation_field));
		if (f->inverse == NULL || !field_is_many2one(f->inverse) ||
		    f->inverse->target != m || f->inverse->column == NULL)
			return err_set(err, ERR_VALIDATION, "field %s of %s: "
			    "%s of %s is no stored many2one to it", f->name,
			    m->name, f->relation_field, f->relation);
	}
	return true;
}

/* The field at the other end of the same link table, the columns swapped. */
static bool
registry_mirrors(const struct field *f, const struct field *other)
{
	return f->target == other->model && other->target == f->model &&
	    strcmp(f->link_own, other->link_other) == 0 &&
	    strcmp(f->link_other, other->link_own) == 0;
}

/* A link table belongs to one many2many, or to two that face each other. */
static bool
registry_link_tables(struct model *m, struct map *links, struct err *err)
{
	for (size_t i = 0; i < m->nfields; i++) {
		struct field	*f = &m->fields[i], *first;
		struct span	 table;

		if (f->link == NULL || f->compute != NULL)
			continue;
		table = span_of(f->link);
		if ((first = map_get(links, table)) == NULL) {
			map_put(links, table, f);
			continue;
		}
		if (first->mirror != NULL || !registry_mirrors(f, first))
			return err_set(err, ERR_VALIDATION, "field %s of %s: "
			    "%s of %s keeps its links in %s: give another "
			    "relation_table", f->name, m->name, first->name,
			    first->model->name, f->link);
		first->mirror = f;
		f->mirror = first;
	}
	return true;
}

static void
registry_observe(struct model *m, const struct observer *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(o[i].model, m->name) == 0)
			m->observer = &o[i];
}

static void
registry_formulas(struct registry *r)
{
	struct model	**models = arena_array(r->arena, r->nmodels,
	    sizeof *models);

	for (size_t i = 0; i < r->nmodels; i++)
		models[i] = &r->models[i];
	formula_link(r->arena, models, r->nmodels);
}

bool
registry_load(struct arena *a, struct store *st,
    const struct observer *observers, size_t nobservers, int64_t generation,
    struct registry **out, struct err *err)
{
	struct registry		*r = arena_alloc(a, sizeof *r);
	struct map		*links = map_new(a);
	struct model_row	*rows;

	r->arena = a;
	r->generation = generation;
	r->by_name = map_new(a);
	if (!registry_models(r, st, &rows, err) ||
	    !registry_fields(r, st, err))
		return false;
	for (size_t i = 0; i < r->nmodels; i++) {
		struct model	*m = &r->models[i];

		if (!registry_link_model(r, m, &rows[i], err))
			return false;
		registry_observe(m, observers, nobservers);
	}
	for (size_t i = 0; i < r->nmodels; i++)
		if (!registry_inverses(&r->models[i], err) ||
		    !registry_link_tables(&r->models[i], links, err))
			return false;
	if (!registry_rights(r, st, err))
		return false;
	registry_formulas(r);
	*out = r;
	return true;
}

int64_t
registry_generation(const struct registry *r)
{
	return r->generation;
}

const struct model *
registry_model(const struct registry *r, const char *name)
{
	return map_get(r->by_name, span_of(name));
}

size_t
registry_count(const struct registry *r)
{
	return r->nmodels;
}

const struct model *
registry_at(const struct registry *r, size_t i)
{
	return &r->models[i];
}
