#ifndef ORM_METHOD_H
#define ORM_METHOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "orm/access.h"

struct behaviour;
struct env;
struct ids;
struct model;
struct names;

#define METHOD_RECORDS	1u	/* of records: ids come first */
#define METHOD_WRITE	2u	/* needs a write transaction */

/* The access of a method that asks for no right on its model, or for
 * others itself. */
#define METHOD_FREE	ACCESS__MAX

/*
 * ids are empty for a method that is not METHOD_RECORDS; args is a dictionary
 * that has every argument, each of its type, nothing where nothing was given
 * and there is no default.
 */
typedef bool method_call(struct env *, const struct model *,
	    const struct ids *, const struct value *args, struct value *out);

/*
 * A method that clients may call: a row of methods.def, for every model, or
 * of models/methods.def, for one.  args are its arguments in their order:
 *
 *	name:type		must be given
 *	name:type=default	a Python literal; None: nothing
 *
 * with ", " between.  Types: any, text, int, bool, list, names (a list of
 * texts), dict.  Where nothing will do, False and None are nothing too.
 */
struct method {
	const char	*model;		/* NULL: every model */
	const char	*name;
	const char	*args;
	unsigned int	 flags;
	enum access	 access;	/* checked before the call */
	method_call	*call;
};

/* A call as it comes: what is not given is NULL.  What named holds beats
 * nothing: an argument that comes twice is refused. */
struct method_input {
	struct value	 ids;		/* an integer or a list */
	struct value	 positional;	/* a list */
	struct value	 named;		/* a dictionary */
};

/* NULL if there is none.  Names that begin with _ are no methods. */
const struct method	*method_find(const struct behaviour *,
			    const char *model, const char *name);
/* Whether the method has an argument of that name, and one of type text. */
bool	 method_has(const struct method *, struct span name, bool *text);
/*
 * Puts the arguments in their places, checks the right, calls.  ERR_VALUE
 * names an argument that is missing, unexpected, given twice or of the wrong
 * type.
 */
bool	 method_run(struct env *, const struct method *, const struct model *,
	    const struct method_input *, struct value *out);

/* Of args, by their type; nothing is NULL, 0, false and no names. */
const char	*method_text(const struct value *args, const char *name);
int64_t		 method_int(const struct value *args, const char *name);
bool		 method_flag(const struct value *args, const char *name);
void		 method_names(struct env *, const struct value *args,
		    const char *name, struct names *);

#define METHOD(name, args, flags, access, call)	method_call call;
#include "orm/methods.def"
#undef METHOD

#endif
