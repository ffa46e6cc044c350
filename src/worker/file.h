#ifndef WORKER_FILE_H
#define WORKER_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

struct arena;

/* The whole file in the arena; ERR_NOT_FOUND with the path in the message. */
bool	 file_read(struct arena *, const char *path, struct span *,
	    struct err *) MUST_CHECK;

#endif
