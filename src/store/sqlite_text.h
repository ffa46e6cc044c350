#ifndef STORE_SQLITE_TEXT_H
#define STORE_SQLITE_TEXT_H

#include <stdint.h>

#include "base/span.h"

struct arena;
struct err;

#define FOLD_ROOM	256
#define DECIMAL_ROOM	48

/* Case folded, in room if it fits there, else in the arena. */
struct span	 text_fold(struct arena *, struct span, char room[FOLD_ROOM]);
/* 1234 with scale 2 is "12.34" */
void		 text_decimal(char text[DECIMAL_ROOM], int64_t,
		    unsigned int scale);
/* "UNIQUE constraint failed: t.a, t.b": table and columns into err. */
void		 err_constraint(struct err *, const char *said);

#endif
