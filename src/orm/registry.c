#include "orm/registry.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/definition.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/observer.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

struct registry {
	struct arena		*arena;
	int64_t			 generation;
	struct model		*models;
	size_t			 nmodels;
	struct map		*by_name;	/* name -> struct model */
	/* group, as text -> struct ids */
	struct map		*implied;
	struct map		*languages;	/* codes of active ones */
};

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
	m->api_name = row->api_name == NULL ? m->table : row->api_name;
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

/* Field rows come in the order of ids; each model's are gathered. */
static bool
registry_fields(struct registry *r, struct store *st, struct err *err)
{
	const struct expr	**columns;
	struct rows		  rows;
	size_t			  n;

	n = meta_field_columns(r->arena, &columns);
	if (!registry_select(st, r->arena, "ir_model_fields", columns, n, &rows,
	    err))
		return false;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < rows.n; i++) {
			struct field_row	 row;
			struct model		*m;

			meta_field_row(rows.cells + i * n, &row);
			m = map_get(r->by_name, span_of(row.model));
			if (m == NULL)
				continue;
			if (pass == 1 && !definition_field(r->arena, &row,
			    &m->fields[m->nfields], err))
				return false;
			m->nfields++;
		}
		for (size_t i = 0; pass == 0 && i < r->nmodels; i++) {
			struct model	*m = &r->models[i];

			m->fields = arena_array(r->arena, m->nfields,
			    sizeof *m->fields);
			m->nfields = 0;
		}
	}
	return true;
}

static const struct field *
registry_rec_name(const struct model *m, const struct model_row *row)
{
	const struct field	*f;

	if (row->rec_name != NULL)
		return map_get(m->by_name, span_of(row->rec_name));
	f = map_get(m->by_name, span_of("name"));
	return f != NULL ? f : map_get(m->by_name, span_of("x_name"));
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
	m->active = map_get(m->by_name, span_of("active"));
	if (m->active == NULL)
		m->active = map_get(m->by_name, span_of("x_active"));
	m->parent = map_get(m->by_name, span_of("parent_id"));
	if (m->parent == NULL)
		m->parent = map_get(m->by_name, span_of("x_parent_id"));
	if (m->parent != NULL && (!field_is_many2one(m->parent) ||
	    m->parent->target != m || m->parent->column == NULL))
		m->parent = NULL;
	return registry_name_search(r, m, row, err);
}

/* The many2one that a one2many turns round. */
static bool
registry_inverses(struct registry *r, struct model *m, struct err *err)
{
	(void)r;
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

/* The record of an external id of a group, 0 if there is none. */
static int64_t
registry_group_named(const struct rows *names, struct span xmlid)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct value	*v = names->cells + 3 * i;
		size_t			 n = v[0].u.text.n;

		if (xmlid.n == n + 1 + v[1].u.text.n && xmlid.p[n] == '.' &&
		    memcmp(xmlid.p, v[0].u.text.p, n) == 0 &&
		    memcmp(xmlid.p + n + 1, v[1].u.text.p, v[1].u.text.n) == 0)
			return v[2].u.i;
	}
	return 0;
}

/* "base.group_user,base.group_system"; one that is unknown lets nobody in. */
static const struct ids *
registry_group_ids(struct registry *r, const struct rows *names,
    const char *text)
{
	struct ids	*ids = arena_alloc(r->arena, sizeof *ids);

	ids->v = arena_array(r->arena, strlen(text) + 1, sizeof *ids->v);
	while (*text != '\0') {
		struct span	 word = { text, strcspn(text, ", ") };
		int64_t		 id = registry_group_named(names, word);

		if (id != 0)
			ids->v[ids->n++] = id;
		text += word.n;
		text += strspn(text, ", ");
	}
	return ids;
}

static bool
registry_group_names(struct registry *r, struct store *st, struct rows *names,
    struct err *err)
{
	struct arena	*a = r->arena;
	struct query	*q = query_new(a, "ir_model_data", 3);

	q->columns[0] = expr_column(a, "module", COL_TEXT, 0);
	q->columns[1] = expr_column(a, "name", COL_TEXT, 0);
	q->columns[2] = expr_column(a, "res_id", COL_INT, 0);
	q->where = expr_binary(a, EXPR_EQ, expr_column(a, "model", COL_TEXT, 0),
	    expr_value(a, value_text("res.groups")));
	return store_select(st, q, a, names, err);
}

/* Resolves what fields say of the groups that see them. */
static bool
registry_field_groups(struct registry *r, struct store *st, struct err *err)
{
	struct rows	 names = { 0 };
	bool		 read = false;

	for (size_t i = 0; i < r->nmodels; i++)
		for (size_t j = 0; j < r->models[i].nfields; j++) {
			struct field	*f = &r->models[i].fields[j];

			if (f->groups == NULL || f->groups[0] == '\0')
				continue;
			if (!read && !registry_group_names(r, st, &names, err))
				return false;
			read = true;
			f->group_ids = registry_group_ids(r, &names,
			    f->groups);
		}
	return true;
}

static void
registry_links(struct registry *r, struct model *m, const char *text)
{
	struct err	 err = { 0 };
	struct value	 v;

	if (text != NULL && literal_parse(r->arena, span_of(text),
	    &parse_limits_default, &v, &err) && v.type == VALUE_DICT)
		m->links = v.u.dict;
}

static void
registry_observe(struct model *m, const struct observer *o, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(o[i].model, m->name) == 0)
			m->observer = &o[i];
}

enum { ACCESS_COL_MODEL, ACCESS_COL_GROUP, ACCESS_COL_READ,
    ACCESS_COLS = ACCESS_COL_READ + ACCESS__MAX };

static struct access_row
registry_access_row(const struct value *v)
{
	struct access_row	 row = { 0 };

	if (v[ACCESS_COL_GROUP].type == VALUE_INT)
		row.group = v[ACCESS_COL_GROUP].u.i;
	for (int k = 0; k < ACCESS__MAX; k++)
		row.allow[k] = v[ACCESS_COL_READ + k].type == VALUE_BOOL &&
		    v[ACCESS_COL_READ + k].u.b;
	return row;
}

static void
registry_access_model(struct registry *r, struct model *m,
    const struct rows *rows)
{
	struct access_row	*access;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->cells[i * ACCESS_COLS].u.i == m->id)
			m->naccess++;
	m->access = access = arena_array(r->arena, m->naccess, sizeof *access);
	for (size_t i = 0; i < rows->n; i++)
		if (rows->cells[i * ACCESS_COLS].u.i == m->id)
			*access++ = registry_access_row(rows->cells +
			    i * ACCESS_COLS);
}

static bool
registry_access(struct registry *r, struct store *st, struct err *err)
{
	static const struct {
		const char	*name;
		enum col_type	 type;
	}			  columns[] = {
		{ "model_id", COL_ID }, { "group_id", COL_ID },
		{ "perm_read", COL_BOOL }, { "perm_write", COL_BOOL },
		{ "perm_create", COL_BOOL }, { "perm_unlink", COL_BOOL },
	};
	struct query		 *q = query_new(r->arena, "ir_model_access", 6);
	struct rows		  rows;

	for (size_t i = 0; i < 6; i++)
		q->columns[i] = expr_column(r->arena, columns[i].name,
		    columns[i].type, 0);
	q->where = expr_column(r->arena, "active", COL_BOOL, 0);
	if (!store_select(st, q, r->arena, &rows, err))
		return false;
	for (size_t i = 0; i < r->nmodels; i++)
		registry_access_model(r, &r->models[i], &rows);
	return true;
}

static void
registry_imply(struct registry *r, const struct rows *pairs, int64_t group,
    struct ids *all)
{
	if (ids_has(all, group))
		return;
	all->v[all->n++] = group;
	for (size_t i = 0; i < pairs->n; i++)
		if (pairs->cells[2 * i].u.i == group)
			registry_imply(r, pairs, pairs->cells[2 * i + 1].u.i,
			    all);
}

static struct span
registry_group_key(char text[24], int64_t group)
{
	size_t	 n = 0;

	for (; group != 0; group /= 10)
		text[n++] = (char)('0' + group % 10);
	return (struct span){ text, n };
}

static bool
registry_groups(struct registry *r, struct store *st, struct err *err)
{
	struct query	*q = query_new(r->arena, "res_groups", 1);
	struct query	*p = query_new(r->arena, "res_groups_implied_rel", 2);
	struct rows	 groups, pairs;

	q->columns[0] = expr_column(r->arena, "id", COL_ID, 0);
	p->columns[0] = expr_column(r->arena, "gid", COL_ID, 0);
	p->columns[1] = expr_column(r->arena, "hid", COL_ID, 0);
	if (!store_select(st, q, r->arena, &groups, err) ||
	    !store_select(st, p, r->arena, &pairs, err))
		return false;
	r->implied = map_new(r->arena);
	for (size_t i = 0; i < groups.n; i++) {
		struct ids	*all = arena_alloc(r->arena, sizeof *all);
		int64_t		 group = groups.cells[i].u.i;
		char		 key[24];

		all->v = arena_array(r->arena, groups.n + 1, sizeof *all->v);
		registry_imply(r, &pairs, group, all);
		map_put(r->implied, registry_group_key(key, group), all);
	}
	return true;
}

static bool
registry_languages(struct registry *r, struct store *st, struct err *err)
{
	struct query	*q = query_new(r->arena, "res_lang", 1);
	struct rows	 rows;

	q->columns[0] = expr_column(r->arena, "code", COL_TEXT, 0);
	q->where = expr_column(r->arena, "active", COL_BOOL, 0);
	if (!store_select(st, q, r->arena, &rows, err))
		return false;
	r->languages = map_new(r->arena);
	for (size_t i = 0; i < rows.n; i++)
		map_put(r->languages, rows.cells[i].u.text, r);
	return true;
}

/* A database of before there were rules has no table of them. */
static bool
registry_rules(struct registry *r, struct store *st, struct err *err)
{
	return map_get(r->by_name, span_of("ir.rule")) == NULL ||
	    rule_load(r->arena, st, r->models, r->nmodels, err);
}

bool
registry_load(struct arena *a, struct store *st,
    const struct observer *observers, size_t nobservers, int64_t generation,
    struct registry **out, struct err *err)
{
	struct registry		*r = arena_alloc(a, sizeof *r);
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
		registry_links(r, m, rows[i].links);
		registry_observe(m, observers, nobservers);
	}
	for (size_t i = 0; i < r->nmodels; i++)
		if (!registry_inverses(r, &r->models[i], err))
			return false;
	if (!registry_access(r, st, err) || !registry_groups(r, st, err) ||
	    !registry_rules(r, st, err) ||
	    !registry_field_groups(r, st, err) ||
	    !registry_languages(r, st, err))
		return false;
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

bool
registry_language(const struct registry *r, const char *code)
{
	return map_get(r->languages, span_of(code)) != NULL;
}

const struct ids *
registry_implied(const struct registry *r, int64_t group)
{
	char	 key[24];

	return map_get(r->implied, registry_group_key(key, group));
}
