/*
 * live [-s] [-b DIR] HOST PORT ADMIN_KEY DEMO_KEY CASE.req FORM [N=STATUS]...
 *
 * Sends the requests of a case (exchange.h) to a server, byte by byte as
 * they stand, and compares the answers with those of CASE.FORM (compare.h):
 * a line of TAP without a number for each.  N=STATUS: the Nth request never
 * gets to Cardfile, the server itself answers with that status, or, if it
 * is 0, with nothing.  N~STATUS: the server changes the request, and of
 * Cardfile's answer the status alone counts.  -b leaves the body of the Nth
 * answer in DIR/N.  -s sends spaces in a target as %20, for servers that
 * refuse others.
 *
 * What a client adds is added: Connection: close; Content-Length, Accept,
 * if there is none; and the server's name where the manual's "Host:" has
 * words in brackets.
 */

#include <sys/socket.h>
#include <sys/time.h>

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "compare.h"
#include "exchange.h"

#define PATIENCE	10	/* seconds */

struct live {
	struct arena	 *a;
	const char	 *host, *port;
	const char	 *path;		/* of the answers */
	const char	 *form;
	const char	 *bodies;	/* a directory, or NULL */
	char		**special;	/* "N=STATUS"..., NULL at the end */
	bool		  encodes;	/* spaces in a target */
	struct keys	  keys;
};

struct message {
	struct buf	*bytes;
	bool		 has_length, has_accept;
};

static int
live_connect(const struct live *l)
{
	struct addrinfo	 hints = { .ai_socktype = SOCK_STREAM }, *to;
	struct timeval	 patience = { .tv_sec = PATIENCE };
	int		 fd;

	if (getaddrinfo(l->host, l->port, &hints, &to) != 0)
		return -1;
	fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(to);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		    sizeof patience);
	return fd;
}

static struct span
next_line(const char **p)
{
	struct span	 line = { *p, strcspn(*p, "\n") };

	*p += line.n + (line.p[line.n] == '\n');
	return line;
}

static void
put_header(const struct live *l, struct message *m, struct span line)
{
	if (strncmp(line.p, "Host: {", 7) == 0 ||
	    strncmp(line.p, "Host: <", 7) == 0) {
		buf_printf(m->bytes, "Host: %s:%s\r\n", l->host, l->port);
		return;
	}
	if (strncasecmp(line.p, "Content-Length:", 15) == 0)
		m->has_length = true;
	if (strncasecmp(line.p, "Accept:", 7) == 0)
		m->has_accept = true;
	buf_span(m->bytes, exchange_fill(l->a, &l->keys, line));
	buf_str(m->bytes, "\r\n");
}

/* The request's line: its target stands between the outer spaces. */
static void
put_line(const struct live *l, struct message *m, struct span line)
{
	size_t	 first = strcspn(line.p, " "), last = line.n;

	while (last > 0 && line.p[last] != ' ')
		last--;
	for (size_t i = 0; i < line.n; i++)
		if (l->encodes && line.p[i] == ' ' && i > first && i < last)
			buf_str(m->bytes, "%20");
		else
			buf_add(m->bytes, &line.p[i], 1);
	buf_str(m->bytes, "\r\nConnection: close\r\n");
}

/* The request's line and headers; what is left at *p is its body. */
static void
put_head(const struct live *l, struct message *m, const char **p)
{
	struct span	 line = next_line(p);

	put_line(l, m, exchange_fill(l->a, &l->keys, line));
	while (**p != '\0' && (line = next_line(p)).n > 0)
		put_header(l, m, line);
	if (!m->has_accept)
		buf_printf(m->bytes, "Accept: application/%s\r\n", l->form);
}

static void
put_request(const struct live *l, struct message *m, const char *text)
{
	bool		 sends = strncmp(text, "POST ", 5) == 0 ||
			    strncmp(text, "PUT ", 4) == 0;
	struct span	 body;

	put_head(l, m, &text);
	body = span_of(text);
	if (body.n > 0 && body.p[body.n - 1] == '\n')
		body.n--;
	body = exchange_fill(l->a, &l->keys, body);
	if (!m->has_length && (body.n > 0 || sends))
		buf_printf(m->bytes, "Content-Length: %zu\r\n", body.n);
	buf_str(m->bytes, "\r\n");
	buf_span(m->bytes, body);
}

/* A server that refuses a request may close before it has read all. */
static struct buf *
live_talk(const struct live *l, const struct message *m)
{
	struct buf	*got = buf_new(l->a);
	int		 fd = live_connect(l);
	size_t		 sent = 0;
	ssize_t		 n = 1;
	char		 piece[65536];

	buf_str(got, "");
	if (fd < 0)
		return got;
	while (sent < m->bytes->n && n > 0) {
		n = send(fd, m->bytes->p + sent, m->bytes->n - sent,
		    MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
	}
	/* Its length may be wrong: nothing more will come. */
	if (m->has_length)
		shutdown(fd, SHUT_WR);
	while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
		buf_add(got, piece, (size_t)n);
	close(fd);
	return got;
}

/* An answer's head as CGI has it; status 0 if there is no whole one. */
static void
answer_read(struct arena *a, const struct buf *got, struct answer *answer)
{
	const char	*end = got->n > 0 ? strstr(got->p, "\r\n\r\n") : NULL;

	*answer = (struct answer){ .head = "", .body = span_of("") };
	if (end == NULL || strncmp(got->p, "HTTP/1.", 7) != 0)
		return;
	end += 4;
	answer->status = atoi(got->p + 9);
	answer->head = arena_printf(a, "Status: %.*s",
	    (int)(end - got->p - 9), got->p + 9);
	answer->body.p = end;
	answer->body.n = got->n - (size_t)(end - got->p);
}

/* "=STATUS" or "~STATUS" of the nth request; NULL if it has none. */
static const char *
special_status(const struct live *l, int n)
{
	for (char **r = l->special; *r != NULL; r++) {
		char	*status;

		if (strtol(*r, &status, 10) == n)
			return status;
	}
	return NULL;
}

static bool
answer_good(const struct live *l, int n, const char *expected,
    const struct answer *answer, const char **why)
{
	const char	*special = special_status(l, n);
	/* Every answer of Cardfile's has this header. */
	bool		 ours = strcasestr(answer->head,
			    "\nX-Content-Type-Options:") != NULL;

	if (special == NULL)
		return compare(l->a, expected, answer, why);
	*why = arena_printf(l->a, "wants %s of %s\ngot %d of %s", special + 1,
	    special[0] == '~' ? "Cardfile" : "the server", answer->status,
	    ours ? "Cardfile" : "the server");
	return answer->status == atoi(special + 1) &&
	    ours == (special[0] == '~');
}

static bool
body_keep(const struct live *l, int n, struct span body)
{
	const char	*path;
	FILE		*f;
	bool		 ok;

	if (l->bodies == NULL)
		return true;
	path = arena_printf(l->a, "%s/%d", l->bodies, n);
	f = fopen(path, "w");
	if (f == NULL)
		return false;
	ok = fwrite(body.p, 1, body.n, f) == body.n;
	return fclose(f) == 0 && ok;
}

static void
report(const struct live *l, int n, const char *request, bool ok,
    const char *why)
{
	printf("%s - %s %d: %.*s\n", ok ? "ok" : "not ok", l->path, n,
	    (int)strcspn(request, "?\n"), request);
	for (const char *p = ok ? "" : why; *p != '\0'; ) {
		struct span	 line = next_line(&p);

		printf("# %.*s\n", (int)line.n, line.p);
	}
}

static bool
live_request(const struct live *l, int n, const char *request,
    const char *expected)
{
	struct message	 m = { .bytes = buf_new(l->a) };
	struct answer	 answer;
	const char	*why = "";
	bool		 ok;

	while (*request == '#')
		next_line(&request);
	put_request(l, &m, request);
	answer_read(l->a, live_talk(l, &m), &answer);
	ok = answer_good(l, n, expected, &answer, &why);
	if (!body_keep(l, n, answer.body)) {
		ok = false;
		why = "the body cannot be kept";
	}
	report(l, n, request, ok, why);
	return ok;
}

static bool
live_case(struct live *l, const char *path)
{
	char	*requests = exchange_file(l->a, path), *answers;
	char	**ask, **want;
	bool	 ok = true;
	int	 n = 0;

	l->path = arena_printf(l->a, "%.*s.%s", (int)strlen(path) - 4, path,
	    l->form);
	answers = exchange_file(l->a, l->path);
	if (requests == NULL || answers == NULL) {
		printf("not ok - %s: no such case\n", l->path);
		return false;
	}
	ask = exchange_split(l->a, requests);
	want = exchange_split(l->a, answers);
	for (; ask[n] != NULL && want[n] != NULL; n++)
		ok = live_request(l, n + 1, ask[n], want[n]) && ok;
	if (ask[n] != NULL || want[n] != NULL) {
		printf("not ok - %s: not as many answers as requests\n",
		    l->path);
		ok = false;
	}
	return ok;
}

int
main(int argc, char **argv)
{
	struct live	 l = { .a = arena_new() };
	int		 option;
	bool		 usage = false, ok;

	while ((option = getopt(argc, argv, "b:s")) != -1)
		switch (option) {
		case 'b':	l.bodies = optarg; break;
		case 's':	l.encodes = true; break;
		default:	usage = true;
		}
	argv += optind;
	if (usage || argc - optind < 6 || strlen(argv[4]) < 4 ||
	    strlen(argv[2]) >= sizeof l.keys.admin ||
	    strlen(argv[3]) >= sizeof l.keys.demo) {
		fprintf(stderr, "usage: live [-s] [-b DIR] HOST PORT ADMIN_KEY "
		    "DEMO_KEY CASE.req FORM [N=STATUS]...\n");
		return 2;
	}
	l.host = argv[0];
	l.port = argv[1];
	strcpy(l.keys.admin, argv[2]);
	strcpy(l.keys.demo, argv[3]);
	l.form = argv[5];
	l.special = argv + 6;
	ok = live_case(&l, argv[4]);
	arena_free(l.a);
	return !ok;
}
