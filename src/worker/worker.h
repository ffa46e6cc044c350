#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include <stdbool.h>

struct app;

/*
 * Serves requests: from the listening socket on descriptor 0 until told to
 * stop, or the one of the CGI environment.  Returns the exit status.
 * maintain: checkpoints are this process's business, after each answer.
 */
int	 worker_run(struct app *, bool maintain);
/* Keeps n workers on the socket on descriptor 0 until told to stop. */
int	 master_run(struct app *, int workers);
/* Checkpoints what others write, until told to stop. */
int	 checkpoint_run(struct app *);

#endif
