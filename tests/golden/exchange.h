#ifndef GOLDEN_EXCHANGE_H
#define GOLDEN_EXCHANGE_H

#include <stddef.h>

#include "base/span.h"

struct arena;
struct site;

/*
 * A case is a file of requests, NAME.req, and for each form the answers to
 * them, NAME.json and NAME.xml; a line "----" stands between two.
 *
 * A request is its line as a client sends it, headers, an empty line, and
 * the body (the last line break does not count).  {ADMIN} and {DEMO} stand
 * for API keys, {repeat N TEXT} for N times the text, {hex 00FF} for bytes.
 * Before the first request, "#now DATETIME" sets the clock and "#conf KEY
 * VALUE" the configuration; any other line with # is a comment.
 */
struct keys {
	char	 admin[41];
	char	 demo[41];
};

struct answer {
	int		 status;
	const char	*head;		/* as CGI, from "Status:" on */
	struct span	 body;		/* as it leaves: none for HEAD */
};

/* The text of a file; NULL if there is none. */
char	 *exchange_file(struct arena *, const char *path);
/* The pieces between "----" lines; the last pointer is NULL. */
char	**exchange_split(struct arena *, char *text);
/* The text with its placeholders filled in. */
struct span	  exchange_fill(struct arena *, const struct keys *,
		    struct span text);
/* Runs one request; accept is the header if the request has none. */
void	  exchange_run(struct arena *, const struct site *,
	    const struct keys *, const char *request, const char *accept,
	    struct answer *);

#endif
