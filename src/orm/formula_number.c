/* + - * / of formulas. */

#include "base/arena.h"
#include "orm/formula_private.h"

/* The parts of a sum, first to last, compiled. */
struct parts {
	const struct expr	**v;
	size_t			  n;
};

static unsigned int
scale_most(const struct expr *l, const struct expr *r)
{
	return l->scale > r->scale ? l->scale : r->scale;
}

/* Digits enough, but not so many that large amounts do not fit. */
static unsigned int
scale_result(enum expr_op op, const struct expr *l, const struct expr *r)
{
	unsigned int	 most = scale_most(l, r);
	unsigned int	 limit = most > FORMULA_DIGITS ? most :
	    FORMULA_DIGITS;

	if (op == EXPR_DIV)
		return limit;
	if (op != EXPR_MUL)
		return most;
	return l->scale + r->scale < limit ? l->scale + r->scale : limit;
}

static const struct expr *
number_node(struct arena *a, enum expr_op op, const struct expr *l,
    const struct expr *r)
{
	enum col_type	 type = COL_DECIMAL;

	if (l->type == COL_FLOAT || r->type == COL_FLOAT)
		type = COL_FLOAT;
	else if (l->type == COL_INT && r->type == COL_INT && op != EXPR_DIV)
		type = COL_INT;
	return expr_node(a, op, type,
	    type == COL_DECIMAL ? scale_result(op, l, r) : 0,
	    formula_zero(a, l), formula_zero(a, r));
}

/* Halves of halves, so that a long sum is no deep tree. */
static const struct expr *
parts_join(struct arena *a, enum expr_op op, const struct expr *const *v,
    size_t n)
{
	const struct expr	*l, *r;

	if (n == 1)
		return v[0];
	l = parts_join(a, op, v, n / 2);
	r = parts_join(a, op, v + n / 2, n - n / 2);
	return op == EXPR_CONCAT ? expr_binary(a, op, l, r) :
	    number_node(a, op, l, r);
}

static size_t
parts_count(const struct formula *f)
{
	size_t	 n = 1;

	for (; f->kind == FORMULA_ADD; f = f->args[0])
		n++;
	return n;
}

static bool
parts_compile(struct formula_scope *s, const struct formula *f,
    struct parts *p)
{
	p->n = parts_count(f);
	p->v = arena_array(s->env->arena, p->n, sizeof *p->v);
	for (size_t i = p->n; i-- > 0; f = f->args[0])
		if ((p->v[i] = formula_expr(s, i == 0 ? f : f->args[1])) ==
		    NULL)
			return false;
	return true;
}

static bool
part_addable(const struct expr *e)
{
	return e->type != COL_BOOL && e->type != COL_BYTES &&
	    e->type != COL_ID;
}

/* What stands before the first text is added up first, as it is read. */
static const struct expr *
parts_text(struct formula_scope *s, struct parts *p, size_t text)
{
	struct arena	*a = s->env->arena;

	if (text > 1) {
		p->v[text - 1] = parts_join(a, EXPR_ADD, p->v, text);
		p->v += text - 1;
		p->n -= text - 1;
	}
	return parts_join(a, EXPR_CONCAT, p->v, p->n);
}

/* Numbers are added; from the first text on, texts are put together. */
const struct expr *
formula_plus(struct formula_scope *s, const struct formula *f)
{
	struct parts	 p;
	size_t		 text = 0;

	if (!parts_compile(s, f, &p))
		return NULL;
	while (text < p.n && p.v[text]->type != COL_TEXT)
		text++;
	for (size_t i = 1; i < p.n; i++) {
		bool	 numbers = formula_numeric(p.v[i - 1]->type) &&
		    formula_numeric(p.v[i]->type);

		if (i < text ? !numbers : !part_addable(p.v[i - 1]) ||
		    !part_addable(p.v[i]))
			return formula_refuse(s, "cannot add %s and %s",
			    formula_type(p.v[i - 1]->type),
			    formula_type(p.v[i]->type));
	}
	return text < p.n ? parts_text(s, &p, text) :
	    parts_join(s->env->arena, EXPR_ADD, p.v, p.n);
}

const struct expr *
formula_arithmetic(struct formula_scope *s, const struct formula *f)
{
	static const struct {
		enum expr_op	 op;
		const char	*word;
	}			 ops[] = {
		[FORMULA_SUB] = { EXPR_SUB, "subtract" },
		[FORMULA_MUL] = { EXPR_MUL, "multiply" },
		[FORMULA_DIV] = { EXPR_DIV, "divide" },
	};
	const struct expr	*l = formula_expr(s, f->args[0]), *r;

	if (l == NULL || (r = formula_expr(s, f->args[1])) == NULL)
		return NULL;
	if (!formula_numeric(l->type) || !formula_numeric(r->type))
		return formula_refuse(s, "cannot %s %s and %s",
		    ops[f->kind].word, formula_type(l->type),
		    formula_type(r->type));
	return number_node(s->env->arena, ops[f->kind].op, l, r);
}
