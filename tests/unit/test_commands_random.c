/*
 * Random commands on one2many and many2many, in create and write, against a
 * model in memory: firms with people (child_ids) and tags (category_id).
 * STEPS=N in the environment makes it longer, SEED=N another one.
 */

#include "base_case.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define FIRMS	4
#define PEOPLE	400
#define TAGS	400
#define NONE	(-1)

/* What must be there: people by number, tags by number. */
struct world {
	int64_t	 firm_id[FIRMS], person_id[PEOPLE], tag_id[TAGS];
	int	 parent[PEOPLE];		/* a firm, NONE */
	bool	 person[PEOPLE], tag[TAGS];	/* is there */
	bool	 firm_tag[FIRMS][TAGS], person_tag[PEOPLE][TAGS];
	int	 people, tags;
	int64_t	 last_partner, last_tag;
};

struct play {
	struct base_case	*c;
	struct world		 w;
	uint64_t		 seed;
	struct buf		*text;		/* of the commands */
	int			 firms[2], nfirms;
	int			 people, tags;	/* that commands can name */
	bool			 created;
	bool			 wrong;		/* an id that is not there */
};

static unsigned int
roll(struct play *p, unsigned int n)
{
	p->seed ^= p->seed << 13;
	p->seed ^= p->seed >> 7;
	p->seed ^= p->seed << 17;
	return (unsigned int)((p->seed >> 11) % n);
}

static int
some(struct play *p, const bool *there, int n)
{
	int	 from = n == 0 ? 0 : (int)roll(p, (unsigned int)n);

	for (int i = 0; i < n; i++)
		if (there[(from + i) % n])
			return (from + i) % n;
	return NONE;
}

static void
say(struct play *p, const char *format, ...)
{
	char	 text[128];
	va_list	 ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	buf_str(p->text, text);
}

static int
person_new(struct play *p, int firm)
{
	struct world	*w = &p->w;

	assert_true(w->people < PEOPLE);
	w->person[w->people] = true;
	w->person_id[w->people] = ++w->last_partner;
	w->parent[w->people] = firm;
	return w->people++;
}

static int
tag_new(struct play *p)
{
	struct world	*w = &p->w;

	assert_true(w->tags < TAGS);
	w->tag[w->tags] = true;
	w->tag_id[w->tags] = ++w->last_tag;
	return w->tags++;
}

static bool
firm_in(const struct play *p, int firm)
{
	return firm == p->firms[0] || (p->nfirms == 2 && firm == p->firms[1]);
}

static void
tag_drop(struct play *p, int tag)
{
	p->w.tag[tag] = false;
	for (int i = 0; i < FIRMS; i++)
		p->w.firm_tag[i][tag] = false;
	for (int i = 0; i < p->w.people; i++)
		p->w.person_tag[i][tag] = false;
}

/* "(6, 0, [ids])", or the ids alone; keep: which. */
static void
say_set(struct play *p, bool *keep, const bool *there, const int64_t *id,
    int n)
{
	const char	*comma = "";

	say(p, "(6, 0, [");
	for (int i = 0; i < n; i++) {
		keep[i] = there[i] && roll(p, 4) == 0;
		if (!keep[i])
			continue;
		say(p, "%s%lld", comma, (long long)id[i]);
		comma = ", ";
	}
	say(p, "])");
}

static void
people_set(struct play *p)
{
	struct world	*w = &p->w;
	bool		 keep[PEOPLE] = { false };

	say_set(p, keep, w->person, w->person_id, p->people);
	for (int i = 0; i < w->people; i++)
		if (keep[i])
			w->parent[i] = p->firms[p->nfirms - 1];
		else if (firm_in(p, w->parent[i]))
			w->parent[i] = NONE;
}

static void
people_create(struct play *p)
{
	int	 tag = some(p, p->w.tag, p->tags), one;

	say(p, "(0, 0, {'name': 'person'");
	if (tag != NONE)
		say(p, ", 'category_id': [(4, %lld)]",
		    (long long)p->w.tag_id[tag]);
	say(p, "})");
	for (int i = 0; i < p->nfirms; i++) {
		one = person_new(p, p->firms[i]);
		if (tag != NONE)
			p->w.person_tag[one][tag] = true;
	}
}

static void
people_update(struct play *p, int one)
{
	int	 tag = some(p, p->w.tag, p->tags);
	bool	 drop = roll(p, 2) == 0;

	say(p, "(1, %lld, {", (long long)p->w.person_id[one]);
	if (tag != NONE) {
		say(p, "'category_id': [(%d, %lld)]", drop ? 3 : 4,
		    (long long)p->w.tag_id[tag]);
		p->w.person_tag[one][tag] = !drop;
	}
	say(p, "})");
}

static void
people_command(struct play *p)
{
	struct world	*w = &p->w;
	int		 one = some(p, w->person, p->people);
	unsigned int	 kind = one == NONE ? 0 : roll(p, 7);

	if (kind == 0)
		people_create(p);
	else if (kind == 1)
		people_update(p, one);
	else if (kind == 5)
		say(p, "(5,)");
	else if (kind == 6)
		people_set(p);
	else
		say(p, "(%u, %lld)", kind, (long long)w->person_id[one]);
	if (kind == 2) {
		w->person[one] = false;
		w->parent[one] = NONE;
	} else if (kind == 3 && firm_in(p, w->parent[one]))
		w->parent[one] = NONE;
	else if (kind == 4)
		w->parent[one] = p->firms[p->nfirms - 1];
	for (int i = 0; kind == 5 && i < w->people; i++)
		if (firm_in(p, w->parent[i]))
			w->parent[i] = NONE;
}

static void
tags_link(struct play *p, int tag, bool linked)
{
	for (int i = 0; i < p->nfirms; i++)
		p->w.firm_tag[p->firms[i]][tag] = linked;
}

static void
tags_command(struct play *p)
{
	struct world	*w = &p->w;
	int		 one = some(p, w->tag, p->tags);
	unsigned int	 kind = one == NONE ? 0 : roll(p, 7);
	bool		 keep[TAGS] = { false };

	if (kind == 0) {
		say(p, "(0, 0, {'name': 'tag'})");
		tags_link(p, tag_new(p), true);
	} else if (kind == 5)
		say(p, "(5,)");
	else if (kind == 6)
		say_set(p, keep, w->tag, w->tag_id, p->tags);
	else if (kind == 1)
		say(p, "(1, %lld, {'color': 5})", (long long)w->tag_id[one]);
	else
		say(p, "(%u, %lld)", kind, (long long)w->tag_id[one]);
	if (kind == 2)
		tag_drop(p, one);
	else if (kind == 3 || kind == 4)
		tags_link(p, one, kind == 4);
	for (int i = 0; kind >= 5 && i < w->tags; i++)
		tags_link(p, i, keep[i]);
}

static void
commands(struct play *p, const char *field, void (*command)(struct play *))
{
	unsigned int	 n = roll(p, 4);

	say(p, "'%s': [", field);
	for (unsigned int i = 0; i < n; i++) {
		if (i != 0)
			say(p, ", ");
		command(p);
	}
	if (roll(p, 12) == 0) {
		say(p, "%s(%d, 999999)", n == 0 ? "" : ", ",
		    (int)roll(p, 3) + 2);
		p->wrong = true;
	}
	say(p, "], ");
}

static void
has(struct play *p, const char *name, int64_t id, const char *field,
    const int64_t *ids, const bool *in, int n)
{
	struct value	 v = get(p->c, name, id, field);
	size_t		 want = 0, found = 0;

	for (int i = 0; i < n; i++) {
		if (!in[i])
			continue;
		want++;
		for (size_t j = 0; j < v.u.list->n; j++)
			found += v.u.list->v[j].u.i == ids[i];
	}
	if (want != v.u.list->n || found != want)
		fail_msg("%s of %s %lld: %zu of %zu, %zu wanted; %s", field,
		    name, (long long)id, found, v.u.list->n, want,
		    buf_text(p->text).p);
}

static void
compare(struct play *p)
{
	struct world	*w = &p->w;
	bool		 in[PEOPLE];

	for (int i = 0; i < FIRMS; i++) {
		for (int j = 0; j < w->people; j++)
			in[j] = w->parent[j] == i;
		has(p, "res.partner", w->firm_id[i], "child_ids",
		    w->person_id, in, w->people);
		has(p, "res.partner", w->firm_id[i], "category_id", w->tag_id,
		    w->firm_tag[i], w->tags);
	}
	for (int i = 0; i < w->people; i++) {
		assert_int_equal(there(p->c, "res.partner", w->person_id[i]),
		    w->person[i]);
		if (w->person[i])
			has(p, "res.partner", w->person_id[i], "category_id",
			    w->tag_id, w->person_tag[i], w->tags);
	}
}

/* A firm in the place of another, whose people stay behind. */
static int64_t
step_create(struct play *p)
{
	struct world	*w = &p->w;
	int		 at = (int)roll(p, FIRMS);

	p->created = true;
	p->firms[0] = at;
	p->nfirms = 1;
	w->firm_id[at] = ++w->last_partner;
	for (int i = 0; i < w->people; i++)
		if (w->parent[i] == at)
			w->parent[i] = NONE;
	memset(w->firm_tag[at], 0, sizeof w->firm_tag[at]);
	return w->firm_id[at];
}

static void
step_write(struct play *p)
{
	p->created = false;
	p->firms[0] = (int)roll(p, FIRMS);
	p->nfirms = 1;
	if (roll(p, 3) == 0 && p->firms[0] + 1 < FIRMS)
		p->firms[p->nfirms++] = p->firms[0] + 1;
	if (p->nfirms == 2 &&
	    p->w.firm_id[p->firms[0]] > p->w.firm_id[p->firms[1]]) {
		p->firms[1] = p->firms[0];
		p->firms[0]++;
	}
}

static bool
step_run(struct play *p, int64_t *made)
{
	struct ids	 ids = { 0 };
	const char	*text = buf_text(p->text).p;

	if (p->created)
		return create(p->c, "res.partner", text, made);
	for (int i = 0; i < p->nfirms; i++)
		ids_add(&p->c->env, &ids, p->w.firm_id[p->firms[i]]);
	return change(p->c, "res.partner", ids, text);
}

static void
step(struct play *p)
{
	struct world	 before = p->w;
	int64_t		 want = 0, made = 0;
	bool		 ok;

	p->text = buf_new(p->c->a);
	p->wrong = false;
	p->people = p->w.people;
	p->tags = p->w.tags;
	say(p, "{'name': 'firm', ");
	if (roll(p, 5) == 0)
		want = step_create(p);
	else
		step_write(p);
	commands(p, "child_ids", people_command);
	commands(p, "category_id", tags_command);
	say(p, "}");
	done(p->c, env_mark(&p->c->env));
	ok = step_run(p, &made);
	done(p->c, env_mark_end(&p->c->env, ok));
	if (ok == p->wrong)
		fail_msg("%s: %s", buf_text(p->text).p, p->c->err.msg);
	err_clear(&p->c->err);
	if (p->wrong)
		p->w = before;
	else
		assert_int_equal(made, want);
	compare(p);
}

static unsigned long
setting(const char *name, unsigned long dflt)
{
	const char	*s = getenv(name);

	return s == NULL ? dflt : strtoul(s, NULL, 10);
}

/* A transaction each, since a step needs fresh numbers for what it makes. */
static void
test_random(void **state)
{
	struct base_case	*c = *state;
	unsigned long		 steps = setting("STEPS", 300);
	struct play		*p = calloc(1, sizeof *p);

	assert_non_null(p);
	p->c = c;
	p->seed = setting("SEED", 88172645463325252u);
	for (unsigned long i = 0; i < steps; i++) {
		if (i % 60 == 0) {
			again(c);
			memset(&p->w, 0, sizeof p->w);
			for (int j = 0; j < FIRMS; j++)
				p->w.firm_id[j] = add(c, "res.partner",
				    "{'name': 'firm'}");
			p->w.last_partner = p->w.firm_id[FIRMS - 1];
			p->w.last_tag = add(c, "res.partner.category",
			    "{'name': 'first'}");
		}
		step(p);
	}
	free(p);
}

int
main(void)
{
	const struct CMUnitTest	 commands_random[] = {
		cmocka_unit_test_setup_teardown(test_random, base_case_open,
		    base_case_close),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(commands_random, base_case_make,
	    base_case_drop);
}
