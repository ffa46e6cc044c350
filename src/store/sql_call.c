#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"
#include "store/period.h"

#define LIKE_MAX	256	/* bytes of a pattern */

static void
pattern_operand(struct sql *s, const struct sql_scope *scope,
    const struct expr *e, enum sql_depth depth)
{
	if (e == NULL)
		buf_char(s->text, '0');
	else
		sql_inner(s, scope, e, depth);
}

static void
pattern_scale(struct sql *s, const struct expr *e)
{
	if (e != NULL && e->type == COL_FLOAT)
		buf_str(s->text, "-1");
	else
		buf_int(s->text, e != NULL && e->type == COL_DECIMAL ?
		    e->scale : 0);
}

void
sql_pattern(struct sql *s, const struct sql_scope *scope, const char *pattern,
    const struct expr *e)
{
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p == '<')
			pattern_operand(s, scope, e->args[0], *pattern == '(' ?
			    DEPTH_FIRST + DEPTH_CALL : DEPTH_CALL);
		else if (*p == '>')
			pattern_operand(s, scope, e->args[1], DEPTH_CASE);
		else if (*p == '[' || *p == ']')
			pattern_scale(s, e->args[*p == ']']);
		else if (*p == '^')
			pattern_scale(s, e);
		else if (*p == '@')
			sql_word(s, e->name);
		else
			buf_char(s->text, *p);
	}
}

void
sql_names(struct sql *s, const char *pattern, const struct expr *e)
{
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p == '<' || *p == '>')
			sql_name(s, e->args[*p == '>']->name);
		else if (*p == '@')
			sql_word(s, e->name);
		else
			buf_char(s->text, *p);
	}
}

void
sql_call(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	sql_pattern(s, scope, s->flavor->calls[e->op], e);
}

void
sql_text(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const char	*pattern = s->flavor->texts[e->args[0]->type];

	if (pattern == NULL)
		sql_expr(s, scope, e->args[0]);
	else
		sql_pattern(s, scope, pattern, e);
}

void
sql_concat(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	buf_char(s->text, '(');
	for (size_t i = 0; i < 2; i++) {
		struct expr	 part = { .args = { e->args[i] } };

		buf_str(s->text, i == 0 ? "coalesce(" : "||coalesce(");
		s->depth += DEPTH_CASE + (unsigned int)i;
		sql_text(s, scope, &part);
		s->depth -= DEPTH_CASE + (unsigned int)i;
		buf_str(s->text, ",'')");
	}
	buf_char(s->text, ')');
}

/*
 * What the index finds is asked once more, exactly.  The two together are
 * false where the pattern alone might be NULL.
 */
static void
like_indexed(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	buf_char(s->text, '(');
	if (s->filter && sql_search(s, scope, e))
		buf_str(s->text, " AND ");
	s->depth += DEPTH_LATER;
	sql_call(s, scope, e);
	s->depth -= DEPTH_LATER;
	buf_char(s->text, ')');
}

void
sql_like(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const struct value	*v = &e->args[1]->value;

	if (e->args[1]->op == EXPR_VALUE && v->type == VALUE_TEXT &&
	    v->u.text.n > LIKE_MAX)
		sql_fail(s, ERR_VALUE,
		    "The text to look for is longer than 256 bytes");
	else if (!e->indexed)
		sql_call(s, scope, e);
	else
		like_indexed(s, scope, e);
}

/* A name that goes into the text, so it must be one of ours. */
static bool
period_known(const char *name)
{
	for (size_t i = 0; name != NULL && i < PERIOD__MAX; i++)
		if (strcmp(name, period_names[i]) == 0)
			return true;
	return false;
}

void
sql_period(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	const struct sql_flavor	*f = s->flavor;

	if (!period_known(e->name))
		sql_fail(s, ERR_INTERNAL, "There is no such period");
	else if (e->args[0]->type != COL_DATETIME)
		sql_call(s, scope, e);
	else
		sql_pattern(s, scope, e->op == EXPR_DATE_ADD ?
		    f->datetime_add : f->datetime_trunc, e);
}

void
sql_aggregate(struct sql *s, const struct sql_scope *scope,
    const struct expr *e)
{
	const struct sql_flavor	*f = s->flavor;

	if (e->args[0] == NULL)
		buf_str(s->text, "count(*)");
	else if (e->op == EXPR_COUNT || e->type != COL_FLOAT ||
	    e->args[0]->type != COL_FLOAT)
		sql_call(s, scope, e);
	else
		sql_pattern(s, scope, e->op == EXPR_SUM ? f->float_sum :
		    f->float_avg, e);
}

void
sql_ids(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	buf_str(s->text, s->flavor->ids);
	sql_nested(s, scope, e->query, "id", DEPTH_QUERY + DEPTH_QUERY);
	buf_str(s->text, s->flavor->ids_end);
}
