#ifndef API_DIALECT_H
#define API_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"
#include "orm/env.h"
#include "ser/ser.h"

struct behaviour;
struct call;
struct conf;

#define ROUTE_PUBLIC	1u	/* no sign-in, no database */
#define ROUTE_WRITE	2u	/* needs a write transaction */
#define ROUTE_ASK	4u	/* the dialect says whether it writes */

#define ROUTE_VARS	8

/* A row of a dialect's table; {name} in the path stands for one segment. */
struct route {
	/* "GET"; HEAD comes with it.  "*": GET, POST, PUT, DELETE */
	const char	*method;
	const char	*path;		/* "/object/{model}/search" */
	unsigned int	 flags;
	bool		(*handler)(struct call *);
};

/* A row of dialects.def: one API. */
struct dialect {
	const char		*prefix;	/* "/restapi/1.0" */
	const struct route	*routes;
	size_t			 nroutes;
	unsigned int		 schemes;	/* AUTH_BITs */
	unsigned int		 ser_flags;
	/* Whether what the path's vars name needs a write transaction; no
	 * GET may ask for it then. */
	bool	(*writes)(const struct call *, const char *const *vars);
	/* Answers in place of the route's handler where the request asks
	 * for that; NULL: never. */
	bool	(*instead)(struct call *, bool *answered);
	/* Status and body of a refusal, in the dialect's own way. */
	void	(*fail)(struct call *, const struct err *);
};

/* One request on its way through. */
struct call {
	const struct request	*req;
	struct response		*resp;
	const struct dialect	*dialect;
	const struct route	*route;
	/* of the path, in order */
	const char		*vars[ROUTE_VARS];
	struct env		 env;
	struct ser		*ser;
	enum ser_form		 form;
	const struct conf	*conf;
	const struct behaviour	*behaviour;
	size_t			 rows;	/* records answered, for the log */
};

#define DIALECT(name)	extern const struct dialect dialect_##name;
#include "api/dialects.def"
#undef DIALECT

/* The dialect whose prefix the path has, or NULL. */
const struct dialect	*dialect_find(const struct request *, size_t *skip);
/*
 * The row for method and path.  ERR_NOT_FOUND, or ERR_METHOD; allow is then
 * (and for OPTIONS) the methods there are: "GET, HEAD, OPTIONS".
 */
bool	 route_find(struct call *, size_t skip, const char **allow,
	    struct err *);
/* Whether the call's route needs a write transaction. */
bool	 route_writes(const struct call *);

#endif
