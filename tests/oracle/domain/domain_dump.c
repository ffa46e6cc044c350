/*
 * Runs what standard input says, a line each: "add MODEL {values}" makes a
 * record, "find MODEL [domain]" writes the ids that are found as "1,2", or
 * "refused: why".  The models are those of tests/unit/orm_case.c.
 */
#include "orm_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/literal.h"
#include "orm/domain.h"
#include "ser/parse.h"

static const struct model *
dump_model(const struct orm_case *c, const char *name)
{
	for (size_t i = 0; i < 3; i++)
		if (strcmp(c->models[i]->name, name) == 0)
			return c->models[i];
	fprintf(stderr, "no model %s\n", name);
	exit(2);
}

static bool
dump_query(struct orm_case *c, const struct model *m, const char *text,
    struct rows *rows)
{
	struct query		*q = query_new(c->a, m->table, 1);
	struct order		 by_id = { 0 };
	const struct domain	*d;
	struct value		 v;

	q->columns[0] = by_id.expr = expr_column(c->a, "id", COL_ID, 0);
	q->orders = &by_id;
	q->norders = 1;
	return parse_json(c->a, span_of(text), &parse_limits_default, &v,
	    &c->err) &&
	    domain_parse(&c->env, &v, &d) &&
	    domain_compile(&c->env, m, d, &q->where) &&
	    store_select(c->env.store, q, c->a, rows, &c->err);
}

static void
dump_find(struct orm_case *c, const struct model *m, const char *text)
{
	struct rows	 rows;

	if (!dump_query(c, m, text, &rows)) {
		printf("%s: %s\n", c->err.code == ERR_VALUE ? "refused" :
		    "failed", c->err.msg);
		err_clear(&c->err);
		return;
	}
	for (size_t i = 0; i < rows.n; i++)
		printf("%s%lld", i == 0 ? "" : ",",
		    (long long)rows.cells[i].u.i);
	putchar('\n');
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
	while (getline(&line, &room, stdin) > 0) {
		char	*word = strtok(line, " ");
		char	*model = strtok(NULL, " ");
		char	*text = strtok(NULL, "\n");

		if (word == NULL || model == NULL || text == NULL)
			return 2;
		if (strcmp(word, "add") == 0)
			add(c, dump_model(c, model), text);
		else
			dump_find(c, dump_model(c, model), text);
	}
	free(line);
	orm_case_close(&state);
	return 0;
}
