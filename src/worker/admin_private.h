#ifndef WORKER_ADMIN_PRIVATE_H
#define WORKER_ADMIN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/value.h"
#include "orm/env.h"
#include "worker/app.h"

struct database;
struct names;

enum admin_option {
#define ADMIN_OPTION(constant, name, argument, help)	ADMIN_##constant,
#include "worker/admin_options.def"
#undef ADMIN_OPTION
	ADMIN__MAX
};

#define ADMIN_BIT(option)	(1u << ADMIN_##option)
#define ADMIN_GROUPS		32	/* --group at most */

/* One command on its way; env is there once admin_begin has been called. */
struct admin {
	struct arena	*arena;
	struct err	 err;
	const char	*options[ADMIN__MAX];	/* "" for a bare one */
	const char	*groups[ADMIN_GROUPS];
	size_t		 ngroups;
	char		**args;
	int		 nargs;
	struct app	 app;
	struct env	 env;
};

typedef bool admin_command(struct admin *);

#define ADMIN_COMMAND(function, words, args, least, most, options, help) \
	admin_command function;
#include "worker/admin_commands.def"
#undef ADMIN_COMMAND

/* Reads the configuration. */
bool	 admin_open(struct admin *);
/* A transaction of the superuser in --database, or the one that name names. */
bool	 admin_begin(struct admin *, const char *name, enum env_txn);
/* Commits if ok, else rolls back; whether all went well. */
bool	 admin_end(struct admin *, bool ok);

/*
 * Writes a result to standard output: as JSON, else a list of dictionaries
 * as lines of their values, a dictionary as lines of "key: value", or of the
 * dictionary only's value alone.
 */
void	 admin_put(struct admin *, const struct value *, const char *only);
/* All records of a model, archived ones too, as a list of dictionaries. */
bool	 admin_records(struct admin *, const char *model,
	    const struct names *fields, struct value *out);

#endif
