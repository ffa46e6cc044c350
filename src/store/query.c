#include "store/query.h"

#include "base/arena.h"

static struct expr *
expr_new(struct arena *a, enum expr_op op, enum col_type type)
{
	struct expr	*e = arena_alloc(a, sizeof *e);

	e->op = op;
	e->type = type;
	return e;
}

static enum col_type
expr_type_of(enum value_type type)
{
	static const enum col_type	 types[VALUE__MAX] = {
		[VALUE_BOOL] = COL_BOOL,
		[VALUE_INT] = COL_INT,
		[VALUE_FLOAT] = COL_FLOAT,
		[VALUE_DECIMAL] = COL_DECIMAL,
		[VALUE_TEXT] = COL_TEXT,
		[VALUE_BYTES] = COL_BYTES,
		[VALUE_DATE] = COL_DATE,
		[VALUE_DATETIME] = COL_DATETIME,
	};

	return types[type];
}

struct expr *
expr_value(struct arena *a, struct value v)
{
	struct expr	*e = expr_new(a, EXPR_VALUE, expr_type_of(v.type));

	e->value = v;
	if (v.type == VALUE_DECIMAL)
		e->scale = v.scale;
	return e;
}

struct expr *
expr_column(struct arena *a, const char *name, enum col_type type,
    unsigned int scale)
{
	struct expr	*e = expr_new(a, EXPR_COLUMN, type);

	e->name = name;
	e->scale = scale;
	return e;
}

struct expr *
expr_outer(struct arena *a, const char *name, enum col_type type)
{
	struct expr	*e = expr_new(a, EXPR_OUTER, type);

	e->name = name;
	return e;
}

struct expr *
expr_outer_far(struct arena *a, const char *name, enum col_type type,
    unsigned int further)
{
	struct expr	*e = expr_outer(a, name, type);

	e->further = further;
	return e;
}

struct expr *
expr_lookup(struct arena *a, const struct expr *id, const char *table,
    const struct expr *want)
{
	struct expr	*e = expr_new(a, EXPR_LOOKUP, want->type);

	e->name = table;
	e->scale = want->scale;
	e->args[0] = id;
	e->args[1] = want;
	return e;
}

struct expr *
expr_bool(struct arena *a, bool b)
{
	return expr_new(a, b ? EXPR_TRUE : EXPR_FALSE, COL_BOOL);
}

/* neutral leaves the other side as it is, absorbing decides alone. */
static const struct expr *
expr_join(struct arena *a, enum expr_op op, enum expr_op neutral,
    enum expr_op absorbing, const struct expr *l, const struct expr *r)
{
	if (l == NULL && r == NULL)
		return expr_bool(a, neutral == EXPR_TRUE);
	if (l == NULL || l->op == neutral)
		return r != NULL ? r : l;
	if (r == NULL || r->op == neutral)
		return l;
	if (l->op == absorbing)
		return l;
	if (r->op == absorbing)
		return r;
	return expr_binary(a, op, l, r);
}

const struct expr *
expr_and(struct arena *a, const struct expr *l, const struct expr *r)
{
	return expr_join(a, EXPR_AND, EXPR_TRUE, EXPR_FALSE, l, r);
}

const struct expr *
expr_or(struct arena *a, const struct expr *l, const struct expr *r)
{
	return expr_join(a, EXPR_OR, EXPR_FALSE, EXPR_TRUE, l, r);
}

struct expr *
expr_unary(struct arena *a, enum expr_op op, const struct expr *x)
{
	struct expr	*e;

	e = expr_new(a, op, op == EXPR_TEXT ? COL_TEXT : COL_BOOL);
	e->args[0] = x;
	return e;
}

struct expr *
expr_binary(struct arena *a, enum expr_op op, const struct expr *l,
    const struct expr *r)
{
	struct expr	*e;

	e = expr_new(a, op, op == EXPR_CONCAT ? COL_TEXT : COL_BOOL);
	e->args[0] = l;
	e->args[1] = r;
	return e;
}

struct expr *
expr_if(struct arena *a, const struct expr *cond, const struct expr *yes,
    const struct expr *no)
{
	const struct expr	*like = yes->type == COL_NONE ? no : yes;
	struct expr		*e = expr_new(a, EXPR_IF, like->type);

	e->scale = like->scale;
	e->args[0] = cond;
	e->args[1] = yes;
	e->args[2] = no;
	return e;
}

struct expr *
expr_in(struct arena *a, const struct expr *x, const struct value *list)
{
	struct expr	*e;

	if (list->u.list->n == 0)
		return expr_bool(a, false);
	e = expr_new(a, EXPR_IN, COL_BOOL);
	e->args[0] = x;
	e->value = *list;
	return e;
}

struct expr *
expr_in_query(struct arena *a, const struct expr *x, const struct query *q)
{
	struct expr	*e = expr_new(a, EXPR_IN_QUERY, COL_BOOL);

	e->args[0] = x;
	e->query = q;
	return e;
}

struct expr *
expr_exists(struct arena *a, const struct query *q)
{
	struct expr	*e = expr_new(a, EXPR_EXISTS, COL_BOOL);

	e->query = q;
	return e;
}

struct expr *
expr_node(struct arena *a, enum expr_op op, enum col_type type,
    unsigned int scale, const struct expr *l, const struct expr *r)
{
	struct expr	*e = expr_new(a, op, type);

	e->scale = scale;
	e->args[0] = l;
	e->args[1] = r;
	return e;
}

bool
expr_is_aggregate(const struct expr *e)
{
	return e->op >= EXPR_COUNT && e->op <= EXPR_BOOL_OR;
}

struct query *
query_new(struct arena *a, const char *table, size_t ncolumns)
{
	struct query	*q = arena_alloc(a, sizeof *q);

	q->table = table;
	q->ncolumns = ncolumns;
	if (ncolumns != 0)
		q->columns = arena_array(a, ncolumns, sizeof *q->columns);
	return q;
}

const struct expr *
expr_bind(struct arena *a, const struct expr *e,
    const struct expr *(*of)(void *, const struct expr *), void *arg)
{
	struct expr	*out;

	if (e->op == EXPR_COLUMN)
		return of(arg, e);
	if (e->op == EXPR_OUTER || e->query != NULL || expr_is_aggregate(e))
		return NULL;
	out = arena_alloc(a, sizeof *out);
	*out = *e;
	for (size_t i = 0; i < 3; i++) {
		if (e->args[i] == NULL || (e->op == EXPR_LOOKUP && i == 1))
			continue;
		if ((out->args[i] = expr_bind(a, e->args[i], of, arg)) == NULL)
			return NULL;
	}
	return out;
}
