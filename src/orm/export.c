/* export_data: semantics 9.3. */

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/field.h"
#include "orm/import_private.h"
#include "orm/model.h"

/* The records of one model, being written out. */
struct export {
	struct env			*env;
	const struct import_node	*node;
	size_t				 width;	/* of a row of the whole */
	struct records			 rec;
	struct map			*external;	/* their own ids */
	struct map			**related;	/* by column */
	/* by column: the lines of each record, as lists of rows */
	struct map			**lines;
};

static bool	 export_records(struct env *, const struct import_node *,
		    size_t width, const struct ids *, struct map **);

static struct span
export_key(const int64_t *id)
{
	return (struct span){ (const char *)id, sizeof *id };
}

static struct value
export_text(const char *text)
{
	return value_text(text == NULL ? "" : text);
}

/* The fields that the columns name, each once. */
static struct names
export_fields(struct env *env, const struct import_node *node)
{
	struct names	 names = { .n = 0 };

	names.v = arena_array(env->arena, node->n + 1, sizeof *names.v);
	names.v[names.n++] = "id";
	for (size_t i = 0; i < node->n; i++)
		if (node->v[i].field != NULL)
			names.v[names.n++] = node->v[i].field->name;
	return names;
}

static const struct value *
export_cell(const struct export *x, size_t record, const struct field *f)
{
	size_t	 i = 0;

	while (x->rec.fields[i] != f)
		i++;
	return &x->rec.rows[record][i];
}

/* The ids that a relation's value holds. */
static void
export_linked(struct env *env, const struct field *f, const struct value *v,
    struct ids *out)
{
	if (v->type != VALUE_LIST)
		return;
	if (!field_is_x2many(f)) {
		ids_add(env, out, v->u.list->v[0].u.i);
		return;
	}
	for (size_t i = 0; i < v->u.list->n; i++)
		ids_add(env, out, v->u.list->v[i].u.i);
}

/* All records that a column's relation leads to, each once. */
static struct ids
export_targets(const struct export *x, const struct field *f)
{
	struct ids	 all = { 0 }, once;

	for (size_t i = 0; i < x->rec.n; i++)
		export_linked(x->env, f, export_cell(x, i, f), &all);
	ids_once(x->env, &all, &once);
	return once;
}

/* Display names of what an x2many links to: id -> text. */
static bool
export_names(struct env *env, const struct model *m, const struct ids *ids,
    struct map **out)
{
	const char	*name = "display_name";
	struct names	 names = { &name, 1 };
	struct records	 rec;

	*out = map_new(env->arena);
	if (!model_read(env, m, ids, &names, &rec))
		return false;
	for (size_t i = 0; i < rec.n; i++)
		if (rec.rows[i][1].type == VALUE_TEXT)
			map_put(*out, export_key(&rec.rows[i][0].u.i),
			    arena_strndup(env->arena,
			    rec.rows[i][1].u.text.p, rec.rows[i][1].u.text.n));
	return true;
}

/* Fetches what a column needs of other records, for all at once. */
static bool
export_prepare(struct export *x, size_t i)
{
	const struct import_column	*c = &x->node->v[i];
	struct ids			 ids;

	if (c->field == NULL || c->field->target == NULL)
		return true;
	ids = export_targets(x, c->field);
	if (c->kind == IMPORT_LINES)
		return export_records(x->env, c->lines, x->width, &ids,
		    &x->lines[i]);
	if (c->kind == IMPORT_EXTERNAL)
		return external_id_export(x->env, c->field->target, &ids,
		    &x->related[i]);
	return c->kind != IMPORT_VALUE || !field_is_x2many(c->field) ||
	    export_names(x->env, c->field->target, &ids, &x->related[i]);
}

/* What belongs to each linked record, with commas between. */
static struct value
export_join(const struct export *x, const struct import_column *c,
    const struct value *v, const struct map *texts)
{
	struct arena	 *a = x->env->arena;
	struct ids	  ids = { 0 };
	const char	**each;
	size_t		  n = 0, room = 0;
	char		 *all;

	export_linked(x->env, c->field, v, &ids);
	each = arena_array(a, ids.n, sizeof *each);
	for (size_t i = 0; i < ids.n; i++) {
		each[n] = texts == NULL ?
		    arena_printf(a, "%lld", (long long)ids.v[i]) :
		    map_get(texts, export_key(&ids.v[i]));
		if (each[n] != NULL)
			room += strlen(each[n++]) + 1;
	}
	all = arena_text(a, room);
	room = 0;
	for (size_t i = 0; i < n; i++) {
		size_t	 len = strlen(each[i]);

		if (i != 0)
			all[room++] = ',';
		memcpy(all + room, each[i], len);
		room += len;
	}
	return value_span((struct span){ all, room });
}

static struct value
export_value(const struct export *x, size_t i, size_t record)
{
	const struct import_column	*c = &x->node->v[i];
	const int64_t			*id = &x->rec.rows[record][0].u.i;
	const struct value		*v;

	if (c->field == NULL)
		return c->kind == IMPORT_ID ? value_int(*id) :
		    export_text(map_get(x->external, export_key(id)));
	v = export_cell(x, record, c->field);
	if (c->kind == IMPORT_EXTERNAL || c->kind == IMPORT_ID ||
	    field_is_x2many(c->field))
		return export_join(x, c, v, x->related[i]);
	if (c->field->target != NULL && v->type == VALUE_LIST)
		return v->u.list->v[1];
	return v->type == VALUE_NULL ? value_text("") : *v;
}

static struct value
export_row(const struct export *x)
{
	struct value	 row = value_list(x->env->arena, x->width);

	for (size_t i = 0; i < x->width; i++)
		value_push(x->env->arena, &row, value_text(""));
	return row;
}

/* Puts a line's cells into the record's k-th row. */
static void
export_merge(const struct export *x, struct value *rows, size_t k,
    const struct value *line)
{
	if (k == rows->u.list->n)
		value_push(x->env->arena, rows, export_row(x));
	for (size_t i = 0; i < x->width; i++)
		if (!value_is_text(&line->u.list->v[i], ""))
			rows->u.list->v[k].u.list->v[i] = line->u.list->v[i];
}

/* The first line of each relation shares the record's own row. */
static void
export_lines(const struct export *x, size_t i, size_t record,
    struct value *rows)
{
	const struct field	*f = x->node->v[i].field;
	struct ids		 ids = { 0 };
	size_t			 k = 0;

	export_linked(x->env, f, export_cell(x, record, f), &ids);
	for (size_t j = 0; j < ids.n; j++) {
		const struct value	*lines = map_get(x->lines[i],
		    export_key(&ids.v[j]));

		for (size_t l = 0; lines != NULL && l < lines->u.list->n; l++)
			export_merge(x, rows, k++, &lines->u.list->v[l]);
	}
}

static struct value
export_record(const struct export *x, size_t record)
{
	struct value	 rows = value_list(x->env->arena, 1);
	struct value	 row = export_row(x);

	for (size_t i = 0; i < x->node->n; i++)
		if (x->node->v[i].kind != IMPORT_LINES)
			row.u.list->v[x->node->v[i].at] =
			    export_value(x, i, record);
	value_push(x->env->arena, &rows, row);
	for (size_t i = 0; i < x->node->n; i++)
		if (x->node->v[i].kind == IMPORT_LINES)
			export_lines(x, i, record, &rows);
	return rows;
}

/* Of those that are there: none is made up for a record that is not. */
static bool
export_own_ids(struct export *x)
{
	struct ids	 ids = { 0 };

	for (size_t i = 0; i < x->rec.n; i++)
		ids_add(x->env, &ids, x->rec.rows[i][0].u.i);
	for (size_t i = 0; i < x->node->n; i++)
		if (x->node->v[i].field == NULL &&
		    x->node->v[i].kind == IMPORT_EXTERNAL)
			return external_id_export(x->env, x->node->model, &ids,
			    &x->external);
	return true;
}

/* id -> rows of each of the records. */
static bool
export_records(struct env *env, const struct import_node *node, size_t width,
    const struct ids *ids, struct map **out)
{
	struct arena	*a = env->arena;
	struct export	 x = { .env = env, .node = node, .width = width };
	struct names	 names = export_fields(env, node);

	x.related = arena_array(a, node->n, sizeof *x.related);
	x.lines = arena_array(a, node->n, sizeof *x.lines);
	*out = map_new(a);
	if (!model_read(env, node->model, ids, &names, &x.rec) ||
	    !export_own_ids(&x))
		return false;
	for (size_t i = 0; i < node->n; i++)
		if (!export_prepare(&x, i))
			return false;
	for (size_t i = 0; i < x.rec.n; i++) {
		struct value	*rows = arena_alloc(a, sizeof *rows);

		*rows = export_record(&x, i);
		map_put(*out, export_key(&x.rec.rows[i][0].u.i), rows);
	}
	return true;
}

bool
export_rows(struct env *env, const struct model *m, const struct ids *ids,
    const struct names *columns, struct value *rows)
{
	struct import_node	 node;
	struct map		*by_id;

	if (!import_columns(env, m, columns, false, &node) ||
	    !export_records(env, &node, columns->n, ids, &by_id))
		return false;
	*rows = value_list(env->arena, ids->n);
	for (size_t i = 0; i < ids->n; i++) {
		const struct value	*some = map_get(by_id,
		    export_key(&ids->v[i]));

		for (size_t j = 0; some != NULL && j < some->u.list->n; j++)
			value_push(env->arena, rows, some->u.list->v[j]);
	}
	return true;
}
