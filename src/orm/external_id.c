/* ir.model.data: semantics 9.3 and 9.5. */

#include "orm/external_id.h"

#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

#define EXTERNAL_IDS	"ir_model_data"
#define EXTERNAL_HASH	8	/* letters that keep exported names apart */

static const struct expr *
external_equal(struct env *env, const char *column, struct value v)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, COL_TEXT, 0),
	    expr_value(env->arena, v));
}

/* Takes "be" of the module at hand or "base.be" apart. */
static void
external_split(struct env *env, const char *module, const char *xmlid,
    struct value *m, struct value *name)
{
	const char	*dot = strchr(xmlid, '.');

	*m = value_text(dot == NULL ? module :
	    arena_strndup(env->arena, xmlid, (size_t)(dot - xmlid)));
	*name = value_text(dot == NULL ? xmlid : dot + 1);
}

bool
external_id_find(struct env *env, const char *module, const char *xmlid,
    struct external_id *out)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, EXTERNAL_IDS, 3);
	struct value	 m, name;
	struct rows	 rows;

	external_split(env, module, xmlid, &m, &name);
	q->columns[0] = expr_column(a, "res_id", COL_INT, 0);
	q->columns[1] = expr_column(a, "noupdate", COL_BOOL, 0);
	q->columns[2] = expr_column(a, "model", COL_TEXT, 0);
	q->where = expr_and(a, external_equal(env, "module", m),
	    external_equal(env, "name", name));
	if (!store_select(env->store, q, a, &rows, env->err))
		return false;
	*out = (struct external_id){ .model = "" };
	if (rows.n == 0)
		return true;
	out->id = rows.cells[0].u.i;
	out->noupdate = rows.cells[1].type == VALUE_BOOL && rows.cells[1].u.b;
	out->model = rows.cells[2].u.text.p;
	return true;
}

bool
external_id_add(struct env *env, const char *module, const char *xmlid,
    const struct model *m, int64_t id, bool noupdate)
{
	const struct model	*data = registry_model(env->reg,
	    "ir.model.data");
	struct env		 su = env_sudo(env);
	struct value		 vals = value_dict(env->arena);
	struct value		 mod, name;
	int64_t			 row;

	external_split(env, module, xmlid, &mod, &name);
	if (name.u.text.n == 0 || mod.u.text.n == 0 ||
	    strpbrk(xmlid, " \t\r\n") != NULL)
		return env_fail(env, ERR_VALIDATION,
		    "\"%.80s\" is no external id: module.name, without blanks",
		    xmlid);
	value_set(env->arena, &vals, "module", mod);
	value_set(env->arena, &vals, "name", name);
	value_set(env->arena, &vals, "model", value_text(m->name));
	value_set(env->arena, &vals, "res_id", value_int(id));
	value_set(env->arena, &vals, "noupdate", value_bool(noupdate));
	su.context = NULL;
	return model_create(&su, data, &vals, &row);
}

bool
external_id_forget(struct env *env, const char *module, const char *xmlid)
{
	struct value	 mod, name;
	int64_t		 n;

	external_split(env, module, xmlid, &mod, &name);
	return store_delete(env->store, EXTERNAL_IDS, expr_and(env->arena,
	    external_equal(env, "module", mod),
	    external_equal(env, "name", name)), &n, env->err);
}

static struct span
external_key(const int64_t *id)
{
	return (struct span){ (const char *)id, sizeof *id };
}

bool
external_id_names(struct env *env, const struct model *m,
    const struct ids *ids, struct map **out)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, EXTERNAL_IDS, 3);
	struct order	*order = arena_alloc(a, sizeof *order);
	struct rows	 rows;

	q->columns[0] = expr_column(a, "res_id", COL_INT, 0);
	q->columns[1] = expr_column(a, "module", COL_TEXT, 0);
	q->columns[2] = expr_column(a, "name", COL_TEXT, 0);
	q->where = expr_and(a, external_equal(env, "model",
	    value_text(m->name)), ids_in(env, "res_id", ids));
	order->expr = expr_column(a, "id", COL_ID, 0);
	order->desc = true;
	q->orders = order;
	q->norders = 1;
	if (!store_select(env->store, q, a, &rows, env->err))
		return false;
	*out = map_new(a);
	for (size_t i = 0; i < rows.n; i++) {
		const struct value	*row = rows.cells + 3 * i;

		map_put(*out, external_key(&row->u.i), arena_printf(a,
		    "%s.%s", row[1].u.text.p, row[2].u.text.p));
	}
	return true;
}

bool
external_id_export(struct env *env, const struct model *m,
    const struct ids *ids, struct map **out)
{
	if (!external_id_names(env, m, ids, out))
		return false;
	for (size_t i = 0; i < ids->n; i++) {
		char		 hash[EXTERNAL_HASH + 1];
		const char	*name;

		if (map_get(*out, external_key(&ids->v[i])) != NULL)
			continue;
		crypto_token(hash, EXTERNAL_HASH);
		name = arena_printf(env->arena, "%s_%lld_%s", m->table,
		    (long long)ids->v[i], hash);
		if (!external_id_add(env, "__export__", name, m, ids->v[i],
		    false))
			return false;
		map_put(*out, external_key(&ids->v[i]),
		    arena_printf(env->arena, "__export__.%s", name));
	}
	return true;
}
