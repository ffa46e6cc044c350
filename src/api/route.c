#include <string.h>

#include "api/dialect.h"
#include "base/buf.h"

static bool
segment_is_id(struct span segment)
{
	for (size_t i = 0; i < segment.n; i++) {
		if (segment.p[i] < '0' || segment.p[i] > '9')
			return false;
	}
	return true;
}

/*
 * Whether a segment of the path fits one of the pattern.  {id} takes digits
 * only and {method} anything else (spec 1).
 */
static bool
segment_fits(struct span pattern, struct span segment)
{
	if (pattern.p[0] != '{')
		return span_equal(pattern, segment);
	if (!span_is(pattern, "{id}") && !span_is(pattern, "{method}"))
		return true;
	return segment_is_id(segment) == span_is(pattern, "{id}");
}

/* Whether the path fits the row; vars are then what it is made of. */
static bool
route_fits(const struct route *r, const struct request *req, size_t i,
    const char *vars[ROUTE_VARS])
{
	const char	*p = r->path;
	size_t		 nvars = 0;

	for (; *p == '/'; i++) {
		struct span	 pattern = { p + 1, strcspn(p + 1, "/") };

		if (i == req->nsegments ||
		    !segment_fits(pattern, req->segments[i]))
			return false;
		if (pattern.p[0] == '{' && nvars < ROUTE_VARS)
			vars[nvars++] = req->segments[i].p;
		p += 1 + pattern.n;
	}
	return i == req->nsegments;
}

static bool
method_reads(const struct request *req)
{
	return request_is(req, "GET") || request_is(req, "HEAD");
}

static bool
path_writes(const struct call *c, const struct route *r,
    const char *const *vars)
{
	return (r->flags & ROUTE_ASK) != 0 ? c->dialect->writes(c, vars) :
	    (r->flags & ROUTE_WRITE) != 0;
}

/* For a path that fits. */
static bool
method_fits(const struct call *c, const struct route *r,
    const char *const *vars)
{
	const struct request	*req = c->req;

	if (strcmp(r->method, "GET") == 0)
		return method_reads(req);
	if (strcmp(r->method, "*") != 0)
		return request_is(req, r->method);
	if (method_reads(req))
		return !path_writes(c, r, vars);
	return request_is(req, "POST") || request_is(req, "PUT") ||
	    request_is(req, "DELETE");
}

static void
allow_add(struct buf *b, const char *method)
{
	if (b->n > 0 && strstr(b->p, method) != NULL)
		return;
	if (b->n > 0)
		buf_str(b, ", ");
	buf_str(b, method);
	if (strcmp(method, "GET") == 0)
		buf_str(b, ", HEAD");
}

static void
allow_route(struct buf *b, const struct call *c, const struct route *r,
    const char *const *vars)
{
	if (strcmp(r->method, "*") != 0) {
		allow_add(b, r->method);
		return;
	}
	if (!path_writes(c, r, vars))
		allow_add(b, "GET");
	allow_add(b, "POST");
	allow_add(b, "PUT");
	allow_add(b, "DELETE");
}

/* What the path can be asked by; NULL if there is no such path. */
static const char *
route_allow(const struct call *c, size_t skip)
{
	struct buf	*b = buf_new(c->req->arena);
	const char	*vars[ROUTE_VARS];

	for (size_t i = 0; i < c->dialect->nroutes; i++) {
		const struct route	*r = &c->dialect->routes[i];

		if (route_fits(r, c->req, skip, vars))
			allow_route(b, c, r, vars);
	}
	if (b->n == 0)
		return NULL;
	allow_add(b, "OPTIONS");
	return b->p;
}

bool
route_find(struct call *c, size_t skip, const char **allow, struct err *err)
{
	for (size_t i = 0; i < c->dialect->nroutes; i++) {
		const struct route	*r = &c->dialect->routes[i];

		if (route_fits(r, c->req, skip, c->vars) &&
		    method_fits(c, r, c->vars)) {
			c->route = r;
			return true;
		}
	}
	*allow = route_allow(c, skip);
	if (*allow == NULL)
		return err_set(err, ERR_NOT_FOUND, "Not found");
	if (request_is(c->req, "OPTIONS"))
		return true;
	return err_set(err, ERR_METHOD, "Method not allowed here; allowed: %s",
	    *allow);
}

bool
route_writes(const struct call *c)
{
	return path_writes(c, c->route, c->vars);
}
