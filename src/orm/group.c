/* read_group: semantics 9.2. */

#include "orm/group.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/group_private.h"
#include "orm/method.h"
#include "store/store.h"

#define GROUP_BYTES	16	/* of the shortest cell in an answer */

static struct span
group_id_key(const int64_t *id)
{
	return (struct span){ (const char *)id, sizeof *id };
}

/* The names of the records in a column of the rows, with full rights. */
static bool
group_names(struct grouping *g, struct group_key *key, const struct rows *rows,
    size_t column)
{
	struct env		 su = env_sudo(g->env);
	struct arena		*a = su.arena;
	const struct model	*target = key->field->target;
	struct query		*q = query_new(a, target->table, 2);
	struct ids		 ids = { 0 };
	struct rows		 found;

	key->names = map_new(a);
	for (size_t i = 0; i < rows->n; i++) {
		const struct value	*v;

		v = &rows->cells[i * rows->width + column];
		if (v->type == VALUE_INT)
			ids_add(&su, &ids, v->u.i);
	}
	ids_once(&su, &ids, &ids);
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->columns[1] = field_name_expr(&su, key->field, q->columns[0]);
	q->where = ids_in(&su, "id", &ids);
	if (q->columns[1] == NULL ||
	    !store_select(su.store, q, a, &found, su.err))
		return false;
	for (size_t i = 0; i < found.n; i++)
		map_put(key->names, group_id_key(&found.cells[2 * i].u.i),
		    &found.cells[2 * i + 1]);
	return true;
}

/* What a group shows of a key. */
static struct value
group_value(const struct grouping *g, const struct group_key *key,
    const struct value *cell)
{
	struct arena		*a = g->env->arena;
	const struct value	*name;
	struct value		 pair;

	if (cell->type == VALUE_NULL)
		return *cell;
	if (key->unit != NULL)
		return group_date_label(a, key->unit, cell->u.i);
	if (key->names == NULL)
		return *cell;
	name = map_get(key->names, group_id_key(&cell->u.i));
	pair = value_list(a, 2);
	value_push(a, &pair, *cell);
	value_push(a, &pair, name == NULL ? value_null() : *name);
	return pair;
}

static void
domain_push(const struct grouping *g, struct value *domain, const char *field,
    const char *op, struct value v)
{
	struct value	 term = value_list(g->env->arena, 3);

	value_push(g->env->arena, &term, value_text(field));
	value_push(g->env->arena, &term, value_text(op));
	value_push(g->env->arena, &term, v);
	value_push(g->env->arena, domain, term);
}

/* How many terms stand side by side in a domain (semantics 1.1). */
static size_t
domain_parts(const struct value *domain)
{
	const struct value_list	*list = domain->u.list;
	size_t			 wanted = 0, n = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct value	*token = &list->v[i];

		if (wanted == 0) {
			wanted = 1;
			n++;
		}
		if (value_is_text(token, "&") || value_is_text(token, "|"))
			wanted++;
		else if (!value_is_text(token, "!"))
			wanted--;
	}
	return n;
}

/* The terms that make the group, one or two a key. */
static struct value
group_terms(const struct grouping *g, const struct value *row)
{
	struct value	 terms = value_list(g->env->arena, 2 * g->nkeys);

	for (size_t i = 0; i < g->nkeys; i++) {
		const struct group_key	*key = &g->keys[i];
		const char		*name = key->field->name;
		struct value		 next;

		if (row[i].type == VALUE_NULL) {
			domain_push(g, &terms, name, "=", value_bool(false));
		} else if (key->unit == NULL) {
			domain_push(g, &terms, name, "=", row[i]);
		} else {
			domain_push(g, &terms, name, ">=",
			    group_date_value(key->field, row[i].u.i));
			next = group_date_next(key->field, key->unit,
			    row[i].u.i);
			if (next.type != VALUE_NULL)
				domain_push(g, &terms, name, "<", next);
		}
	}
	return terms;
}

/* The group's terms and the domain, with each & written. */
static struct value
group_domain(const struct grouping *g, const struct value *row)
{
	struct arena		*a = g->env->arena;
	const struct value	*asked = &g->asked->domain;
	struct value		 terms = group_terms(g, row), all;
	size_t			 n = terms.u.list->n + domain_parts(asked);

	all = value_list(a, n + terms.u.list->n + asked->u.list->n);
	for (size_t i = 1; i < n; i++)
		value_push(a, &all, value_text("&"));
	for (size_t i = 0; i < terms.u.list->n; i++)
		value_push(a, &all, terms.u.list->v[i]);
	for (size_t i = 0; i < asked->u.list->n; i++)
		value_push(a, &all, asked->u.list->v[i]);
	return all;
}

/* Of each date that is grouped by, where its period begins and ends. */
static void
group_ranges(const struct grouping *g, const struct value *row,
    struct value *out)
{
	struct arena	*a = g->env->arena;
	struct value	 ranges = value_dict(a);

	for (size_t i = 0; i < g->nkeys; i++) {
		const struct group_key	*key = &g->keys[i];
		struct value		 range = value_dict(a);

		if (key->unit == NULL)
			continue;
		if (row[i].type == VALUE_NULL) {
			value_set(a, &ranges, key->item, value_bool(false));
			continue;
		}
		value_set(a, &range, "from",
		    group_date_value(key->field, row[i].u.i));
		value_set(a, &range, "to", group_date_next(key->field,
		    key->unit, row[i].u.i));
		value_set(a, &ranges, key->item, range);
	}
	if (map_count(ranges.u.dict) != 0)
		value_set(a, out, "__range", ranges);
}

/* What is left to group by. */
static void
group_context(const struct grouping *g, struct value *out)
{
	struct arena		*a = g->env->arena;
	const struct names	*by = &g->asked->groupby;
	struct value		 rest = value_list(a, by->n);
	struct value		 context = value_dict(a);

	if (g->nkeys == by->n)
		return;
	for (size_t i = g->nkeys; i < by->n; i++)
		value_push(a, &rest, value_text(by->v[i]));
	value_set(a, &context, "group_by", rest);
	value_set(a, out, "__context", context);
}

static struct value
group_row(const struct grouping *g, const struct value *row)
{
	struct arena	*a = g->env->arena;
	struct value	 out = value_dict(a);

	for (size_t i = 0; i < g->nkeys; i++)
		value_set(a, &out, g->keys[i].item, group_value(g,
		    &g->keys[i], &row[i]));
	value_set(a, &out, g->count, row[g->nkeys]);
	for (size_t i = 0; i < g->nsums; i++)
		value_set(a, &out, g->sums[i].alias, row[g->nkeys + 1 + i]);
	group_ranges(g, row, &out);
	value_set(a, &out, "__domain", group_domain(g, row));
	group_context(g, &out);
	return out;
}

static bool
group_fits(const struct grouping *g, const struct rows *rows)
{
	size_t	 most = (size_t)g->env->conf->max_answer / GROUP_BYTES;

	return rows->n * (g->nkeys + g->nsums + 2) <= most ||
	    env_fail(g->env, ERR_TOO_LARGE, "%zu groups are too many at once: "
	    "ask for them in parts, with limit and offset", rows->n);
}

bool
model_read_group(struct env *env, const struct model *m,
    const struct group_request *asked, struct value *out)
{
	struct grouping	*g = arena_alloc(env->arena, sizeof *g);
	struct rows	 rows;

	g->env = env;
	g->model = m;
	g->asked = asked;
	if (asked->page.offset < 0 || asked->page.limit < 0)
		return env_fail(env, ERR_VALUE,
		    "offset and limit cannot be negative");
	if (!group_parse(g) || !group_rows(g, &rows) || !group_fits(g, &rows))
		return false;
	for (size_t i = 0; i < g->nkeys; i++)
		if (g->keys[i].field->target != NULL &&
		    !group_names(g, &g->keys[i], &rows, i))
			return false;
	*out = value_list(env->arena, rows.n);
	for (size_t i = 0; i < rows.n; i++)
		value_push(env->arena, out, group_row(g, rows.cells +
		    i * rows.width));
	return true;
}

bool
method_read_group(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	struct group_request	*asked;

	(void)none;
	asked = arena_alloc(env->arena, sizeof *asked);
	asked->domain = *value_get(args, "domain");
	method_names(env, args, "fields", &asked->fields);
	method_names(env, args, "groupby", &asked->groupby);
	asked->page.offset = method_int(args, "offset");
	asked->page.limit = method_int(args, "limit");
	asked->page.order = method_text(args, "orderby");
	asked->lazy = method_flag(args, "lazy");
	return model_read_group(env, m, asked, out);
}
