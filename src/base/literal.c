#include "base/literal.h"

#include <string.h>

#include "base/arena.h"
#include "base/literal_private.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/value.h"

const struct parse_limits	 parse_limits_default = { 32, 200000, 1000 };

static bool	 literal_value(struct literal *, struct value *);

bool
literal_fail(struct literal *l, const char *at, const char *what)
{
	struct span	 before = { l->start, (size_t)(at - l->start) };

	return err_set(l->err, ERR_VALUE, "position %zu: %s",
	    utf8_length(before) + 1, what);
}

static bool
literal_blank(char c, bool breaks)
{
	return c == ' ' || c == '\t' || c == '\f' ||
	    (breaks && (c == '\n' || c == '\r'));
}

void
literal_space(struct literal *l)
{
	while (l->p < l->end && literal_blank(*l->p, l->depth > 0))
		l->p++;
}

static void
literal_space_around(struct literal *l)
{
	while (l->p < l->end && literal_blank(*l->p, true))
		l->p++;
}

static bool
literal_at(const struct literal *l, char c)
{
	return l->p < l->end && *l->p == c;
}

static bool
literal_open(struct literal *l)
{
	if (l->depth == l->limits->depth)
		return literal_fail(l, l->p, "nested too deep");
	l->depth++;
	l->p++;
	literal_space(l);
	return true;
}

/* After a member: true at the next member or at the closing bracket. */
static bool
literal_comma(struct literal *l, char close, const char *what, bool *comma)
{
	literal_space(l);
	*comma = literal_at(l, ',');
	if (!*comma)
		return literal_at(l, close) || literal_fail(l, l->p, what);
	l->p++;
	literal_space(l);
	return true;
}

/* A list or a tuple; (x) without a comma is x. */
static bool
literal_list(struct literal *l, struct value *out)
{
	char		 close = *l->p == '[' ? ']' : ')';
	const char	*what = close == ']' ? "a list must end with ]" :
			    "a tuple must end with )";
	struct value	 item;
	bool		 comma = false;

	if (!literal_open(l))
		return false;
	*out = value_list(l->arena, 0);
	while (!literal_at(l, close)) {
		if (l->p == l->end)
			return literal_fail(l, l->p, what);
		if (!literal_value(l, &item) ||
		    !literal_comma(l, close, what, &comma))
			return false;
		value_push(l->arena, out, item);
	}
	l->p++;
	l->depth--;
	if (close == ')' && out->u.list->n == 1 && !comma)
		*out = item;
	return true;
}

static bool
literal_key(struct literal *l, struct value *key)
{
	const char	*at = l->p;

	if (!literal_value(l, key))
		return false;
	if (key->type != VALUE_TEXT)
		return literal_fail(l, at, "a key must be a text");
	literal_space(l);
	if (!literal_at(l, ':'))
		return literal_fail(l, l->p, "a key must be followed by :");
	l->p++;
	literal_space(l);
	return true;
}

/* The last of equal keys wins, as in Python. */
static bool
literal_dict(struct literal *l, struct value *out)
{
	static const char	 what[] = "a dictionary must end with }";
	struct value		 key, *item;
	bool			 comma;
	size_t			 n = 0;

	if (!literal_open(l))
		return false;
	*out = value_dict(l->arena);
	while (!literal_at(l, '}')) {
		if (l->p == l->end)
			return literal_fail(l, l->p, what);
		if (n++ == l->limits->keys)
			return literal_fail(l, l->p, "too many keys");
		item = arena_alloc(l->arena, sizeof *item);
		if (!literal_key(l, &key) || !literal_value(l, item) ||
		    !literal_comma(l, '}', what, &comma))
			return false;
		map_put(out->u.dict, key.u.text, item);
	}
	l->p++;
	l->depth--;
	return true;
}

static bool
literal_signed(struct literal *l, struct value *out)
{
	bool	 negative = *l->p++ == '-';

	literal_space(l);
	if (l->p == l->end || !((*l->p >= '0' && *l->p <= '9') || *l->p == '.'))
		return literal_fail(l, l->p,
		    "a sign must be followed by a number");
	return literal_number(l, negative, out);
}

static bool
literal_is_word(const struct literal *l, const char *p)
{
	return p < l->end && (((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') ||
	    (l->name != NULL && (*p == '_' || *p == '.' ||
	    (*p >= '0' && *p <= '9'))));
}

static bool
literal_word(struct literal *l, struct value *out)
{
	static const struct {
		const char	*word;
		struct value	 value;
	} words[] = {
		{ "None",	{ .type = VALUE_NULL } },
		{ "null",	{ .type = VALUE_NULL } },
		{ "True",	{ .type = VALUE_BOOL, .u.b = true } },
		{ "true",	{ .type = VALUE_BOOL, .u.b = true } },
		{ "False",	{ .type = VALUE_BOOL, .u.b = false } },
		{ "false",	{ .type = VALUE_BOOL, .u.b = false } },
	};
	struct span	 word = { l->p, 0 };

	while (literal_is_word(l, word.p + word.n))
		word.n++;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!span_is(word, words[i].word))
			continue;
		l->p += word.n;
		*out = words[i].value;
		return true;
	}
	if (l->name == NULL || word.n == 0)
		return literal_fail(l, l->p, "no value can be read here");
	l->p += word.n;
	return l->name(l->arg, word, out, l->err);
}

static bool
literal_operand(struct literal *l, struct value *out)
{
	if (l->p == l->end)
		return literal_fail(l, l->p, "a value is missing here");
	if (l->nodes++ == l->limits->nodes)
		return literal_fail(l, l->p, "too many values");
	if (literal_is_text(l))
		return literal_text(l, out);
	switch (*l->p) {
	case '[':
	case '(':
		return literal_list(l, out);
	case '{':
		return literal_dict(l, out);
	case '+':
	case '-':
		return literal_signed(l, out);
	case '.':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return literal_number(l, false, out);
	default:
		return literal_word(l, out);
	}
}

/* An operand, and the lists that are added to it. */
static bool
literal_value(struct literal *l, struct value *out)
{
	struct value	 sum, more;

	if (!literal_operand(l, out))
		return false;
	if (l->name == NULL)
		return true;
	for (literal_space(l); literal_at(l, '+'); literal_space(l)) {
		const char	*at = l->p++;

		literal_space(l);
		if (!literal_operand(l, &more))
			return false;
		if (out->type != VALUE_LIST || more.type != VALUE_LIST)
			return literal_fail(l, at, "+ joins two lists");
		sum = value_list(l->arena, out->u.list->n + more.u.list->n);
		for (size_t i = 0; i < out->u.list->n; i++)
			value_push(l->arena, &sum, out->u.list->v[i]);
		for (size_t i = 0; i < more.u.list->n; i++)
			value_push(l->arena, &sum, more.u.list->v[i]);
		*out = sum;
	}
	return true;
}

static bool
literal_whole(struct literal *l, struct span text, struct value *out)
{
	struct value	 value;

	l->start = l->p = text.p;
	l->end = text.p + text.n;
	if (!utf8_valid(text))
		return err_set(l->err, ERR_VALUE,
		    "the text is not UTF-8 or contains NUL");
	literal_space_around(l);
	if (!literal_value(l, &value))
		return false;
	literal_space_around(l);
	if (l->p < l->end)
		return literal_fail(l, l->p,
		    "the text goes on after its value");
	*out = value;
	return true;
}

bool
literal_parse(struct arena *a, struct span text,
    const struct parse_limits *limits, struct value *out, struct err *err)
{
	struct literal	 l = { .arena = a, .limits = limits, .err = err };

	return literal_whole(&l, text, out);
}

bool
literal_parse_names(struct arena *a, struct span text,
    const struct parse_limits *limits, literal_name *name, void *arg,
    struct value *out, struct err *err)
{
	struct literal	 l = { .arena = a, .limits = limits, .err = err,
			    .name = name, .arg = arg };

	return literal_whole(&l, text, out);
}
