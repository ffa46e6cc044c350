#ifndef ORM_METHOD_PRIVATE_H
#define ORM_METHOD_PRIVATE_H

#include <stdbool.h>

#include "base/span.h"

struct arena;
struct method;
struct value;

/* One argument of a method's args. */
struct method_arg {
	struct span	 name;
	struct span	 type;
	struct span	 dflt;		/* a literal; empty: must be given */
};

/* The next argument; *at begins as method->args.  False at the end. */
bool	 method_arg_next(const char **at, struct method_arg *);

#endif
