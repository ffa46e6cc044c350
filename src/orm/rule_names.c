/* The names that a rule's text may use: user, company_id, company_ids. */

#include "orm/rule_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

#define RULE_PATH	8	/* models that a path goes through */

struct env
rule_env(const struct env *env)
{
	struct env	 su = env_sudo(env);

	su.context = NULL;
	su.lang = NULL;
	return su;
}

/* All that rules take from the context. */
static struct value
rule_context(const struct env *env)
{
	const struct value	*v;

	v = value_get(env->context, "allowed_company_ids");
	return v == NULL ? value_null() : *v;
}

struct rule_cache *
rule_cache(struct env *env)
{
	struct value		 allowed = rule_context(env);
	struct rule_cache	*c = env->rules;

	if (c != NULL && c->uid == env->uid &&
	    value_equal(&c->allowed, &allowed))
		return c;
	c = arena_alloc(env->arena, sizeof *c);
	c->arena = env->arena;
	c->uid = env->uid;
	c->allowed = allowed;
	c->paths = map_new(env->arena);
	c->wheres = map_new(env->arena);
	env->rules = c;
	return c;
}

struct env
rule_kept(struct env *env)
{
	struct rule_cache	*cache = rule_cache(env);
	struct env		 kept = *env;

	kept.arena = cache->arena;
	return kept;
}

void
rule_share(struct env *env)
{
	(void)rule_cache(env);
}

static const struct expr *
rule_wrong(struct env *env, struct span path, const char *why)
{
	env_fail(env, ERR_VALUE, "user.%.*s: %s", (int)path.n, path.p, why);
	return NULL;
}

/* res.users has its partner's fields too, as in Odoo. */
static const struct field *
rule_inherited(const struct model *m)
{
	return strcmp(m->name, "res.users") == 0 ?
	    model_field(m, "partner_id") : NULL;
}

static bool
rule_one_relation(struct span rest, const struct field *f)
{
	return memchr(rest.p, '.', rest.n) == NULL &&
	    ((field_is_many2one(f) && span_is(rest, "id")) ||
	    (field_is_x2many(f) && span_is(rest, "ids")));
}

/* What the rest of the path gives over a row of the model. */
static const struct expr *
rule_path(struct env *su, const struct model *m, struct span path, int depth)
{
	const char		*dot = memchr(path.p, '.', path.n);
	struct span		 name = path, rest = path;
	const struct field	*f;
	const struct expr	*e, *want;

	if (dot != NULL) {
		name.n = (size_t)(dot - path.p);
		rest = (struct span){ dot + 1, path.n - name.n - 1 };
	}
	if ((f = model_field_span(m, name)) == NULL) {
		rest = path;
		f = rule_inherited(m);
	}
	if (f == NULL || depth == RULE_PATH)
		return rule_wrong(su, path, f == NULL ?
		    "there is no such field" : "goes through too many models");
	if ((e = field_expr(su, f)) == NULL)
		return NULL;
	if (f->target == NULL)
		return rest.p == path.p ? e :
		    rule_wrong(su, path, "goes through what is no relation");
	if (rest.p == path.p && model_field_span(m, name) != NULL)
		return rule_wrong(su, path,
		    "ends at a record: add .id or .ids");
	if (rule_one_relation(rest, f))
		return e;
	if (!field_is_many2one(f))
		return rule_wrong(su, path, "goes through several records");
	want = rule_path(su, f->target, rest, depth + 1);
	return want == NULL ? NULL :
	    expr_lookup(su->arena, e, f->target->table, want);
}

static const struct expr *
rule_is_user(struct env *env, const char *column)
{
	return expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, column, COL_ID, 0),
	    expr_value(env->arena, value_int(env->uid)));
}

static bool
rule_user_select(struct env *env, struct span path, struct value *out)
{
	struct env		 su = rule_env(env);
	const struct model	*users = registry_model(env->reg, "res.users");
	struct query		*q = query_new(env->arena, users->table, 1);
	struct rows		 rows;

	q->columns[0] = rule_path(&su, users, path, 1);
	q->where = rule_is_user(env, "id");
	if (q->columns[0] == NULL ||
	    !store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*out = rows.n == 0 || rows.cells[0].type == VALUE_NULL ?
	    value_bool(false) : rows.cells[0];
	return true;
}

/* One query a path and request. */
static bool
rule_user(struct env *env, struct span path, struct value *out)
{
	struct rule_cache	*cache = rule_cache(env);
	struct env		 kept = rule_kept(env);
	struct value		*known;

	if (span_is(path, "id")) {
		*out = value_int(env->uid);
		return true;
	}
	known = map_get(cache->paths, path);
	if (known == NULL) {
		known = arena_alloc(kept.arena, sizeof *known);
		if (!rule_user_select(&kept, path, known))
			return false;
		map_put(cache->paths, path, known);
	}
	*out = *known;
	return true;
}

/* The user's own companies, his main one first; one query. */
static bool
rule_own_companies(struct env *env, struct ids *own)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, "res_users", 2);
	struct query	*all = query_new(a, "res_company_users_rel", 1);
	struct expr	*ids = expr_node(a, EXPR_IDS, COL_IDS, 0, NULL, NULL);
	struct rows	 rows;

	all->columns[0] = expr_column(a, "cid", COL_ID, 0);
	all->where = rule_is_user(env, "user_id");
	ids->query = all;
	q->columns[0] = expr_column(a, "company_id", COL_ID, 0);
	q->columns[1] = ids;
	q->where = rule_is_user(env, "id");
	if (!store_select(env->store, q, a, &rows, env->err))
		return false;
	if (rows.n == 0)
		return true;
	if (rows.cells[0].type == VALUE_INT)
		ids_add(env, own, rows.cells[0].u.i);
	for (size_t i = 0; rows.cells[1].type == VALUE_LIST &&
	    i < rows.cells[1].u.list->n; i++)
		if (!ids_has(own, rows.cells[1].u.list->v[i].u.i))
			ids_add(env, own, rows.cells[1].u.list->v[i].u.i);
	return true;
}

/* Those that the context names; none named: all. */
static bool
rule_allowed(struct env *env, const struct value *v, const struct ids *own,
    struct ids *out)
{
	if (!value_truthy(v)) {
		*out = *own;
		return true;
	}
	if (v->type != VALUE_LIST)
		return env_fail(env, ERR_VALUE, "allowed_company_ids in the "
		    "context wants a list of ids, not a %s",
		    value_type_name(v->type));
	for (size_t i = 0; i < v->u.list->n; i++) {
		const struct value	*id = &v->u.list->v[i];

		if (id->type == VALUE_INT && ids_has(own, id->u.i) &&
		    !ids_has(out, id->u.i))
			ids_add(env, out, id->u.i);
	}
	return true;
}

bool
rule_companies(struct env *env, const struct ids **out)
{
	struct rule_cache	*cache = rule_cache(env);
	struct env		 kept = rule_kept(env);
	struct ids		 own = { 0 }, *ids;

	if (cache->companies == NULL) {
		ids = arena_alloc(kept.arena, sizeof *ids);
		if (!rule_own_companies(&kept, &own) ||
		    !rule_allowed(&kept, &cache->allowed, &own, ids))
			return false;
		cache->companies = ids;
	}
	*out = cache->companies;
	return true;
}

bool
rule_name(void *arg, struct span name, struct value *out, struct err *err)
{
	struct env		*env = arg;
	const struct ids	*ids;

	if (name.n > 5 && memcmp(name.p, "user.", 5) == 0)
		return rule_user(env, (struct span){ name.p + 5, name.n - 5 },
		    out);
	if (span_is(name, "company_ids") || span_is(name, "company_id")) {
		if (!rule_companies(env, &ids))
			return false;
		*out = name.n == strlen("company_ids") ? ids_value(env, ids) :
		    ids->n == 0 ? value_bool(false) : value_int(ids->v[0]);
		return true;
	}
	return err_set(err, ERR_VALUE, "\"%.*s\" means nothing in a record "
	    "rule, where there are user.FIELD, company_id and company_ids",
	    (int)(name.n > 80 ? 80 : name.n), name.p);
}
