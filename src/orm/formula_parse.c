#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "orm/formula_private.h"
#include "orm/number.h"

#define FORMULA_LENGTH	10000	/* bytes */
#define FORMULA_DEPTH	32
#define FORMULA_NODES	500

/* A text being read; the first error stays in err. */
struct formula_reader {
	struct arena	*arena;
	struct err	*err;
	struct span	 text;
	size_t		 at;
	size_t		 nodes;
	int		 depth;
};

static const struct formula	*formula_or(struct formula_reader *);

static const struct formula *
formula_fail(struct formula_reader *r, const char *what)
{
	err_set(r->err, ERR_VALUE, "the formula is wrong at character %zu: %s",
	    r->at + 1, what);
	return NULL;
}

static struct formula *
formula_node(struct formula_reader *r, enum formula_kind kind)
{
	struct formula	*f;

	if (++r->nodes > FORMULA_NODES) {
		formula_fail(r, "it is too long");
		return NULL;
	}
	f = arena_alloc(r->arena, sizeof *f);
	f->kind = kind;
	return f;
}

/* A node over one or two parts; NULL if one is missing. */
static const struct formula *
formula_join(struct formula_reader *r, enum formula_kind kind,
    const struct formula *a, const struct formula *b)
{
	struct formula	*f;

	if (a == NULL || (b == NULL && kind != FORMULA_NOT) ||
	    (f = formula_node(r, kind)) == NULL)
		return NULL;
	f->args[f->nargs++] = a;
	if (b != NULL)
		f->args[f->nargs++] = b;
	return f;
}

static char
formula_peek(struct formula_reader *r)
{
	while (r->at < r->text.n && strchr(" \t\r\n", r->text.p[r->at]) != NULL)
		r->at++;
	return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static bool
formula_take(struct formula_reader *r, char c)
{
	if (formula_peek(r) != c)
		return false;
	r->at++;
	return true;
}

static bool
formula_letter(char c, bool more)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (more && ((c >= '0' && c <= '9') || c == '.'));
}

/* The word that comes next, with its dots; empty if there is none. */
static struct span
formula_word(struct formula_reader *r)
{
	struct span	 s;

	formula_peek(r);
	s = (struct span){ r->text.p + r->at, 0 };
	while (r->at + s.n < r->text.n && formula_letter(s.p[s.n], s.n != 0))
		s.n++;
	return s;
}

static bool
formula_keyword(struct formula_reader *r, const char *word)
{
	struct span	 s = formula_word(r);

	if (!span_is(s, word))
		return false;
	r->at += s.n;
	return true;
}

/* What a backslash and the next character stand for; NUL for nothing. */
static char
formula_escape(char c)
{
	if (c == 'n')
		return '\n';
	if (c == 't')
		return '\t';
	return c == '\\' || c == '\'' || c == '"' ? c : '\0';
}

static const struct formula *
formula_text(struct formula_reader *r)
{
	struct formula	*f = formula_node(r, FORMULA_VALUE);
	struct buf	*b = buf_new(r->arena);
	char		 quote = r->text.p[r->at++];

	if (f == NULL)
		return NULL;
	for (; r->at < r->text.n && r->text.p[r->at] != quote; r->at++) {
		char	 c = r->text.p[r->at];

		if (c == '\\' && r->at + 1 < r->text.n)
			c = formula_escape(r->text.p[++r->at]);
		if (c == '\0')
			return formula_fail(r, "unknown escape");
		buf_char(b, c);
	}
	if (r->at == r->text.n)
		return formula_fail(r, "the text does not end");
	r->at++;
	f->value = value_span(buf_text(b));
	return f;
}

/* Digits after a point make an exact decimal. */
static const struct formula *
formula_number(struct formula_reader *r)
{
	struct formula	*f = formula_node(r, FORMULA_VALUE);
	struct span	 s = { r->text.p + r->at, 0 };
	struct scaled	 n;
	unsigned int	 scale = 0;
	bool		 point = false;

	if (f == NULL)
		return NULL;
	for (; r->at + s.n < r->text.n; s.n++) {
		if (s.p[s.n] == '.' && !point)
			point = true;
		else if (s.p[s.n] < '0' || s.p[s.n] > '9')
			break;
		else
			scale += point;
	}
	if (scale > 18 || !number_scaled(s, scale, &n))
		return formula_fail(r, "this is no number");
	r->at += s.n;
	f->value = point ? value_decimal(n.floor, scale) : value_int(n.floor);
	return f;
}

static const struct formula *
formula_constant(struct formula_reader *r, struct span word)
{
	static const struct {
		const char	*name;
		int		 is;	/* -1: None */
	}		 words[] = {
		{ "True", 1 }, { "true", 1 }, { "False", 0 }, { "false", 0 },
		{ "None", -1 }, { "null", -1 },
	};
	struct formula	*f;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (!span_is(word, words[i].name))
			continue;
		if ((f = formula_node(r, FORMULA_VALUE)) != NULL)
			f->value = words[i].is < 0 ? value_null() :
			    value_bool(words[i].is == 1);
		return f;
	}
	return NULL;
}

static const struct formula *
formula_arguments_fail(struct formula_reader *r,
    const struct formula_function *fn)
{
	char	*n = arena_printf(r->arena, "%zu", fn->most);

	if (fn->least != fn->most)
		n = arena_printf(r->arena, "%zu or %s", fn->least, n);
	return formula_fail(r, arena_printf(r->arena,
	    "%s() takes %s arguments", fn->name, n));
}

/* A function's arguments, after its name. */
static const struct formula *
formula_call(struct formula_reader *r, struct span name)
{
	const struct formula_function	*fn = formula_function(name);
	struct formula			*f;

	if (fn == NULL) {
		r->at -= name.n;
		return formula_fail(r, "there is no such function");
	}
	if ((f = formula_node(r, FORMULA_CALL)) == NULL)
		return NULL;
	f->name = span_of(fn->name);
	f->function = fn;
	formula_take(r, '(');
	if (formula_take(r, ')'))
		return fn->least == 0 ? f : formula_arguments_fail(r, fn);
	do {
		if (f->nargs == fn->most)
			return formula_arguments_fail(r, fn);
		if ((f->args[f->nargs++] = formula_or(r)) == NULL)
			return NULL;
	} while (formula_take(r, ','));
	if (formula_peek(r) != ')')
		return formula_fail(r, "\")\" is missing");
	if (f->nargs < fn->least)
		return formula_arguments_fail(r, fn);
	r->at++;
	return f;
}

static bool
formula_path_valid(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '.' && (i + 1 == s.n ||
		    !formula_letter(s.p[i + 1], false)))
			return false;
	return true;
}

static const struct formula *
formula_named(struct formula_reader *r)
{
	struct span		 word = formula_word(r);
	const struct formula	*constant;
	struct formula		*f;

	if (word.n == 0)
		return formula_fail(r, "a field or a value is wanted");
	if (span_is(word, "and") || span_is(word, "or") ||
	    span_is(word, "not") || span_is(word, "in") ||
	    !formula_path_valid(word))
		return formula_fail(r, "this is no field");
	r->at += word.n;
	if (formula_peek(r) == '(')
		return formula_call(r, word);
	if ((constant = formula_constant(r, word)) != NULL)
		return constant;
	if ((f = formula_node(r, FORMULA_PATH)) == NULL)
		return NULL;
	f->name = (struct span){ arena_strndup(r->arena, word.p, word.n),
	    word.n };
	return f;
}

static const struct formula *
formula_primary(struct formula_reader *r)
{
	char			 c = formula_peek(r);
	const struct formula	*f;

	if (c == '\'' || c == '"')
		return formula_text(r);
	if (c >= '0' && c <= '9')
		return formula_number(r);
	if (!formula_take(r, '('))
		return formula_named(r);
	f = formula_or(r);
	if (f != NULL && !formula_take(r, ')'))
		return formula_fail(r, "\")\" is missing");
	return f;
}

/* A number that is written after a minus is a number; else 0 - it. */
static const struct formula *
formula_unary(struct formula_reader *r)
{
	const struct formula	*f;
	struct formula		*minus;
	bool			 negate = false;

	while (formula_take(r, '-'))
		negate = !negate;
	f = formula_primary(r);
	if (f == NULL || !negate ||
	    (minus = formula_node(r, FORMULA_VALUE)) == NULL)
		return negate ? NULL : f;
	minus->value = value_int(0);
	if (f->kind != FORMULA_VALUE || (f->value.type != VALUE_INT &&
	    f->value.type != VALUE_DECIMAL))
		return formula_join(r, FORMULA_SUB, minus, f);
	minus->value = f->value;
	minus->value.u.i = -f->value.u.i;
	return minus;
}

static const struct formula *
formula_product(struct formula_reader *r)
{
	const struct formula	*f = formula_unary(r);

	while (f != NULL) {
		if (formula_take(r, '*'))
			f = formula_join(r, FORMULA_MUL, f, formula_unary(r));
		else if (formula_take(r, '/'))
			f = formula_join(r, FORMULA_DIV, f, formula_unary(r));
		else
			break;
	}
	return f;
}

static const struct formula *
formula_sum(struct formula_reader *r)
{
	const struct formula	*f = formula_product(r);

	while (f != NULL) {
		if (formula_take(r, '+'))
			f = formula_join(r, FORMULA_ADD, f, formula_product(r));
		else if (formula_take(r, '-'))
			f = formula_join(r, FORMULA_SUB, f, formula_product(r));
		else
			break;
	}
	return f;
}

/* The comparison that comes next, or "". */
static const char *
formula_comparison(struct formula_reader *r)
{
	static const char *const	 words[] = {
		"==", "!=", "<=", ">=", "<", ">", "",
	};
	size_t				 i = 0;

	formula_peek(r);
	while (!span_starts((struct span){ r->text.p + r->at,
	    r->text.n - r->at }, words[i]))
		i++;
	r->at += strlen(words[i]);
	return words[i];
}

static const struct formula *
formula_comparing(struct formula_reader *r, const char *word,
    const struct formula *a, const struct formula *b)
{
	struct formula	*f = a == NULL || b == NULL ? NULL :
	    formula_node(r, FORMULA_COMPARE);

	if (f == NULL)
		return NULL;
	f->name = span_of(word);
	f->args[0] = a;
	f->args[1] = b;
	f->nargs = 2;
	return f;
}

/* "in [x, y]" is the same as == x or == y. */
static const struct formula *
formula_in(struct formula_reader *r, const struct formula *a)
{
	const struct formula	*f = NULL, *one;

	if (!formula_take(r, '['))
		return formula_fail(r, "a list in [ ] is wanted");
	do {
		one = formula_comparing(r, "==", a, formula_sum(r));
		f = f == NULL ? one : formula_join(r, FORMULA_OR, f, one);
		if (f == NULL)
			return NULL;
	} while (formula_take(r, ','));
	if (!formula_take(r, ']'))
		return formula_fail(r, "\"]\" is missing");
	return f;
}

static const struct formula *
formula_compare(struct formula_reader *r)
{
	const struct formula	*a = formula_sum(r);
	const char		*word;
	size_t			 at = r->at;

	if (a == NULL || *(word = formula_comparison(r)) != '\0')
		return a == NULL ? NULL :
		    formula_comparing(r, word, a, formula_sum(r));
	if (formula_keyword(r, "in"))
		return formula_in(r, a);
	if (formula_keyword(r, "not")) {
		if (formula_keyword(r, "in"))
			return formula_join(r, FORMULA_NOT, formula_in(r, a),
			    NULL);
		r->at = at;
	}
	return a;
}

static const struct formula *
formula_not(struct formula_reader *r)
{
	bool			 negate = false;
	const struct formula	*f;

	while (formula_keyword(r, "not"))
		negate = !negate;
	f = formula_compare(r);
	return negate ? formula_join(r, FORMULA_NOT, f, NULL) : f;
}

static const struct formula *
formula_and(struct formula_reader *r)
{
	const struct formula	*f = formula_not(r);

	while (f != NULL && formula_keyword(r, "and"))
		f = formula_join(r, FORMULA_AND, f, formula_not(r));
	return f;
}

static const struct formula *
formula_or(struct formula_reader *r)
{
	const struct formula	*f;

	if (++r->depth > FORMULA_DEPTH)
		return formula_fail(r, "it is nested too deeply");
	f = formula_and(r);
	while (f != NULL && formula_keyword(r, "or"))
		f = formula_join(r, FORMULA_OR, f, formula_and(r));
	r->depth--;
	return f;
}

bool
formula_parse(struct arena *a, struct span text, const struct formula **out,
    struct err *err)
{
	struct formula_reader	 r = { .arena = a, .err = err, .text = text };
	const struct formula	*f;

	if (text.n > FORMULA_LENGTH)
		return formula_fail(&r, "it is too long") != NULL;
	f = formula_or(&r);
	if (f != NULL && formula_peek(&r) != '\0')
		f = formula_fail(&r, "something is left over");
	if (f == NULL)
		return false;
	*out = f;
	return true;
}
