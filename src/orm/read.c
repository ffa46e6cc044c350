#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "orm/access.h"
#include "orm/attachment.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

#define READ_CELL	8	/* bytes of the shortest cell in an answer */

/* All that may be seen, in the model's order; id comes first there. */
static size_t
read_all_fields(struct env *env, const struct model *m,
    const struct field **out)
{
	size_t	 n = 0;

	for (size_t i = 0; i < m->nfields; i++)
		if (access_sees(env, &m->fields[i]))
			out[n++] = &m->fields[i];
	return n;
}

/* id, then those that are named, each once. */
static bool
read_named_fields(struct env *env, const struct model *m,
    const struct names *names, const struct field **out, size_t *n)
{
	out[0] = model_field(m, "id");
	*n = 1;
	for (size_t i = 0; i < names->n; i++) {
		const struct field	*f;
		size_t			 j;

		f = access_field(env, m, span_of(names->v[i]));
		if (f == NULL)
			return model_no_field(env, m, span_of(names->v[i]));
		for (j = 0; j < *n && out[j] != f; j++)
			;
		if (j == *n)
			out[(*n)++] = f;
	}
	return true;
}

static bool
read_fields(struct env *env, const struct model *m, const struct names *names,
    struct records *rec)
{
	const struct field	**fields;

	if (names == NULL || names->n == 0) {
		fields = arena_array(env->arena, m->nfields, sizeof *fields);
		rec->nfields = read_all_fields(env, m, fields);
	} else {
		fields = arena_array(env->arena, names->n + 1, sizeof *fields);
		if (!read_named_fields(env, m, names, fields, &rec->nfields))
			return false;
	}
	rec->fields = fields;
	return true;
}

/* The cells of all fields, one after the other. */
static bool
read_columns(struct env *env, const struct records *rec, struct query *q)
{
	q->columns = arena_array(env->arena, 2 * rec->nfields,
	    sizeof *q->columns);
	for (size_t i = 0; i < rec->nfields; i++) {
		const struct field	*f = rec->fields[i];
		const struct expr	*e = field_expr(env, f);

		if (e == NULL)
			return false;
		q->columns[q->ncolumns++] = e;
		if (f->type->cells == 1)
			continue;
		if ((e = f->type->second(env, f, e)) == NULL)
			return false;
		q->columns[q->ncolumns++] = e;
	}
	return true;
}

/*
 * Turns a row's cells into what is shown, in their own place: a field's value
 * never stands behind its first cell.
 */
static void
read_present(struct env *env, const struct records *rec, struct value *row)
{
	const struct value	*cells = row;

	for (size_t i = 0; i < rec->nfields; i++) {
		const struct field_type	*type = rec->fields[i]->type;

		type->present(env, rec->fields[i], cells, &row[i]);
		cells += type->cells;
	}
}

/* Puts the rows in the order of ids; both may hold 100,000. */
static void
read_arrange(struct env *env, const struct ids *ids, const struct rows *rows,
    struct records *rec)
{
	struct ids	 there = { 0 };
	struct value	**by_id;
	size_t		 at;

	there.v = arena_array(env->arena, rows->n, sizeof *there.v);
	for (size_t i = 0; i < rows->n; i++)
		there.v[i] = rows->cells[i * rows->width].u.i;
	there.n = rows->n;
	ids_once(env, &there, &there);
	by_id = arena_array(env->arena, rows->n, sizeof *by_id);
	for (size_t i = 0; i < rows->n; i++) {
		struct value	*row = rows->cells + i * rows->width;

		if (!ids_find(&there, row->u.i, &at))
			continue;
		by_id[at] = row;
		read_present(env, rec, row);
	}
	rec->rows = arena_array(env->arena, ids->n, sizeof *rec->rows);
	for (size_t i = 0; i < ids->n; i++)
		if (ids_find(&there, ids->v[i], &at))
			rec->rows[rec->n++] = by_id[at];
}

/* What cannot fit into an answer is not fetched. */
static bool
read_fits(struct env *env, const struct records *rec, size_t n)
{
	size_t	 most = (size_t)env->conf->max_answer / READ_CELL;

	if (most == 0 || rec->nfields * n <= most)
		return true;
	return env_fail(env, ERR_TOO_LARGE, "%zu records with %zu fields are "
	    "too many at once: ask for fewer, or for fewer fields", n,
	    rec->nfields);
}

bool
model_read(struct env *env, const struct model *m, const struct ids *ids,
    const struct names *names, struct records *rec)
{
	struct query		*q = query_new(env->arena, m->table, 0);
	const struct expr	*rule;
	struct rows		 rows;

	*rec = (struct records){ .model = m };
	if (!access_check(env, m, ACCESS_READ) ||
	    !rule_where(env, m, ACCESS_READ, &rule) ||
	    !read_fields(env, m, names, rec) ||
	    !read_fits(env, rec, ids->n))
		return false;
	if (ids->n == 0)
		return true;
	q->where = expr_and(env->arena, ids_in(env, "id", ids), rule);
	if (!read_columns(env, rec, q) ||
	    !store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	if (rule != NULL && rows.n < ids->n &&
	    !rule_check(env, m, ACCESS_READ, ids))
		return false;
	if (attachment_is(m) && !attachment_fetch(env, rec, &rows))
		return false;
	read_arrange(env, ids, &rows, rec);
	return true;
}
