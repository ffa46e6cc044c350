/* Cells of a row to the values of a record. */

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/field.h"
#include "orm/import_private.h"
#include "orm/model.h"
#include "orm/number.h"

#define IMPORT_NAMES	1000	/* that one cell may hold */

/* One cell being converted. */
struct cell {
	struct import_run		*run;
	struct env			*env;	/* of the record */
	const struct import_column	*column;
	const struct import_rows	*rows;
	struct span			 text, raw;	/* trimmed, not */
};

static bool	 import_lines(const struct cell *, struct value *commands);

/* False and None are nothing; numbers may come as such. */
static struct span
import_cell(struct import_run *run, struct env *env, size_t row, size_t at)
{
	const struct value	*v = &run->input->rows->v[row];

	v = &v->u.list->v[at];
	if (v->type == VALUE_TEXT)
		return v->u.text;
	if (v->type == VALUE_INT || v->type == VALUE_FLOAT ||
	    v->type == VALUE_DECIMAL || (v->type == VALUE_BOOL && v->u.b))
		return number_text(env->arena, v);
	return span_of("");
}

static void
cell_say(const struct cell *c, const char *type, const char *message)
{
	import_say(c->run, type, c->column, c->rows, message);
}

/* What was refused becomes a message; false for what ends the import. */
static bool
cell_refused(const struct cell *c, const struct err *why)
{
	if (!import_tells(why)) {
		*c->env->err = *why;
		return false;
	}
	cell_say(c, "error", why->msg);
	return true;
}

static bool
cell_is(const struct cell *c, const char *const words[3])
{
	for (size_t i = 0; i < 3; i++)
		if (c->text.n == strlen(words[i]) &&
		    strncasecmp(c->text.p, words[i], c->text.n) == 0)
			return true;
	return false;
}

static void
cell_boolean(const struct cell *c, struct value *out)
{
	static const char *const	 yes[] = { "1", "true", "yes" };
	static const char *const	 no[] = { "0", "false", "no" };

	if (cell_is(c, yes))
		*out = value_bool(true);
	else if (cell_is(c, no))
		*out = value_bool(false);
	else
		cell_say(c, "error", arena_printf(c->env->arena, "\"%.*s\" is "
		    "neither yes (1, true, yes) nor no (0, false, no)",
		    (int)(c->text.n < 60 ? c->text.n : 60), c->text.p));
}

/* A label stands for its key. */
static struct value
cell_selection(const struct cell *c)
{
	const struct value	*all = &c->column->field->selection;

	for (size_t i = 0; all->type == VALUE_LIST && i < all->u.list->n; i++) {
		const struct value	*pair = &all->u.list->v[i];

		if (pair->type == VALUE_LIST && pair->u.list->n == 2 &&
		    pair->u.list->v[1].type == VALUE_TEXT &&
		    span_equal(pair->u.list->v[1].u.text, c->text))
			return pair->u.list->v[0];
	}
	return value_span(c->text);
}

/* Values are tried on their field, so that each wrong cell is told. */
static bool
cell_plain(const struct cell *c, struct value *out)
{
	const struct field	*f = c->column->field;
	struct err		 why = { 0 };
	struct env		 env = *c->env;
	struct value		 stored;

	if (strcmp(f->type->name, "boolean") == 0) {
		cell_boolean(c, out);
		return true;
	}
	if (strcmp(f->type->name, "selection") == 0)
		*out = cell_selection(c);
	else
		*out = value_span(f->type->column == COL_TEXT ? c->raw :
		    c->text);
	env.err = &why;
	return f->compute != NULL || f->automatic ||
	    f->type->convert(&env, f, CONVERT_ODOO, out, &stored) ||
	    cell_refused(c, &why);
}

static bool
cell_missing(const struct cell *c, const char *what, struct span text)
{
	cell_say(c, "error", arena_printf(c->env->arena, "there is no %s "
	    "\"%.*s\" of %s", what, (int)(text.n < 100 ? text.n : 100), text.p,
	    c->column->field->target->name));
	return true;
}

/* id stays 0 where there is none; the same name is looked up once. */
static bool
cell_by_name(const struct cell *c, struct span name, int64_t *id)
{
	const struct model	*m = c->column->field->target;
	struct err		 why = { 0 };
	struct env		 env = *c->env;
	struct page		 page = { .limit = 2 };
	struct ids		 found;
	struct span		 key;
	int64_t			*known;

	key = span_of(arena_printf(c->env->arena, "%s\n%.*s", m->name,
	    (int)name.n, name.p));
	if ((known = map_get(c->run->names, key)) != NULL) {
		*id = *known;
		return true;
	}
	env.err = &why;
	if (!model_search(&env, m, domain_term(&env, "display_name", "=",
	    value_span(name)), &page, &found))
		return cell_refused(c, &why);
	if (found.n == 0)
		return cell_missing(c, "record named", name);
	if (found.n > 1)
		cell_say(c, "warning", arena_printf(c->env->arena, "there is "
		    "more than one record named \"%.*s\"; the first is taken",
		    (int)(name.n < 100 ? name.n : 100), name.p));
	known = arena_alloc(c->run->env->arena, sizeof *known);
	*known = *id = found.v[0];
	map_put(c->run->names, key, known);
	return true;
}

static bool
cell_by_external(const struct cell *c, struct span name, int64_t *id)
{
	struct external_id	 x;

	if (!external_id_find(c->env, c->run->input->module,
	    arena_strndup(c->env->arena, name.p, name.n), &x))
		return false;
	if (x.id == 0 || strcmp(x.model, c->column->field->target->name) != 0)
		return cell_missing(c, "external id", name);
	*id = x.id;
	return true;
}

static bool
cell_by_id(const struct cell *c, struct span text, int64_t *id)
{
	int64_t		 n;
	struct ids	 one = { &n, 1 }, found;

	if (!number_int(text, &n))
		return cell_missing(c, "database id", text);
	if (!model_exists(c->env, c->column->field->target, &one, &found))
		return false;
	if (found.n == 0)
		return cell_missing(c, "database id", text);
	*id = n;
	return true;
}

static bool
cell_link(const struct cell *c, struct span text, int64_t *id)
{
	*id = 0;
	switch (c->column->kind) {
	case IMPORT_EXTERNAL:
		return cell_by_external(c, text, id);
	case IMPORT_ID:
		return cell_by_id(c, text, id);
	default:
		return cell_by_name(c, text, id);
	}
}

/* "a,b": all of them become the links. */
static bool
cell_links(const struct cell *c, struct value *out)
{
	struct value	 ids = value_list(c->env->arena, 4);
	struct value	 command = value_list(c->env->arena, 3);
	struct span	 rest = c->text;

	while (rest.n > 0) {
		const char	*comma = memchr(rest.p, ',', rest.n);
		struct span	 one = rest;
		int64_t		 id;

		if (comma != NULL)
			one.n = (size_t)(comma - rest.p);
		rest.p += one.n + (comma != NULL);
		rest.n -= one.n + (comma != NULL);
		if (ids.u.list->n == IMPORT_NAMES) {
			cell_say(c, "error", "too many records in one cell");
			return true;
		}
		if (!cell_link(c, span_trim(one), &id))
			return false;
		value_push(c->env->arena, &ids, value_int(id));
	}
	value_push(c->env->arena, &command, value_int(6));
	value_push(c->env->arena, &command, value_int(0));
	value_push(c->env->arena, &command, ids);
	*out = value_list(c->env->arena, 1);
	value_push(c->env->arena, out, command);
	return true;
}

static bool
cell_value(const struct cell *c, struct value *out)
{
	const struct field	*f = c->column->field;
	int64_t			 id;

	if (c->column->kind == IMPORT_LINES)
		return import_lines(c, out);
	*out = value_bool(false);
	if (c->text.n == 0)
		return true;
	if (f->target == NULL)
		return cell_plain(c, out);
	if (field_is_x2many(f))
		return cell_links(c, out);
	if (!cell_link(c, c->text, &id))
		return false;
	*out = value_int(id);
	return true;
}

/* The record that the row's own ids mean. */
static bool
import_own(const struct cell *c, const struct model *m, int64_t *id,
    const char **name)
{
	struct field		 self = { .target = m };
	struct import_column	 column = *c->column;
	struct cell		 own = *c;
	struct external_id	 x;

	if (c->text.n == 0)
		return true;
	if (c->column->kind == IMPORT_ID) {
		column.field = &self;
		own.column = &column;
		return cell_by_id(&own, c->text, id);
	}
	*name = arena_strndup(c->env->arena, c->text.p, c->text.n);
	if (!external_id_find(c->env, c->run->input->module, *name, &x))
		return false;
	if (x.id != 0 && strcmp(x.model, m->name) != 0) {
		cell_say(c, "error", arena_printf(c->env->arena, "\"%.100s\" "
		    "names a record of %s", *name, x.model));
		return true;
	}
	if (x.id != 0) {
		*id = x.id;
		*name = NULL;
	}
	return true;
}

bool
import_record(struct import_run *run, struct env *env,
    const struct import_node *node, const struct import_rows *rows,
    struct value *vals, int64_t *id, const char **name)
{
	*vals = value_dict(env->arena);
	*id = 0;
	*name = NULL;
	for (size_t i = 0; i < node->n; i++) {
		const struct import_column	*column = &node->v[i];
		struct value			 v;
		struct cell			 c = {
			.run = run, .env = env, .column = column,
			.rows = rows,
		};

		c.raw = import_cell(run, env, rows->from, column->at);
		c.text = span_trim(c.raw);

		if (column->field == NULL) {
			if (!import_own(&c, node->model, id, name))
				return false;
			continue;
		}
		if (!cell_value(&c, &v))
			return false;
		value_set(env->arena, vals, column->field->name, v);
	}
	return true;
}

bool
import_begins(struct import_run *run, struct env *env,
    const struct import_node *node, size_t row)
{
	for (size_t i = 0; i < node->n; i++)
		if (node->v[i].kind != IMPORT_LINES &&
		    import_cell(run, env, row, node->v[i].at).n != 0)
			return true;
	return false;
}

/* (0, 0, vals), or (1, id, vals) for a line that is there. */
static bool
import_line(const struct cell *c, const struct import_rows *rows,
    struct value *commands)
{
	struct arena	*a = c->env->arena;
	struct value	 command = value_list(a, 3), vals;
	const char	*name;
	int64_t		 id;

	if (!import_record(c->run, c->env, c->column->lines, rows, &vals, &id,
	    &name))
		return false;
	if (name != NULL)
		cell_say(c, "error", arena_printf(a, "there is no external id "
		    "\"%.100s\"; new lines cannot be given one", name));
	value_push(a, &command, value_int(id == 0 ? 0 : 1));
	value_push(a, &command, value_int(id));
	value_push(a, &command, vals);
	value_push(a, commands, command);
	return true;
}

static bool
import_lines(const struct cell *c, struct value *commands)
{
	const struct import_node	*node = c->column->lines;
	struct import_rows		 line;

	*commands = value_list(c->env->arena, 4);
	for (line.from = c->rows->from; line.from <= c->rows->to;
	    line.from = line.to + 1) {
		line.to = line.from;
		while (line.to < c->rows->to &&
		    !import_begins(c->run, c->env, node, line.to + 1))
			line.to++;
		if (import_begins(c->run, c->env, node, line.from) &&
		    !import_line(c, &line, commands))
			return false;
	}
	return true;
}
