#ifndef WORKER_LOADER_PRIVATE_H
#define WORKER_LOADER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/crypto.h"

struct app;
struct env;

#define LOADER_MODULES	64	/* that one database may have */

/* The modules to install, each after those it depends on. */
struct loader {
	struct app	*app;
	struct env	*env;
	const char	*order[LOADER_MODULES];
	size_t		 n;
};

/* Adds a module and what it depends on; depth is 0. */
bool	 loader_order(struct loader *, const char *module, int depth);
/* Of all files that loader_module reads of it. */
bool	 loader_checksum(struct app *, struct env *, const char *module,
	    char out[SHA256_HEX]);

#endif
