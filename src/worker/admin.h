#ifndef WORKER_ADMIN_H
#define WORKER_ADMIN_H

/* The command line.  Returns the exit status: 0, 1 failed, 2 usage. */
int	 admin_run(int argc, char **argv);

#endif
