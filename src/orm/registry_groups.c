/* The groups that see a field: those that its module names, and those that
 * are linked to its row. */

#include "orm/registry_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/field.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

struct groups {
	struct arena	*a;
	struct rows	 names;		/* module, name, id of a group */
	struct rows	 links;		/* field, group */
};

static bool
groups_names(struct groups *g, struct store *st, struct err *err)
{
	struct query	*q = query_new(g->a, "ir_model_data", 3);

	q->columns[0] = expr_column(g->a, "module", COL_TEXT, 0);
	q->columns[1] = expr_column(g->a, "name", COL_TEXT, 0);
	q->columns[2] = expr_column(g->a, "res_id", COL_INT, 0);
	q->where = expr_binary(g->a, EXPR_EQ,
	    expr_column(g->a, "model", COL_TEXT, 0),
	    expr_value(g->a, value_text("res.groups")));
	return store_select(st, q, g->a, &g->names, err);
}

/* A database of before may have no such field yet. */
static bool
groups_links(struct groups *g, const struct registry *r, struct store *st,
    struct err *err)
{
	const struct model	*m = registry_model(r, "ir.model.fields");
	const struct field	*f = m == NULL ? NULL :
	    model_field(m, "groups");
	struct query		*q;

	if (f == NULL || f->link == NULL)
		return true;
	q = query_new(g->a, f->link, 2);
	q->columns[0] = expr_column(g->a, f->link_own, COL_ID, 0);
	q->columns[1] = expr_column(g->a, f->link_other, COL_ID, 0);
	return store_select(st, q, g->a, &g->links, err);
}

/* The record of an external id of a group, 0 if there is none. */
static int64_t
groups_named(const struct groups *g, struct span xmlid)
{
	for (size_t i = 0; i < g->names.n; i++) {
		const struct value	*v = g->names.cells + 3 * i;
		size_t			 n = v[0].u.text.n;

		if (xmlid.n == n + 1 + v[1].u.text.n && xmlid.p[n] == '.' &&
		    memcmp(xmlid.p, v[0].u.text.p, n) == 0 &&
		    memcmp(xmlid.p + n + 1, v[1].u.text.p, v[1].u.text.n) == 0)
			return v[2].u.i;
	}
	return 0;
}

/* "base.group_user", or its id where it has no name. */
static const char *
groups_name(const struct groups *g, int64_t id)
{
	for (size_t i = 0; i < g->names.n; i++) {
		const struct value	*v = g->names.cells + 3 * i;

		if (v[2].u.i == id)
			return arena_printf(g->a, "%s.%s", v[0].u.text.p,
			    v[1].u.text.p);
	}
	return arena_printf(g->a, "%lld", (long long)id);
}

/* Room for the groups that are named and those that are linked. */
static struct ids *
groups_room(const struct groups *g, struct arena *a, const struct field *f,
    const char *text)
{
	struct ids	*ids = arena_alloc(a, sizeof *ids);
	size_t		 n = strlen(text);

	for (size_t i = 0; i < g->links.n; i++)
		n += g->links.cells[2 * i].u.i == f->id;
	ids->v = arena_array(a, n, sizeof *ids->v);
	return ids;
}

/* Of those named, one that is unknown lets nobody in. */
static void
groups_field(struct groups *g, struct arena *a, struct field *f)
{
	const char	*text = f->groups == NULL ? "" : f->groups;
	struct ids	*ids = groups_room(g, a, f, text);
	bool		 any = *text != '\0';

	while (*text != '\0') {
		struct span	 word = { text, strcspn(text, ", ") };
		int64_t		 id = groups_named(g, word);

		if (id != 0)
			ids->v[ids->n++] = id;
		text += word.n;
		text += strspn(text, ", ");
	}
	for (size_t i = 0; i < g->links.n; i++) {
		const struct value	*v = g->links.cells + 2 * i;

		if (v[0].u.i != f->id || ids_has(ids, v[1].u.i))
			continue;
		ids->v[ids->n++] = v[1].u.i;
		f->groups = any ? arena_printf(a, "%s,%s", f->groups,
		    groups_name(g, v[1].u.i)) :
		    arena_strdup(a, groups_name(g, v[1].u.i));
		any = true;
	}
	if (any)
		f->group_ids = ids;
}

bool
registry_field_groups(struct registry *r, struct store *st, struct err *err)
{
	struct groups	 g = { .a = arena_new() };
	bool		 ok;

	ok = groups_names(&g, st, err) && groups_links(&g, r, st, err);
	for (size_t i = 0; ok && i < r->nmodels; i++)
		for (size_t j = 0; j < r->models[i].nfields; j++)
			groups_field(&g, r->arena, &r->models[i].fields[j]);
	arena_free(g.a);
	return ok;
}
