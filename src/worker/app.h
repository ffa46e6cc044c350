#ifndef WORKER_APP_H
#define WORKER_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "api/dispatch.h"
#include "base/conf.h"
#include "base/err.h"

struct arena;
struct databases;
struct env;

/* What lives as long as the process. */
struct app {
	struct arena		*arena;
	struct conf		 conf;
	struct databases	*dbs;
	struct site		 site;
};

/*
 * Reads the configuration; opens no database, so that a master may fork
 * afterwards.  data_dir overrides the configuration if it is not NULL.
 */
bool	 app_open(struct app *, const char *conf_file, const char *data_dir,
	    struct err *) MUST_CHECK;
void	 app_close(struct app *);

#endif
