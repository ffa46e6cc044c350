#include "orm/rule_private.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/attachment.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

#define RULE_DEPTH	32	/* of lists in a rule's text */
#define RULE_NODES	10000

bool
rule_domain(struct env *env, const char *text, struct value *domain)
{
	const struct parse_limits	 limits = { .depth = RULE_DEPTH,
					    .nodes = RULE_NODES };

	if (text[strspn(text, " \t\r\n")] == '\0') {
		*domain = value_list(env->arena, 0);
		return true;
	}
	return literal_parse_names(env->arena, span_of(text), &limits,
	    rule_name, env, domain, env->err);
}

bool
rule_compile(struct env *env, const struct model *m,
    const struct value *domain, const struct expr **out)
{
	struct env		 su = rule_env(env);
	const struct domain	*d;

	return domain_parse(&su, domain, &d) && domain_compile(&su, m, d, out);
}

bool
rule_applies(struct env *env, const struct rule *r, enum access what,
    bool *applies)
{
	const struct ids	*groups;

	*applies = r->allow[what] && r->groups == NULL;
	if (*applies || !r->allow[what])
		return true;
	if (!env_groups(env, &groups))
		return false;
	for (size_t i = 0; i < r->groups->n && !*applies; i++)
		*applies = ids_has(groups, r->groups->v[i]);
	return true;
}

/* The user is told which rule, the log why; a lost race stays one. */
static bool
rule_broken(struct env *env, const struct model *m, const struct rule *r)
{
	const struct err	 why = *env->err;

	if (err_http(why.code) >= 500)
		return false;
	err_clear(env->err);
	err_cause(env->err, "record rule %lld: %.200s", (long long)r->id,
	    why.msg);
	return env_fail(env, ERR_ACCESS, "The record rule \"%.80s\" of %s "
	    "(%s) cannot be evaluated, so nobody but the superuser passes: "
	    "an administrator must correct it.", r->name, m->description,
	    m->name);
}

/* Whether most records may be expected to meet it: no company, or mine. */
static bool
rule_is_common(const struct expr *e)
{
	if (e->op == EXPR_OR)
		return rule_is_common(e->args[0]) || rule_is_common(e->args[1]);
	return e->op == EXPR_IS_NULL ||
	    ((e->op == EXPR_EQ || e->op == EXPR_IN) &&
	    e->args[0]->op == EXPR_COLUMN &&
	    strcmp(e->args[0]->name, "company_id") == 0);
}

/*
 * The same condition, in which what most records meet is no reason for the
 * store to begin with an index of it, and then to sort nearly all of them.
 */
static const struct expr *
rule_guard(struct arena *a, const struct expr *e)
{
	if (e == NULL || (e->op != EXPR_AND && !rule_is_common(e)))
		return e;
	if (e->op == EXPR_AND)
		return expr_and(a, rule_guard(a, e->args[0]),
		    rule_guard(a, e->args[1]));
	return expr_if(a, e, expr_bool(a, true), expr_bool(a, false));
}

/* AND of what is global, AND OR of what is for the user's groups. */
static bool
rule_join(struct env *env, const struct model *m, enum access what,
    const struct expr **where)
{
	const struct expr	*all = NULL, *any = NULL, *e;
	bool			 open = true;	/* nothing asked by groups */
	bool			 grouped = false, applies;
	struct value		 domain;

	for (size_t i = 0; i < m->nrules; i++) {
		const struct rule	*r = &m->rules[i];

		if (!rule_applies(env, r, what, &applies))
			return false;
		if (!applies)
			continue;
		if (!rule_domain(env, r->domain, &domain) ||
		    !rule_compile(env, m, &domain, &e))
			return rule_broken(env, m, r);
		if (r->groups == NULL) {
			all = expr_and(env->arena, all, e);
			continue;
		}
		open = e == NULL || (open && grouped);
		grouped = true;
		any = expr_or(env->arena, any, e);
	}
	if (attachment_is(m) && !attachment_where(env, what, &e))
		return false;
	if (attachment_is(m))
		all = expr_and(env->arena, all, e);
	*where = rule_guard(env->arena, open ? all :
	    expr_and(env->arena, all, any));
	return true;
}

static const char *
rule_key(struct env *env, const struct model *m, enum access what)
{
	return arena_printf(env->arena, "%d %s", (int)what, m->name);
}

bool
rule_where(struct env *env, const struct model *m, enum access what,
    const struct expr **where)
{
	const struct ids	*groups;
	const struct expr	**known;
	struct env		 kept;
	struct span		 key;

	*where = NULL;
	if ((m->nrules == 0 && !attachment_is(m)) || env->su ||
	    env->uid == SUPERUSER)
		return true;
	if (!env_groups(env, &groups))
		return false;
	kept = rule_kept(env);
	key = span_of(rule_key(env, m, what));
	known = map_get(kept.rules->wheres, key);
	if (known == NULL) {
		known = arena_alloc(kept.arena, sizeof *known);
		if (!rule_join(&kept, m, what, known))
			return false;
		map_put(kept.rules->wheres, key, known);
	}
	*where = *known;
	return true;
}

bool
rule_hidden(struct env *env, const struct model *m, enum access what,
    const struct ids *ids, int64_t *id)
{
	struct arena		*a = env->arena;
	const struct expr	*where;
	struct query		*q;
	struct rows		 rows;

	*id = 0;
	if (!rule_where(env, m, what, &where))
		return false;
	if (where == NULL || ids->n == 0)
		return true;
	q = query_new(a, m->table, 1);
	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, ids_in(env, "id", ids),
	    expr_if(a, where, expr_bool(a, false), expr_bool(a, true)));
	q->limit = 1;
	if (!store_select(env->store, q, a, &rows, env->err))
		return false;
	if (rows.n != 0)
		*id = rows.cells[0].u.i;
	return true;
}

bool
rule_check(struct env *env, const struct model *m, enum access what,
    const struct ids *ids)
{
	int64_t	 id;

	if (!rule_hidden(env, m, what, ids, &id))
		return false;
	return id == 0 || env_fail(env, ERR_ACCESS, "You are not allowed to "
	    "%s record %lld of %s (%s): %s keeps it from you.",
	    access_name(what), (long long)id, m->description, m->name,
	    attachment_is(m) ? "what it belongs to" : "a record rule");
}
