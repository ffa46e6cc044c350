/*
 * Runs what standard input says, a line each: "add MODEL {values}" makes a
 * record, "link PARTNER TAG" links one, "group {arguments}" calls read_group
 * of partners and writes, as JSON, {"groups": what it returns, "all": the ids
 * that its domain finds, "each": of every group the ids that its __domain
 * finds}, or {"refused": why}.  The models are those of
 * tests/unit/orm_case.c.
 */
#include "orm_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "orm/behaviour.h"
#include "orm/domain.h"
#include "orm/method.h"
#include "ser/parse.h"
#include "ser/ser.h"

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
dump_find(struct env *env, const struct model *m, const struct value *domain,
    struct value *out)
{
	static const struct value	 all = { .type = VALUE_NULL };
	const struct domain		*d = NULL;
	struct page			 page = { "id", 0, 0 };
	struct ids			 ids;

	if (domain == NULL)
		domain = &all;
	if ((domain->type != VALUE_NULL && !domain_parse(env, domain, &d)) ||
	    !model_search(env, m, d, &page, &ids))
		return false;
	*out = ids_value(env, &ids);
	return true;
}

/* The answer as a client has it. */
static bool
dump_answer(struct env *env, const struct value *v, struct buf *b,
    struct value *back)
{
	struct ser	*ser = ser_new(env->arena, SER_JSON, 0, b);

	ser_object_open(ser, NULL);
	ser_put(ser, "groups", NULL, v);
	ser_object_close(ser);
	ser_finish(ser);
	return parse_json(env->arena, buf_text(b), &parse_limits_default,
	    back, env->err);
}

static bool
dump_each(struct env *env, const struct model *m, const struct value *groups,
    struct value *each)
{
	*each = value_list(env->arena, 0);
	for (size_t i = 0; i < groups->u.list->n; i++) {
		const struct value	*domain;
		struct value		 ids;

		domain = value_get(&groups->u.list->v[i], "__domain");
		if (domain == NULL || !dump_find(env, m, domain, &ids))
			return false;
		value_push(env->arena, each, ids);
	}
	return true;
}

static bool
dump_group(struct env *env, const struct model *m, const char *text,
    struct value *answer)
{
	struct behaviour	 none = { 0 };
	struct method_input	 in = { 0 };
	struct value		 out, back, ids, each;

	if (!parse_json(env->arena, span_of(text), &parse_limits_default,
	    &in.named, env->err) ||
	    !method_run(env, method_find(&none, m->name, "read_group"), m,
	    &in, &out) ||
	    !dump_answer(env, &out, buf_new(env->arena), &back) ||
	    !dump_find(env, m, value_get(&in.named, "domain"), &ids) ||
	    !dump_each(env, m, value_get(&back, "groups"), &each))
		return false;
	value_set(env->arena, answer, "groups", out);
	value_set(env->arena, answer, "all", ids);
	value_set(env->arena, answer, "each", each);
	return true;
}

/* Each in an arena of its own: there may be thousands. */
static void
dump_print(struct orm_case *c, const char *text)
{
	struct env	 env = c->env;
	struct arena	*a = env.arena = arena_new();
	struct value	 answer = value_dict(a);
	struct buf	*b = buf_new(a);
	struct ser	*ser = ser_new(a, SER_JSON, 0, b);

	if (!dump_group(&env, c->models[2], text, &answer))
		value_set(a, &answer, c->err.code == ERR_VALUE ? "refused" :
		    "failed", value_text(c->err.msg));
	ser_put(ser, NULL, NULL, &answer);
	ser_finish(ser);
	puts(b->p);
	arena_free(a);
	err_clear(&c->err);
}

int
main(void)
{
	void		*state = NULL;
	char		*line = NULL;
	size_t		 room = 0;
	int64_t		 partner;
	struct orm_case	*c;

	orm_case_open(&state);
	c = state;
	c->conf.max_answer = 1 << 25;
	while (getline(&line, &room, stdin) > 0) {
		char	*word = strtok(line, " ");
		char	*text = strtok(NULL, "\n");

		if (word == NULL || text == NULL)
			return 2;
		if (strcmp(word, "group") == 0) {
			dump_print(c, text);
			continue;
		}
		if (strcmp(word, "link") == 0) {
			partner = strtoll(text, &text, 10);
			link_tag(c, partner, strtoll(text, NULL, 10));
			continue;
		}
		word = strtok(text, " ");
		add(c, dump_model(c, word), strtok(NULL, "\n"));
	}
	free(line);
	orm_case_close(&state);
	return 0;
}
