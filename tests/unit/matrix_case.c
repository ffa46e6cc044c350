#include "matrix_case.h"

#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "worker/loader.h"
#include "worker/user.h"

#define N(array)	(sizeof array / sizeof array[0])

static const struct {
	const char	*path, *text;
}	 files[] = {
	{ "module.json", "{\"depends\": [\"base\"], \"models\": [\"m.item\","
	    "\"m.box\", \"m.tag\", \"m.note\"],"
	    "\"data\": [\"ir.model.access.csv\"]}" },
	{ "models/m.item.json", "{\"model\": \"m.item\", \"name\": \"Item\","
	    "\"order\": \"id\", \"name_search\": [\"name\", \"code\"],"
	    "\"fields\": {"
	    "\"name\": {\"type\": \"char\"},"
	    "\"x\": {\"type\": \"boolean\", \"default\": false},"
	    "\"y\": {\"type\": \"boolean\", \"default\": false},"
	    "\"code\": {\"type\": \"char\", \"default\": \"d\","
	    "  \"groups\": \"base.group_partner_manager\"},"
	    "\"in_id\": {\"type\": \"many2one\", \"relation\": \"m.box\","
	    "  \"ondelete\": \"cascade\"},"
	    "\"box_id\": {\"type\": \"many2one\", \"relation\": \"m.box\"}}}" },
	{ "models/m.box.json", "{\"model\": \"m.box\", \"name\": \"Box\","
	    "\"fields\": {\"name\": {\"type\": \"char\"},"
	    "\"n\": {\"type\": \"integer\", \"compute\":"
	    "  \"count(item_ids)\"},"
	    "\"item_ids\": {\"type\": \"one2many\", \"relation\": \"m.item\","
	    "  \"relation_field\": \"box_id\"}}}" },
	{ "models/m.tag.json", "{\"model\": \"m.tag\", \"name\": \"Tag\","
	    "\"fields\": {\"name\": {\"type\": \"char\"},"
	    "\"item_ids\": {\"type\": \"many2many\","
	    "  \"relation\": \"m.item\"}}}" },
	{ "models/m.note.json", "{\"model\": \"m.note\", \"name\": \"Note\","
	    "\"fields\": {\"name\": {\"type\": \"char\"},"
	    "\"item_name\": {\"type\": \"char\", \"related\":"
	    "  \"item_id.name\"}, \"item_code\": {\"type\": \"char\","
	    "  \"compute\": \"item_id.code\"},"
	    "\"item_id\": {\"type\": \"many2one\","
	    "  \"relation\": \"m.item\"}}}" },
	{ "ir.model.access.csv", "id,name,model_id:id,group_id:id,perm_read,"
	    "perm_write,perm_create,perm_unlink\n"
	    "b,b,model_m_box,,1,1,1,1\n"
	    "t,t,model_m_tag,,1,1,1,1\n"
	    "n,n,model_m_note,,1,1,1,1\n" },
};

static void
put(const struct base_case *c, const char *path, const char *text)
{
	char	 name[PATH_MAX];
	FILE	*f;

	snprintf(name, sizeof name, "%s/schema/matrix/%s", c->dir, path);
	f = fopen(name, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Whoever may export at all. */
static void
join(struct base_case *c, const char *login)
{
	int64_t	 uid;

	done(c, user_find(&c->env, login, &uid) &&
	    user_join(&c->env, uid, "base.group_allow_export"));
}

int
matrix_make(void **state)
{
	struct base_case	*c;
	char			 path[PATH_MAX];

	if (base_case_make(state) != 0)
		return 1;
	c = *state;
	snprintf(path, sizeof path, "%s/schema/matrix", c->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/schema/matrix/models", c->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	for (size_t i = 0; i < N(files); i++)
		put(c, files[i].path, files[i].text);
	base_case_open(state);
	c->env.su = c->env.loading = true;
	join(c, "demo");
	join(c, "editor");
	done(c, loader_module(&c->app, &c->env, "matrix") &&
	    env_generation_next(&c->env) && env_commit(&c->env));
	c->env.su = c->env.loading = false;
	return base_case_close(state);
}

static int64_t
group(struct base_case *c, enum matrix_who who)
{
	static const char *const	 names[] = {
		[INSIDE] = "group_partner_manager",
		[EMPLOYEE] = "group_user",
		[OTHER] = "group_system",
	};

	return database_ref(&c->env, "base", names[who]);
}

static const char *
yes(unsigned int operations, unsigned int one)
{
	return (operations & one) != 0 ? "True" : "False";
}

static const char *
perms(struct base_case *c, unsigned int operations)
{
	return arena_printf(c->a, "'name': 'm', 'model_id': %lld,"
	    " 'perm_read': %s, 'perm_write': %s, 'perm_create': %s,"
	    " 'perm_unlink': %s", (long long)model(c, "m.item")->id,
	    yes(operations, R), yes(operations, W), yes(operations, C),
	    yes(operations, U));
}

static void
add_line(struct base_case *c, const struct matrix_line *line)
{
	const char	*who = "";

	if (line->who != ALL)
		who = arena_printf(c->a, ", 'group_id': %lld",
		    (long long)group(c, line->who));
	add(c, "ir.model.access", arena_printf(c->a, "{%s%s}",
	    perms(c, line->operations), who));
}

static void
add_rule(struct base_case *c, const struct matrix_rule *rule)
{
	static const char *const	 tests[] = {
		[X] = "[('x', '=', True)]",
		[Y] = "[('y', '!=', False)]",
		[MINE] = "[('create_uid', '=', user.id)]",
		[NOTHING] = "[]",
		[NEVER] = "[(0, '=', 1)]",
	};
	const char			*who = "";

	if (rule->who != ALL)
		who = arena_printf(c->a, ", 'groups': [[4, %lld]]",
		    (long long)group(c, rule->who));
	add(c, "ir.rule", arena_printf(c->a, "{%s%s, 'domain_force': \"%s\"}",
	    perms(c, rule->operations), who, tests[rule->test]));
}

static void
add_records(struct matrix *m)
{
	struct base_case	*c = m->c;
	const char		*all = "";

	m->box = add(c, "m.box", "{'name': 'box'}");
	m->empty = add(c, "m.box", "{'name': 'empty'}");
	for (int i = 0; i < MATRIX_ITEMS; i++) {
		struct matrix_item	*it = &m->items[i];

		it->x = i % 2 == 1;
		it->y = i >= 2;
		it->mine = false;
		it->id = add(c, "m.item", arena_printf(c->a, "{'name':"
		    " 'item%d', 'x': %s, 'y': %s, 'box_id': %lld}", i,
		    it->x ? "True" : "False", it->y ? "True" : "False",
		    (long long)m->box));
		m->notes[i] = add(c, "m.note", arena_printf(c->a,
		    "{'name': 'note%d', 'item_id': %lld}", i,
		    (long long)it->id));
		all = arena_printf(c->a, "%s%lld,", all, (long long)it->id);
	}
	m->tag = add(c, "m.tag", arena_printf(c->a, "{'name': 'tag',"
	    " 'item_ids': [[6, 0, [%s]]]}", all));
}

/* What there was before. */
static void
drop(struct base_case *c, const char *name)
{
	struct ids	 ids;

	done(c, find(c, name, "[('model_id.model', '=', 'm.item')]", NULL,
	    &ids));
	done(c, model_unlink(&c->env, model(c, name), &ids));
}

/* Rights are of another transaction: undoing a check leaves them alone. */
void
matrix_open(struct matrix *m)
{
	struct base_case	*c = m->c;

	drop(c, "ir.rule");
	drop(c, "ir.model.access");
	add_line(c, m->line);
	for (const struct matrix_rule *r = m->rules; r->operations != 0; r++)
		add_rule(c, r);
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	add_records(m);
}

void
matrix_as(struct matrix *m, const struct matrix_user *user)
{
	m->user = user;
	as(m->c, user->login);
	m->c->env.rules = NULL;
}
