#include <string.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/import_private.h"
#include "orm/model.h"

#define COLUMNS_DEPTH	4	/* models that a path goes through */

static bool
columns_refuse(struct env *env, const struct model *m, const char *path,
    const char *why)
{
	return env_fail(env, ERR_VALUE, "column \"%.80s\" of %s: %s", path,
	    m->name, why);
}

static struct import_column *
columns_new(struct import_node *node, enum import_kind kind,
    const struct field *f, size_t at, const char *path)
{
	struct import_column	*c = &node->v[node->n++];

	*c = (struct import_column){ kind, f, path, at, NULL };
	return c;
}

/* The lines of a field that another column has begun, or new ones. */
static struct import_node *
columns_lines(struct env *env, struct import_node *node,
    const struct field *f, size_t at, size_t room, const char *path)
{
	struct import_column	*c;

	for (size_t i = 0; i < node->n; i++)
		if (node->v[i].kind == IMPORT_LINES && node->v[i].field == f)
			return node->v[i].lines;
	c = columns_new(node, IMPORT_LINES, f, at, path);
	c->lines = arena_alloc(env->arena, sizeof *c->lines);
	c->lines->model = f->target;
	c->lines->v = arena_array(env->arena, room, sizeof *c->lines->v);
	return c->lines;
}

static bool
columns_id(struct import_node *node, const struct field *f, struct span word,
    size_t at, const char *path)
{
	if (span_is(word, "id"))
		columns_new(node, IMPORT_EXTERNAL, f, at, path);
	else if (span_is(word, ".id"))
		columns_new(node, IMPORT_ID, f, at, path);
	else
		return false;
	return true;
}

static bool
columns_add(struct env *env, struct import_node *node, const char *path,
    size_t at, size_t room, bool writes)
{
	const char		*whole = path;

	for (int depth = 0; depth < COLUMNS_DEPTH; depth++) {
		struct span		 word = { path, strcspn(path, "/") };
		const struct field	*f;

		path += word.n;
		if (*path == '\0' && columns_id(node, NULL, word, at, whole))
			return true;
		f = access_field(env, node->model, word);
		if (f == NULL)
			return columns_refuse(env, node->model, whole,
			    "there is no such field");
		if (*path == '\0') {
			columns_new(node, IMPORT_VALUE, f, at, whole);
			return true;
		}
		path++;
		if (f->target == NULL)
			return columns_refuse(env, node->model, whole,
			    "only a relation has columns of its own");
		if (columns_id(node, f, span_of(path), at, whole))
			return true;
		if (writes && !field_is_x2many(f))
			return columns_refuse(env, node->model, whole,
			    "a many2one takes a name, /id or /.id");
		node = columns_lines(env, node, f, at, room, whole);
	}
	return columns_refuse(env, node->model, whole, "it is too long");
}

bool
import_columns(struct env *env, const struct model *m,
    const struct names *names, bool writes, struct import_node *node)
{
	node->model = m;
	node->n = 0;
	node->v = arena_array(env->arena, names->n, sizeof *node->v);
	for (size_t i = 0; i < names->n; i++)
		if (!columns_add(env, node, names->v[i], i, names->n, writes))
			return false;
	return names->n != 0 || env_fail(env, ERR_VALUE,
	    "at least one column is wanted");
}
