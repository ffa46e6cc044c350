#ifndef WORKER_ADMIN_PRIVATE_H
#define WORKER_ADMIN_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/value.h"
#include "orm/env.h"
#include "worker/app.h"

struct buf;
struct database;
struct model;
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
	struct progress	 progress;
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
/* A list of dictionaries with the same keys: as JSON, else in columns under
 * the keys; nothing of an empty one. */
void	 admin_table(struct admin *, const struct value *rows);
/* What a value looks like to people; a pair is a record: its name. */
void	 admin_text(struct buf *, const struct value *);
/* Tells on a terminal how far the command is; elsewhere NULL. */
struct progress	*admin_progress(struct admin *);
void	 admin_clear(struct admin *);		/* its line, if there is one */
/* Says for people what else there is to know: a line on standard error. */
void	 admin_note(struct admin *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Whether FILE is JSON, by --format or its ending; ERR_BAD_REQUEST. */
bool	 admin_format(struct admin *, const char *file, bool *json);
bool	 admin_model(struct admin *, const char *name, const struct model **);
/* --user, where it is given: his rights count from now on. */
bool	 admin_as_user(struct admin *);
/* All records of a model, archived ones too, as a list of dictionaries. */
bool	 admin_records(struct admin *, const char *model,
	    const struct names *fields, struct value *out);

#endif
