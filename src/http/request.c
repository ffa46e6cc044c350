#include "http/request.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/crypto.h"
#include "base/utf8.h"

/* The whole path at its slashes; ends[i] is where segments[i] ends in it. */
struct pieces {
	struct span	 path;
	struct span	*segments;
	size_t		*ends;
	size_t		 n;
};

/* The caller's id, if it is one, or a made one. */
static void
request_name(struct request *r)
{
	const char	*given = request_var(r, "HTTP_X_REQUEST_ID");
	unsigned char	 random[8];
	size_t		 n = 0;

	while (given != NULL && (isalnum((unsigned char)given[n]) ||
	    given[n] == '.' || given[n] == '_' || given[n] == '-'))
		n++;
	if (n != 0 && n < REQUEST_ID_SIZE && given[n] == '\0') {
		memcpy(r->id, given, n + 1);
		return;
	}
	crypto_random(random, sizeof random);
	hex_encode(random, sizeof random, r->id);
	r->id[2 * sizeof random] = '\0';
}

/* Drops scheme and authority of http://host/path. */
static const char *
strip_authority(const char *uri)
{
	const char	*p = strstr(uri, "://");

	if (p == NULL || strcspn(uri, "/?#") < (size_t)(p - uri))
		return uri;
	return p + 3 + strcspn(p + 3, "/?#");
}

/* Text that a server has decoded, encoded again but for its slashes. */
static void
encode_path(struct buf *b, const char *text)
{
	while (text != NULL && *text != '\0') {
		size_t	 n = strcspn(text, "/");

		percent_encode(b, (struct span){ text, n });
		if (text[n] == '/')
			buf_char(b, text[n++]);
		text += n;
	}
}

/* The target of servers that do not tell the URI. */
static const char *
made_target(struct request *r)
{
	const char	*query = request_var(r, "QUERY_STRING");
	struct buf	*b = buf_new(r->arena);

	encode_path(b, request_var(r, "SCRIPT_NAME"));
	encode_path(b, request_var(r, "PATH_INFO"));
	if (query != NULL && *query != '\0')
		buf_printf(b, "?%s", query);
	return b->p;
}

static bool
request_target(struct request *r, struct span *query, struct err *err)
{
	const char	*uri = request_var(r, "REQUEST_URI");
	const char	*given = request_var(r, "QUERY_STRING");
	size_t		 n, all;

	uri = uri == NULL || *uri == '\0' ? made_target(r) :
	    strip_authority(uri);
	if (*uri == '\0' || *uri == '?' || *uri == '#')
		uri = arena_printf(r->arena, "/%s", uri);
	if (*uri != '/')
		return err_set(err, ERR_BAD_REQUEST,
		    "the request target is not a path");
	n = strcspn(uri, "?#");
	all = strcspn(uri, "#");
	r->target = (struct span){ arena_strndup(r->arena, uri, all), all };
	r->path = (struct span){ r->target.p, n };
	*query = (struct span){ r->target.p + n, 0 };
	if (n < all)
		*query = (struct span){ r->target.p + n + 1, all - n - 1 };
	if (given != NULL && *given != '\0')
		*query = span_of(given);
	return true;
}

static bool
add_segment(struct request *r, struct pieces *pieces, size_t from, size_t to,
    struct err *err)
{
	struct span	 text = { pieces->path.p + from, to - from };

	text = percent_decode(r->arena, text, false);
	if (!utf8_valid(text))
		return err_set(err, ERR_BAD_REQUEST,
		    "the path is not UTF-8 text");
	if (span_is(text, ".") || span_is(text, ".."))
		return err_set(err, ERR_NOT_FOUND,
		    "a path with . or .. names nothing");
	pieces->segments[pieces->n] = text;
	pieces->ends[pieces->n++] = to;
	return true;
}

static bool
split_path(struct request *r, struct span path, struct pieces *pieces,
    struct err *err)
{
	size_t	 room = 1, from = 0;

	for (size_t i = 0; i < path.n; i++)
		room += path.p[i] == '/';
	pieces->path = path;
	pieces->segments = arena_array(r->arena, room, sizeof path);
	pieces->ends = arena_array(r->arena, room, sizeof from);
	pieces->n = 0;
	for (size_t i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] != '/')
			continue;
		if (i > from && !add_segment(r, pieces, from, i, err))
			return false;
		from = i + 1;
	}
	return true;
}

/* Whether the segments begin as text does, and how many that takes. */
static bool
begins_with(const struct pieces *pieces, const char *text, size_t *taken)
{
	size_t	 i = 0;

	for (text += strspn(text, "/"); *text != '\0'; i++) {
		struct span	 word = { text, strcspn(text, "/") };

		if (i == pieces->n || !span_equal(pieces->segments[i], word))
			return false;
		text += word.n;
		text += strspn(text, "/");
	}
	*taken = i;
	return true;
}

/* Whether the segments end as text does, and how many stand before. */
static bool
ends_with(const struct pieces *pieces, const char *text, size_t *before)
{
	size_t	 i = pieces->n, left = strlen(text);

	for (;;) {
		struct span	 word;

		while (left > 0 && text[left - 1] == '/')
			left--;
		if (left == 0)
			break;
		if (i == 0)
			return false;
		word = pieces->segments[--i];
		if (word.n >= left || text[left - word.n - 1] != '/' ||
		    memcmp(text + left - word.n, word.p, word.n) != 0)
			return false;
		left -= word.n;
	}
	*before = i;
	return true;
}

static bool
names_program(const char *script)
{
	size_t	 n = strlen(script);

	return n > 5 && (strcmp(script + n - 5, ".fcgi") == 0 ||
	    strcmp(script + n - 4, ".cgi") == 0);
}

/* How many segments are the mount that the server tells of. */
static size_t
told_mount(const struct request *r, const struct pieces *pieces)
{
	const char	*info = request_var(r, "PATH_INFO");
	const char	*script = request_var(r, "SCRIPT_NAME");
	size_t		 n;

	if (info != NULL && *info != '\0' && ends_with(pieces, info, &n))
		return n;
	if (script != NULL && begins_with(pieces, script, &n) &&
	    (n < pieces->n || names_program(script)))
		return n;
	return 0;
}

/* Cuts the mount off the path. */
static bool
request_path(struct request *r, const char *mount, struct err *err)
{
	struct span	 path = r->path;
	struct pieces	 pieces;
	size_t		 n, from;

	if (!split_path(r, path, &pieces, err))
		return false;
	if (mount == NULL)
		n = told_mount(r, &pieces);
	else if (!begins_with(&pieces, mount, &n))
		return err_set(err, ERR_NOT_FOUND, "nothing is served here");
	from = n == 0 ? 0 : pieces.ends[n - 1];
	r->path = (struct span){ path.p + from, path.n - from };
	r->segments = pieces.segments + n;
	r->nsegments = pieces.n - n;
	r->trailing_slash = r->path.n != 0 && path.p[path.n - 1] == '/';
	return true;
}

static bool
request_query(struct request *r, struct span query, size_t limit,
    struct err *err)
{
	if (query.n > limit)
		return err_set(err, ERR_TOO_LARGE,
		    "the query is longer than %zu bytes", limit);
	return params_parse(r->arena, query, &r->query, err);
}

/* CONTENT_LENGTH; given is false if there is none. */
static bool
announced_length(const struct request *r, bool *given, size_t *length,
    struct err *err)
{
	const char	*text = request_var(r, "CONTENT_LENGTH");
	size_t		 n;

	*given = text != NULL && *text != '\0';
	*length = 0;
	if (!*given)
		return true;
	n = strspn(text, "0123456789");
	if (text[n] != '\0' || n > 18)
		return err_set(err, ERR_BAD_REQUEST,
		    "Content-Length is not a number");
	for (; *text != '\0'; text++)
		*length = *length * 10 + (size_t)(*text - '0');
	return true;
}

bool
request_parse(struct request *r, struct arena *a, const char *const *vars,
    const char *mount, const struct http_limits *limits, struct err *err)
{
	struct span	 query = { "", 0 };
	size_t		 length;
	bool		 given;

	r->arena = a;
	r->vars = vars;
	request_name(r);
	r->method = span_of(request_var(r, "REQUEST_METHOD"));
	if (r->method.n == 0)
		return err_set(err, ERR_BAD_REQUEST, "no request method");
	if (!request_target(r, &query, err) ||
	    !request_path(r, mount, err) ||
	    !request_query(r, query, limits->query, err) ||
	    !announced_length(r, &given, &length, err))
		return false;
	if (length > limits->body)
		return err_set(err, ERR_TOO_LARGE,
		    "the body is longer than %zu bytes", limits->body);
	return true;
}

static struct span
media_type(struct arena *a, const char *header)
{
	size_t	 n = strcspn(header, "; \t");
	char	*type = arena_strndup(a, header, n);

	for (size_t i = 0; i < n; i++)
		type[i] = (char)tolower((unsigned char)type[i]);
	return (struct span){ type, n };
}

bool
request_body(struct request *r, struct span body, struct err *err)
{
	const char	*type = request_var(r, "CONTENT_TYPE");
	size_t		 length;
	bool		 given;

	r->body = body;
	r->type = media_type(r->arena, type == NULL ? "" : type);
	if (!announced_length(r, &given, &length, err))
		return false;
	if (given && length != body.n)
		return err_set(err, ERR_BAD_REQUEST,
		    "the body is %s than announced",
		    body.n < length ? "shorter" : "longer");
	if (body.n == 0)
		return true;
	if (span_is(r->type, "application/x-www-form-urlencoded"))
		return params_parse(r->arena, body, &r->form, err);
	if (span_is(r->type, "multipart/form-data"))
		return multipart_parse(r->arena, body, type, &r->form, err);
	return true;
}
