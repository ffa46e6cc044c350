#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct arena;
struct buf;

#define RESPONSE_HEADERS	16

/* An answer, built whole before a byte of it leaves. */
struct response {
	struct arena	*arena;
	int		 status;
	const char	*type;		/* Content-Type, or NULL without body */
	struct buf	*body;
	bool		 head;		/* the body's length only */
	struct {
		const char	*name;
		const char	*value;
	}		 headers[RESPONSE_HEADERS];
	size_t		 nheaders;
};

void		 response_init(struct response *, struct arena *);
/* Throws away what was built so far, but not head. */
void		 response_clear(struct response *);
/* CR, LF and NUL in the value end it; the value is copied. */
void		 response_header(struct response *, const char *name,
		    const char *value);
/*
 * The CGI head: "Status: 200 OK", Content-Type, Content-Length (but for 204
 * and 304, which have none), headers, empty line.
 */
void		 response_head(const struct response *, struct buf *);
const char	*status_text(int status);

#endif
