#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/operator.h"

#define ANY_DEPTH	8	/* domains in the terms of domains */

/* What the domains inside a domain share. */
struct domain_sum {
	size_t	 terms;
	int	 depth;
};

/*
 * A list of tokens being read; all indexes are checked by domain_count.
 * Items are numbered after prefix: "" or "3.".
 */
struct domain_reader {
	struct env		*env;
	const struct value_list	*tokens;
	size_t			 at;
	const char		*prefix;
	struct domain_sum	*sum;
};

static bool	 domain_read_list(struct env *, const struct value *,
		    const char *prefix, struct domain_sum *,
		    const struct domain **);

static const struct domain *
domain_node(struct env *env, enum domain_kind kind, const struct domain *a,
    const struct domain *b)
{
	struct domain	*d = arena_alloc(env->arena, sizeof *d);

	d->kind = kind;
	d->a = a;
	d->b = b;
	return d;
}

static bool
domain_is_binary(const struct value *token)
{
	return value_is_text(token, "&") || value_is_text(token, "|");
}

/* Counts as semantics 1.1 does; then no token can be missing. */
static bool
domain_count(struct domain_reader *r)
{
	const struct value_list	*tokens = r->tokens;
	struct env		*env = r->env;
	size_t			 wanted = 1;

	for (size_t i = 0; i < tokens->n; i++) {
		const struct value	*token = &tokens->v[i];

		if (wanted == 0)
			wanted = 1;
		if (domain_is_binary(token))
			wanted++;
		else if (token->type == VALUE_LIST) {
			wanted--;
			r->sum->terms++;
		} else if (!value_is_text(token, "!"))
			return env_fail(env, ERR_VALUE, DOMAIN_ITEM "%s%zu "
			    "is neither a term [field, operator, value] nor "
			    "one of & | !", r->prefix, i + 1);
	}
	if (r->sum->terms > (size_t)env->conf->max_terms)
		return env_fail(env, ERR_VALUE, "the domain has more than %lld "
		    "terms", (long long)env->conf->max_terms);
	if (wanted != 0)
		return env_fail(env, ERR_VALUE, "the domain%s%.*s ends where "
		    "%zu more term%s wanted",
		    r->prefix[0] == '\0' ? "" : " in item ",
		    (int)strlen(r->prefix) - (r->prefix[0] != '\0'), r->prefix,
		    wanted, wanted == 1 ? " is" : "s are");
	return true;
}

/* (1, '=', 1) and (0, '=', 1), the only terms without a field. */
static const struct domain *
domain_constant(struct domain_reader *r, const struct value *v, bool negate)
{
	bool	 one = v[0].type == VALUE_BOOL ? v[0].u.b : v[0].u.i == 1;

	if ((v[0].type != VALUE_BOOL && v[0].type != VALUE_INT) ||
	    (v[0].type == VALUE_INT && v[0].u.i != 0 && !one) ||
	    !value_is_text(&v[1], "=") ||
	    !((v[2].type == VALUE_INT && v[2].u.i == 1) ||
	    (v[2].type == VALUE_BOOL && v[2].u.b))) {
		env_fail(r->env, ERR_VALUE, DOMAIN_ITEM "%s%zu must begin "
		    "with a field", r->prefix, r->at);
		return NULL;
	}
	return domain_node(r->env, one != negate ? DOMAIN_TRUE : DOMAIN_FALSE,
	    NULL, NULL);
}

/* =? with a value means =, in with a truth value =, = with a list in. */
static const struct operator *
domain_repair(const struct operator *op, const struct value *v)
{
	if (op->compile == op_maybe && !field_unset(v))
		op = operator_named(span_of("="));
	if (op->op == EXPR_IN && v->type == VALUE_BOOL)
		return operator_named(span_of(op->negate ? "!=" : "="));
	if (op->op == EXPR_EQ && v->type == VALUE_LIST)
		return operator_named(span_of(op->negate ? "not in" : "in"));
	return op;
}

/* With the opposite operator, or under a NOT if there is none. */
static const struct domain *
domain_leaf(struct env *env, struct domain *d, bool negate)
{
	bool	 opposite = d->op->opposite[0] != '\0';

	if (negate && opposite)
		d->op = operator_named(span_of(d->op->opposite));
	d->op = domain_repair(d->op, &d->value);
	return negate && !opposite ? domain_node(env, DOMAIN_NOT, d, NULL) : d;
}

/* The domain that is the term's value. */
static bool
domain_read_sub(struct domain_reader *r, struct domain *d)
{
	const char	*prefix;
	bool		 ok;

	if (d->op->operand != OPERAND_DOMAIN)
		return true;
	if (d->value.type != VALUE_LIST)
		return env_fail(r->env, ERR_VALUE, DOMAIN_ITEM "%s%zu: %s "
		    "wants a domain, got %s", r->prefix, r->at, d->op->name,
		    value_type_name(d->value.type));
	if (r->sum->depth == ANY_DEPTH)
		return env_fail(r->env, ERR_VALUE, DOMAIN_ITEM "%s%zu: "
		    "domains stand more than %d deep in each other", r->prefix,
		    r->at, ANY_DEPTH);
	r->sum->depth++;
	prefix = arena_printf(r->env->arena, "%s%zu.", r->prefix, r->at);
	ok = domain_read_list(r->env, &d->value, prefix, r->sum, &d->sub);
	r->sum->depth--;
	return ok;
}

static const struct domain *
domain_read_term(struct domain_reader *r, const struct value_list *l,
    bool negate)
{
	const struct value	*v = l->v;
	struct domain		*d;

	if (l->n != 3) {
		env_fail(r->env, ERR_VALUE, DOMAIN_ITEM "%s%zu has %zu "
		    "parts; a term has 3: field, operator, value", r->prefix,
		    r->at, l->n);
		return NULL;
	}
	if (v[0].type != VALUE_TEXT || v[0].u.text.n == 0)
		return domain_constant(r, v, negate);
	d = arena_alloc(r->env->arena, sizeof *d);
	d->kind = DOMAIN_TERM;
	d->path = v[0].u.text;
	d->value = v[2];
	d->prefix = r->prefix;
	d->at = r->at;
	d->op = v[1].type != VALUE_TEXT ? NULL : operator_named(v[1].u.text);
	if (d->op == NULL) {
		env_fail(r->env, ERR_VALUE, DOMAIN_ITEM "%s%zu has an "
		    "unknown operator%s%s%s", r->prefix, r->at,
		    v[1].type == VALUE_TEXT ? " \"" : "",
		    v[1].type == VALUE_TEXT ? v[1].u.text.p : "",
		    v[1].type == VALUE_TEXT ? "\"" : "");
		return NULL;
	}
	return domain_read_sub(r, d) ? domain_leaf(r->env, d, negate) : NULL;
}

static const struct domain *
domain_read(struct domain_reader *r, bool negate)
{
	const struct value	*token = &r->tokens->v[r->at++];
	const struct domain	*a, *b;
	enum domain_kind	 kind;

	while (value_is_text(token, "!")) {
		negate = !negate;
		token = &r->tokens->v[r->at++];
	}
	if (token->type == VALUE_LIST)
		return domain_read_term(r, token->u.list, negate);
	kind = value_is_text(token, "&") != negate ? DOMAIN_AND : DOMAIN_OR;
	if ((a = domain_read(r, negate)) == NULL ||
	    (b = domain_read(r, negate)) == NULL)
		return NULL;
	return domain_node(r->env, kind, a, b);
}

static bool
domain_read_list(struct env *env, const struct value *v, const char *prefix,
    struct domain_sum *sum, const struct domain **out)
{
	struct domain_reader	 r = { .env = env, .prefix = prefix,
				    .sum = sum, .tokens = v->u.list };
	const struct domain	*all = NULL, *d;

	if (r.tokens->n == 0) {
		*out = domain_node(env, DOMAIN_TRUE, NULL, NULL);
		return true;
	}
	if (!domain_count(&r))
		return false;
	while (r.at < r.tokens->n) {
		if ((d = domain_read(&r, false)) == NULL)
			return false;
		all = domain_and(env, all, d);
	}
	*out = all;
	return true;
}

bool
domain_parse(struct env *env, const struct value *v,
    const struct domain **out)
{
	struct domain_sum	 sum = { 0 };

	if (v->type != VALUE_LIST)
		return env_fail(env, ERR_VALUE, "the domain must be a list of "
		    "terms, not a %s", value_type_name(v->type));
	return domain_read_list(env, v, "", &sum, out);
}

bool
domain_names(const struct domain *d, const char *field)
{
	switch (d->kind) {
	case DOMAIN_TERM:
		return span_is(d->path, field);
	case DOMAIN_NOT:
		return domain_names(d->a, field);
	case DOMAIN_AND:
	case DOMAIN_OR:
		return domain_names(d->a, field) || domain_names(d->b, field);
	default:
		return false;
	}
}

const struct domain *
domain_and(struct env *env, const struct domain *a, const struct domain *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	return domain_node(env, DOMAIN_AND, a, b);
}

const struct domain *
domain_term(struct env *env, const char *path, const char *op, struct value v)
{
	struct domain	*d = arena_alloc(env->arena, sizeof *d);

	d->kind = DOMAIN_TERM;
	d->path = span_of(path);
	d->op = operator_named(span_of(op));
	d->value = v;
	return d;
}

const struct domain *
domain_called(struct env *env, const struct operator *op, struct value v)
{
	struct domain	*d = arena_alloc(env->arena, sizeof *d);

	d->kind = DOMAIN_NAME;
	d->op = op;
	d->value = v;
	return d;
}
