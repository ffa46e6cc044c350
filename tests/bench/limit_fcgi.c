/*
 * The transport's limit: libfcgi and a fixed answer of n bytes, where n is
 * the query string.  usage: limit_fcgi WORKERS <listening socket
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcgiapp.h>

#include "pool.h"

#define BODY_MAX	(1 << 20)

static void
serve(void *arg)
{
	char		*body = arg, head[160], rest[4096];
	FCGX_Request	 req;

	FCGX_Init();
	FCGX_InitRequest(&req, 0, 0);
	while (FCGX_Accept_r(&req) == 0) {
		const char	*query = FCGX_GetParam("QUERY_STRING", req.envp);
		int		 n = query == NULL ? 0 : atoi(query);

		if (n < 0 || n > BODY_MAX)
			n = 0;
		while (FCGX_GetStr(rest, sizeof rest, req.in) > 0)
			continue;
		FCGX_PutStr(head, snprintf(head, sizeof head,
		    "Status: 200 OK\r\n"
		    "Content-Type: application/json; charset=utf-8\r\n"
		    "Content-Length: %d\r\n\r\n", n), req.out);
		FCGX_PutStr(body, n, req.out);
		FCGX_Finish_r(&req);
	}
}

int
main(int argc, char **argv)
{
	char	*body = malloc(BODY_MAX);

	if (argc != 2 || body == NULL) {
		fprintf(stderr, "usage: limit_fcgi WORKERS\n");
		return 2;
	}
	memset(body, 'x', BODY_MAX);
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1);
	return pool_run(atoi(argv[1]), serve, NULL, body);
}
