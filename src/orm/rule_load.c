/* The rows of ir.rule, into the registry. */

#include <string.h>

#include "base/arena.h"
#include "orm/model.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

enum { RULE_ID, RULE_NAME, RULE_DOMAIN, RULE_MODEL, RULE_READ,
    RULE_COLS = RULE_READ + ACCESS__MAX };

static bool
rule_select(struct arena *a, struct store *st, struct rows *rows,
    struct err *err)
{
	static const struct {
		const char	*name;
		enum col_type	 type;
	}		 columns[RULE_COLS] = {
		{ "id", COL_ID }, { "name", COL_TEXT },
		{ "domain_force", COL_TEXT }, { "model_id", COL_ID },
		{ "perm_read", COL_BOOL }, { "perm_write", COL_BOOL },
		{ "perm_create", COL_BOOL }, { "perm_unlink", COL_BOOL },
	};
	struct query	*q = query_new(a, "ir_rule", RULE_COLS);
	struct order	*o = arena_alloc(a, sizeof *o);

	for (size_t i = 0; i < RULE_COLS; i++)
		q->columns[i] = expr_column(a, columns[i].name,
		    columns[i].type, 0);
	q->where = expr_column(a, "active", COL_BOOL, 0);
	o->expr = q->columns[RULE_ID];
	q->orders = o;
	q->norders = 1;
	return store_select(st, q, a, rows, err);
}

/* Pairs of rule and group. */
static bool
rule_select_groups(struct arena *a, struct store *st, struct rows *rows,
    struct err *err)
{
	struct query	*q = query_new(a, "rule_group_rel", 2);

	q->columns[0] = expr_column(a, "rule_group_id", COL_ID, 0);
	q->columns[1] = expr_column(a, "group_id", COL_ID, 0);
	return store_select(st, q, a, rows, err);
}

/* NULL if there is none: the rule is global. */
static const struct ids *
rule_groups(struct arena *a, const struct rows *pairs, int64_t rule)
{
	struct ids	*ids = arena_alloc(a, sizeof *ids);

	for (size_t i = 0; i < pairs->n; i++)
		ids->n += pairs->cells[2 * i].u.i == rule;
	if (ids->n == 0)
		return NULL;
	ids->v = arena_array(a, ids->n, sizeof *ids->v);
	ids->n = 0;
	for (size_t i = 0; i < pairs->n; i++)
		if (pairs->cells[2 * i].u.i == rule)
			ids->v[ids->n++] = pairs->cells[2 * i + 1].u.i;
	return ids;
}

static struct rule
rule_row(struct arena *a, const struct value *v, const struct rows *pairs)
{
	struct rule	 r = { .id = v[RULE_ID].u.i, .name = "",
			    .domain = "" };

	if (v[RULE_NAME].type == VALUE_TEXT)
		r.name = v[RULE_NAME].u.text.p;
	if (v[RULE_DOMAIN].type == VALUE_TEXT)
		r.domain = v[RULE_DOMAIN].u.text.p;
	for (int k = 0; k < ACCESS__MAX; k++)
		r.allow[k] = v[RULE_READ + k].type == VALUE_BOOL &&
		    v[RULE_READ + k].u.b;
	r.groups = rule_groups(a, pairs, r.id);
	return r;
}

static void
rule_load_model(struct arena *a, struct model *m, const struct rows *rows,
    const struct rows *pairs)
{
	struct rule	*rules;

	for (size_t i = 0; i < rows->n; i++)
		m->nrules += rows->cells[i * RULE_COLS + RULE_MODEL].u.i ==
		    m->id;
	m->rules = rules = arena_array(a, m->nrules, sizeof *rules);
	for (size_t i = 0; i < rows->n; i++) {
		const struct value	*row = rows->cells + i * RULE_COLS;

		if (row[RULE_MODEL].u.i == m->id)
			*rules++ = rule_row(a, row, pairs);
	}
}

bool
rule_load(struct arena *a, struct store *st, struct model *models, size_t n,
    struct err *err)
{
	struct rows	 rows, pairs;

	if (!rule_select(a, st, &rows, err) ||
	    !rule_select_groups(a, st, &pairs, err))
		return false;
	for (size_t i = 0; i < n; i++)
		rule_load_model(a, &models[i], &rows, &pairs);
	return true;
}
