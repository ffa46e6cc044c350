#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"

struct arena;

struct param {
	struct span	 name;
	struct span	 value;
};

#define PARAMS_MAX	1000

/* Query string or form: decoded, UTF-8 without NUL, in the order sent. */
struct params {
	struct param	*v;
	size_t		 n;
};

struct http_limits {
	size_t	 query;		/* bytes of the query string */
	size_t	 body;		/* bytes of the body */
};

#define REQUEST_ID_SIZE	33

/* A request, whatever server brought it.  All is in the request's arena. */
struct request {
	struct arena		*arena;
	const char *const	*vars;		/* CGI: NAME=value, NULL */
	char			 id[REQUEST_ID_SIZE];
	struct span		 method;	/* "GET" */
	struct span		 target;	/* path and query as sent */
	struct span		 path;		/* of it, below the mount */
	const struct span	*segments;	/* of path, decoded */
	size_t			 nsegments;
	struct params		 query;
	struct params		 form;		/* of form and multipart */
	struct span		 body;
	struct span		 type;		/* "application/json" */
	bool			 trailing_slash;
};

/*
 * Fills a zeroed request from CGI variables: method, REQUEST_URI (absolute
 * form stripped; else SCRIPT_NAME and PATH_INFO) less the mount, segments,
 * query.  The id is set even if it fails.
 *
 * mount NULL: what stands before PATH_INFO in the path, if it ends with it.
 * Else SCRIPT_NAME, if the path goes on after it or it names a .fcgi or
 * .cgi (some servers put the whole path there).  Else none.
 *
 * ERR_BAD_REQUEST for text that is not UTF-8 or holds NUL, ERR_NOT_FOUND if
 * the path is not below the mount or has . or .. segments, ERR_TOO_LARGE for
 * the query and for a body that is announced too large.
 */
bool	 request_parse(struct request *, struct arena *,
	    const char *const *vars, const char *mount,
	    const struct http_limits *, struct err *) MUST_CHECK;
/*
 * Sets the body (read to its end by the worker) and what is in it: forms
 * and multipart are taken apart.  type is lower case, without parameters.
 * ERR_BAD_REQUEST if it is shorter or longer than CONTENT_LENGTH says or a
 * form in it is broken.
 */
bool	 request_body(struct request *, struct span body, struct err *)
	    MUST_CHECK;

/* A CGI variable, or NULL: request_var(r, "HTTP_ACCEPT"). */
const char	*request_var(const struct request *, const char *name);
/*
 * Authorization by any of its ways (design 6.4), or NULL; ERR_BAD_REQUEST
 * if two credentials came joined, or X-Authorization says another thing.
 */
bool		 request_authorization(const struct request *, const char **,
		    struct err *) MUST_CHECK;
bool		 request_is(const struct request *, const char *method);

/* The first of that name, or NULL. */
const struct span *params_get(const struct params *, const char *name);
/* application/x-www-form-urlencoded; appends, PARAMS_MAX in all. */
bool	 params_parse(struct arena *, struct span, struct params *,
	    struct err *) MUST_CHECK;
void	 params_add(struct arena *, struct params *, struct span name,
	    struct span value);
/*
 * multipart/form-data (RFC 7578); appends, PARAMS_MAX in all.  content_type
 * has the boundary.  Files must be text; their names are not kept.
 */
bool	 multipart_parse(struct arena *, struct span body,
	    const char *content_type, struct params *, struct err *) MUST_CHECK;

/*
 * Content negotiation (RFC 9110, 12.5.1): the index of the type that the
 * header likes best; of equals the one it names more exactly, then the first
 * of types; 0 if the header is NULL or likes none.
 */
size_t	 http_accept(const char *accept, const char *const *types, size_t n);

#endif
