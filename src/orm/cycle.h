#ifndef ORM_CYCLE_H
#define ORM_CYCLE_H

#include <stdbool.h>

struct env;
struct ids;
struct vals;

/* ERR_VALIDATION if the values would put one of the records above itself. */
bool	 cycle_check(struct env *, const struct ids *, const struct vals *);

#endif
