/*
 * Patterns looked for in a text index.  It holds the trigrams of the flat
 * text (folded, without accents), and gives the rows that have all trigrams
 * of the pattern's runs of ordinary characters; the pattern itself is asked
 * of these rows only.  None is missed: a text that a pattern matches contains
 * each run, or when both are folded, each folded run; folding and flattening
 * work on one code point after the other, so the flat text contains each flat
 * run.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "store/driver.h"
#include "store/like.h"
#include "store/trigram.h"

#define TRIGRAMS_MAX	32	/* that are asked for; the rest adds little */

/* "abc" "bcd" of abcd, quotes doubled. */
static size_t
run_trigrams(struct span run, struct buf *out, size_t room)
{
	struct span	 trigram;
	size_t		 used;

	for (used = 0; used < room && trigram_next(&run, &trigram); used++) {
		buf_str(out, out->n == 0 ? "\"" : " \"");
		for (size_t i = 0; i < trigram.n; i++) {
			if (trigram.p[i] == '"')
				buf_char(out, '"');
			buf_char(out, trigram.p[i]);
		}
		buf_char(out, '"');
	}
	return used;
}

/* Empty if no run is long enough. */
static struct span
pattern_trigrams(struct arena *a, struct span pattern)
{
	struct buf	*out = buf_new(a), *run = buf_new(a);
	size_t		 room = TRIGRAMS_MAX;
	char		 sign;

	do {
		sign = like_next(&pattern, run);
		room -= run_trigrams(utf8_flat(a, buf_text(run)), out, room);
	} while (sign == '%' || sign == '_');
	return buf_text(out);
}

/* A column, the table that has it, and the id of its row. */
struct place {
	const char		*table;
	const char		*column;
	const struct expr	*id;
};

static bool
place_of(struct arena *a, const struct expr *e, const char *table,
    struct place *out)
{
	if (e->op == EXPR_COLUMN) {
		out->table = table;
		out->column = e->name;
		out->id = expr_column(a, "id", COL_ID, 0);
		return true;
	}
	if (e->op != EXPR_LOOKUP ||
	    !place_of(a, e->args[1], e->name, out))
		return false;
	out->id = e->args[1]->op == EXPR_COLUMN ? e->args[0] :
	    expr_lookup(a, e->args[0], e->name, out->id);
	return true;
}

/* What the flavor's pattern wants to know. */
static bool
search_of(struct sql *s, const char *table, const struct expr *e,
    struct expr *search)
{
	const struct expr	*pattern = e->args[1];
	struct index_def	 ix = { NULL, 1, false, true };
	struct arena		*a = s->scratch;
	struct place		 place;
	struct span		 trigrams;

	if (!e->indexed || pattern->op != EXPR_VALUE ||
	    pattern->value.type != VALUE_TEXT ||
	    !place_of(a, e->args[0], table, &place))
		return false;
	trigrams = pattern_trigrams(a, pattern->value.u.text);
	ix.columns = &place.column;
	*search = (struct expr){
		.name = index_name(a, place.table, &ix),
		.args = { place.id, expr_value(a, value_span(trigrams)) },
	};
	s->indexes = s->indexes || trigrams.n != 0;
	return trigrams.n != 0;
}

bool
sql_search(struct sql *s, const struct sql_scope *scope, const struct expr *e)
{
	struct expr	 search;

	for (size_t i = 0; i < s->nfrequent; i++)
		if (s->frequent[i] == e)
			return false;
	if (!search_of(s, scope->table, e, &search))
		return false;
	sql_pattern(s, scope, s->flavor->text_search, &search);
	return true;
}

static const struct expr *
search_term(const struct expr *e, size_t *n)
{
	const struct expr	*found;

	if (e == NULL)
		return NULL;
	if (e->op != EXPR_AND && e->op != EXPR_OR)
		return e->indexed && (*n)-- == 0 ? e : NULL;
	found = search_term(e->args[0], n);
	return found != NULL ? found : search_term(e->args[1], n);
}

const struct expr *
sql_search_term(const struct expr *where, size_t n)
{
	return search_term(where, &n);
}

bool
sql_search_count(struct sql *s, const char *table, const struct expr *term)
{
	const struct sql_scope	 nowhere = { .table = table };
	struct expr		 search;

	if (!search_of(s, table, term, &search))
		return false;
	search.args[0] = expr_value(s->scratch, value_int(SEARCH_MANY));
	sql_pattern(s, &nowhere, s->flavor->text_count, &search);
	sql_await(s, COL_INT, 0);
	return true;
}
