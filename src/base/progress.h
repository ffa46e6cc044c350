#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

/* How far a long command has come, told to whoever waits for it. */
struct progress {
	void		(*tell)(struct progress *);
	const char	*what;		/* that is done now */
	int64_t		 done, total;	/* of it; total 0: not known */
	int64_t		 told;		/* ticks of the clock, for tell */
};

/* Both do nothing where p is NULL. */
void	 progress_start(struct progress *p, const char *what, int64_t total);
void	 progress_add(struct progress *p, int64_t done);

#endif
