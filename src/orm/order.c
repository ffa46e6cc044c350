#include "orm/order.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"

#define ORDER_DEPTH	4	/* targets whose order counts, in a row */
#define ORDER_TERMS	63	/* SQLite 3.40 crashes sorting a join by more */

struct order_list {
	struct order	*v;
	size_t		 n;
};

/* What one word of the text says. */
struct order_term {
	struct span	 field;
	bool		 desc;
};

static bool	 order_read(struct env *, const struct model *, const char *,
		    int, struct order_list *);

static bool
order_bad(struct env *env, const char *text)
{
	return env_fail(env, ERR_USER, "Invalid order \"%s\": fields with asc "
	    "or desc are wanted, separated by commas", text);
}

static const char *
order_skip(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

static struct span
order_word(const char *p)
{
	struct span	 s = { p, 0 };

	while ((p[s.n] >= 'a' && p[s.n] <= 'z') || p[s.n] == '_' ||
	    (p[s.n] >= 'A' && p[s.n] <= 'Z') ||
	    (p[s.n] >= '0' && p[s.n] <= '9'))
		s.n++;
	return s;
}

/* Reads "field [asc|desc]" up to a comma or the end. */
static bool
order_term(const char **p, struct order_term *t)
{
	struct span	 word;

	t->field = order_word(order_skip(*p));
	word = order_word(order_skip(t->field.p + t->field.n));
	*p = order_skip(word.p + word.n);
	t->desc = word.n == 4 && strncasecmp(word.p, "desc", 4) == 0;
	return t->field.n != 0 && (**p == ',' || **p == '\0') &&
	    (word.n == 0 || t->desc ||
	    (word.n == 3 && strncasecmp(word.p, "asc", 3) == 0));
}

static bool
order_add(struct env *env, struct order_list *l, const struct expr *e,
    bool desc, bool nullable)
{
	if (l->n == ORDER_TERMS)
		return env_fail(env, ERR_USER,
		    "the order has more than %d terms", ORDER_TERMS);
	l->v[l->n++] = (struct order){ e, desc, nullable };
	return true;
}

/* By the target's own order, seen through its id. */
static bool
order_target(struct env *env, const struct model *target, const struct expr *e,
    bool desc, int depth, struct order_list *l)
{
	struct order_list	 inner = { 0 };

	if (!order_read(env, target, NULL, depth + 1, &inner))
		return false;
	for (size_t i = 0; i < inner.n; i++) {
		const struct order	*o = &inner.v[i];
		const struct expr	*want = o->expr;
		bool			 id = want->op == EXPR_COLUMN &&
		    strcmp(want->name, "id") == 0;

		if (!id)
			want = expr_lookup(env->arena, e, target->table, want);
		if (!order_add(env, l, id ? e : want, o->desc != desc, true))
			return false;
	}
	return true;
}

static bool
order_field(struct env *env, const struct field *f, bool desc, int depth,
    struct order_list *l)
{
	struct arena		*a = env->arena;
	const struct expr	*e;

	if (f->type->column == COL_NONE)
		return true;
	if ((e = field_expr(env, f)) == NULL)
		return false;
	if (field_is_many2one(f) && depth < ORDER_DEPTH)
		return order_target(env, f->target, e, desc, depth, l);
	if (e->type == COL_BOOL)
		return order_add(env, l, expr_if(a, e, expr_bool(a, true),
		    expr_bool(a, false)), desc, false);
	return order_add(env, l, e, desc, strcmp(f->name, "id") != 0);
}

/* The model's own order goes on without what the user may not see. */
static bool
order_read(struct env *env, const struct model *m, const char *text,
    int depth, struct order_list *l)
{
	const char	*p = text == NULL ? "" : order_skip(text);
	bool		 own = *p == '\0';

	l->v = arena_room(env->arena, ORDER_TERMS, sizeof *l->v);
	if (own)
		p = text = m->order == NULL ? "id" : m->order;
	for (;; p++) {
		const struct field	*f;
		struct order_term	 t;

		if (!order_term(&p, &t))
			return order_bad(env, text);
		f = access_field(env, m, t.field);
		if (f == NULL && (!own || model_field_span(m, t.field) == NULL))
			return err_field(env->err, ERR_VALUE, m->name, "",
			    "Invalid field \"%.*s\" in the order of %s",
			    (int)t.field.n, t.field.p, m->name);
		if (f != NULL && !order_field(env, f, t.desc, depth, l))
			return false;
		if (*p == '\0')
			return true;
	}
}

bool
order_parse(struct env *env, const struct model *m, const char *text,
    const struct order **orders, size_t *n)
{
	struct order_list	 l = { 0 };

	if (!order_read(env, m, text, 0, &l))
		return false;
	*orders = l.v;
	*n = l.n;
	return true;
}

bool
order_records(struct env *env, const struct model *target,
    const struct expr *id, bool desc, const struct order **orders, size_t *n)
{
	struct order_list	 l = { 0 };

	l.v = arena_room(env->arena, ORDER_TERMS, sizeof *l.v);
	if (!order_target(env, target, id, desc, 0, &l) ||
	    !order_add(env, &l, id, desc, true))
		return false;
	*orders = l.v;
	*n = l.n;
	return true;
}
