#include "worker/start.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "worker/app.h"
#include "worker/fcgi.h"
#include "worker/worker.h"

#define WORKERS_MAX	64

/* What the arguments say. */
struct start {
	const char	*conf_file;	/* NULL: the usual places */
	long		 workers;	/* 0: this process is the only one */
};

static int
start_usage(FILE *to, int status)
{
	fputs("usage: cardfile.fcgi [--workers N] [[--config] FILE]\n"
	    "Serves FastCGI on the listening socket that is descriptor 0,\n"
	    "with N (1 to 64) worker processes, or the CGI request of the\n"
	    "environment.  See cardfile.fcgi(8).\n", to);
	return status;
}

/* True to go on, else with the exit status. */
static bool
start_options(int argc, char **argv, struct start *start, int *status)
{
	static const struct option	 options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "workers", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 }
	};
	char				*end;
	int				 c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'c') {
			start->conf_file = optarg;
			continue;
		}
		if (c == 'w') {
			start->workers = strtol(optarg, &end, 10);
			if (*end == '\0' && start->workers >= 1 &&
			    start->workers <= WORKERS_MAX)
				continue;
		}
		if (c == 'v')
			puts("cardfile " PACKAGE_VERSION);
		*status = c == 'v' ? 0 : c == 'h' ? start_usage(stdout, 0) :
		    start_usage(stderr, 2);
		return false;
	}
	if (optind < argc && start->conf_file == NULL)
		start->conf_file = argv[optind++];
	*status = optind == argc ? 0 : start_usage(stderr, 2);
	return optind == argc;
}

int
start_run(int argc, char **argv)
{
	struct start	 start = { NULL, 0 };
	struct app	 app;
	struct err	 err = { .code = ERR_OK };
	int		 status;

	if (!start_options(argc, argv, &start, &status))
		return status;
	if (!fcgi_listening(STDIN_FILENO) &&
	    getenv("GATEWAY_INTERFACE") == NULL)
		return start_usage(stderr, 2);
	if (!app_open(&app, start.conf_file, NULL, &err)) {
		log_line(LOG_ERROR, NULL, "%s", err.msg);
		return 1;
	}
	status = start.workers > 0 ? master_run(&app, (int)start.workers) :
	    worker_run(&app, true);
	app_close(&app);
	return status;
}
