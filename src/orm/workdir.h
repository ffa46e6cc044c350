#ifndef ORM_WORKDIR_H
#define ORM_WORKDIR_H

#include <stdbool.h>

#include "base/err.h"

struct arena;
struct databases;

/*
 * A hidden directory of the data directory, ".KIND-NAME": what a command has
 * not finished yet.  It is locked while its owner lives, so that what a
 * killed one left behind can be told and removed.
 */
struct workdir {
	struct databases	*all;
	const char		*path;
	const char		*restores;	/* NAME; NULL: another kind */
	int			 fd;
};

/* ERR_USER if another is at the same work. */
bool	 workdir_open(struct arena *, struct databases *, const char *kind,
	    const char *name, struct workdir *, struct err *) MUST_CHECK;
/*
 * Removes it with all that is in it; of a restore that did not come to its
 * end also what it had put in place.
 */
void	 workdir_close(struct workdir *);
/* Closes those whose owner is gone. */
void	 workdir_clean(struct databases *);
/* Removes a directory with all that is in it, if it is there. */
void	 workdir_remove(const char *path);

#endif
