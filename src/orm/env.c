#include "orm/env.h"

#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/query.h"
#include "store/store.h"

/* Bytes of registries that a request may leave: each is kept to its end. */
#define ENV_RETIRED	(128 << 20)

bool
env_begin(struct env *env, enum env_txn txn)
{
	env->store = env->db->store;
	env->groups = NULL;
	env->rules = NULL;
	database_bury(env->db);
	if (!store_begin(env->store, txn == ENV_WRITE ? TXN_WRITE : TXN_READ,
	    env->err))
		return false;
	env->now = clock_now();
	if (!database_registry(env->db, env->err)) {
		store_rollback(env->store);
		return false;
	}
	env->reg = env->db->reg;
	return true;
}

bool
env_commit(struct env *env)
{
	if (!store_commit(env->store, env->err))
		return false;
	env->db->tentative = false;
	env->db->retired = 0;
	return true;
}

/* A registry of a generation that never came to be must not be kept: another
 * process may make a different one of the same number. */
void
env_rollback(struct env *env)
{
	store_rollback(env->store);
	if (env->db->tentative)
		database_forget(env->db);
}

bool
env_mark(struct env *env)
{
	return store_mark(env->store, env->err);
}

bool
env_mark_end(struct env *env, bool keep)
{
	struct err	 first = *env->err;

	err_clear(env->err);
	if (!store_mark_end(env->store, keep, env->err))
		return false;
	if (!keep && env->db->tentative && !env_reload(env))
		return false;
	*env->err = first;
	return true;
}

struct env
env_sudo(const struct env *env)
{
	struct env	 su = *env;

	su.su = true;
	return su;
}

bool
env_flag(const struct env *env, const char *key, bool dflt)
{
	const struct value	*v = value_get(env->context, key);

	return v == NULL ? dflt : value_truthy(v);
}

static const char *
env_word(const struct value *context, const char *key)
{
	const struct value	*v = value_get(context, key);

	return v != NULL && v->type == VALUE_TEXT ? v->u.text.p : NULL;
}

void
env_set_context(struct env *env, const struct value *context)
{
	env->context = context;
	env->lang = env_word(context, "lang");
	env->tz = env_word(context, "tz");
}

const char *
env_lang(const struct env *env)
{
	if (env->lang == NULL || strcmp(env->lang, LANG_BASE) == 0 ||
	    !registry_language(env->reg, env->lang))
		return NULL;
	return env->lang;
}

bool
env_generation_next(struct env *env)
{
	env->db->tentative = true;
	return store_generation_next(env->store, env->err);
}

static void
env_retire(void *registry)
{
	arena_free(registry);
}

bool
env_reload(struct env *env)
{
	struct database	*db = env->db;
	struct arena	*old = db->generation;

	db->generation = NULL;
	db->reg = NULL;
	if (old != NULL) {
		if (db->left == NULL)
			db->left = arena_new();
		arena_defer(db->left, env_retire, old);
		db->retired += arena_used(old);
	}
	if (db->retired > ENV_RETIRED)
		return env_fail(env, ERR_TOO_LARGE, "These are too many "
		    "changes of models and fields at once: make them in "
		    "several requests.");
	if (!database_registry(db, env->err))
		return false;
	env->reg = db->reg;
	env->rules = NULL;
	return true;
}

static void
env_group(struct env *env, struct map *seen, int64_t group, struct ids *all)
{
	struct span	 key = { (const char *)&group, sizeof group };

	if (map_get(seen, key) != NULL)
		return;
	map_put(seen, key, seen);
	ids_add(env, all, group);
}

bool
env_groups(struct env *env, const struct ids **out)
{
	struct map	*seen = map_new(env->arena);
	struct query	*q;
	struct rows	 rows;
	struct ids	*all;

	if (env->groups != NULL) {
		*out = env->groups;
		return true;
	}
	q = query_new(env->arena, "res_groups_users_rel", 1);
	q->columns[0] = expr_column(env->arena, "gid", COL_ID, 0);
	q->where = expr_binary(env->arena, EXPR_EQ,
	    expr_column(env->arena, "uid", COL_ID, 0),
	    expr_value(env->arena, value_int(env->uid)));
	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	all = arena_alloc(env->arena, sizeof *all);
	for (size_t i = 0; i < rows.n; i++)
		env_group(env, seen, rows.cells[i].u.i, all);
	for (size_t i = 0; i < all->n; i++) {
		struct ids	 implied;

		registry_implied(env->reg, all->v[i], &implied);
		for (size_t j = 0; j < implied.n; j++)
			env_group(env, seen, implied.v[j], all);
	}
	env->groups = all;
	*out = all;
	return true;
}
