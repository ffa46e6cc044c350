#include "pool.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
pool_fork(void (*run)(void *), void *arg)
{
	pid_t	 pid = fork();

	if (pid == -1) {
		perror("fork");
		exit(1);
	}
	if (pid != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run(arg);
	exit(0);
}

int
pool_run(int n, void (*work)(void *), void (*side)(void *), void *arg)
{
	if (side != NULL)
		pool_fork(side, arg);
	for (int i = 0; i < n; i++)
		pool_fork(work, arg);
	/* A child that ends is a fault; SIGTERM ends this, and so them. */
	while (wait(NULL) > 0)
		fprintf(stderr, "a worker has ended\n");
	return 1;
}
