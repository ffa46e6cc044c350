#ifndef WORKER_USER_H
#define WORKER_USER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct env;

#define USER_PASSWORD_MIN	8	/* bytes */

/* What the command line and the loader do with users; env is privileged. */

/* The user of that login, archived ones too; ERR_NOT_FOUND. */
bool	 user_find(struct env *, const char *login, int64_t *uid);
/* A user and his partner, in the main company and the group of employees. */
bool	 user_create(struct env *, const char *login, const char *name,
	    int64_t *uid);
bool	 user_set_password(struct env *, int64_t uid, struct span password);
/* group is an external id ("base." may be left out), or a group's name. */
bool	 user_join(struct env *, int64_t uid, const char *group);
bool	 user_disable(struct env *, int64_t uid);

#endif
