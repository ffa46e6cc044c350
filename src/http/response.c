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

void
response_head(const struct response *r, struct buf *out)
{
	buf_printf(out, "Status: %d %s\r\n", r->status,
	    status_text(r->status));
	if (r->type != NULL)
		buf_printf(out, "Content-Type: %s\r\n", r->type);
	if (response_has_length(r))
		buf_printf(out, "Content-Length: %zu\r\n", r->body->n);
	buf_str(out, "X-Content-Type-Options: nosniff\r\n");
	for (size_t i = 0; i < r->nheaders; i++)
		buf_printf(out, "%s: %s\r\n", r->headers[i].name,
		    r->headers[i].value);
	buf_str(out, "\r\n");
}
