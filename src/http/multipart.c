#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "http/request.h"

#define BOUNDARY_MAX	70

/* What is left of the body, and where its parts end. */
struct multipart {
	struct arena	*arena;
	struct span	 delimiter;	/* CR LF -- boundary */
	const char	*p;
	const char	*end;
	struct err	*err;
};

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static const char *
skip_to(const char *p, const char *end, const char *stops)
{
	while (p < end && strchr(stops, *p) == NULL)
		p++;
	return p;
}

/* Behind a value, quoted or not; NULL if its quotes are left open. */
static const char *
param_end(const char *p, const char *end)
{
	if (p == end || *p != '"')
		return skip_to(p, end, "; \t");
	for (p++; p < end; p++) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\' && end - p > 1)
			p++;
	}
	return NULL;
}

/* Without quotes; \" and \\ in them are the second character. */
static struct span
param_text(struct arena *a, const char *p, const char *end)
{
	char	*out = arena_text(a, (size_t)(end - p));
	size_t	 n = 0;
	bool	 quoted = p < end && *p == '"';

	if (quoted) {
		p++;
		end--;
	}
	while (p < end) {
		if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		out[n++] = *p++;
	}
	out[n] = '\0';
	return (struct span){ out, n };
}

/*
 * The parameter of a header such as form-data; name="x"; p is NULL if it
 * has none.
 */
static struct span
header_param(struct arena *a, struct span header, const char *name)
{
	const char	*p = header.p, *end = header.p + header.n;
	struct span	 none = { NULL, 0 };

	while ((p = memchr(p, ';', (size_t)(end - p))) != NULL) {
		const char	*word = skip_blanks(p + 1, end), *from;
		size_t		 n;

		p = skip_to(word, end, "=;");
		if (p == end || *p != '=')
			continue;
		n = (size_t)(p - word);
		from = p + 1;
		if ((p = param_end(from, end)) == NULL)
			return none;
		if (n == strlen(name) && strncasecmp(word, name, n) == 0)
			return param_text(a, from, p);
	}
	return none;
}

/* Cuts one line of a part's head off; false if it does not end. */
static bool
head_line(struct multipart *m, struct span *line)
{
	const char	*end;

	end = memmem(m->p, (size_t)(m->end - m->p), "\r\n", 2);
	if (end == NULL)
		return false;
	*line = (struct span){ m->p, (size_t)(end - m->p) };
	m->p = end + 2;
	return true;
}

/* Reads the head of a part up to its empty line. */
static bool
part_name(struct multipart *m, struct span *name)
{
	static const char	 wanted[] = "content-disposition:";
	struct span		 line;

	*name = (struct span){ NULL, 0 };
	for (;;) {
		if (!head_line(m, &line))
			return err_set(m->err, ERR_BAD_REQUEST,
			    "the multipart body is cut off");
		if (line.n == 0)
			break;
		if (line.n >= sizeof wanted - 1 && strncasecmp(line.p, wanted,
		    sizeof wanted - 1) == 0)
			*name = header_param(m->arena, line, "name");
	}
	if (name->p == NULL)
		return err_set(m->err, ERR_BAD_REQUEST,
		    "a part of the multipart body has no name");
	return true;
}

/*
 * Steps over what follows a boundary.  False if this is no boundary but
 * content that begins like one.
 */
static bool
boundary_tail(struct multipart *m, const char *p, bool *last)
{
	*last = m->end - p >= 2 && p[0] == '-' && p[1] == '-';
	if (*last)
		p += 2;
	p = skip_blanks(p, m->end);
	if (*last && p == m->end) {
		m->p = p;
		return true;
	}
	if (m->end - p < 2 || p[0] != '\r' || p[1] != '\n')
		return false;
	m->p = p + 2;
	return true;
}

/* The content of a part, up to and over the boundary behind it. */
static bool
part_content(struct multipart *m, struct span *content, bool *last)
{
	const char	*from = m->p, *p = m->p - 2, *at;

	for (;; p = at + 1) {
		at = memmem(p, (size_t)(m->end - p), m->delimiter.p,
		    m->delimiter.n);
		if (at == NULL)
			return err_set(m->err, ERR_BAD_REQUEST,
			    "the multipart body is cut off");
		if (boundary_tail(m, at + m->delimiter.n, last))
			break;
	}
	content->n = at > from ? (size_t)(at - from) : 0;
	content->p = arena_strndup(m->arena, from, content->n);
	return true;
}

static bool
multipart_begin(struct multipart *m, const char *content_type)
{
	struct span	 boundary;
	bool		 last;

	boundary = header_param(m->arena, span_of(content_type), "boundary");
	if (boundary.n == 0 || boundary.n > BOUNDARY_MAX)
		return err_set(m->err, ERR_BAD_REQUEST,
		    "the multipart body has no usable boundary");
	m->delimiter = span_of(arena_printf(m->arena, "\r\n--%s", boundary.p));
	if ((size_t)(m->end - m->p) < m->delimiter.n ||
	    memcmp(m->p, m->delimiter.p + 2, m->delimiter.n - 2) != 0 ||
	    !boundary_tail(m, m->p + m->delimiter.n - 2, &last) || last)
		return err_set(m->err, ERR_BAD_REQUEST,
		    "the multipart body does not begin with its boundary");
	return true;
}

bool
multipart_parse(struct arena *a, struct span body, const char *content_type,
    struct params *params, struct err *err)
{
	struct multipart	 m = { .arena = a, .err = err };
	struct span		 name, content;
	bool			 last = false;

	m.p = body.p;
	m.end = body.p + body.n;
	if (!multipart_begin(&m, content_type))
		return false;
	while (!last) {
		if (params->n == PARAMS_MAX)
			return err_set(err, ERR_TOO_LARGE,
			    "more than %d parameters", PARAMS_MAX);
		if (!part_name(&m, &name) || !part_content(&m, &content, &last))
			return false;
		if (!utf8_valid(name) || !utf8_valid(content))
			return err_set(err, ERR_BAD_REQUEST,
			    "parameter %zu is not UTF-8 text", params->n + 1);
		params_add(a, params, name, content);
	}
	return true;
}
