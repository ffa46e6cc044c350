#ifndef WORKER_DOCTOR_H
#define WORKER_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "worker/admin_private.h"

/* What an examination has found so far. */
struct doctor {
	struct admin	*admin;
	struct value	 findings;	/* dictionaries: problem, cure */
};

/* A problem, and the line that cures it. */
void	 doctor_problem(struct doctor *, const char *cure, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
/* What is well, said to people. */
void	 doctor_well(struct doctor *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Data directory and databases; the server at a URL. */
void	 doctor_data(struct doctor *);
void	 doctor_url(struct doctor *, const char *url);

#endif
