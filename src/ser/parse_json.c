#include <limits.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/value.h"
#include "ser/json_scan.h"
#include "ser/parse.h"

/* The conversion of one json-c tree; objects are met as json_scan saw them. */
struct convert {
	struct arena		*arena;
	struct err		*err;
	struct span		 text;
	const struct json_seen	*seen;
	size_t			 next;		/* object in seen */
};

static bool	 convert_value(struct convert *, json_object *,
		    struct value *);

static bool
convert_list(struct convert *c, json_object *from, struct value *out)
{
	size_t	 n = json_object_array_length(from);

	*out = value_list(c->arena, n);
	for (size_t i = 0; i < n; i++) {
		struct value	 item;

		if (!convert_value(c, json_object_array_get_idx(from, i),
		    &item))
			return false;
		value_push(c->arena, out, item);
	}
	return true;
}

/* json-c keeps the last of two equal keys: fewer are left than were seen. */
static bool
convert_dict(struct convert *c, json_object *from, struct value *out)
{
	const struct json_object_seen	*seen;
	struct json_object_iterator	 i = json_object_iter_begin(from);
	struct json_object_iterator	 end = json_object_iter_end(from);

	seen = &c->seen->objects[c->next++];
	if (seen->keys != (size_t)json_object_object_length(from))
		return json_fail(c->text, seen->at,
		    "the object has a key twice", c->err);
	*out = value_dict(c->arena);
	for (; !json_object_iter_equal(&i, &end); json_object_iter_next(&i)) {
		struct value	*item = arena_alloc(c->arena, sizeof *item);

		if (!convert_value(c, json_object_iter_peek_value(&i), item))
			return false;
		map_put(out->u.dict,
		    span_of(json_object_iter_peek_name(&i)), item);
	}
	return true;
}

static bool
convert_value(struct convert *c, json_object *from, struct value *out)
{
	size_t	 n;

	switch (json_object_get_type(from)) {
	case json_type_boolean:
		*out = value_bool(json_object_get_boolean(from));
		return true;
	case json_type_double:
		*out = value_float(json_object_get_double(from));
		return true;
	case json_type_int:
		*out = value_int(json_object_get_int64(from));
		return true;
	case json_type_string:
		n = (size_t)json_object_get_string_len(from);
		*out = value_span((struct span){ arena_strndup(c->arena,
		    json_object_get_string(from), n), n });
		return true;
	case json_type_array:
		return convert_list(c, from, out);
	case json_type_object:
		return convert_dict(c, from, out);
	default:
		*out = value_null();
		return true;
	}
}

/*
 * Writes surrogate pairs out as UTF-8: json-c 0.16 takes some characters
 * that they stand for (U+1D800, U+2DCF8) for surrogates again.
 */
static struct span
json_join_surrogates(struct arena *a, struct span text)
{
	const char	*p = text.p, *end = text.p + text.n;
	char		*out = arena_text(a, text.n), *to = out;

	while (p < end) {
		long	 high, low;

		if (*p != '\\') {
			*to++ = *p++;
			continue;
		}
		high = p[1] == 'u' ? json_hex(p + 2, end) : -1;
		if (high < 0xd800 || high > 0xdfff) {
			*to++ = *p++;
			*to++ = *p++;
			continue;
		}
		low = json_hex(p + 8, end);
		to += utf8_put(0x10000 + ((unsigned long)(high & 0x3ff) << 10) +
		    (unsigned long)(low & 0x3ff), to);
		p += 12;
	}
	*to = '\0';
	return (struct span){ out, (size_t)(to - out) };
}

/*
 * The text has been gone over, so all that can fail is memory.  The tree of
 * "null" is NULL.
 */
static bool
json_build(struct span text, size_t depth, json_object **tree,
    struct err *err)
{
	json_tokener		*t = json_tokener_new_ex((int)depth + 2);
	enum json_tokener_error	 bad;

	if (t == NULL)
		abort();
	*tree = json_tokener_parse_ex(t, text.p, (int)text.n);
	/* The NUL ends a number that nothing follows. */
	if (json_tokener_get_error(t) == json_tokener_continue)
		*tree = json_tokener_parse_ex(t, "", 1);
	bad = json_tokener_get_error(t);
	json_tokener_free(t);
	if (bad == json_tokener_success)
		return true;
	err_set(err, ERR_VALUE, "this JSON could not be read");
	err_cause(err, "json-c: %s", json_tokener_error_desc(bad));
	return false;
}

bool
parse_json(struct arena *a, struct span text,
    const struct parse_limits *limits, struct value *out, struct err *err)
{
	struct json_seen	 seen;
	struct convert		 c = {
		.arena = a, .err = err, .text = text, .seen = &seen
	};
	struct value		 value;
	json_object		*tree;
	bool			 ok;

	if (text.n >= INT_MAX)
		return err_set(err, ERR_VALUE, "the text is too long");
	if (!json_scan(a, text, limits, &seen, err))
		return false;
	if (seen.surrogates)
		text = json_join_surrogates(a, text);
	if (!json_build(text, limits->depth, &tree, err))
		return false;
	ok = convert_value(&c, tree, &value);
	json_object_put(tree);
	if (ok)
		*out = value;
	return ok;
}
