#ifndef ORM_CHANGE_LOG_H
#define ORM_CHANGE_LOG_H

#include <stdbool.h>

struct env;
struct ids;
struct model;

/*
 * One row of ir.change for each record, in the caller's transaction.
 * operation is "create", "write" or "unlink"; unlink is logged before the
 * rows go, so that their uuids are still known.
 */
bool	 change_log(struct env *, const struct model *, const struct ids *,
	    const char *operation);

#endif
