/* Whether the tables are what ir.model and ir.model.fields say. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/custom_private.h"
#include "orm/definition.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/store.h"

/* Keys are "table", "table column" and names of indexes; links are the tables
 * of many2many fields, whose indexes are their own affair. */
struct check {
	struct env	*env;
	struct map	*wanted, *found, *links;
	struct value	*faults;
};

static void
check_put(struct check *c, struct map *map, const char *a, const char *b)
{
	map_put(map, span_of(*b == '\0' ? arena_strdup(c->env->arena, a) :
	    arena_printf(c->env->arena, "%s %s", a, b)), c);
}

static void
check_fault(struct check *c, const char *what, struct span name)
{
	value_push(c->env->arena, c->faults, value_text(arena_printf(
	    c->env->arena, "%s: %.*s", what, (int)name.n, name.p)));
}

static void
check_want_index(struct check *c, const struct field *f, bool text)
{
	struct index_def	 ix = { .columns = &f->column, .n = 1,
				    .text = text };

	check_put(c, c->wanted, store_index_name(c->env->arena,
	    f->model->table, &ix), "");
}

static void
check_want_field(struct check *c, const struct field *f)
{
	const char	*table = f->model->table;

	if (f->link != NULL && f->compute == NULL) {
		check_put(c, c->links, f->link, "");
		check_put(c, c->wanted, f->link, "");
		check_put(c, c->wanted, f->link, f->link_own);
		check_put(c, c->wanted, f->link, f->link_other);
	}
	if (f->column == NULL)
		return;
	check_put(c, c->wanted, table, f->column);
	if (f->manual && custom_wants_index(f))
		check_want_index(c, f, false);
	if (f->text_index)
		check_want_index(c, f, true);
}

static void
check_want(struct check *c)
{
	for (size_t i = 0; i < registry_count(c->env->reg); i++) {
		const struct model	*m = registry_at(c->env->reg, i);

		check_put(c, c->wanted, m->table, "");
		check_put(c, c->wanted, m->table, "uuid");
		for (size_t j = 0; j < m->nfields; j++)
			check_want_field(c, &m->fields[j]);
	}
}

static bool
check_wanted(const struct check *c, const struct value *table,
    const struct value *column)
{
	return map_get(c->wanted, span_of(arena_printf(c->env->arena, "%s %s",
	    table->u.text.p, column->u.text.p))) != NULL;
}

static bool
check_is_custom(struct span name)
{
	return name.n > 2 && memcmp(name.p, "x_", 2) == 0;
}

/* Tables of ours that no model has; columns that no field has. */
static void
check_columns(struct check *c, const struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct value	*v = rows->cells + 2 * i;
		const char		*column = v[1].u.text.p;
		bool			 known;

		known = map_get(c->wanted, v[0].u.text) != NULL;
		if (!known && check_is_custom(v[0].u.text) &&
		    map_get(c->found, v[0].u.text) == NULL)
			check_fault(c, "a table of no model", v[0].u.text);
		check_put(c, c->found, v[0].u.text.p, "");
		check_put(c, c->found, v[0].u.text.p, column);
		if (known && !check_wanted(c, &v[0], &v[1]))
			check_fault(c, "a column of no field",
			    span_of(arena_printf(c->env->arena, "%s.%s",
			    v[0].u.text.p, column)));
	}
}

static void
check_indexes(struct check *c, const struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct value	*v = rows->cells + 3 * i;

		check_put(c, c->found, v[1].u.text.p, "");
		if (check_is_custom(v[2].u.text) &&
		    map_get(c->wanted, v[1].u.text) == NULL &&
		    map_get(c->links, v[0].u.text) == NULL)
			check_fault(c, "an index of no field", v[1].u.text);
	}
}

/* Field rows must be those of the model that they name. */
static bool
check_rows(struct check *c)
{
	struct arena		*a = c->env->arena;
	const struct expr	*model;
	struct field_row	*rows;
	size_t			 n;

	model = expr_lookup(a, expr_column(a, "model_id", COL_ID, 0),
	    "ir_model", expr_column(a, "model", COL_TEXT, 0));
	if (!custom_field_rows(c->env, expr_binary(a, EXPR_NE,
	    expr_column(a, "model", COL_TEXT, 0), expr_node(a, EXPR_COALESCE,
	    COL_TEXT, 0, model, expr_value(a, value_text("")))), &rows, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		check_fault(c, "a field of another model",
		    span_of(rows[i].name));
	return true;
}

static struct check
check_start(struct env *env, struct value *faults)
{
	struct check	 c = { .env = env, .faults = faults };

	c.wanted = map_new(env->arena);
	c.found = map_new(env->arena);
	c.links = map_new(env->arena);
	check_want(&c);
	return c;
}

bool
custom_sweep(struct env *env)
{
	struct check	 c = check_start(env, NULL);
	struct rows	 columns, indexes;

	if (!store_facts(env->store, env->arena, &columns, &indexes, env->err))
		return false;
	for (size_t i = 0; i < columns.n; i++) {
		const struct value	*v = columns.cells + 2 * i;

		if (map_get(c.wanted, v[0].u.text) != NULL &&
		    !check_wanted(&c, &v[0], &v[1]) &&
		    !store_drop_column(env->store, v[0].u.text.p,
		    v[1].u.text.p, env->err))
			return false;
	}
	return true;
}

bool
custom_check(struct env *env, struct value *faults)
{
	struct check	 c = check_start(env, faults);
	struct rows	 columns, indexes;

	if (!store_facts(env->store, env->arena, &columns, &indexes,
	    env->err) || !check_rows(&c))
		return false;
	check_columns(&c, &columns);
	check_indexes(&c, &indexes);
	for (size_t i = 0; i < map_count(c.wanted); i++)
		if (map_get(c.found, map_key(c.wanted, i)) == NULL)
			check_fault(&c, "a model or field without it",
			    map_key(c.wanted, i));
	return true;
}
