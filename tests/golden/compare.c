#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/literal.h"
#include "base/map.h"
#include "base/value.h"
#include "exchange.h"
#include "ser/parse.h"

/* What is asked of an answer. */
struct wanted {
	struct arena	*a;
	const char	*shape;		/* keys, or NULL */
	bool		 manual, parts, free_order;
	const char	*why;
};

/* Whether text matches the pattern, in which {*} stands for anything. */
static bool
matches(const char *pattern, const char *text)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (strncmp(pattern, "{*}", 3) == 0) {
			for (pattern += 3; ; text++) {
				if (matches(pattern, text))
					return true;
				if (*text == '\0')
					return false;
			}
		}
		if (*pattern != *text)
			return false;
	}
	return *text == '\0';
}

static bool
differs(struct wanted *w, const char *what, const char *want, const char *got)
{
	if (w->why == NULL)
		w->why = arena_printf(w->a, "%s\n  wants %.3000s\n  got   "
		    "%.3000s", what, want, got);
	return false;
}

/* One line of the expected head. */
static bool
head_line(struct wanted *w, struct span line, const char *head)
{
	const char	*text = arena_strndup(w->a, line.p, line.n);
	const char	*absent = text[0] == '!' ? text + 1 : NULL;

	if (strcmp(text, "Compare: manual") == 0)
		w->manual = true;
	else if (strcmp(text, "Compare: parts") == 0)
		w->parts = true;
	else if (strcmp(text, "Order: free") == 0)
		w->free_order = true;
	else if (strncmp(text, "Shape: ", 7) == 0)
		w->shape = text + 7;
	else if (absent != NULL)
		return !matches(arena_printf(w->a, "{*}\r\n%s:{*}", absent),
		    head) || differs(w, "header", text, head);
	else
		return matches(arena_printf(w->a, "{*}\r\n%s\r\n{*}", text),
		    head) || differs(w, "header", text, head);
	return true;
}

/* The lines without the blanks they begin with, put together. */
static char *
joined(struct arena *a, const char *text)
{
	struct buf	*b = buf_new(a);

	buf_str(b, "");
	while (*text != '\0') {
		size_t	 n;

		text += strspn(text, " \t\n");
		n = strcspn(text, "\n");
		buf_add(b, text, n);
		text += n;
	}
	return b->n == 0 ? arena_strdup(a, "") : b->p;
}

/* The manual's "..." as a literal: a key, or an item, once each. */
static const char *
spelled_dots(struct arena *a, const char *text)
{
	struct buf	*b = buf_new(a);
	char		 open[64], quote = '\0';
	bool		 said[64] = { false };
	size_t		 depth = 0;

	for (; *text != '\0'; text++) {
		if (quote != '\0') {
			if (*text == quote)
				quote = '\0';
		} else if (*text == '\'' || *text == '"') {
			quote = *text;
		} else if (*text == '{' || *text == '[') {
			open[++depth] = *text;
			said[depth] = false;
		} else if (*text == '}' || *text == ']') {
			depth--;
		} else if (strncmp(text, "...", 3) == 0) {
			if (!said[depth])
				buf_str(b, open[depth] == '{' ?
				    "'...': 0" : "'...'");
			said[depth] = true;
			text += 2;
			continue;
		}
		buf_char(b, *text);
	}
	return b->p;
}

static bool	same(struct wanted *, const char *, const struct value *,
		    const struct value *);

static bool
is_dots(const struct value *v)
{
	return value_is_text(v, "...");
}

static bool
same_dict(struct wanted *w, const char *path, const struct value *want,
    const struct value *got)
{
	const struct map	*d = want->u.dict;
	size_t			 n = map_count(d);
	bool			 more = value_get(want, "...") != NULL;

	for (size_t i = 0; i < n; i++) {
		const char		*key = map_key(d, i).p;
		const struct value	*v = value_get(got, key);

		if (strcmp(key, "...") == 0)
			continue;
		if (v == NULL)
			return differs(w, path, key, "nothing");
		if (!same(w, key, map_at(d, i), v))
			return false;
	}
	return more || map_count(got->u.dict) == n ||
	    differs(w, path, "no more keys", "more");
}

/* Each item that is wanted, in the order wanted (or in any), with others
 * between where there are dots. */
static bool
same_list(struct wanted *w, const char *path, const struct value *want,
    const struct value *got)
{
	const struct value_list	*a = want->u.list, *b = got->u.list;
	size_t			 n = a->n, at = 0;
	bool			 more = n > 0 && is_dots(&a->v[n - 1]);
	struct wanted		 quiet = *w;

	n -= more;
	if (more ? b->n < n : b->n != n)
		return differs(w, path, arena_printf(w->a, "%zu items", n),
		    arena_printf(w->a, "%zu", b->n));
	for (size_t i = 0; i < n; i++) {
		if (w->free_order)
			at = 0;
		if (!more && !w->free_order) {
			if (!same(w, path, &a->v[i], &b->v[i]))
				return false;
			continue;
		}
		quiet.why = "";
		while (at < b->n && !same(&quiet, path, &a->v[i], &b->v[at]))
			at++;
		if (at++ == b->n)
			return differs(w, path, arena_printf(w->a,
			    "item %zu", i), "none like it");
	}
	return true;
}

static bool
shape_alone(const struct wanted *w, const char *key)
{
	const char	*at = w->shape;
	size_t		 n = strlen(key);

	if (at == NULL)
		return false;
	if (strcmp(at, "*") == 0)
		return true;
	while ((at = strstr(at, key)) != NULL) {
		if ((at == w->shape || at[-1] == ' ') &&
		    (at[n] == ' ' || at[n] == '\0'))
			return true;
		at += n;
	}
	return false;
}

static bool
same(struct wanted *w, const char *path, const struct value *want,
    const struct value *got)
{
	if (want->type != got->type)
		return differs(w, path, value_type_name(want->type),
		    value_type_name(got->type));
	if (want->type == VALUE_DICT)
		return same_dict(w, path, want, got);
	if (want->type == VALUE_LIST)
		return same_list(w, path, want, got);
	if (shape_alone(w, path) || value_equal(want, got))
		return true;
	if (want->type == VALUE_TEXT)
		return differs(w, path, want->u.text.p, got->u.text.p);
	return differs(w, path, arena_printf(w->a, "%lld",
	    (long long)want->u.i), arena_printf(w->a, "%lld",
	    (long long)got->u.i));
}

static bool
same_manual(struct wanted *w, const char *text, struct span body)
{
	struct err	 err = { 0 };
	struct value	 want, got;

	if (!literal_parse(w->a, span_of(spelled_dots(w->a, text)),
	    &parse_limits_default, &want, &err))
		return differs(w, "the manual's text", "a literal", err.msg);
	if (!parse_json(w->a, body, &parse_limits_default, &got, &err))
		return differs(w, "the body", "JSON", err.msg);
	return same(w, "body", &want, &got);
}

static bool
same_parts(struct wanted *w, const char *text, const char *body)
{
	while (*text != '\0') {
		size_t		 n;
		const char	*part;

		text += strspn(text, " \t\n");
		n = strcspn(text, "\n");
		part = arena_strndup(w->a, text, n);
		if (!matches(arena_printf(w->a, "{*}%s{*}", part), body))
			return differs(w, "part of the body", part, body);
		text += n;
	}
	return true;
}

bool
compare(struct arena *a, const char *text, const struct answer *answer,
    const char **why)
{
	struct wanted	 w = { .a = a };
	long		 status = strtol(text, NULL, 10);
	const char	*body, *got = arena_strndup(a, answer->body.p,
			    answer->body.n);
	bool		 ok = true;

	if (status != answer->status)
		ok = differs(&w, "status and body", arena_printf(a, "%ld",
		    status), arena_printf(a, "%d %s", answer->status, got));
	body = strchr(text, '\n');
	for (body = body == NULL ? "" : body + 1; ok && *body != '\0' &&
	    *body != '\n'; body += *body == '\n') {
		struct span	 line = { body, strcspn(body, "\n") };

		ok = head_line(&w, line, answer->head);
		body += line.n;
	}
	if (ok && w.manual)
		ok = same_manual(&w, body, answer->body);
	else if (ok && w.parts)
		ok = same_parts(&w, body, got);
	else if (ok)
		ok = matches(joined(a, body), got) ||
		    differs(&w, "body", joined(a, body), got);
	*why = w.why;
	return ok;
}
