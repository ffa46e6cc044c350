#include "base/value.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"

struct value
value_list(struct arena *a, size_t room)
{
	struct value	 v = { .type = VALUE_LIST };

	v.u.list = arena_alloc(a, sizeof *v.u.list);
	v.u.list->cap = room;
	if (room != 0)
		v.u.list->v = arena_array(a, room, sizeof v);
	return v;
}

struct value
value_dict(struct arena *a)
{
	return (struct value){ .type = VALUE_DICT, .u.dict = map_new(a) };
}

void
value_push(struct arena *a, struct value *list, struct value item)
{
	struct value_list	*l = list->u.list;

	if (l->n == l->cap) {
		struct value	*old = l->v;

		l->cap = l->cap == 0 ? 4 : l->cap * 2;
		l->v = arena_array(a, l->cap, sizeof *l->v);
		if (l->n != 0)
			memcpy(l->v, old, l->n * sizeof *l->v);
	}
	l->v[l->n++] = item;
}

void
value_set(struct arena *a, struct value *dict, const char *key,
    struct value item)
{
	struct value	*copy = arena_alloc(a, sizeof *copy);

	*copy = item;
	map_put(dict->u.dict, span_of(key), copy);
}

const struct value *
value_get(const struct value *v, const char *key)
{
	if (v == NULL || v->type != VALUE_DICT)
		return NULL;
	return map_get(v->u.dict, span_of(key));
}

static struct value
value_copy_dict(struct arena *a, const struct map *dict)
{
	struct value	 out = value_dict(a);

	for (size_t i = 0; i < map_count(dict); i++) {
		struct value	*item = arena_alloc(a, sizeof *item);

		*item = value_copy(a, map_at(dict, i));
		map_put(out.u.dict, map_key(dict, i), item);
	}
	return out;
}

struct value
value_copy(struct arena *a, const struct value *v)
{
	struct value	 out = *v;

	switch (v->type) {
	case VALUE_TEXT:
	case VALUE_BYTES:
		out.u.text.p = arena_strndup(a, v->u.text.p, v->u.text.n);
		return out;
	case VALUE_LIST:
		out = value_list(a, v->u.list->n);
		for (size_t i = 0; i < v->u.list->n; i++)
			value_push(a, &out, value_copy(a, &v->u.list->v[i]));
		return out;
	case VALUE_DICT:
		return value_copy_dict(a, v->u.dict);
	default:
		return out;
	}
}

static bool
value_equal_list(const struct value_list *a, const struct value_list *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (!value_equal(&a->v[i], &b->v[i]))
			return false;
	return true;
}

static bool
value_equal_dict(const struct map *a, const struct map *b)
{
	if (map_count(a) != map_count(b))
		return false;
	for (size_t i = 0; i < map_count(a); i++) {
		const struct value	*other = map_get(b, map_key(a, i));

		if (other == NULL || !value_equal(map_at(a, i), other))
			return false;
	}
	return true;
}

bool
value_equal(const struct value *a, const struct value *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case VALUE_NULL:
		return true;
	case VALUE_BOOL:
		return a->u.b == b->u.b;
	case VALUE_FLOAT:
		return a->u.f == b->u.f;
	case VALUE_TEXT:
	case VALUE_BYTES:
		return span_equal(a->u.text, b->u.text);
	case VALUE_LIST:
		return value_equal_list(a->u.list, b->u.list);
	case VALUE_DICT:
		return value_equal_dict(a->u.dict, b->u.dict);
	default:
		return a->u.i == b->u.i && a->scale == b->scale;
	}
}

bool
value_truthy(const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		return false;
	case VALUE_BOOL:
		return v->u.b;
	case VALUE_FLOAT:
		return v->u.f != 0;
	case VALUE_TEXT:
	case VALUE_BYTES:
		return v->u.text.n != 0;
	case VALUE_LIST:
		return v->u.list->n != 0;
	case VALUE_DICT:
		return map_count(v->u.dict) != 0;
	case VALUE_DATE:
	case VALUE_DATETIME:
		return true;
	default:
		return v->u.i != 0;
	}
}

bool
value_is_text(const struct value *v, const char *s)
{
	return v != NULL && v->type == VALUE_TEXT && span_is(v->u.text, s);
}

const char *
value_type_name(enum value_type t)
{
	static const char *const names[VALUE__MAX] = {
		[VALUE_NULL] = "null",
		[VALUE_BOOL] = "boolean",
		[VALUE_INT] = "integer",
		[VALUE_FLOAT] = "float",
		[VALUE_DECIMAL] = "decimal",
		[VALUE_TEXT] = "text",
		[VALUE_BYTES] = "bytes",
		[VALUE_DATE] = "date",
		[VALUE_DATETIME] = "datetime",
		[VALUE_LIST] = "list",
		[VALUE_DICT] = "dictionary",
	};

	return names[t];
}
