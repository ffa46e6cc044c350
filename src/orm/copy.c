/* model_copy: semantics 4.7. */

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "orm/access.h"
#include "orm/attachment.h"
#include "orm/command.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/rule.h"
#include "orm/translation.h"
#include "store/store.h"

/* A record on its way to be another. */
struct copy {
	const struct model	 *m;
	/* by which a line points to its record */
	const struct field	 *line_of;
	const struct value	 *without;	/* what is given, or NULL */
	int64_t			  depth;
	const struct field	**fields;
	size_t			  n;
};

static bool	 copy_read(struct env *, struct copy *, int64_t id,
		    struct value *vals);

static bool
copy_takes(struct env *env, const struct copy *c, const struct field *f)
{
	return f->copy && !f->automatic && f->compute == NULL &&
	    (f->column != NULL || field_is_x2many(f)) && f != c->line_of &&
	    access_sees(env, f) && value_get(c->without, f->name) == NULL;
}

static bool
copy_select(struct env *env, struct copy *c, int64_t id, struct rows *rows)
{
	struct arena	*a = env->arena;
	struct query	*q = query_new(a, c->m->table, 0);

	c->fields = arena_array(a, c->m->nfields, sizeof *c->fields);
	q->columns = arena_array(a, c->m->nfields, sizeof *q->columns);
	for (size_t i = 0; i < c->m->nfields; i++) {
		const struct field	*f = &c->m->fields[i];

		if (!copy_takes(env, c, f))
			continue;
		c->fields[c->n++] = f;
		if ((q->columns[q->ncolumns++] = field_expr(env, f)) == NULL)
			return false;
	}
	q->where = expr_binary(a, EXPR_EQ, expr_column(a, "id", COL_ID, 0),
	    expr_value(a, value_int(id)));
	return store_select(env->store, q, a, rows, env->err);
}

static void
copy_command(struct env *env, struct value *list, enum command_kind kind,
    struct value third)
{
	struct value	 command = value_list(env->arena, 3);

	value_push(env->arena, &command, value_int(kind));
	value_push(env->arena, &command, value_int(0));
	value_push(env->arena, &command, third);
	value_push(env->arena, list, command);
}

/* Lines are copied too; what a many2many links to is linked again. */
static bool
copy_relation(struct env *env, const struct copy *c, const struct field *f,
    const struct value *cell, struct value *out)
{
	const struct value	*ids = cell;
	struct value		 vals;

	*out = value_list(env->arena, 1);
	if (ids->type != VALUE_LIST)
		return true;
	if (f->link != NULL) {
		copy_command(env, out, COMMAND_SET, *ids);
		return true;
	}
	for (size_t i = 0; i < ids->u.list->n; i++) {
		struct copy	 line = { .m = f->target, .line_of = f->inverse,
		    .depth = c->depth + 1 };

		if (!copy_read(env, &line, ids->u.list->v[i].u.i, &vals))
			return false;
		copy_command(env, out, COMMAND_CREATE, vals);
	}
	return true;
}

static bool
copy_read(struct env *env, struct copy *c, int64_t id, struct value *vals)
{
	struct rows	 rows;
	struct value	 v;

	if (c->depth > env->conf->max_relation_depth)
		return env_fail(env, ERR_VALUE, "the copy would hold more than "
		    "%lld records one inside the other",
		    (long long)env->conf->max_relation_depth);
	if (!copy_select(env, c, id, &rows))
		return false;
	if (rows.n == 0)
		return model_missing(env);
	*vals = value_dict(env->arena);
	for (size_t i = 0; i < c->n; i++) {
		v = rows.cells[i];
		if (attachment_is(c->m) && v.type == VALUE_BYTES &&
		    !attachment_contents(env, id, &v))
			return false;
		if (field_is_x2many(c->fields[i]) && !copy_relation(env, c,
		    c->fields[i], &rows.cells[i], &v))
			return false;
		value_set(env->arena, vals, c->fields[i]->name, v);
	}
	return true;
}

/* "Name (copy)", where it fits; only of a field that is called name.  changed
 * takes it. */
static void
copy_name(struct env *env, const struct model *m, const struct value *vals,
    struct value *changed)
{
	const struct field	*f = m->rec_name;
	const struct value	*name;
	struct span		 text;

	if (f == NULL || f->type != &field_char ||
	    (strcmp(f->name, "name") != 0 && strcmp(f->name, "x_name") != 0))
		return;
	name = value_get(vals, f->name);
	if (name == NULL || name->type != VALUE_TEXT)
		return;
	text = span_of(arena_printf(env->arena, "%.*s (copy)",
	    (int)name->u.text.n, name->u.text.p));
	if (f->size == 0 || utf8_length(text) <= (size_t)f->size)
		value_set(env->arena, changed, f->name, value_span(text));
}

static void
copy_merge(struct env *env, const struct value *from, struct value *to)
{
	for (size_t i = 0; i < map_count(from->u.dict); i++)
		value_set(env->arena, to, map_key(from->u.dict, i).p,
		    *(const struct value *)map_at(from->u.dict, i));
}

/* In the base language; translations follow, but for what is not the same. */
static bool
copy_make(struct env *env, const struct model *m, int64_t id,
    const struct value *dflt, int64_t *made)
{
	struct value	 changed = value_dict(env->arena), vals;
	struct copy	 c = { .m = m, .without = dflt };

	if (!copy_read(env, &c, id, &vals))
		return false;
	copy_name(env, m, &vals, &changed);
	if (dflt != NULL)
		copy_merge(env, dflt, &changed);
	copy_merge(env, &changed, &vals);
	return model_create(env, m, &vals, made) &&
	    translation_copy(env, m, id, *made, &changed);
}

bool
model_copy(struct env *env, const struct model *m, int64_t id,
    const struct value *dflt, int64_t *made)
{
	const char	*lang = env->lang;
	struct ids	 ids = { &id, 1 };
	bool		 done;

	if (dflt != NULL && dflt->type == VALUE_NULL)
		dflt = NULL;
	if (dflt != NULL && dflt->type != VALUE_DICT)
		return env_fail(env, ERR_VALUE, "the values of the copy must "
		    "be a dictionary of fields, not a %s",
		    value_type_name(dflt->type));
	if (!access_check(env, m, ACCESS_READ) ||
	    !access_check(env, m, ACCESS_CREATE) ||
	    !rule_check(env, m, ACCESS_READ, &ids))
		return false;
	env->lang = NULL;
	done = copy_make(env, m, id, dflt, made);
	env->lang = lang;
	return done;
}
