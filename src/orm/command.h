#ifndef ORM_COMMAND_H
#define ORM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orm/model.h"

struct env;
struct field;
struct value;

/* The commands on a one2many or many2many, with the numbers they come by. */
enum command_kind {
	COMMAND_CREATE, COMMAND_UPDATE, COMMAND_DELETE, COMMAND_UNLINK,
	COMMAND_LINK, COMMAND_CLEAR, COMMAND_SET, COMMAND__MAX
};

struct command {
	enum command_kind	 kind;
	struct ids		 ids;	/* of the target, each once; sorted */
	const struct value	*vals;	/* CREATE, UPDATE; or NULL */
};

struct commands {
	struct command	*v;
	size_t		 n;
};

/*
 * What a list of commands or ids, or False, says (semantics 4.4).  All ids in
 * it exist.  DELETE, UNLINK and LINK that follow each other are one.
 */
bool	 command_read(struct env *, const struct field *, const struct value *,
	    struct commands *);

/*
 * CREATE and UPDATE of records of the field's target, with the user's rights.
 * Values inside them may hold commands again, to a depth that is configured.
 * Context defaults are for the outermost record alone.
 */
bool	 command_create(struct env *, const struct field *,
	    const struct value *vals, int64_t *id);
bool	 command_update(struct env *, const struct field *,
	    const struct ids *, const struct value *vals);

/* first: the records are new and no command has run on them. */
typedef bool command_run(struct env *, const struct field *,
	    const struct ids *, bool first, const struct command *);
/* Reads the commands and runs them in their order. */
bool	 command_each(struct env *, const struct field *, const struct ids *,
	    bool created, const struct value *in, command_run *);

#endif
