/* Records searched, read and written, directly and by commands. */

#include "matrix_act.h"

static const char *
act_reads_lines(struct matrix *m, const char *name, int64_t id)
{
	struct value	 v;

	return act_reads(m, name, one(m->c, id), "item_ids", &v) ?
	    act_list(m, &v) : act_failed(m);
}

const char *
is_search(struct matrix *m, int i)
{
	(void)i;
	return act_finds(m, NULL, NULL);
}

const char *
is_search_domain(struct matrix *m, int i)
{
	(void)i;
	return act_finds(m, "['|', ('x', '=', True), ('x', '!=', True)]", "name");
}

const char *
is_count(struct matrix *m, int i)
{
	int64_t	 n;

	(void)i;
	return model_count(&m->c->env, model(m->c, "m.item"), NULL, &n) ?
	    arena_printf(m->c->a, "%lld", (long long)n) : act_failed(m);
}

const char *
is_many2one_name(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, "[('item_id', 'ilike', 'item')]", "id");
}

const char *
is_many2one_path(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, "[('item_id.name', '=like', 'item%')]", "id");
}

const char *
is_one2many_path(struct matrix *m, int i)
{
	(void)i;
	return act_finds_one(m, "m.box", "[('item_ids.name', '!=', 'z')]");
}

const char *
is_many2many_path(struct matrix *m, int i)
{
	(void)i;
	return act_finds_one(m, "m.tag", "[('item_ids.name', '!=', 'z')]");
}

const char *
is_one2many_name(struct matrix *m, int i)
{
	(void)i;
	return act_finds_one(m, "m.box", "[('item_ids', 'ilike', 'item')]");
}

const char *
is_many2many_any(struct matrix *m, int i)
{
	(void)i;
	return act_finds_one(m, "m.tag",
	    "[('item_ids', 'any', [('name', '!=', 'z')])]");
}

const char *
is_many2one_any(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, "[('item_id', 'any', [])]", "id");
}

/* Two models further. */
const char *
is_long_path(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m,
	    "[('item_id.box_id.item_ids.name', '!=', 'z')]", "id");
}

const char *
is_read(struct matrix *m, int i)
{
	struct value	 v;

	return act_result(m, act_reads(m, "m.item", act_item(m, i), NULL, &v));
}

const char *
is_read_all(struct matrix *m, int i)
{
	struct ids	 ids = act_items(m);
	struct value	 v;

	(void)i;
	return act_reads(m, "m.item", ids, "name", &v) ?
	    act_numbers(m, &ids, false) : act_failed(m);
}

const char *
is_one2many_read(struct matrix *m, int i)
{
	(void)i;
	return act_reads_lines(m, "m.box", m->box);
}

const char *
is_many2many_read(struct matrix *m, int i)
{
	(void)i;
	return act_reads_lines(m, "m.tag", m->tag);
}

const char *
is_many2one_read(struct matrix *m, int i)
{
	struct value	 v;

	if (!act_reads(m, "m.note", one(m->c, m->notes[i]), "item_id", &v))
		return act_failed(m);
	return v.u.list->v[1].u.text.p;
}

const char *
is_many2one_order(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, NULL, "item_id");
}

static const char *
act_related(struct matrix *m, int i, const char *field)
{
	struct value	 v;

	if (!act_reads(m, "m.note", one(m->c, m->notes[i]), field, &v))
		return act_failed(m);
	return v.type == VALUE_NULL ? "unset" : v.u.text.p;
}

/* Computed of what the user sees of the item. */
const char *
is_related_read(struct matrix *m, int i)
{
	return act_related(m, i, "item_name");
}

const char *
is_related_code(struct matrix *m, int i)
{
	return act_related(m, i, "item_code");
}

const char *
is_related_search(struct matrix *m, int i)
{
	(void)i;
	return act_finds_notes(m, "[('item_name', '=like', 'item_')]", "id");
}

const char *
is_counted(struct matrix *m, int i)
{
	struct value	 v;

	(void)i;
	return act_reads(m, "m.box", one(m->c, m->box), "n", &v) ?
	    arena_printf(m->c->a, "%lld", (long long)v.u.i) : act_failed(m);
}

const char *
is_create(struct matrix *m, int i)
{
	int64_t	 id;

	return act_result(m, create(m->c, "m.item", act_like(m, i), &id));
}

const char *
is_write(struct matrix *m, int i)
{
	return act_writes(m, "m.item", m->items[i].id, "{'name': 'w'}");
}

/* Out of sight, or into it. */
const char *
is_move(struct matrix *m, int i)
{
	return act_writes(m, "m.item", m->items[i].id, act_like(m, 3 - i));
}

const char *
is_unlink(struct matrix *m, int i)
{
	struct ids	 ids = act_item(m, i);

	return act_result(m, model_unlink(&m->c->env, model(m->c, "m.item"),
	    &ids));
}

const char *
is_one2many_0(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 0, i, act_like(m, i));
}

const char *
is_one2many_1(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 1, i, "{'name': 'w'}");
}

const char *
is_one2many_2(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 2, i, "0");
}

const char *
is_one2many_3(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 3, i, "0");
}

const char *
is_one2many_4(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->empty, 4, i, "0");
}

const char *
is_one2many_5(struct matrix *m, int i)
{
	return act_commands(m, "m.box", m->box, 5, i, "0");
}

const char *
is_many2many_0(struct matrix *m, int i)
{
	return act_commands(m, "m.tag", m->tag, 0, i, act_like(m, i));
}

const char *
is_many2many_1(struct matrix *m, int i)
{
	return act_commands(m, "m.tag", m->tag, 1, i, "{'name': 'w'}");
}

const char *
is_many2many_2(struct matrix *m, int i)
{
	return act_commands(m, "m.tag", m->tag, 2, i, "0");
}

const char *
is_many2many_3(struct matrix *m, int i)
{
	return act_commands(m, "m.tag", m->tag, 3, i, "0");
}

const char *
is_many2many_4(struct matrix *m, int i)
{
	return act_commands(m, "m.tag", m->tag, 4, i, "0");
}

/* A box made with its line. */
const char *
is_nested(struct matrix *m, int i)
{
	int64_t	 id;

	return act_result(m, create(m->c, "m.box", arena_printf(m->c->a,
	    "{'item_ids': [[0, 0, %s]]}", act_like(m, i)), &id));
}

const char *
is_point(struct matrix *m, int i)
{
	return act_writes(m, "m.note", m->notes[0], arena_printf(m->c->a,
	    "{'item_id': %lld}", (long long)m->items[i].id));
}

/* What goes with a record goes without being asked for. */
const char *
is_cascade(struct matrix *m, int i)
{
	struct env	 su = env_sudo(&m->c->env);
	struct ids	 ids = act_item(m, i), box = one(m->c, m->box);
	struct value	 vals = literal(m->c, arena_printf(m->c->a,
	    "{'in_id': %lld}", (long long)m->box));
	const char	*text;

	done(m->c, model_write(&su, model(m->c, "m.item"), &ids, &vals));
	text = act_result(m, model_unlink(&m->c->env, model(m->c, "m.box"),
	    &box));
	assert_false(there(m->c, "m.item", m->items[i].id));
	return text;
}
