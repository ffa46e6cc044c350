#ifndef FUZZ_REQUEST_CASE_H
#define FUZZ_REQUEST_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct arena;

enum case_who { CASE_ADMIN, CASE_DEMO, CASE_NOBODY };

/* A request, and what may come of it. */
struct request_case {
	const char	*vars[16];	/* CGI, NULL at the end */
	struct span	 body;
	enum case_who	 who;
	bool		 method_known;
	bool		 reads;		/* nothing may change */
	bool		 open;		/* answered without signing in */
	bool		 shared;	/* a model that demo may change */
	bool		 closed;	/* a model that demo may not see */
};

/* A valid request of the manual, spoilt here and there by the choices. */
void	 request_case_make(struct arena *, const uint8_t *choices, size_t n,
	    const char *admin, const char *demo, struct request_case *);

#endif
