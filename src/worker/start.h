#ifndef WORKER_START_H
#define WORKER_START_H

/*
 * Serves as the arguments say: --workers N, --config FILE or the file alone,
 * so that a configuration that begins with #! can be what a web server
 * starts.  Returns the exit status: 0, 1 failed, 2 usage.
 */
int	 start_run(int argc, char **argv);

#endif
