#include <sys/stat.h>

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker/admin.h"
#include "worker/fcgi.h"
#include "worker/start.h"

#define LISTEN_FD	3	/* where systemd puts it, sd_listen_fds(3) */

/* The socket that systemd passes becomes descriptor 0, as FastCGI has it. */
static void
take_socket(void)
{
	const char	*pid = getenv("LISTEN_PID");
	const char	*n = getenv("LISTEN_FDS");

	if (pid != NULL && n != NULL && strcmp(n, "1") == 0 &&
	    strtol(pid, NULL, 10) == getpid() && fcgi_listening(LISTEN_FD) &&
	    dup2(LISTEN_FD, STDIN_FILENO) == STDIN_FILENO)
		close(LISTEN_FD);
}

/*
 * A server may start us with descriptor 0 alone: no file or connection that
 * is opened later may become the standard output or error.
 */
static void
fill_descriptors(void)
{
	int	 fd;

	while ((fd = open("/dev/null", O_RDWR)) != -1 && fd <= STDERR_FILENO)
		;
	if (fd != -1)
		close(fd);
}

static bool
is_server_name(const char *path)
{
	const char	*dot = path == NULL ? NULL : strrchr(path, '.');

	return dot != NULL &&
	    (strcmp(dot, ".fcgi") == 0 || strcmp(dot, ".cgi") == 0);
}

/*
 * A CGI server takes arguments from the client, so they are not read; but
 * for the first one of a program that is a configuration beginning with #!.
 */
static int
cgi_arguments(char **argv)
{
	const char	*script = getenv("SCRIPT_FILENAME");

	return argv[0] != NULL && argv[1] != NULL && script != NULL &&
	    strcmp(argv[1], script) == 0 ? 2 : 1;
}

int
main(int argc, char **argv)
{
	umask(077);
	take_socket();
	fill_descriptors();
	if (fcgi_listening(STDIN_FILENO))
		return start_run(argc, argv);
	if (getenv("GATEWAY_INTERFACE") != NULL)
		return start_run(cgi_arguments(argv), argv);
	if (is_server_name(argv[0]))
		return start_run(argc, argv);
	return admin_run(argc, argv);
}
