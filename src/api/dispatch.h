#ifndef API_DISPATCH_H
#define API_DISPATCH_H

struct conf;
struct databases;
struct err;
struct request;
struct response;

/* What every request of a process shares. */
struct site {
	const struct conf	*conf;
	struct databases	*dbs;
};

/*
 * The order of a request, written once: dialect, route, database,
 * transaction, user, handler, commit; else the dialect says what failed.
 * early is what went wrong while the request was read (code ERR_OK: nothing).
 * Logs one line.  The response is whole when this returns.
 */
void	 dispatch(const struct site *, const struct request *,
	    struct response *, struct err *early);

#endif
