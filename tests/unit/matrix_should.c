/*
 * What semantics 6 says of rights, worked out here for itself: may() is 6.1,
 * passes() is 6.2, all else is made of them.
 */

#include "matrix_should.h"

#include <string.h>

static bool
in(const struct matrix *m, enum matrix_who who)
{
	return who == ALL || who == EMPLOYEE || (who == INSIDE &&
	    m->user->inside);
}

static bool
meets(enum matrix_test test, const struct matrix_item *it)
{
	switch (test) {
	case X:
		return it->x;
	case Y:
		return it->y;
	case MINE:
		return it->mine;
	default:
		return test == NOTHING;
	}
}

/* Semantics 6.1. */
static bool
may(const struct matrix *m, unsigned int op)
{
	return m->user->super ||
	    ((m->line->operations & op) != 0 && in(m, m->line->who));
}

/* Semantics 6.2. */
static bool
passes(const struct matrix *m, unsigned int op, const struct matrix_item *it)
{
	bool	 global = true, some = false, grouped = false;

	for (const struct matrix_rule *r = m->rules; r->operations != 0; r++) {
		if ((r->operations & op) == 0 || !in(m, r->who))
			continue;
		if (r->who == ALL) {
			global = global && meets(r->test, it);
			continue;
		}
		grouped = true;
		some = some || meets(r->test, it);
	}
	return m->user->super || (global && (some || !grouped));
}

static bool
allowed(const struct matrix *m, unsigned int op, int i)
{
	return may(m, op) && passes(m, op, &m->items[i]);
}

/* An item that the user makes: number i's x and y. */
static bool
makes(const struct matrix *m, int i)
{
	struct matrix_item	 it = m->items[i];

	it.mine = true;
	return may(m, C) && passes(m, C, &it);
}

static bool
sees_code(const struct matrix *m)
{
	return m->user->super || m->user->inside;
}

static const char *
said(bool yes)
{
	return yes ? "ok" : "denied";
}

/* Those of the items that can be read, as "013". */
static const char *
readable(const struct matrix *m)
{
	const char	*text = "";

	for (int i = 0; i < MATRIX_ITEMS; i++)
		if (allowed(m, R, i))
			text = arena_printf(m->c->a, "%s%d", text, i);
	return text;
}

const char *
should_find(const struct matrix *m, int i)
{
	(void)i;
	return may(m, R) ? readable(m) : "denied";
}

const char *
should_count(const struct matrix *m, int i)
{
	(void)i;
	return may(m, R) ? arena_printf(m->c->a, "%zu",
	    strlen(readable(m))) : "denied";
}

const char *
should_some(const struct matrix *m, int i)
{
	(void)i;
	if (!may(m, R))
		return "denied";
	return readable(m)[0] == '\0' ? "" : "b";
}

const char *
should_lines(const struct matrix *m, int i)
{
	(void)i;
	return readable(m);
}

const char *
should_read(const struct matrix *m, int i)
{
	return said(allowed(m, R, i));
}

const char *
should_read_all(const struct matrix *m, int i)
{
	(void)i;
	return strlen(readable(m)) == MATRIX_ITEMS ? "0123" : "denied";
}

const char *
should_write(const struct matrix *m, int i)
{
	return said(allowed(m, W, i));
}

const char *
should_unlink(const struct matrix *m, int i)
{
	return said(allowed(m, U, i));
}

const char *
should_create(const struct matrix *m, int i)
{
	return said(makes(m, i));
}

/* Releasing the lines that are seen writes to each. */
const char *
should_clear(const struct matrix *m, int i)
{
	bool	 all = may(m, R);

	for (i = 0; i < MATRIX_ITEMS; i++)
		all = all && (!allowed(m, R, i) || allowed(m, W, i));
	return said(all);
}

const char *
should_always(const struct matrix *m, int i)
{
	(void)m;
	(void)i;
	return "ok";
}

const char *
should_all(const struct matrix *m, int i)
{
	(void)m;
	(void)i;
	return "0123";
}

const char *
should_name(const struct matrix *m, int i)
{
	return arena_printf(m->c->a, "item%d", i);
}

const char *
should_code(const struct matrix *m, int i)
{
	(void)i;
	return !may(m, R) ? "denied" : sees_code(m) ? "ok" : "no field";
}

const char *
should_code_write(const struct matrix *m, int i)
{
	return !allowed(m, W, i) ? "denied" : sees_code(m) ? "ok" : "no field";
}

const char *
should_code_create(const struct matrix *m, int i)
{
	return !may(m, C) ? "denied" : !sees_code(m) ? "no field" :
	    said(makes(m, i));
}

const char *
should_code_read(const struct matrix *m, int i)
{
	return !may(m, R) ? "denied" : !sees_code(m) ? "no field" :
	    said(allowed(m, R, i));
}

const char *
should_code_there(const struct matrix *m, int i)
{
	(void)i;
	return !may(m, R) ? "denied" : sees_code(m) ? "there" : "absent";
}

const char *
should_code_name(const struct matrix *m, int i)
{
	(void)i;
	return !may(m, R) ? "denied" : sees_code(m) ? readable(m) : "";
}

/* The columns of an export are read before the rights on their models. */
const char *
should_code_export(const struct matrix *m, int i)
{
	return !sees_code(m) ? "no field" : said(allowed(m, R, i));
}

/* What is copied is read, as far as it is seen, and a record made of it. */
const char *
should_copy(const struct matrix *m, int i)
{
	return said(allowed(m, R, i) && makes(m, i));
}

const char *
should_copy_code(const struct matrix *m, int i)
{
	if (!may(m, C) || !allowed(m, R, i))
		return "denied";
	return !sees_code(m) ? "no field" : said(makes(m, i));
}

/* A name alone makes a record like item 0, which is read then. */
const char *
should_name_create(const struct matrix *m, int i)
{
	struct matrix_item	 it = m->items[i];

	it.mine = true;
	return said(makes(m, i) && may(m, R) && passes(m, R, &it));
}

/* What is computed of an item that is not seen is unset. */
const char *
should_related(const struct matrix *m, int i)
{
	return allowed(m, R, i) ? should_name(m, i) : "unset";
}

const char *
should_related_code(const struct matrix *m, int i)
{
	return allowed(m, R, i) && sees_code(m) ? "d" : "unset";
}

const char *
should_counted(const struct matrix *m, int i)
{
	(void)i;
	return arena_printf(m->c->a, "%zu", strlen(readable(m)));
}

const char *
should_code_given(const struct matrix *m, int i)
{
	(void)i;
	return !may(m, C) ? "denied" : sees_code(m) ? "there" : "absent";
}

const char *
should_rows(const struct matrix *m, int i)
{
	size_t	 n = strlen(readable(m));

	(void)i;
	if (!may(m, R))
		return "denied";
	return arena_printf(m->c->a, "%zu", n == 0 ? 1 : n);
}
