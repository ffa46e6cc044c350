#include "worker/worker.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "worker/app.h"
#include "worker/fcgi.h"

#define STOP_MS		15000	/* from SIGTERM to SIGKILL when stopping */
#define REPLACE_MS	60000	/* the same when replacing */
#define BURST		10	/* crashes in as many seconds before delays */
#define DELAY_MIN_MS	100
#define DELAY_MAX_MS	5000

struct child {
	pid_t	 pid;		/* 0: free */
	bool	 checkpoints;	/* no worker */
	bool	 old;		/* to be replaced */
	int64_t	 kill_at;	/* it was told to leave; 0: it was not */
};

/*
 * Starts the children and never opens a database itself.  Holds the only
 * knowledge of who should be there.
 */
struct master {
	struct app	*app;
	struct app	 spare[2];	/* for the configuration read again */
	struct child	*child;
	size_t		 nchild;	/* room for those that leave, too */
	int		 workers;	/* wanted */
	pid_t		 pid;
	bool		 stopping;
	int64_t		 heat;		/* a second for each crash; it cools */
	int64_t		 heat_at;	/* when that was so */
	int64_t		 start_at;	/* not earlier */
};

static int64_t
now_ms(void)
{
	struct timespec	 t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
master_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
	sigaddset(set, SIGCHLD);
}

static struct child *
master_find(struct master *m, pid_t pid)
{
	for (size_t i = 0; i < m->nchild; i++)
		if (m->child[i].pid == pid)
			return &m->child[i];
	return NULL;
}

/* What a child does: it leaves when its master is gone. */
static _Noreturn void
child_run(const struct master *m, bool checkpoints)
{
	int	 status;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NAME, checkpoints ? "checkpoint" : "worker");
	if (getppid() != m->pid)
		exit(0);
	status = checkpoints ? checkpoint_run(m->app) :
	    worker_run(m->app, false);
	app_close(m->app);
	exit(status);
}

static bool
master_start(struct master *m, bool checkpoints)
{
	struct child	*c = master_find(m, 0);
	pid_t		 pid;

	if (c == NULL)
		return false;
	pid = fork();
	if (pid == 0)
		child_run(m, checkpoints);
	if (pid == -1) {
		log_line(LOG_ERROR, NULL, "fork: %s", strerror(errno));
		m->start_at = now_ms() + DELAY_MAX_MS;
		return false;
	}
	*c = (struct child){ .pid = pid, .checkpoints = checkpoints };
	return true;
}

static int
master_count(const struct master *m, bool checkpoints)
{
	int	 n = 0;

	for (size_t i = 0; i < m->nchild; i++)
		n += m->child[i].pid != 0 && m->child[i].kill_at == 0 &&
		    m->child[i].checkpoints == checkpoints;
	return n;
}

/* Starts who is missing. */
static void
master_fill(struct master *m)
{
	if (m->stopping || now_ms() < m->start_at)
		return;
	while (master_count(m, false) < m->workers)
		if (!master_start(m, false))
			return;
	if (master_count(m, true) == 0)
		master_start(m, true);
}

static void
child_leave(struct child *c, int64_t patience)
{
	kill(c->pid, SIGTERM);
	c->kill_at = now_ms() + patience;
}

/* Crashes are answered at once, bursts of them with growing delays. */
static void
master_crashed(struct master *m, pid_t pid, int status)
{
	int64_t	 now = now_ms(), over;

	if (WIFSIGNALED(status))
		log_line(LOG_WARNING, NULL, "child %d died of signal %d",
		    (int)pid, WTERMSIG(status));
	else
		log_line(LOG_WARNING, NULL, "child %d left with status %d",
		    (int)pid, WEXITSTATUS(status));
	m->heat -= now - m->heat_at;
	m->heat = (m->heat < 0 ? 0 : m->heat) + 1000;
	m->heat_at = now;
	over = m->heat / 1000 - BURST;
	if (over > 0)
		m->start_at = now + (over > 6 ? DELAY_MAX_MS :
		    DELAY_MIN_MS << (over - 1));
}

static void
master_reap(struct master *m)
{
	int	 status;
	pid_t	 pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		struct child	*c = master_find(m, pid);

		if (c == NULL)
			continue;
		if (c->kill_at == 0 &&
		    (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
			master_crashed(m, pid, status);
		c->pid = 0;
	}
}

static void
master_kill(struct master *m)
{
	int64_t	 now = now_ms();

	for (size_t i = 0; i < m->nchild; i++) {
		struct child	*c = &m->child[i];

		if (c->pid != 0 && c->kill_at != 0 && c->kill_at <= now) {
			log_line(LOG_WARNING, NULL,
			    "child %d does not leave: killed", (int)c->pid);
			kill(c->pid, SIGKILL);
			c->kill_at = now + STOP_MS;
		}
	}
}

/* Reads the configuration again; if it is wrong, the old one stays. */
static void
master_read(struct master *m)
{
	struct app	*next = &m->spare[m->app == &m->spare[0]];
	struct err	 err = { .code = ERR_OK };

	if (!app_open(next, m->app->conf.file, NULL, &err)) {
		log_line(LOG_ERROR, NULL, "not reloaded: %s", err.msg);
		return;
	}
	app_close(m->app);
	m->app = next;
}

/* A new one for each, first.  The socket stays open, so nothing is refused. */
static void
master_replace(struct master *m)
{
	for (size_t i = 0; i < m->nchild; i++) {
		struct child	*c = &m->child[i];

		if (c->pid != 0)
			c->old = c->kill_at == 0;
	}
	for (size_t i = 0; i < m->nchild; i++) {
		struct child	*c = &m->child[i];

		if (c->pid == 0 || !c->old)
			continue;
		master_start(m, c->checkpoints);
		child_leave(c, REPLACE_MS);
	}
}

static void
master_stop(struct master *m)
{
	if (m->stopping)
		return;
	m->stopping = true;
	for (size_t i = 0; i < m->nchild; i++)
		if (m->child[i].pid != 0)
			child_leave(&m->child[i], STOP_MS);
}

static void
master_signal(struct master *m, int signo)
{
	switch (signo) {
	case SIGTERM:
	case SIGINT:
		master_stop(m);
		break;
	case SIGHUP:
	case SIGUSR1:
		if (m->stopping)
			break;
		master_read(m);
		master_replace(m);
		break;
	default:
		break;
	}
}

/* Until the next look: soon, if somebody is to be started or killed. */
static struct timespec
master_tick(const struct master *m)
{
	bool	 soon = m->start_at > now_ms();

	for (size_t i = 0; i < m->nchild; i++)
		soon |= m->child[i].pid != 0 && m->child[i].kill_at != 0;
	return soon ? (struct timespec){ 0, DELAY_MIN_MS * 1000000 } :
	    (struct timespec){ 60, 0 };
}

static bool
master_done(const struct master *m)
{
	bool	 done = m->stopping;

	for (size_t i = 0; i < m->nchild; i++)
		done &= m->child[i].pid == 0;
	return done;
}

static void
master_loop(struct master *m)
{
	sigset_t	 set;

	master_signals(&set);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &set, NULL);
	while (!master_done(m)) {
		struct timespec	 tick;

		master_fill(m);
		tick = master_tick(m);
		master_signal(m, sigtimedwait(&set, NULL, &tick));
		master_reap(m);
		master_kill(m);
	}
}

int
master_run(struct app *app, int workers)
{
	struct arena	*a = arena_new();
	struct master	 m = {
		.app = app,
		.workers = workers,
		.nchild = 3 * ((size_t)workers + 1),
		.pid = getpid(),
	};

	if (!fcgi_listening(STDIN_FILENO)) {
		log_line(LOG_ERROR, NULL,
		    "descriptor 0 is no socket that listens");
		arena_free(a);
		return 2;
	}
	m.child = arena_array(a, m.nchild, sizeof *m.child);
	master_loop(&m);
	app_close(m.app);
	arena_free(a);
	return 0;
}
