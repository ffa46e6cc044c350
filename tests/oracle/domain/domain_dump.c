/*
 * Runs what standard input says, a line each:
 *	add MODEL {values}	makes a record
 *	link PARTNER TAG	ties a tag to a partner
 *	rule MODEL [domain]	the model's record rule from now on
 *	user {context}		not the superuser from now on, in this context
 *	archived MODEL		child_of goes on below archived records
 *	find MODEL [domain]	what the domain alone finds
 *	search MODEL [domain]	what a search for it finds
 * The last two write the ids as "1,2", or "refused: why".  The models are
 * those of tests/unit/orm_case.c.
 */
#include "orm_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "orm/access.h"
#include "orm/domain.h"
#include "orm/rule.h"
#include "ser/parse.h"

static const struct access_row	 dump_open = { .allow = { true } };

static struct model *
dump_model(struct orm_case *c, const char *name)
{
	struct model	*models[] = { &c->country, &c->tag, &c->partner };

	for (size_t i = 0; i < 3; i++)
		if (strcmp(models[i]->name, name) == 0)
			return models[i];
	fprintf(stderr, "no model %s\n", name);
	exit(2);
}

static bool
dump_all(struct orm_case *c, const struct model *m, const struct domain *d,
    struct ids *ids)
{
	struct query	*q = query_new(c->a, m->table, 1);
	struct rows	 rows;

	q->columns[0] = expr_column(c->a, "id", COL_ID, 0);
	*ids = (struct ids){ 0 };
	if (!domain_compile(&c->env, m, d, &q->where) ||
	    !store_select(c->env.store, q, c->a, &rows, &c->err))
		return false;
	for (size_t i = 0; i < rows.n; i++)
		ids_add(&c->env, ids, rows.cells[i].u.i);
	return true;
}

static bool
dump_ids(struct orm_case *c, const struct model *m, const char *text,
    bool search, struct ids *ids)
{
	const struct page	 page = { .order = "id" };
	const struct domain	*d;
	struct value		 v;

	return parse_json(c->a, span_of(text), &parse_limits_default, &v,
	    &c->err) && domain_parse(&c->env, &v, &d) &&
	    (search ? model_search(&c->env, m, d, &page, ids) :
	    dump_all(c, m, d, ids));
}

/* A question that the store refuses spoils nothing but itself. */
static void
dump_find(struct orm_case *c, const struct model *m, const char *text,
    bool search)
{
	struct err	 err = { 0 };
	struct ids	 ids;
	bool		 ok;

	done(c, store_mark(c->env.store, &c->err));
	ok = dump_ids(c, m, text, search, &ids);
	if (!store_mark_end(c->env.store, ok, &err))
		fail_msg("%s", err.msg);
	if (!ok) {
		printf("%s: %s\n", c->err.code == ERR_VALUE ? "refused" :
		    "failed", c->err.msg);
		err_clear(&c->err);
		return;
	}
	ids_once(&c->env, &ids, &ids);
	for (size_t i = 0; i < ids.n; i++)
		printf("%s%lld", i == 0 ? "" : ",", (long long)ids.v[i]);
	putchar('\n');
}

static void
dump_rule(struct orm_case *c, struct model *m, const char *text)
{
	struct rule	*r = arena_alloc(c->a, sizeof *r);

	*r = (struct rule){ .id = 1, .name = "rule", .allow = { true },
	    .domain = arena_strdup(c->a, text) };
	m->rules = r;
	m->nrules = 1;
	c->env.rules = NULL;
}

static void
dump_user(struct orm_case *c, const char *text)
{
	struct value	*context = arena_alloc(c->a, sizeof *context);

	*context = literal(c, text);
	c->env.su = false;
	c->env.uid = 2;
	c->env.groups = arena_alloc(c->a, sizeof *c->env.groups);
	c->env.context = context;
}

static void
dump_line(struct orm_case *c, const char *word, const char *what,
    const char *text)
{
	if (strcmp(word, "user") == 0)
		dump_user(c, what);
	else if (strcmp(word, "archived") == 0)
		dump_model(c, what)->parent_archived = true;
	else if (text == NULL)
		exit(2);
	else if (strcmp(word, "add") == 0)
		add(c, dump_model(c, what), text);
	else if (strcmp(word, "link") == 0)
		link_tag(c, atoi(what), atoi(text));
	else if (strcmp(word, "rule") == 0)
		dump_rule(c, dump_model(c, what), text);
	else
		dump_find(c, dump_model(c, what), text,
		    strcmp(word, "search") == 0);
}

int
main(void)
{
	void		*state = NULL;
	char		*line = NULL;
	size_t		 room = 0;
	struct orm_case	*c;

	orm_case_open(&state);
	c = state;
	c->country.name_search = literal(c, "['name', 'code']");
	c->country.access = c->tag.access = c->partner.access = &dump_open;
	c->country.naccess = c->tag.naccess = c->partner.naccess = 1;
	while (getline(&line, &room, stdin) > 0) {
		char	*word = strtok(line, " ");
		char	*what = strtok(NULL, " \n");

		if (word == NULL || what == NULL)
			return 2;
		dump_line(c, word, what, strtok(NULL, "\n"));
	}
	free(line);
	orm_case_close(&state);
	return 0;
}
