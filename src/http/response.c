#include "http/response.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

void
response_init(struct response *r, struct arena *a)
{
	memset(r, 0, sizeof *r);
	r->arena = a;
	r->status = 200;
	r->body = buf_new(a);
}

void
response_clear(struct response *r)
{
	r->status = 200;
	r->type = NULL;
	r->nheaders = 0;
	buf_clear(r->body);
}

void
response_header(struct response *r, const char *name, const char *value)
{
	assert(r->nheaders < RESPONSE_HEADERS);
	assert(name[0] != '\0' && strpbrk(name, ": \t\r\n") == NULL);
	r->headers[r->nheaders].name = arena_strdup(r->arena, name);
	r->headers[r->nheaders].value = arena_strndup(r->arena, value,
	    strcspn(value, "\r\n"));
	r->nheaders++;
}

/* RFC 9110, 8.6: these have no length. */
static bool
response_has_length(const struct response *r)
{
	return r->status >= 200 && r->status != 204 && r->status != 304;
}

static void
head_line(struct buf *out, const char *name, const char *value)
{
	buf_str(out, name);
	buf_str(out, ": ");
	buf_str(out, value);
	buf_str(out, "\r\n");
}

void
response_head(const struct response *r, struct buf *out)
{
	buf_str(out, "Status: ");
	buf_int(out, r->status);
	buf_char(out, ' ');
	buf_str(out, status_text(r->status));
	buf_str(out, "\r\n");
	if (r->type != NULL)
		head_line(out, "Content-Type", r->type);
	if (response_has_length(r)) {
		buf_str(out, "Content-Length: ");
		buf_int(out, (int64_t)r->body->n);
		buf_str(out, "\r\n");
	}
	head_line(out, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < r->nheaders; i++)
		head_line(out, r->headers[i].name, r->headers[i].value);
	buf_str(out, "\r\n");
}
