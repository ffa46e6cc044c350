#include "ser/ser.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "ser/ser_private.h"

#define SER_DEPTH	16

static const struct ser_ops *const ser_ops[SER__MAX] = {
	[SER_JSON] = &ser_json,
	[SER_XML] = &ser_xml,
};

static const struct span	 ser_nokey = { NULL, 0 };

struct ser *
ser_new(struct arena *a, enum ser_form form, unsigned int flags,
    struct buf *b)
{
	struct ser	*s = arena_alloc(a, sizeof *s);

	s->arena = a;
	s->buf = b;
	s->ops = ser_ops[form];
	s->flags = flags;
	s->start = b->n;
	s->room = SER_DEPTH;
	s->scopes = arena_array(a, s->room, sizeof *s->scopes);
	s->scopes[0].array = true;
	return s;
}

static struct span
ser_key(const char *key)
{
	return key == NULL ? ser_nokey : span_of(key);
}

/* Counts one more member of the innermost scope. */
static void
ser_member(struct ser *s, struct span key)
{
	struct ser_scope	*scope = &s->scopes[s->depth];

	assert(scope->array == (key.p == NULL));
	assert(s->depth != 0 || scope->n == 0);
	scope->n++;
}

static void
ser_open(struct ser *s, struct span key, const char *type, bool array)
{
	ser_member(s, key);
	if (++s->depth == s->room) {
		struct ser_scope	*old = s->scopes;

		s->room *= 2;
		s->scopes = arena_array(s->arena, s->room, sizeof *old);
		memcpy(s->scopes, old, s->depth * sizeof *old);
	}
	s->scopes[s->depth] = (struct ser_scope){ .array = array };
	s->ops->open(s, key, type);
}

static void
ser_close(struct ser *s, bool array)
{
	assert(s->depth != 0 && s->scopes[s->depth].array == array);
	s->ops->close(s);
	if (--s->depth == 0)
		s->members = s->scopes[1].n;
}

static void
ser_scalar(struct ser *s, struct span key, const char *type,
    const struct value *v)
{
	static const struct value	 no = { .type = VALUE_BOOL };
	static const struct value	 nothing = { .type = VALUE_NULL };

	if (v->type == VALUE_FLOAT && !isfinite(v->u.f))
		v = &nothing;
	if (v->type == VALUE_NULL) {
		type = NULL;
		v = s->flags & SER_NULL_FALSE ? &no : v;
	}
	ser_member(s, key);
	if (s->depth == 0)
		s->members = 1;
	s->ops->put(s, key, type, v);
}

static void
ser_value(struct ser *s, struct span key, const char *type,
    const struct value *v)
{
	if (v->type == VALUE_LIST) {
		ser_open(s, key, type, true);
		for (size_t i = 0; i < v->u.list->n; i++)
			ser_value(s, ser_nokey, NULL, &v->u.list->v[i]);
		ser_close(s, true);
	} else if (v->type == VALUE_DICT) {
		ser_open(s, key, type, false);
		for (size_t i = 0; i < map_count(v->u.dict); i++)
			ser_value(s, map_key(v->u.dict, i), NULL,
			    map_at(v->u.dict, i));
		ser_close(s, false);
	} else
		ser_scalar(s, key, type, v);
}

void
ser_object_open(struct ser *s, const char *key)
{
	ser_open(s, ser_key(key), NULL, false);
}

void
ser_object_close(struct ser *s)
{
	ser_close(s, false);
}

void
ser_array_open(struct ser *s, const char *key)
{
	ser_open(s, ser_key(key), NULL, true);
}

void
ser_array_close(struct ser *s)
{
	ser_close(s, true);
}

void
ser_put(struct ser *s, const char *key, const char *type,
    const struct value *v)
{
	ser_value(s, ser_key(key), type, v);
}

void
ser_put_field(struct ser *s, struct span name, const struct value *v)
{
	s->plain = v->type != VALUE_DICT;	/* which has keys of its own */
	ser_value(s, name, NULL, v);
	s->plain = false;
}

void
ser_text(struct ser *s, const char *key, const char *text)
{
	struct value	 v = text == NULL ? value_null() : value_text(text);

	ser_scalar(s, ser_key(key), NULL, &v);
}

void
ser_int(struct ser *s, const char *key, int64_t i)
{
	struct value	 v = value_int(i);

	ser_scalar(s, ser_key(key), NULL, &v);
}

void
ser_bool(struct ser *s, const char *key, bool b)
{
	struct value	 v = value_bool(b);

	ser_scalar(s, ser_key(key), NULL, &v);
}

void
ser_finish(struct ser *s)
{
	assert(s->depth == 0);
	s->ops->finish(s);
}

const char *
ser_content_type(enum ser_form form)
{
	return ser_ops[form]->content_type;
}
