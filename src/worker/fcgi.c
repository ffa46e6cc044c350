#include "worker/fcgi.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "base/arena.h"
#include "base/buf.h"
#include "http/response.h"

#define SOCKET		0		/* FCGI_LISTENSOCK_FILENO */
#define PIECE		65536		/* bytes between two deadlines */
#define PATIENCE	30		/* seconds for a piece */
#define UNTIMED		8192	/* bytes that any socket takes at once */
#define DRAIN_MAX	67108864	/* bytes thrown away of a long body */

struct fcgi {
	bool		 cgi;
	FCGX_Request	 req;		/* not in CGI */
	bool		 timed;		/* the answer has a deadline */
};

bool
fcgi_listening(int fd)
{
	int		 on = 0;
	socklen_t	 n = sizeof on;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) == 0 &&
	    on != 0;
}

/* Its only use is that a read or write returns with EINTR. */
static void
on_alarm(int signo)
{
	(void)signo;
}

/*
 * From here on a call that blocks is broken off after so many seconds, and
 * again each second, since the first alarm may come between two calls.
 */
static void
deadline_set(time_t seconds)
{
	struct itimerval	 t = {
		.it_interval = { seconds == 0 ? 0 : 1, 0 },
		.it_value = { seconds, 0 },
	};

	setitimer(ITIMER_REAL, &t, NULL);
}

/*
 * Non-blocking, since of several workers that wait only one gets the
 * connection.  libfcgi is told not to wait for the server to close first:
 * over a UNIX socket what was written is not lost.
 */
static bool
socket_prepare(struct err *err)
{
	int		 flags = fcntl(SOCKET, F_GETFL), on = 1;
	int		 family = AF_UNSPEC;
	socklen_t	 n = sizeof family;

	if (flags == -1 || fcntl(SOCKET, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    getsockopt(SOCKET, SOL_SOCKET, SO_DOMAIN, &family, &n) == -1)
		return err_set(err, ERR_INTERNAL, "listening socket: %s",
		    strerror(errno));
	if (family == AF_UNIX)
		setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 0);
	else	/* inherited by the connections */
		setsockopt(SOCKET, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return true;
}

bool
fcgi_open(struct arena *a, struct fcgi **out, struct err *err)
{
	struct fcgi		*f = arena_alloc(a, sizeof *f);
	struct sigaction	 sa = { .sa_handler = on_alarm };

	f->cgi = !fcgi_listening(SOCKET);
	sigaction(SIGALRM, &sa, NULL);
	if (!f->cgi) {
		if (!socket_prepare(err))
			return false;
		if (FCGX_Init() != 0 || FCGX_InitRequest(&f->req, -1, 0) != 0)
			return err_set(err, ERR_INTERNAL,
			    "the FastCGI library does not start");
	}
	*out = f;
	return true;
}

/* The errors that accept(2) passes on from a connection that has gone. */
static bool
accept_again(int error)
{
	switch (error) {
	case EINTR:
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case EOPNOTSUPP:
	case ENETUNREACH:
		return true;
	default:
		return false;
	}
}

/*
 * Hands the library a connection that is accepted already.  keepConnection
 * stops it from closing that as the end of the request before; as it has no
 * socket to listen on, a broken connection is an error and not a wait for
 * the next.
 */
enum fcgi_got
fcgi_accept(struct fcgi *f)
{
	int	 fd;

	if (f->cgi)
		return FCGI_GOT_REQUEST;
	do
		fd = accept4(SOCKET, NULL, NULL, SOCK_CLOEXEC);
	while (fd == -1 && accept_again(errno));
	if (fd == -1)
		return errno == EAGAIN ? FCGI_GOT_NOTHING : FCGI_GOT_ERROR;
	f->req.ipcFd = fd;
	f->req.keepConnection = 1;
	deadline_set(PATIENCE);
	if (FCGX_Accept_r(&f->req) < 0) {
		deadline_set(0);
		return FCGI_GOT_BROKEN;
	}
	return FCGI_GOT_REQUEST;
}

const char *const *
fcgi_vars(const struct fcgi *f)
{
	return (const char *const *)(f->cgi ? environ : f->req.envp);
}

/* What the server announced, or (size_t)-1. */
static size_t
body_length(const struct fcgi *f)
{
	static const char	 name[] = "CONTENT_LENGTH=";
	const char *const	*v = fcgi_vars(f);

	while (*v != NULL && strncmp(*v, name, sizeof name - 1) != 0)
		v++;
	if (*v == NULL || (*v)[sizeof name - 1] == '\0')
		return (size_t)-1;
	return strtoull(*v + sizeof name - 1, NULL, 10);
}

/* Up to n bytes; fewer at the end.  False if that came too soon. */
static bool
read_piece(struct fcgi *f, char *p, size_t n, size_t *got)
{
	ssize_t	 m;

	*got = 0;
	if (!f->cgi) {
		*got = (size_t)FCGX_GetStr(p, (int)n, f->req.in);
		return FCGX_GetError(f->req.in) == 0;
	}
	while (*got < n && (m = read(STDIN_FILENO, p + *got, n - *got)) != 0) {
		if (m == -1)
			return false;
		*got += (size_t)m;
	}
	return true;
}

/* A CGI program must not read on after what was announced (RFC 3875, 4.2). */
bool
fcgi_body(struct fcgi *f, struct arena *a, size_t max, struct span *out,
    struct err *err)
{
	size_t		 length = body_length(f), total = 0, n, want;
	struct buf	*b = buf_new(a);
	char		 piece[PIECE];
	bool		 whole;

	if (length <= max)
		buf_reserve(b, length);
	do {
		want = sizeof piece;
		if (f->cgi && length - total < want)
			want = length - total;
		if (f->cgi || total != 0)
			deadline_set(PATIENCE);
		whole = read_piece(f, piece, want, &n);
		total += n;
		if (total <= max)
			buf_add(b, piece, n);
	} while (whole && n == sizeof piece && total < max + DRAIN_MAX);
	deadline_set(0);
	if (total > max)
		return err_set(err, ERR_TOO_LARGE,
		    "the body is longer than %zu bytes", max);
	if (!whole)
		return err_set(err, ERR_BAD_REQUEST,
		    "the body did not arrive whole");
	*out = buf_text(b);
	return true;
}

static bool
write_piece(struct fcgi *f, const char *p, size_t n)
{
	ssize_t	 m;

	if (!f->cgi)
		return FCGX_PutStr(p, (int)n, f->req.out) == (int)n;
	for (; n > 0; p += m, n -= (size_t)m)
		if ((m = write(STDOUT_FILENO, p, n)) == -1)
			return false;
	return true;
}

static bool
write_all(struct fcgi *f, struct span text)
{
	for (size_t i = 0; i < text.n; i += PIECE) {
		size_t	 n = text.n - i < PIECE ? text.n - i : PIECE;

		if (i != 0)
			deadline_set(PATIENCE);
		if (!write_piece(f, text.p + i, n))
			return false;
	}
	return true;
}

bool
fcgi_answer(struct fcgi *f, const struct response *resp)
{
	struct buf	*head = buf_new(resp->arena);

	response_head(resp, head);
	f->timed = head->n + resp->body->n > UNTIMED;
	if (f->timed)
		deadline_set(PATIENCE);
	return write_all(f, buf_text(head)) &&
	    (resp->head || write_all(f, buf_text(resp->body)));
}

void
fcgi_finish(struct fcgi *f)
{
	if (!f->cgi) {
		f->req.keepConnection = 0;
		FCGX_Finish_r(&f->req);
	}
	if (f->timed)
		deadline_set(0);
}
