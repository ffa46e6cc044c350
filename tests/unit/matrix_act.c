#include "matrix_act.h"

#include <string.h>

#include "orm/behaviour.h"
#include "orm/method.h"

const char *
act_failed(struct matrix *m)
{
	const struct err	*err = &m->c->err;
	enum err_code		 code = err->code;

	if (code != ERR_ACCESS &&
	    (code != ERR_VALUE || strstr(err->msg, "code") == NULL))
		fail_msg("%d %s (%s)", code, err->msg, err->cause);
	err_clear(&m->c->err);
	return code == ERR_ACCESS ? "denied" : "no field";
}

const char *
act_result(struct matrix *m, bool ok)
{
	return ok ? "ok" : act_failed(m);
}

struct ids
act_item(struct matrix *m, int i)
{
	return one(m->c, m->items[i].id);
}

const char *
act_numbers(struct matrix *m, const struct ids *ids, bool notes)
{
	const char	*text = "";

	for (size_t i = 0; i < ids->n; i++) {
		int	 n = 0;

		while (n < MATRIX_ITEMS && ids->v[i] !=
		    (notes ? m->notes[n] : m->items[n].id))
			n++;
		assert_int_not_equal(n, MATRIX_ITEMS);
		text = arena_printf(m->c->a, "%s%d", text, n);
	}
	return text;
}

const char *
act_finds(struct matrix *m, const char *domain, const char *order)
{
	struct ids	 ids;

	return find(m->c, "m.item", domain, order, &ids) ?
	    act_numbers(m, &ids, false) : act_failed(m);
}

const char *
act_finds_notes(struct matrix *m, const char *domain, const char *order)
{
	struct ids	 ids;

	return find(m->c, "m.note", domain, order, &ids) ?
	    act_numbers(m, &ids, true) : act_failed(m);
}

const char *
act_finds_one(struct matrix *m, const char *name, const char *domain)
{
	struct ids	 ids;

	return find(m->c, name, domain, NULL, &ids) ?
	    (ids.n == 0 ? "" : "b") : act_failed(m);
}

const char *
act_writes(struct matrix *m, const char *name, int64_t id, const char *vals)
{
	return act_result(m, change(m->c, name, one(m->c, id), vals));
}

const char *
act_commands(struct matrix *m, const char *name, int64_t id, int command, int i,
    const char *third)
{
	return act_writes(m, name, id, arena_printf(m->c->a,
	    "{'item_ids': [[%d, %lld, %s]]}", command,
	    (long long)m->items[i].id, third));
}

const char *
act_like(struct matrix *m, int i)
{
	return arena_printf(m->c->a, "{'name': 'new', 'x': %s, 'y': %s}",
	    m->items[i].x ? "True" : "False",
	    m->items[i].y ? "True" : "False");
}

bool
act_reads(struct matrix *m, const char *name, struct ids ids, const char *field,
    struct value *out)
{
	struct names	 names = { &field, 1 };
	struct records	 rec;

	if (!model_read(&m->c->env, model(m->c, name), &ids,
	    field == NULL ? NULL : &names, &rec))
		return false;
	assert_int_equal(rec.n, ids.n);
	*out = rec.rows[0][rec.nfields - 1];
	return true;
}

bool
act_calls(struct matrix *m, const char *name, const char *method, struct ids ids,
    const char *args, struct value *out)
{
	const struct model	*on = model(m->c, name);
	struct method_input	 input = { .named = literal(m->c, args) };
	const struct method	*row;

	row = method_find(databases_behaviour(m->c->app.dbs), name, method);
	if (row == NULL)
		fail_msg("there is no method %s", method);
	if (ids.n != 0)
		input.ids = ids_value(&m->c->env, &ids);
	return method_run(&m->c->env, row, on, &input, out);
}

struct ids
act_items(struct matrix *m)
{
	struct ids	 ids = { 0 };

	for (int i = 0; i < MATRIX_ITEMS; i++)
		ids_add(&m->c->env, &ids, m->items[i].id);
	return ids;
}

const char *
act_list(struct matrix *m, const struct value *list)
{
	struct ids	 ids = { 0 };

	assert_int_equal(list->type, VALUE_LIST);
	for (size_t i = 0; i < list->u.list->n; i++)
		ids_add(&m->c->env, &ids, list->u.list->v[i].u.i);
	return act_numbers(m, &ids, false);
}
