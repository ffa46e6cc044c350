/* The registry's rights: groups, access, record rules; its languages and
 * settings. */

#include "orm/registry_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/model.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

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

static bool
registry_groups(struct registry *r, struct store *st, struct err *err)
{
	struct query	*q = query_new(r->arena, "res_groups_implied_rel", 2);
	struct order	*order = arena_alloc(r->arena, sizeof *order);
	struct rows	 rows;

	q->columns[0] = expr_column(r->arena, "gid", COL_ID, 0);
	q->columns[1] = expr_column(r->arena, "hid", COL_ID, 0);
	order->expr = q->columns[0];
	q->orders = order;
	q->norders = 1;
	if (!store_select(st, q, r->arena, &rows, err))
		return false;
	r->implying.v = arena_array(r->arena, rows.n, sizeof *r->implying.v);
	r->implied = arena_array(r->arena, rows.n, sizeof *r->implied);
	r->implying.n = rows.n;
	for (size_t i = 0; i < rows.n; i++) {
		r->implying.v[i] = rows.cells[2 * i].u.i;
		r->implied[i] = rows.cells[2 * i + 1].u.i;
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

static bool
registry_settings(struct registry *r, struct store *st, struct err *err)
{
	struct arena	*a = r->arena;
	struct query	*q = query_new(a, "ir_config_parameter", 1);
	struct rows	 rows;

	q->columns[0] = expr_column(a, "value", COL_TEXT, 0);
	q->where = expr_binary(a, EXPR_EQ, expr_column(a, "key", COL_TEXT, 0),
	    expr_value(a, value_text(REGISTRY_ACCENT_BLIND)));
	if (!store_select(st, q, a, &rows, err))
		return false;
	r->accent_blind = rows.n != 0 && (value_is_text(rows.cells, "1") ||
	    value_is_text(rows.cells, "true") ||
	    value_is_text(rows.cells, "True"));
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
registry_rights(struct registry *r, struct store *st, struct err *err)
{
	return registry_access(r, st, err) && registry_groups(r, st, err) &&
	    registry_rules(r, st, err) && registry_field_groups(r, st, err) &&
	    registry_languages(r, st, err) && registry_settings(r, st, err);
}

bool
registry_accent_blind(const struct registry *r)
{
	return r->accent_blind;
}

bool
registry_language(const struct registry *r, const char *code)
{
	return map_get(r->languages, span_of(code)) != NULL;
}

void
registry_implied(const struct registry *r, int64_t group, struct ids *out)
{
	size_t	 at;

	*out = (struct ids){ 0 };
	if (!ids_find(&r->implying, group, &at))
		return;
	out->v = r->implied + at;
	while (at + out->n < r->implying.n &&
	    r->implying.v[at + out->n] == group)
		out->n++;
}
