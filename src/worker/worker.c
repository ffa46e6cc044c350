#include "worker/worker.h"

#include <malloc.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/dispatch.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/log.h"
#include "http/request.h"
#include "http/response.h"
#include "orm/database.h"
#include "store/store.h"
#include "worker/app.h"
#include "worker/fcgi.h"

#define LOOK_EVERY	32	/* requests between two looks at the memory */
#define DRAIN_SECONDS	10	/* for what is queued when told to stop */
#define WORKER_KEEP	(4 * 1024 * 1024)	/* bytes of free memory kept */

/* One process that serves one request at a time. */
struct worker {
	struct app	*app;
	struct fcgi	*fcgi;
	struct arena	*arena;		/* of the request */
	const char	*mount;		/* NULL: where the server says */
	bool		 maintain;
	time_t		 maintained;
	int64_t		 left;		/* requests until it is replaced */
	int		 memory;	/* /proc/self/statm, or -1 */
	int		 waiter;	/* epoll: the socket and signals */
	int		 signals;
};

/* The setting; else the path of base_url; else NULL. */
static const char *
worker_mount(struct arena *a, const struct conf *conf)
{
	const char	*path = conf->mount;
	size_t		 n;

	if (path[0] == '\0' && conf->base_url[0] == '\0')
		return NULL;
	if (path[0] == '\0') {
		path = strstr(conf->base_url, "://");
		path = path == NULL ? conf->base_url : path + 3;
		path += strcspn(path, "/");
	}
	for (n = strlen(path); n > 0 && path[n - 1] == '/'; n--)
		;
	return arena_strndup(a, path, n);
}

/* Some fewer than the most, so that workers do not all leave at once. */
static int64_t
worker_lifetime(int64_t most)
{
	uint32_t	 r;

	crypto_random(&r, sizeof r);
	return most - r % (most / 10 + 1);
}

/* Memory of its own that it cannot have more of; files are mapped besides. */
static void
worker_limit(int64_t bytes)
{
#ifndef __SANITIZE_ADDRESS__
	struct rlimit	 r = { (rlim_t)bytes, (rlim_t)bytes };

	setrlimit(RLIMIT_DATA, &r);
#else
	(void)bytes;
#endif
}

/*
 * What stays with it after an answer: half of what it may have means that
 * the next large request could find too little.
 */
static bool
worker_fat(const struct worker *w)
{
	char		 text[128] = "";
	long long	 resident, shared;

	if (w->memory == -1 ||
	    pread(w->memory, text, sizeof text - 1, 0) <= 0 ||
	    sscanf(text, "%*d %lld %lld", &resident, &shared) != 2)
		return false;
	return (resident - shared) * sysconf(_SC_PAGESIZE) >
	    w->app->conf.max_memory / 2;
}

static bool
worker_open(struct worker *w, struct err *err)
{
	const struct conf	*conf = &w->app->conf;

	w->arena = arena_new();
	w->mount = worker_mount(w->app->arena, conf);
	w->left = worker_lifetime(conf->max_requests);
	w->memory = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	worker_limit(conf->max_memory);
	signal(SIGPIPE, SIG_IGN);
	return fcgi_open(w->app->arena, &w->fcgi, err);
}

/*
 * The request, or in err what is wrong with it.  The body is read to its end
 * in any case, so that the server takes the answer.
 */
static bool
worker_read(struct worker *w, struct request *req, struct err *err)
{
	const struct conf	*conf = &w->app->conf;
	struct http_limits	 limits = {
		.query = (size_t)conf->max_query,
		.body = (size_t)conf->max_body,
	};
	struct span		 body;
	bool			 good;

	good = request_parse(req, w->arena, fcgi_vars(w->fcgi), w->mount,
	    &limits, err);
	return fcgi_body(w->fcgi, w->arena, limits.body, &body, err) && good &&
	    request_body(req, body, err);
}

/* Once a second at most: even if nothing is due it takes locks. */
static void
worker_maintain(struct worker *w)
{
	struct databases	*dbs = w->app->dbs;
	struct err		 err = { .code = ERR_OK };
	size_t			 n = databases_count(dbs, &err);
	time_t			 now = time(NULL);

	if (now == w->maintained)
		return;
	w->maintained = now;
	for (size_t i = 0; i < n; i++) {
		struct database	*db = databases_at(dbs, i);

		if (db->store != NULL && !store_maintain(db->store, &err)) {
			log_line(LOG_ERROR, NULL, "%s: maintenance: %s (%s)",
			    db->name, err.msg, err.cause);
			err_clear(&err);
		}
	}
}

static void
worker_request(struct worker *w)
{
	struct request	 req = { .arena = w->arena };
	struct response	 resp;
	struct err	 err = { .code = ERR_OK };

	response_init(&resp, w->arena);
	worker_read(w, &req, &err);
	dispatch(&w->app->site, &req, &resp, &err);
	if (!fcgi_answer(w->fcgi, &resp))
		log_line(LOG_INFO, req.id, "the answer was not taken");
	fcgi_finish(w->fcgi);
	arena_reset(w->arena);
	if (w->maintain)
		worker_maintain(w);
	w->left--;
}

/* Whether it should be replaced by a new one. */
static bool
worker_spent(const struct worker *w)
{
	return w->left <= 0 || (w->left % LOOK_EVERY == 0 && worker_fat(w));
}

/* Serves what waits.  False if it cannot go on. */
static bool
worker_next(struct worker *w, enum fcgi_got *got)
{
	*got = fcgi_accept(w->fcgi);
	if (*got == FCGI_GOT_REQUEST)
		worker_request(w);
	if (*got == FCGI_GOT_ERROR)
		log_line(LOG_ERROR, NULL, "accept: %s", strerror(errno));
	if (!databases_broken(w->app->dbs))
		return *got != FCGI_GOT_ERROR;
	log_line(LOG_ERROR, NULL, "a database is unusable: leaving");
	return false;
}

/*
 * The signals that stop it are blocked, so that they are seen only here,
 * between requests.  Exclusive: one worker is woken for a connection.
 */
static bool
worker_wait_open(struct worker *w, struct err *err)
{
	struct epoll_event	 socket = { EPOLLIN | EPOLLEXCLUSIVE, { 0 } };
	struct epoll_event	 signals = { EPOLLIN, { 0 } };
	sigset_t		 set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_SETMASK, &set, NULL);
	w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	w->waiter = epoll_create1(EPOLL_CLOEXEC);
	socket.data.fd = STDIN_FILENO;
	signals.data.fd = w->signals;
	if (w->signals == -1 || w->waiter == -1 ||
	    epoll_ctl(w->waiter, EPOLL_CTL_ADD, w->signals, &signals) == -1 ||
	    epoll_ctl(w->waiter, EPOLL_CTL_ADD, STDIN_FILENO, &socket) == -1)
		return err_set(err, ERR_INTERNAL, "waiting for requests: %s",
		    strerror(errno));
	return true;
}

/* Returns once there is something to do; true: to stop. */
static bool
worker_wait(struct worker *w)
{
	struct epoll_event	 got[2];
	int			 n;

	do
		n = epoll_wait(w->waiter, got, 2, -1);
	while (n == -1 && errno == EINTR);
	for (int i = 0; i < n; i++)
		if (got[i].data.fd == w->signals)
			return true;
	return n == -1;
}

/* Nobody else may be there to take what is queued on the socket. */
static bool
worker_drain(struct worker *w)
{
	time_t		 end = time(NULL) + DRAIN_SECONDS;
	enum fcgi_got	 got;

	do {
		if (!worker_next(w, &got))
			return false;
	} while (got != FCGI_GOT_NOTHING && time(NULL) < end);
	return true;
}

static int
worker_serve(struct worker *w)
{
	struct err	 err = { .code = ERR_OK };
	enum fcgi_got	 got;

	if (!worker_wait_open(w, &err)) {
		log_line(LOG_ERROR, NULL, "%s", err.msg);
		return 1;
	}
	while (!worker_spent(w) && !worker_wait(w))
		if (!worker_next(w, &got))
			return 1;
	return worker_drain(w) ? 0 : 1;
}

/*
 * The memory of one request is that of the next: giving it back to the
 * kernel in between costs a quarter of a large answer in page faults.
 */
static void
worker_keep_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, WORKER_KEEP);
	mallopt(M_TRIM_THRESHOLD, WORKER_KEEP);
}

int
worker_run(struct app *app, bool maintain)
{
	struct worker	 w = { .app = app, .maintain = maintain };
	struct err	 err = { .code = ERR_OK };
	enum fcgi_got	 got;
	int		 status;

	worker_keep_memory();
	if (!worker_open(&w, &err)) {
		log_line(LOG_ERROR, NULL, "%s", err.msg);
		status = 1;
	} else if (fcgi_listening(STDIN_FILENO))
		status = worker_serve(&w);
	else
		status = worker_next(&w, &got) ? 0 : 1;
	arena_free(w.arena);
	return status;
}
