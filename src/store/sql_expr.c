#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

#define TERMS_FLAT	16	/* terms side by side before they are halved */
#define DEPTH_MAX	88	/* of the engine's parser, which holds 100 */
#define DEPTH_REORDER	12

static const size_t	 list_sizes[] = { 1, 8, 32, 80, 256 };
#define LIST_SIZES	(sizeof list_sizes / sizeof list_sizes[0])
#define ARGS_MANY	1024	/* the engine compares each with all others */

void
sql_inner(struct sql *s, const struct sql_scope *scope, const struct expr *e,
    enum sql_depth depth)
{
	s->depth += depth;
	if (s->depth > DEPTH_MAX)
		sql_fail(s, ERR_VALUE, "The condition is nested too deeply");
	else
		sql_expr(s, scope, e);
	s->depth -= depth;
}

static size_t
terms_count(const struct expr *e, enum expr_op op)
{
	if (e->op != op)
		return 1;
	return terms_count(e->args[0], op) + terms_count(e->args[1], op);
}

static const struct expr **
terms_fill(const struct expr *e, enum expr_op op, const struct expr **to)
{
	if (e->op != op) {
		*to = e;
		return to + 1;
	}
	return terms_fill(e->args[1], op, terms_fill(e->args[0], op, to));
}

/* Moves what nests to the front, where it takes least of the stack. */
static void
terms_reorder(const struct expr **terms, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct expr	*e = terms[i];

		if (e->op != EXPR_AND && e->op != EXPR_OR &&
		    e->op != EXPR_NOT && e->query == NULL)
			continue;
		terms[i] = terms[0];
		terms[0] = e;
		return;
	}
}

/* Written in halves, so that a long chain is no deep tree. */
static void
sql_terms(struct sql *s, const struct sql_scope *scope,
    const struct expr *const *terms, size_t n, const char *word)
{
	size_t	 half = n / 2;

	buf_char(s->text, '(');
	if (n > TERMS_FLAT) {
		sql_terms(s, scope, terms, half, word);
		buf_str(s->text, word);
		sql_terms(s, scope, terms + half, n - half, word);
	}
	for (size_t i = 0; n <= TERMS_FLAT && i < n; i++) {
		if (i != 0)
			buf_str(s->text, word);
		sql_inner(s, scope, terms[i],
		    i == 0 ? DEPTH_FIRST : DEPTH_LATER);
	}
	buf_char(s->text, ')');
}

static void
sql_chain(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const struct expr	**terms;
	size_t			 n = terms_count(e, e->op);

	terms = arena_array(s->scratch, n, sizeof(const struct expr *));
	terms_fill(e, e->op, terms);
	if (s->depth >= DEPTH_REORDER)
		terms_reorder(terms, n);
	sql_terms(s, scope, terms, n, e->op == EXPR_AND ? " AND " : " OR ");
}

static void
sql_binary(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	static const char *const	 words[EXPR__MAX] = {
		[EXPR_EQ] = "=", [EXPR_NE] = "<>", [EXPR_LT] = "<",
		[EXPR_LE] = "<=", [EXPR_GT] = ">", [EXPR_GE] = ">=",
	};

	buf_char(s->text, '(');
	sql_inner(s, scope, e->args[0], DEPTH_FIRST);
	buf_str(s->text, words[e->op]);
	sql_inner(s, scope, e->args[1], DEPTH_LATER);
	buf_char(s->text, ')');
}

static void
sql_not(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	buf_str(s->text, "(NOT ");
	sql_inner(s, scope, e->args[0], DEPTH_LATER);
	buf_char(s->text, ')');
}

static void
sql_is_null(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	buf_char(s->text, '(');
	sql_inner(s, scope, e->args[0], DEPTH_FIRST);
	buf_str(s->text, " IS NULL)");
}

static void
sql_if(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	buf_str(s->text, "CASE WHEN ");
	sql_inner(s, scope, e->args[0], DEPTH_CASE);
	buf_str(s->text, " THEN ");
	sql_inner(s, scope, e->args[1], DEPTH_CASE);
	buf_str(s->text, " ELSE ");
	sql_inner(s, scope, e->args[2], DEPTH_CASE);
	buf_str(s->text, " END");
}

static void
json_text(struct buf *b, struct span t)
{
	static const char	 hex[] = "0123456789abcdef";

	buf_char(b, '"');
	for (size_t i = 0; i < t.n; i++) {
		unsigned char	 c = (unsigned char)t.p[i];

		if (c < 0x20) {
			buf_add(b, "\\u00", 4);
			buf_char(b, hex[c >> 4]);
			buf_char(b, hex[c & 15]);
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		buf_char(b, (char)c);
	}
	buf_char(b, '"');
}

/* A list as the engine's JSON function wants it. */
static bool
json_list(struct sql *s, const struct value_list *l, struct buf *b)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct value	*v = &l->v[i];

		buf_char(b, i == 0 ? '[' : ',');
		if (v->type == VALUE_TEXT)
			json_text(b, v->u.text);
		else if (v->type == VALUE_FLOAT)
			buf_printf(b, "%.17g", v->u.f);
		else if (v->type == VALUE_BOOL)
			buf_int(b, v->u.b);
		else if (v->type == VALUE_BYTES)
			return sql_fail(s, ERR_VALUE,
			    "A list of binary values is too long");
		else
			buf_int(b, v->u.i);
	}
	buf_char(b, ']');
	return true;
}

static void
sql_in_json(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	struct buf	*json = buf_new(s->scratch);
	struct expr	 array = { .op = EXPR_VALUE, .type = COL_TEXT };
	struct expr	 in = { .args = { e->args[0], &array } };

	if (!json_list(s, e->value.u.list, json))
		return;
	array.value = value_span(buf_text(json));
	buf_char(s->text, '(');
	sql_pattern(s, scope, s->flavor->in_list, &in);
	buf_char(s->text, ')');
}

/* Lists come in few sizes, so that few statements are kept prepared. */
static void
sql_in(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const struct value_list	*l = e->value.u.list;
	size_t			 size = 0;

	while (size < LIST_SIZES && list_sizes[size] < l->n)
		size++;
	if (size == LIST_SIZES ||
	    (size != 0 && s->nargs + list_sizes[size] > ARGS_MANY)) {
		sql_in_json(s, scope, e);
		return;
	}
	buf_char(s->text, '(');
	sql_inner(s, scope, e->args[0], DEPTH_FIRST);
	buf_str(s->text, " IN (");
	for (size_t i = 0; i < list_sizes[size]; i++) {
		if (i != 0)
			buf_char(s->text, ',');
		sql_bind(s, l->v[i < l->n ? i : l->n - 1]);
	}
	buf_add(s->text, "))", 2);
}

/* One query inside another; its columns are as deep as its condition. */
void
sql_nested(struct sql *s, const struct sql_scope *scope, const struct query *q,
    const char *name, enum sql_depth depth)
{
	s->depth += depth;
	if (s->depth > DEPTH_MAX)
		sql_fail(s, ERR_VALUE, "The condition is nested too deeply");
	else
		sql_query_as(s, scope, q, name);
	s->depth -= depth;
}

static void
sql_subquery(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	buf_char(s->text, '(');
	sql_nested(s, scope, e->query, NULL, DEPTH_QUERY);
	buf_char(s->text, ')');
}

static void
sql_in_query(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	buf_char(s->text, '(');
	sql_inner(s, scope, e->args[0], DEPTH_FIRST);
	buf_str(s->text, " IN ");
	s->depth += DEPTH_LATER;
	sql_subquery(s, scope, e);
	s->depth -= DEPTH_LATER;
	buf_char(s->text, ')');
}

static void
sql_exists(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	buf_str(s->text, "EXISTS ");
	s->depth += DEPTH_FIRST;
	sql_subquery(s, scope, e);
	s->depth -= DEPTH_FIRST;
}

static void
sql_outer(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const struct sql_scope	*around = scope->outer;

	for (unsigned int i = 0; i < e->further && around != NULL; i++)
		around = around->outer;
	if (around == NULL)
		sql_fail(s, ERR_INTERNAL, "There is no query around");
	else
		sql_qualified(s, around->alias, e->name);
}

void
sql_expr(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	static void (*const writers[EXPR__MAX])(struct sql *,
	    const struct sql_scope *, const struct expr *) = {
		[EXPR_OUTER] = sql_outer,
		[EXPR_LOOKUP] = sql_lookup,
		[EXPR_AND] = sql_chain,
		[EXPR_OR] = sql_chain,
		[EXPR_NOT] = sql_not,
		[EXPR_EQ] = sql_binary,
		[EXPR_NE] = sql_binary,
		[EXPR_LT] = sql_binary,
		[EXPR_LE] = sql_binary,
		[EXPR_GT] = sql_binary,
		[EXPR_GE] = sql_binary,
		[EXPR_IS_NULL] = sql_is_null,
		[EXPR_IN] = sql_in,
		[EXPR_IN_QUERY] = sql_in_query,
		[EXPR_EXISTS] = sql_exists,
		[EXPR_BELOW] = sql_tree,
		[EXPR_ABOVE] = sql_tree,
		[EXPR_LIKE] = sql_like,
		[EXPR_ILIKE] = sql_like,
		[EXPR_IF] = sql_if,
		[EXPR_ILIKE_FLAT] = sql_like,
		[EXPR_TEXT] = sql_text,
		[EXPR_CONCAT] = sql_concat,
		[EXPR_DATE_ADD] = sql_period,
		[EXPR_DATE_TRUNC] = sql_period,
		[EXPR_SELECT] = sql_subquery,
		[EXPR_IDS] = sql_ids,
		[EXPR_COUNT] = sql_aggregate,
		[EXPR_SUM] = sql_aggregate,
		[EXPR_AVG] = sql_aggregate,
	};

	bool	 filter = s->filter;

	if (e->op != EXPR_AND && e->op != EXPR_OR && !e->indexed)
		s->filter = false;
	if (e->op == EXPR_COLUMN)
		sql_qualified(s, scope->alias, e->name);
	else if (e->op == EXPR_VALUE)
		sql_bind(s, e->value);
	else if (e->op == EXPR_TRUE || e->op == EXPR_FALSE)
		buf_str(s->text, e->op == EXPR_TRUE ? "TRUE" : "FALSE");
	else if (writers[e->op] == NULL)
		sql_call(s, scope, e);
	else
		writers[e->op](s, scope, e);
	s->filter = filter;
}
