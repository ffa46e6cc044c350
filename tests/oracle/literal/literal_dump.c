/*
 * Reads texts from standard input, each behind its size in four bytes (most
 * significant first), and writes one line of JSON for each: {"ok": value}
 * or {"refused": message}.  A value is [kind, what]; texts are in hex.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/literal.h"
#include "base/map.h"
#include "base/value.h"
#include "ser/parse.h"

typedef bool	 parse_fn(struct arena *, struct span,
		    const struct parse_limits *, struct value *,
		    struct err *);

static void
dump_hex(struct buf *b, struct span s)
{
	char	*hex = arena_text(b->arena, 2 * s.n);

	hex_encode(s.p, s.n, hex);
	buf_str(b, hex);
}

static void	 dump_value(struct buf *, const struct value *);

static void
dump_list(struct buf *b, const struct value_list *l)
{
	buf_str(b, "[\"list\",[");
	for (size_t i = 0; i < l->n; i++) {
		buf_str(b, i == 0 ? "" : ",");
		dump_value(b, &l->v[i]);
	}
	buf_str(b, "]]");
}

static void
dump_dict(struct buf *b, const struct map *m)
{
	buf_str(b, "[\"dict\",[");
	for (size_t i = 0; i < map_count(m); i++) {
		buf_str(b, i == 0 ? "[\"" : ",[\"");
		dump_hex(b, map_key(m, i));
		buf_str(b, "\",");
		dump_value(b, map_at(m, i));
		buf_str(b, "]");
	}
	buf_str(b, "]]");
}

static void
dump_value(struct buf *b, const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		buf_str(b, "[\"null\",null]");
		break;
	case VALUE_BOOL:
		buf_printf(b, "[\"bool\",%s]", v->u.b ? "true" : "false");
		break;
	case VALUE_INT:
		buf_printf(b, "[\"int\",\"%lld\"]", (long long)v->u.i);
		break;
	case VALUE_FLOAT:
		buf_printf(b, "[\"float\",\"%.17g\"]", v->u.f);
		break;
	case VALUE_TEXT:
	case VALUE_BYTES:
		buf_printf(b, "[\"%s\",\"",
		    v->type == VALUE_TEXT ? "text" : "bytes");
		dump_hex(b, v->u.text);
		buf_str(b, "\"]");
		break;
	case VALUE_LIST:
		dump_list(b, v->u.list);
		break;
	case VALUE_DICT:
		dump_dict(b, v->u.dict);
		break;
	default:
		abort();
	}
}

static void
dump_one(struct arena *a, parse_fn *parse, struct span text)
{
	struct buf	*b = buf_new(a);
	struct err	 err = { .code = ERR_OK };
	struct value	 v;

	if (parse(a, text, &parse_limits_default, &v, &err)) {
		buf_str(b, "{\"ok\":");
		dump_value(b, &v);
	} else {
		if (err.code != ERR_VALUE || err.msg[0] == '\0')
			abort();
		buf_str(b, "{\"refused\":\"");
		dump_hex(b, span_of(err.msg));
		buf_str(b, "\"");
	}
	puts(arena_printf(a, "%s}", b->p));
}

int
main(int argc, char **argv)
{
	struct arena	*a = arena_new();
	unsigned char	 head[4];
	parse_fn	*parse;

	if (argc != 2) {
		fputs("usage: literal_dump literal|json\n", stderr);
		return 2;
	}
	parse = strcmp(argv[1], "json") == 0 ? parse_json : literal_parse;
	while (fread(head, 1, sizeof head, stdin) == sizeof head) {
		size_t	 n = (size_t)head[0] << 24 | (size_t)head[1] << 16 |
			    (size_t)head[2] << 8 | head[3];
		char	*text = malloc(n == 0 ? 1 : n);

		if (text == NULL || fread(text, 1, n, stdin) != n)
			return 1;
		dump_one(a, parse, (struct span){ text, n });
		free(text);
		arena_reset(a);
	}
	arena_free(a);
	return 0;
}
