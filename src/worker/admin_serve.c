/* cardfile serve: a lighttpd of our own in front of our workers. */

#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "worker/admin_private.h"

#define SERVE_LISTEN	"127.0.0.1:8069"
#define SERVE_GRACE	5	/* seconds to finish requests */

/* A server on its way: its private directory and what it listens on. */
struct serve {
	struct admin	*admin;
	const char	*dir;
	const char	*address;
	int		 port;
};

/* "127.0.0.1:8069", "[::1]:8069" */
static bool
serve_listen(struct serve *s)
{
	const char	*text = s->admin->options[ADMIN_LISTEN];
	const char	*colon;
	char		*end;
	long		 port;

	if (text == NULL)
		text = SERVE_LISTEN;
	colon = strrchr(text, ':');
	port = colon == NULL ? 0 : strtol(colon + 1, &end, 10);
	if (colon == NULL || colon == text || *end != '\0' || port < 1 ||
	    port > 65535 || strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.:[]-") != strlen(text))
		return err_set(&s->admin->err, ERR_BAD_REQUEST,
		    "--listen wants ADDRESS:PORT, not \"%.80s\"", text);
	s->address = arena_strndup(s->admin->arena, text,
	    (size_t)(colon - text));
	s->port = (int)port;
	return true;
}

static const char *
serve_path(const struct serve *s, const char *file)
{
	return arena_printf(s->admin->arena, "%s/%s", s->dir, file);
}

static bool
serve_failed(struct serve *s, const char *what)
{
	return err_set(&s->admin->err, ERR_UNAVAILABLE, "%s: %s", what,
	    strerror(errno));
}

/* The directory and, in it, this program by the name that serves. */
static bool
serve_directory(struct serve *s)
{
	const char	*tmp = getenv("TMPDIR");
	char		*dir;
	char		 self[PATH_MAX];
	ssize_t		 n = readlink("/proc/self/exe", self, sizeof self - 1);

	if (n < 0)
		return serve_failed(s, "/proc/self/exe");
	self[n] = '\0';
	if (tmp == NULL || tmp[0] != '/' || strpbrk(tmp, " \t\"\\$") != NULL)
		tmp = "/tmp";
	dir = arena_printf(s->admin->arena, "%s/cardfile-XXXXXX", tmp);
	if (mkdtemp(dir) == NULL)
		return serve_failed(s, dir);
	s->dir = dir;
	if (symlink(self, serve_path(s, "cardfile.fcgi")) != 0)
		return serve_failed(s, serve_path(s, "cardfile.fcgi"));
	return true;
}

/*
 * Every URL goes to the workers, as raw as lighttpd lets it; there are no
 * files to be had.
 */
static bool
serve_configure(struct serve *s)
{
	const struct conf	*conf = &s->admin->app.conf;
	FILE			*f = fopen(serve_path(s, "conf"), "we");

	if (f == NULL)
		return serve_failed(s, serve_path(s, "conf"));
	fprintf(f, "server.modules = (\"mod_fastcgi\")\n"
	    "server.bind = \"%s\"\n"
	    "server.port = %d\n"
	    "server.tag = \"\"\n"
	    "server.document-root = \"%s\"\n"
	    "server.upload-dirs = (\"%s\")\n"
	    "server.max-request-size = %lld\n"
	    "server.stream-request-body = 0\n"
	    "server.http-parseopts = (\n"
	    "\t\"url-ctrls-reject\" => \"disable\",\n"
	    "\t\"url-invalid-utf8-reject\" => \"disable\",\n"
	    "\t\"method-get-body\" => \"enable\"\n"
	    ")\n", s->address, s->port, s->dir, s->dir,
	    (long long)conf->max_body / 1024 * 4);
	fprintf(f, "fastcgi.server = (\"/\" => ((\n"
	    "\t\"bin-path\" => \"%s/cardfile.fcgi --workers %lld\",\n"
	    "\t\"socket\" => \"%s/socket\",\n"
	    "\t\"max-procs\" => 1,\n"
	    "\t\"check-local\" => \"disable\",\n"
	    "\t\"fix-root-scriptname\" => \"enable\"\n"
	    ")))\n", s->dir, (long long)conf->workers, s->dir);
	if (fclose(f) != 0)
		return serve_failed(s, serve_path(s, "conf"));
	return true;
}

/* lighttpd starts the workers in another directory. */
static void
serve_set_path(const char *name, const char *path)
{
	char	 whole[PATH_MAX];

	setenv(name, realpath(path, whole) == NULL ? path : whole, 1);
}

/* What the command was told, the workers are told too. */
static void
serve_environment(const struct admin *a)
{
	serve_set_path("CARDFILE_DATA_DIR", a->app.conf.data_dir);
	if (a->app.conf.file != NULL)
		serve_set_path("CARDFILE_CONF", a->app.conf.file);
	if (a->options[ADMIN_DATABASE] != NULL)
		setenv("CARDFILE_DEFAULT_DATABASE",
		    a->options[ADMIN_DATABASE], 1);
}

/* In the child: becomes lighttpd, and goes when its parent goes. */
static void
serve_exec(const struct serve *s, const sigset_t *before)
{
	static const char *const	 names[] = {
		"lighttpd", "/usr/sbin/lighttpd", "/usr/local/sbin/lighttpd",
	};
	char				*argv[] = { (char []){ "lighttpd" },
		(char []){ "-D" }, (char []){ "-f" },
		arena_strdup(s->admin->arena, serve_path(s, "conf")), NULL };

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, before, NULL);
	serve_environment(s->admin);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		execvp(names[i], argv);
	fprintf(stderr, "cardfile: lighttpd: %s (apt install lighttpd)\n",
	    strerror(errno));
	_exit(127);
}

/* The first signal lets it finish its requests, time or a second one not. */
static int
serve_wait(pid_t pid, const sigset_t *set, bool *stopping)
{
	const struct timespec	 grace = { SERVE_GRACE, 0 };
	int			 status, got;

	*stopping = false;
	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		got = sigtimedwait(set, NULL, *stopping ? &grace : NULL);
		if (got == SIGCHLD || (got == -1 && errno == EINTR))
			continue;
		kill(pid, *stopping ? SIGTERM : SIGINT);
		*stopping = true;
	}
}

static bool
serve_run(struct serve *s)
{
	struct admin	*a = s->admin;
	sigset_t	 set, before;
	bool		 stopping;
	pid_t		 pid;
	int		 status;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	fflush(stdout);
	if ((pid = fork()) == -1)
		return serve_failed(s, "fork");
	if (pid == 0)
		serve_exec(s, &before);
	printf("http://%s:%d/\n", s->address, s->port);
	fflush(stdout);
	status = serve_wait(pid, &set, &stopping);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (stopping)
		return true;
	return err_set(&a->err, ERR_UNAVAILABLE,
	    "lighttpd ended with status %d", WIFEXITED(status) ?
	    WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static void
serve_remove(const struct serve *s)
{
	static const char *const	 files[] = {
		"conf", "cardfile.fcgi", "socket", "socket-0",
	};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		unlink(serve_path(s, files[i]));
	rmdir(s->dir);
}

bool
admin_serve(struct admin *a)
{
	struct serve	 s = { .admin = a };
	bool		 ok;

	if (!serve_listen(&s))
		return false;
	ok = serve_directory(&s) && serve_configure(&s) && serve_run(&s);
	if (s.dir != NULL)
		serve_remove(&s);
	return ok;
}
