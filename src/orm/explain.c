#include "orm/explain.h"

#include "base/arena.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

/* A rule that applies to the user, and the ids that it lets through. */
struct explain_rule {
	const struct rule	*rule;
	struct ids		 passes;
};

/* One explanation; env has full rights, user is who is explained. */
struct explain {
	struct env		 env, user;
	const struct model	*model;
	enum access		 what;
	struct ids		 ids;		/* that exist, sorted */
	struct explain_rule	*rules;
	size_t			 nrules;
	struct value		*out;
};

static void
explain_set(struct explain *x, struct value *dict, const char *key,
    struct value v)
{
	value_set(x->env.arena, dict, key, v);
}

/* [id, name] of a record. */
static bool
explain_pair(struct explain *x, const char *model, int64_t id,
    struct value *pair)
{
	const struct model	*m = registry_model(x->env.reg, model);
	const char		*name = "display_name";
	struct names		 names = { &name, 1 };
	struct ids		 ids = { &id, 1 };
	struct records		 rec;

	if (!model_read(&x->env, m, &ids, &names, &rec))
		return false;
	if (rec.n == 0)
		return env_fail(&x->env, ERR_VALUE, "there is no record %lld "
		    "of %s", (long long)id, model);
	*pair = value_list(x->env.arena, 2);
	value_push(x->env.arena, pair, value_int(id));
	value_push(x->env.arena, pair, rec.rows[0][1]);
	return true;
}

static bool
explain_groups(struct explain *x, const struct ids *ids, struct value *out)
{
	struct value	 pair;

	*out = value_list(x->env.arena, ids == NULL ? 0 : ids->n);
	for (size_t i = 0; ids != NULL && i < ids->n; i++) {
		if (!explain_pair(x, "res.groups", ids->v[i], &pair))
			return false;
		value_push(x->env.arena, out, pair);
	}
	return true;
}

/* One line of ir.model.access: id, name, group. */
static bool
explain_line(struct explain *x, const struct value *row, struct value *line,
    bool *applies)
{
	const struct ids	*groups;
	const struct value	*group = &row[2];

	if (!env_groups(&x->user, &groups))
		return false;
	*applies = group->type != VALUE_LIST ||
	    ids_has(groups, group->u.list->v[0].u.i);
	*line = value_dict(x->env.arena);
	explain_set(x, line, "id", row[0]);
	explain_set(x, line, "name", row[1]);
	explain_set(x, line, "group", *group);
	explain_set(x, line, "applies", value_bool(*applies));
	return true;
}

/* The lines that give the right, whether to the user or to others. */
static bool
explain_lines(struct explain *x)
{
	const struct model	*m = registry_model(x->env.reg,
				    "ir.model.access");
	const char		*fields[] = { "name", "group_id" };
	const char		*perm = arena_printf(x->env.arena, "perm_%s",
				    access_name(x->what));
	struct names		 names = { fields, 2 };
	struct page		 page = { "id", 0, 0 };
	struct value		 lines, line;
	struct records		 rec;
	struct ids		 ids;
	bool			 applies;

	if (!model_search(&x->env, m, domain_and(&x->env,
	    domain_term(&x->env, "model_id", "=", value_int(x->model->id)),
	    domain_term(&x->env, perm, "=", value_bool(true))), &page,
	    &ids) || !model_read(&x->env, m, &ids, &names, &rec))
		return false;
	lines = value_list(x->env.arena, rec.n);
	for (size_t i = 0; i < rec.n; i++) {
		if (!explain_line(x, rec.rows[i], &line, &applies))
			return false;
		value_push(x->env.arena, &lines, line);
	}
	explain_set(x, x->out, "lines", lines);
	return true;
}

/* The fields that are not there for the user. */
static void
explain_fields(struct explain *x)
{
	struct value	 fields = value_list(x->env.arena, 0);

	for (size_t i = 0; i < x->model->nfields; i++) {
		const struct field	*f = &x->model->fields[i];
		struct value		 v = value_dict(x->env.arena);

		if (f->secret || access_sees(&x->user, f))
			continue;
		explain_set(x, &v, "name", value_text(f->name));
		explain_set(x, &v, "groups", value_text(f->groups));
		value_push(x->env.arena, &fields, v);
	}
	explain_set(x, x->out, "fields", fields);
}

/* Of the ids those for which the condition, NULL: TRUE, holds. */
static bool
explain_passes(struct explain *x, const struct expr *where, struct ids *out)
{
	struct arena	*a = x->env.arena;
	struct query	*q = query_new(a, x->model->table, 1);

	q->columns[0] = expr_column(a, "id", COL_ID, 0);
	q->where = expr_and(a, ids_in(&x->env, "id", &x->ids), where);
	if (!ids_select(&x->env, q, out))
		return false;
	ids_once(&x->env, out, out);
	return true;
}

/* A rule that cannot be evaluated lets nothing through. */
static bool
explain_domain(struct explain *x, struct explain_rule *r, struct value *v)
{
	const struct expr	*where;
	struct value		 domain;
	struct err		 why = { 0 };
	struct env		 user = x->user;
	bool			 ok;

	user.err = &why;
	ok = rule_domain(&user, r->rule->domain, &domain) &&
	    rule_compile(&user, x->model, &domain, &where);
	if (!ok && err_http(why.code) >= 500) {
		*x->env.err = why;
		return false;
	}
	explain_set(x, v, "domain", ok ? domain :
	    value_text(r->rule->domain));
	if (!ok)
		explain_set(x, v, "error", value_text(arena_strdup(
		    x->env.arena, why.msg)));
	return !ok || explain_passes(x, where, &r->passes);
}

static bool
explain_rule(struct explain *x, struct explain_rule *r, struct value *v)
{
	struct value	 groups;

	*v = value_dict(x->env.arena);
	explain_set(x, v, "id", value_int(r->rule->id));
	explain_set(x, v, "name", value_text(r->rule->name));
	explain_set(x, v, "global", value_bool(r->rule->groups == NULL));
	if (!explain_groups(x, r->rule->groups, &groups))
		return false;
	explain_set(x, v, "groups", groups);
	return explain_domain(x, r, v);
}

static bool
explain_rules(struct explain *x)
{
	const struct model	*m = x->model;
	struct value		 rules = value_list(x->env.arena, 0), v;
	bool			 applies;

	x->rules = arena_array(x->env.arena, m->nrules, sizeof *x->rules);
	for (size_t i = 0; i < m->nrules && x->user.uid != SUPERUSER; i++) {
		struct explain_rule	*r = &x->rules[x->nrules];

		if (!rule_applies(&x->user, &m->rules[i], x->what, &applies))
			return false;
		if (!applies)
			continue;
		r->rule = &m->rules[i];
		x->nrules++;
		if (!explain_rule(x, r, &v))
			return false;
		value_push(x->env.arena, &rules, v);
	}
	explain_set(x, x->out, "rules", rules);
	return true;
}

/* Global rules hide one by one, those of groups only all together. */
static struct value
explain_hiders(struct explain *x, int64_t id)
{
	struct value	 all = value_list(x->env.arena, 0);
	bool		 some = false;
	size_t		 at;

	for (size_t i = 0; i < x->nrules; i++)
		some = some || (x->rules[i].rule->groups != NULL &&
		    ids_find(&x->rules[i].passes, id, &at));
	for (size_t i = 0; i < x->nrules; i++) {
		const struct explain_rule	*r = &x->rules[i];

		if (!ids_find(&r->passes, id, &at) &&
		    (r->rule->groups == NULL || !some))
			value_push(x->env.arena, &all,
			    value_int(r->rule->id));
	}
	return all;
}

static void
explain_hidden(struct explain *x, size_t *n)
{
	struct value	 hidden = value_list(x->env.arena, 0);

	for (size_t i = 0; i < x->ids.n; i++) {
		struct value	 rules = explain_hiders(x, x->ids.v[i]);
		struct value	 v = value_dict(x->env.arena);

		if (rules.u.list->n == 0)
			continue;
		explain_set(x, &v, "id", value_int(x->ids.v[i]));
		explain_set(x, &v, "rules", rules);
		value_push(x->env.arena, &hidden, v);
	}
	*n = hidden.u.list->n;
	explain_set(x, x->out, "hidden", hidden);
}

static bool
explain_ids(struct explain *x, const struct ids *given)
{
	struct ids	 once;
	struct value	 missing = value_list(x->env.arena, 0);
	size_t		 at;

	ids_once(&x->env, given, &once);
	if (!model_exists(&x->env, x->model, &once, &x->ids))
		return false;
	for (size_t i = 0; i < once.n; i++)
		if (!ids_find(&x->ids, once.v[i], &at))
			value_push(x->env.arena, &missing,
			    value_int(once.v[i]));
	explain_set(x, x->out, "missing", missing);
	return true;
}

static bool
explain_head(struct explain *x, bool *right)
{
	struct value	 user;

	if (!explain_pair(x, "res.users", x->user.uid, &user) ||
	    !access_allowed(&x->user, x->model, x->what, right))
		return false;
	if (x->what != ACCESS_READ && x->model->locked)
		*right = false;
	explain_set(x, x->out, "model", value_text(x->model->name));
	explain_set(x, x->out, "operation", value_text(access_name(x->what)));
	explain_set(x, x->out, "user", user);
	explain_set(x, x->out, "superuser",
	    value_bool(x->user.uid == SUPERUSER));
	explain_set(x, x->out, "locked", value_bool(x->model->locked));
	return true;
}

bool
access_explain(struct env *env, int64_t uid, const struct model *m,
    enum access what, const struct ids *ids, struct value *out)
{
	struct explain	 x = { .env = env_sudo(env), .user = *env,
			    .model = m, .what = what, .out = out };
	size_t		 hidden;
	bool		 right;

	*out = value_dict(env->arena);
	x.user.uid = uid;
	x.user.groups = NULL;
	x.user.rules = NULL;
	x.env.context = NULL;
	if (!explain_head(&x, &right) || !explain_lines(&x))
		return false;
	explain_fields(&x);
	if (!explain_ids(&x, ids) || !explain_rules(&x))
		return false;
	explain_hidden(&x, &hidden);
	explain_set(&x, out, "allowed", value_bool(right && hidden == 0));
	return true;
}
