#include "exchange.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/dispatch.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "http/request.h"
#include "http/response.h"

#define VARS	64

char *
exchange_file(struct arena *a, const char *path)
{
	FILE	*f = fopen(path, "r");
	long	 n;
	char	*text;

	if (f == NULL)
		return NULL;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	rewind(f);
	text = arena_text(a, (size_t)n);
	if (fread(text, 1, (size_t)n, f) != (size_t)n)
		text = NULL;
	fclose(f);
	return text;
}

char **
exchange_split(struct arena *a, char *text)
{
	size_t	  n = 0, room = strlen(text) / 5 + 2;
	char	**pieces = arena_array(a, room, sizeof *pieces);
	char	 *next;

	for (; text != NULL; text = next) {
		next = strstr(text, "\n----\n");
		if (next != NULL) {
			next[1] = '\0';
			next += strlen("\n----\n");
		}
		pieces[n++] = text;
	}
	return pieces;
}

static void
put_repeat(struct buf *b, const char *text, const char *end)
{
	char	*word;
	long	 times = strtol(text, &word, 10);

	for (word++; times > 0; times--)
		buf_add(b, word, (size_t)(end - word));
}

static void
put_hex(struct buf *b, const char *text, const char *end)
{
	for (; text + 1 < end; text += 2) {
		char	 two[3] = { text[0], text[1], '\0' };

		buf_char(b, (char)strtol(two, NULL, 16));
	}
}

/* One placeholder at its brace: how long it is, 0 if it is none. */
static size_t
put_placeholder(struct buf *b, const struct keys *keys, const char *p)
{
	const char	*end = p + strcspn(p, "}");

	if (strncmp(p, "{ADMIN}", 7) == 0)
		buf_str(b, keys->admin);
	else if (strncmp(p, "{DEMO}", 6) == 0)
		buf_str(b, keys->demo);
	else if (strncmp(p, "{repeat ", 8) == 0)
		put_repeat(b, p + 8, end);
	else if (strncmp(p, "{hex ", 5) == 0)
		put_hex(b, p + 5, end);
	else
		return 0;
	return (size_t)(end - p) + 1;
}

struct span
exchange_fill(struct arena *a, const struct keys *keys, struct span text)
{
	struct buf	*b = buf_new(a);

	for (size_t i = 0; i < text.n; ) {
		size_t	 n = text.p[i] == '{' ?
			    put_placeholder(b, keys, text.p + i) : 0;

		if (n == 0)
			buf_char(b, text.p[i++]);
		i += n;
	}
	return b->n == 0 ? span_of("") : buf_text(b);
}

/* The next line, without its end. */
static struct span
next_line(const char **p)
{
	struct span	 line = { *p, strcspn(*p, "\n") };

	*p += line.n + (line.p[line.n] == '\n');
	return line;
}

/* The query as lighttpd hands it on: some characters encoded again. */
static const char *
server_query(struct arena *a, const char *query)
{
	struct buf	*b = buf_new(a);

	buf_str(b, "QUERY_STRING=");
	for (; *query != '\0' && *query != '#'; query++) {
		bool	 code = isxdigit((unsigned char)query[1]) &&
			    isxdigit((unsigned char)query[2]);

		if (strchr(" \"<>[\\]^`{|}", *query) != NULL ||
		    (unsigned char)*query >= 0x80 || (*query == '%' && !code))
			buf_printf(b, "%%%02X", (unsigned char)*query);
		else
			buf_char(b, *query);
	}
	return b->p;
}

/* "METHOD target HTTP/1.1"; the manual's targets have blanks in them. */
static size_t
line_vars(struct arena *a, struct span line, const char **vars)
{
	const char	*first = memchr(line.p, ' ', line.n);
	const char	*last = line.p + line.n - strlen(" HTTP/1.1");
	char		*target = arena_strndup(a, first + 1,
			    (size_t)(last - first - 1));
	char		*query = strchr(target, '?');
	size_t		 n = 0;

	vars[n++] = arena_printf(a, "REQUEST_METHOD=%.*s",
	    (int)(first - line.p), line.p);
	vars[n++] = arena_printf(a, "REQUEST_URI=%s", target);
	vars[n++] = server_query(a, query == NULL ? "" : query + 1);
	vars[n++] = "SERVER_PROTOCOL=HTTP/1.1";
	vars[n++] = "SCRIPT_NAME=";
	return n;
}

/* "Accept: text/xml" as HTTP_ACCEPT=text/xml. */
static const char *
header_var(struct arena *a, struct span line)
{
	struct buf	*b = buf_new(a);
	const char	*colon = memchr(line.p, ':', line.n);

	if (strncasecmp(line.p, "Content-", 8) != 0)
		buf_str(b, "HTTP_");
	for (const char *p = line.p; p < colon; p++)
		buf_char(b, *p == '-' ? '_' :
		    (char)toupper((unsigned char)*p));
	buf_char(b, '=');
	for (colon++; *colon == ' '; colon++)
		;
	buf_add(b, colon, (size_t)(line.p + line.n - colon));
	return b->p;
}

static bool
has_var(const char *const *vars, const char *name)
{
	for (; *vars != NULL; vars++) {
		if (strncmp(*vars, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

/* Lines, headers and body of a request; vars ends with NULL. */
static struct span
read_request(struct arena *a, const struct keys *keys, const char *p,
    const char *accept, const char **vars)
{
	struct span	 line, body;
	size_t		 n;

	do
		line = next_line(&p);
	while (line.n > 0 && line.p[0] == '#');
	n = line_vars(a, exchange_fill(a, keys, line), vars);
	while (*p != '\0' && (line = next_line(&p)).n > 0)
		vars[n++] = header_var(a, exchange_fill(a, keys, line));
	body = (struct span){ p, strlen(p) };
	if (body.n > 0 && body.p[body.n - 1] == '\n')
		body.n--;
	body = exchange_fill(a, keys, body);
	if (!has_var(vars, "HTTP_ACCEPT="))
		vars[n++] = arena_printf(a, "HTTP_ACCEPT=%s", accept);
	if (body.n > 0 && !has_var(vars, "CONTENT_LENGTH="))
		vars[n++] = arena_printf(a, "CONTENT_LENGTH=%zu", body.n);
	return body;
}

void
exchange_run(struct arena *a, const struct site *site,
    const struct keys *keys, const char *text, const char *accept,
    struct answer *answer)
{
	const char		**vars = arena_array(a, VARS, sizeof *vars);
	struct span		  body = read_request(a, keys, text, accept,
				    vars);
	struct http_limits	  limits = {
		.query = (size_t)site->conf->max_query,
		.body = (size_t)site->conf->max_body,
	};
	struct request		  req = { .arena = a };
	struct response		  resp;
	struct err		  err = { 0 };
	struct buf		 *head = buf_new(a);
	bool			  good;

	response_init(&resp, a);
	good = request_parse(&req, a, vars, "", &limits, &err) &&
	    request_body(&req, body, &err);
	assert(good == (err.code == ERR_OK));
	(void)good;
	dispatch(site, &req, &resp, &err);
	response_head(&resp, head);
	answer->status = resp.status;
	answer->head = head->p;
	answer->body = resp.head ? span_of("") : buf_text(resp.body);
}
