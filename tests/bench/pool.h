#ifndef BENCH_POOL_H
#define BENCH_POOL_H

/*
 * Runs work(arg) in n children on the listening socket on descriptor 0, and
 * side(arg), if given, in one more; until SIGTERM.  Returns the exit status.
 */
int	 pool_run(int n, void (*work)(void *), void (*side)(void *), void *arg);

#endif
