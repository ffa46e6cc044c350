/* A field for a group, and methods. */

#include "matrix_act.h"

#include <string.h>

const char *
is_code_search(struct matrix *m, int i)
{
	struct ids	 ids;

	(void)i;
	return act_result(m, find(m->c, "m.item", "[('code', '=', 'd')]", NULL,
	    &ids));
}

const char *
is_code_path(struct matrix *m, int i)
{
	struct ids	 ids;

	(void)i;
	return act_result(m, find(m->c, "m.note", "[('item_id.code', '=', 'd')]",
	    NULL, &ids));
}

const char *
is_code_lines(struct matrix *m, int i)
{
	struct ids	 ids;

	(void)i;
	return act_result(m, find(m->c, "m.box", "[('item_ids.code', '=', 'd')]",
	    NULL, &ids));
}

const char *
is_code_any(struct matrix *m, int i)
{
	struct ids	 ids;

	(void)i;
	return act_result(m, find(m->c, "m.tag",
	    "[('item_ids', 'any', [('code', '=', 'd')])]", NULL, &ids));
}

const char *
is_code_order(struct matrix *m, int i)
{
	struct ids	 ids;

	(void)i;
	return act_result(m, find(m->c, "m.item", NULL, "name, code desc", &ids));
}

const char *
is_code_read(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_reads(m, "m.item", act_item(m, i), "code", &v));
}

const char *
is_code_write(struct matrix *m, int i)
{
	return act_writes(m, "m.item", m->items[i].id, "{'code': 'e'}");
}

const char *
is_code_create(struct matrix *m, int i)
{
	const char	*vals = act_like(m, i);
	int64_t		 id;

	return act_result(m, create(m->c, "m.item", arena_printf(m->c->a,
	    "%.*s, 'code': 'e'}", (int)strlen(vals) - 1, vals), &id));
}

const char *
is_code_command(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 1, i, "{'code': 'e'}");
}

/* Among the fields of an item that is read whole. */
const char *
is_code_shown(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct records	 rec;

	if (!model_read(&m->c->env, model(m->c, "m.item"), &none, NULL, &rec))
		return act_failed(m);
	for (i = 0; i < (int)rec.nfields; i++)
		if (strcmp(rec.fields[i]->name, "code") == 0)
			return "there";
	return "absent";
}

const char *
is_code_described(struct matrix *m, int i)
{
	struct value	 v;

	(void)i;
	if (!model_describe(&m->c->env, model(m->c, "m.item"), NULL, NULL,
	    &v))
		return act_failed(m);
	return value_get(&v, "code") != NULL ? "there" : "absent";
}

/* A name is looked for in the code too, by those who see it. */
const char *
is_code_name(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, "[('item_id', '=', 'd')]", "id");
}

const char *
is_code_group(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	return act_result(m, act_calls(m, "m.item", "read_group", none,
	    "{'groupby': ['code'], 'fields': ['x']}", &v));
}

const char *
is_code_max(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	return act_result(m, act_calls(m, "m.item", "read_group", none,
	    "{'groupby': ['x'], 'fields': ['code:max']}", &v));
}

const char *
is_code_default(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	if (!act_calls(m, "m.item", "default_get", none, "{}", &v))
		return act_failed(m);
	return value_get(&v, "code") != NULL ? "there" : "absent";
}

const char *
is_code_export(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "export_data",
	    act_item(m, i), "{'fields_to_export': ['name', 'code']}", &v));
}

const char *
is_code_export_path(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.note", "export_data",
	    one(m->c, m->notes[i]), "{'fields_to_export': ['item_id/code']}",
	    &v));
}

/* The sums of groups, of all that can be read. */
static const char *
act_groups(struct matrix *m, const char *name, const char *args,
    const char *count)
{
	struct ids	 none = { 0 };
	int64_t		 n = 0;
	struct value	 v;

	if (!act_calls(m, name, "read_group", none, args, &v))
		return act_failed(m);
	for (size_t i = 0; i < v.u.list->n; i++)
		n += value_get(&v.u.list->v[i], count)->u.i;
	return arena_printf(m->c->a, "%lld", (long long)n);
}

const char *
is_read_group(struct matrix *m, int i)
{
	(void)i;
	return act_groups(m, "m.item", "{'groupby': ['x', 'y'], 'fields': [],"
	    " 'lazy': False}", "__count");
}

/* The groups' names are shown as a read shows them. */
static const char *
act_group_names(struct matrix *m)
{
	struct ids	 none = { 0 };
	const char	*text = "";
	struct value	 v;

	if (!act_calls(m, "m.note", "read_group", none,
	    "{'groupby': ['item_id'], 'fields': []}", &v))
		return act_failed(m);
	for (size_t i = 0; i < v.u.list->n; i++) {
		const struct value	*pair;

		pair = value_get(&v.u.list->v[i], "item_id");
		text = arena_printf(m->c->a, "%s%s", text,
		    pair->u.list->v[1].u.text.p + strlen("item"));
	}
	return text;
}

const char *
is_group_many2one(struct matrix *m, int i)
{
	(void)i;
	return act_group_names(m);
}

const char *
is_method_search(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	return act_calls(m, "m.item", "search", none, "{'domain': []}", &v) ?
	    act_list(m, &v) : act_failed(m);
}

const char *
is_method_count(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	return act_calls(m, "m.item", "search_count", none, "{'domain': []}",
	    &v) ? arena_printf(m->c->a, "%lld", (long long)v.u.i) :
	    act_failed(m);
}

const char *
is_search_read(struct matrix *m, int i)
{
	struct ids	 none = { 0 }, ids = { 0 };
	struct value	 v;

	(void)i;
	if (!act_calls(m, "m.item", "search_read", none,
	    "{'fields': ['name']}", &v))
		return act_failed(m);
	for (size_t j = 0; j < v.u.list->n; j++)
		ids_add(&m->c->env, &ids,
		    value_get(&v.u.list->v[j], "id")->u.i);
	return act_numbers(m, &ids, false);
}

const char *
is_method_read(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "read", act_item(m, i),
	    "{}", &v));
}

static const char *
act_named(struct matrix *m, const char *name)
{
	struct ids	 none = { 0 }, ids = { 0 };
	struct value	 v;

	if (!act_calls(m, "m.item", "name_search", none, arena_printf(m->c->a,
	    "{'name': '%s'}", name), &v))
		return act_failed(m);
	for (size_t j = 0; j < v.u.list->n; j++)
		ids_add(&m->c->env, &ids,
		    v.u.list->v[j].u.list->v[0].u.i);
	return act_numbers(m, &ids, false);
}

const char *
is_name_search(struct matrix *m, int i)
{
	(void)i;
	return act_named(m, "item");
}

const char *
is_code_search_name(struct matrix *m, int i)
{
	(void)i;
	return act_named(m, "d");
}

const char *
is_name_create(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	(void)i;
	return act_result(m, act_calls(m, "m.item", "name_create", none,
	    "{'name': 'new'}", &v));
}

/* The copy has the item's code only if it is seen. */
const char *
is_copy(struct matrix *m, int i)
{
	bool		 seen = access_sees(&m->c->env,
			    model_field(model(m->c, "m.item"), "code"));
	struct env	 su = env_sudo(&m->c->env);
	struct ids	 ids = act_item(m, i);
	struct value	 vals = literal(m->c, "{'code': 'own'}"), v;

	done(m->c, model_write(&su, model(m->c, "m.item"), &ids, &vals));
	if (!act_calls(m, "m.item", "copy", ids, "{}", &v))
		return act_failed(m);
	assert_text(m->c, "m.item", v.u.i, "code", seen ? "own" : "d");
	return "ok";
}

const char *
is_copy_code(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "copy", act_item(m, i),
	    "{'default': {'code': 'z'}}", &v));
}

const char *
is_metadata(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "get_metadata",
	    act_item(m, i), "{}", &v));
}

const char *
is_external_id(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "get_external_id",
	    act_item(m, i), "{}", &v));
}

static const char *
act_rule(struct matrix *m, int i, const char *operation)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "check_access_rule",
	    act_item(m, i), arena_printf(m->c->a, "{'operation': '%s'}",
	    operation), &v));
}

const char *
is_rule_read(struct matrix *m, int i)
{
	return act_rule(m, i, "read");
}

const char *
is_rule_write(struct matrix *m, int i)
{
	return act_rule(m, i, "write");
}

const char *
is_rule_unlink(struct matrix *m, int i)
{
	return act_rule(m, i, "unlink");
}

const char *
is_name_get(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "name_get", act_item(m, i), "{}",
	    &v));
}

const char *
is_exists(struct matrix *m, int i)
{
	struct ids	 ids = act_items(m);
	struct value	 v;

	(void)i;
	ids_add(&m->c->env, &ids, 999999);
	return act_calls(m, "m.item", "exists", ids, "{}", &v) ?
	    act_list(m, &v) : act_failed(m);
}

const char *
is_export(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "export_data", act_item(m, i),
	    "{'fields_to_export': ['name', 'x']}", &v));
}

/* The rows of a box and its lines. */
const char *
is_export_lines(struct matrix *m, int i)
{
	struct value	 v;

	(void)i;
	if (!act_calls(m, "m.box", "export_data", one(m->c, m->box),
	    "{'fields_to_export': ['name', 'item_ids/name']}", &v))
		return act_failed(m);
	return arena_printf(m->c->a, "%zu", value_get(&v, "datas")->u.list->n);
}

/* load answers that nothing was done, with messages. */
static const char *
act_loaded(struct matrix *m, const char *args)
{
	struct ids	 none = { 0 };
	struct value	 v;

	if (!act_calls(m, "m.item", "load", none, args, &v))
		return act_failed(m);
	return value_get(&v, "ids")->type == VALUE_LIST ? "ok" : "denied";
}

const char *
is_load(struct matrix *m, int i)
{
	return act_loaded(m, arena_printf(m->c->a, "{'fields': ['name', 'x', 'y'],"
	    " 'data': [['new', '%d', '%d']]}", m->items[i].x,
	    m->items[i].y));
}

const char *
is_load_update(struct matrix *m, int i)
{
	return act_loaded(m, arena_printf(m->c->a, "{'fields': ['.id', 'name'],"
	    " 'data': [['%lld', 'w']]}", (long long)m->items[i].id));
}

const char *
is_method_write(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "write", act_item(m, i),
	    "{'vals': {'name': 'w'}}", &v));
}

const char *
is_method_unlink(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "unlink", act_item(m, i), "{}", &v));
}

const char *
is_method_create(struct matrix *m, int i)
{
	struct ids	 none = { 0 };
	struct value	 v;

	return act_result(m, act_calls(m, "m.item", "create", none,
	    arena_printf(m->c->a, "{'vals': %s}", act_like(m, i)), &v));
}
