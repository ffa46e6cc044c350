#ifndef WORKER_FCGI_H
#define WORKER_FCGI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/span.h"

struct arena;
struct response;

/*
 * How requests come in and answers go out: by FastCGI over the listening
 * socket on descriptor 0, or by CGI over the standard descriptors.  One at a
 * time.  Lives in the arena it was made in.
 */
struct fcgi;

enum fcgi_got {
	FCGI_GOT_REQUEST,
	FCGI_GOT_NOTHING,	/* no connection waits */
	FCGI_GOT_BROKEN,	/* one did, and ended before its request */
	FCGI_GOT_ERROR		/* the socket is of no more use */
};

/* Whether a descriptor is a socket that listens. */
bool		 fcgi_listening(int fd);

bool		 fcgi_open(struct arena *, struct fcgi **, struct err *)
		    MUST_CHECK;
/* Takes a connection without waiting for one, and reads its variables. */
enum fcgi_got	 fcgi_accept(struct fcgi *);
/* Of the request: NAME=value, NULL; gone with fcgi_finish. */
const char *const *fcgi_vars(const struct fcgi *);
/*
 * Reads the body to its end.  ERR_TOO_LARGE over max bytes (the rest is read
 * and thrown away, within reason); ERR_BAD_REQUEST if it was cut off or
 * stopped coming.
 */
bool		 fcgi_body(struct fcgi *, struct arena *, size_t max,
		    struct span *, struct err *) MUST_CHECK;
/* False if the server is known to have gone. */
bool		 fcgi_answer(struct fcgi *, const struct response *);
/* Ends the request and its connection. */
void		 fcgi_finish(struct fcgi *);

#endif
