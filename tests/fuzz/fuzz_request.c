/*
 * Whole requests, from the CGI variables to the answer, over the fixture of
 * the golden tests.  The input is a tape of choices that request_case.c
 * makes a request of; what the server may never do is asserted here.
 * Built alone it makes its own tapes (fuzz_request [cases [seed]]), and one
 * alone is run again by fuzz_request 1 SEED; with -DLIBFUZZER
 * -fsanitize=fuzzer clang's library makes them.
 */
#include <sqlite3.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/dispatch.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "http/request.h"
#include "http/response.h"
#include "models/models.h"
#include "orm/database.h"
#include "../golden/fixture.h"
#include "request_answer.h"
#include "request_case.h"

#define RESTORE_EVERY	60	/* changes, so that the tables stay small */
#define REPORTS		20
#define TAPE		600	/* bytes at most */
#define CPU_SECONDS	3	/* of a request, sanitizers included */

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct server {
	struct arena	*arena;
	struct conf	 conf;
	struct site	 site;
	char		 dir[64];
	char		 keys[2][TOKEN_SIZE];
	char		 hash[2 * SHA256_SIZE + 1];
	sqlite3		*keep;		/* the database as it was */
	sqlite3		*watch;		/* a second look at it */
	int		 version, changes;
	/* what came of it */
	unsigned long	 failed, statuses[600];
	double		 slowest;
};

/* Copies a whole database into another. */
static bool
copy(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup	*b = sqlite3_backup_init(to, "main", from, "main");

	return b != NULL && sqlite3_backup_step(b, -1) == SQLITE_DONE &&
	    sqlite3_backup_finish(b) == SQLITE_OK;
}

/* Moves with every commit of another connection. */
static int
version(sqlite3 *db)
{
	sqlite3_stmt	*s;
	int		 n = -1;

	if (sqlite3_prepare_v2(db, "PRAGMA data_version", -1, &s, NULL) ==
	    SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		n = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	return n;
}

static bool
server_open(struct server *s)
{
	const char	*tmp = getenv("TMPDIR");
	struct err	 err = { 0 };

	setenv("CARDFILE_NOW", "2017-07-14 09:00:00", 1);
	s->arena = arena_new();
	snprintf(s->dir, sizeof s->dir, "%.40s/fuzz-request-XXXXXX",
	    tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(s->dir) == NULL ||
	    !fixture_make(s->dir, s->keys[0], s->keys[1]) ||
	    !conf_load(s->arena, NULL, "/nonexistent", &s->conf, &err))
		return false;
	crypto_sha256_hex(span_of(s->keys[0]), s->hash);
	s->conf.data_dir = s->dir;
	s->site.conf = &s->conf;
	s->site.dbs = databases_new(s->arena, &s->conf,
	    &models_behaviour);
	return sqlite3_open(arena_printf(s->arena, "%s/%s.db", s->dir,
	    FIXTURE_DATABASE), &s->watch) == SQLITE_OK &&
	    sqlite3_open(":memory:", &s->keep) == SQLITE_OK;
}

static void
serve(struct server *s, const struct request_case *c, struct arena *a,
    struct answer *out)
{
	struct http_limits	 limits = {
		.query = (size_t)s->conf.max_query,
		.body = (size_t)s->conf.max_body,
	};
	struct request		 req = { .arena = a };
	struct response		 resp;
	struct err		 err = { 0 };
	struct buf		*head = buf_new(a);
	clock_t			 start = clock();
	int			 now;

	response_init(&resp, a);
	if (request_parse(&req, a, c->vars, NULL, &limits, &err) &&
	    !request_body(&req, c->body, &err) && err.code == ERR_OK)
		err_set(&err, ERR_INTERNAL, "a refusal without error");
	dispatch(&s->site, &req, &resp, &err);
	response_head(&resp, head);
	out->seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	out->status = resp.status;
	out->head = head->p;
	out->body = resp.body->n == 0 ? span_of("") : buf_text(resp.body);
	out->is_xml = resp.type != NULL && strstr(resp.type, "xml") != NULL;
	now = version(s->watch);
	out->changed = now != s->version;
	s->version = now;
}

static void
ask(struct server *s, size_t key, const char *target, const char *body)
{
	struct arena		*a = arena_new();
	struct request_case	 c = { .body = span_of(body), .vars = {
		"REQUEST_METHOD=POST", "QUERY_STRING=",
		"CONTENT_TYPE=application/json",
		arena_printf(a, "REQUEST_URI=/restapi/1.0/object/%s", target),
		arena_printf(a, "HTTP_AUTHORIZATION=Bearer %s", s->keys[key]),
	} };
	struct answer		 w;

	serve(s, &c, a, &w);
	if (w.status != 200)
		abort();
	arena_free(a);
}

/* The first change by a key also notes its use; no later one does.  The
 * model x_a is there from the start. */
static void
warm_up(struct server *s)
{
	ask(s, 0, "res.partner", "{\"ids\": [12]}");
	ask(s, 1, "res.partner", "{\"ids\": [12]}");
	ask(s, 0, "ir.model", "{\"name\": \"A\", \"model\": \"x_a\", "
	    "\"field_id\": [[0, 0, {\"name\": \"x_name\", \"ttype\": "
	    "\"char\"}], [0, 0, {\"name\": \"x_f1\", \"ttype\": "
	    "\"integer\"}], [0, 0, {\"name\": \"x_f2\", \"ttype\": "
	    "\"many2one\", \"relation\": \"x_a\"}], [0, 0, {\"name\": "
	    "\"x_f3\", \"ttype\": \"one2many\", \"relation\": \"x_a\", "
	    "\"relation_field\": \"x_f2\"}], [0, 0, {\"name\": \"x_f4\", "
	    "\"ttype\": \"many2many\", \"relation\": \"res.partner\"}]]}");
	ask(s, 0, "x_a", "{\"x_name\": \"one\", \"x_f1\": 1, \"x_f3\": "
	    "[[0, 0, {\"x_name\": \"two\", \"x_f4\": [[6, 0, [12]]]}]]}");
}

static struct server	*server(void);

static void
server_close(struct server *s)
{
	static const char *const	 files[] = {
		FIXTURE_DATABASE ".db", FIXTURE_DATABASE ".db-wal",
		FIXTURE_DATABASE ".db-shm", FIXTURE_DATABASE ".db-lock",
		"databases", "databases.lock",
	};

	databases_close(s->site.dbs);
	sqlite3_close(s->watch);
	sqlite3_close(s->keep);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		unlink(arena_printf(s->arena, "%s/%s", s->dir, files[i]));
	rmdir(s->dir);
	arena_free(s->arena);
}

static void
at_exit(void)
{
	server_close(server());
}

static struct server *
server(void)
{
	static struct server	 s;

	if (s.arena != NULL)
		return &s;
	if (!server_open(&s)) {
		fprintf(stderr, "fuzz_request: no fixture\n");
		abort();
	}
	atexit(at_exit);
	warm_up(&s);
	if (!copy(s.watch, s.keep))
		abort();
	return &s;
}

static void
restore(struct server *s)
{
	if (!copy(s->keep, s->watch))
		abort();
}

/* What is wrong with an answer to this case, or NULL. */
static const char *
fault_of(const struct server *s, const struct request_case *c,
    const struct answer *w, struct arena *a)
{
	bool	 done = w->status < 300;

	if (w->status >= 500 && (w->status != 501 || c->method_known))
		return "a server's fault";
	if (w->changed && !done)
		return "refused, yet changed";
	if (w->changed && (c->reads || c->who == CASE_NOBODY ||
	    (c->who == CASE_DEMO && !c->shared)))
		return "changed without right";
	if (c->who == CASE_ADMIN && w->status == 401)
		return "the administrator is kept out";
	if (c->who == CASE_NOBODY && done && w->status != 204 && !c->open)
		return "a stranger is answered";
	if (c->who == CASE_DEMO && w->status == 200 && c->closed)
		return "answered without right";
	if (holds(w->body, s->hash) || holds(w->body, "$argon2") ||
	    (w->status < 400 && holds(w->body, s->keys[0])))
		return "a secret is shown";
	if (w->seconds > CPU_SECONDS)
		return "too slow";
	return answer_fault(w, a);
}

static void
print_text(const char *what, struct span s)
{
	printf("# %s: ", what);
	for (size_t i = 0; i < s.n && i < 3000; i++) {
		unsigned char	 c = (unsigned char)s.p[i];

		if (c >= ' ' && c < 0x7f && c != '\\')
			putchar(c);
		else
			printf("\\x%02x", c);
	}
	printf(s.n > 3000 ? "... (%zu bytes)\n" : "\n", s.n);
}

static void
report(struct server *s, const struct request_case *c, const struct answer *w,
    const char *fault)
{
	if (s->failed++ >= REPORTS)
		return;
	printf("# FAULT %s: status %d, %.2f s\n", fault, w->status,
	    w->seconds);
	for (size_t i = 0; c->vars[i] != NULL; i++)
		print_text("var", span_of(c->vars[i]));
	print_text("body", c->body);
	print_text("answer", w->body);
	fflush(stdout);
}

/* Whether others may have got rights by it. */
static bool
rights(const struct request_case *c)
{
	static const char *const	 words[] = {
		"group", "users", "access", "rule", "implied", "user_ids",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (holds(c->body, words[i]))
			return true;
	for (size_t i = 0; c->vars[i] != NULL; i++)
		for (size_t j = 0; j < sizeof words / sizeof words[0]; j++)
			if (strstr(c->vars[i], words[j]) != NULL)
				return true;
	return false;
}

static void
judge(struct server *s, const struct request_case *c, struct arena *a)
{
	struct answer	 w;
	const char	*fault;

	serve(s, c, a, &w);
	if (c->who == CASE_ADMIN && w.status == 401) {
		restore(s);	/* who deleted his own key */
		serve(s, c, a, &w);
	}
	fault = fault_of(s, c, &w, a);
	if (fault != NULL)
		report(s, c, &w, fault);
#ifdef LIBFUZZER
	if (fault != NULL)
		abort();
#endif
	s->statuses[w.status % 600]++;
	if (w.seconds > s->slowest)
		s->slowest = w.seconds;
	if (w.changed && (++s->changes % RESTORE_EVERY == 0 || rights(c)))
		restore(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct server		*s = server();
	struct arena		*a = arena_new();
	struct request_case	 c;

	request_case_make(a, data, n, s->keys[0], s->keys[1], &c);
	judge(s, &c, a);
	arena_free(a);
	return 0;
}

#ifndef LIBFUZZER
static uint64_t
next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* The tape of one seed; short ones make plain requests. */
static size_t
tape(uint64_t seed, uint8_t out[TAPE])
{
	uint64_t	 state = (seed + 1) * 0x9e3779b97f4a7c15;
	size_t		 n;

	next(&state);
	n = 30 + (size_t)(next(&state) % (TAPE - 30));
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(next(&state) >> 32);
	return n;
}

/* What once broke or held up the engine: one thing, very often. */
static void
heavy(struct server *s)
{
	static const struct {
		const char	*type, *before, *again, *after;
		int		 times;
	} cases[] = {
		{ "application/json", "{\"order\":\"id", ",parent_name",
		    "\"}", 63 },
		{ "application/json", "{\"order\":\"id", ",parent_name",
		    "\"}", 62 },
		{ "application/json", "{\"domain\":[[\"id\",\"=\",1]",
		    ",[\"id\",\"in\",[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,"
		    "17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33]]",
		    "]}", 999 },
		{ "application/xml", "<vals>", "<a xmlns:b=\"c\"/>",
		    "</vals>", 190000 },
		{ "application/xml", "<vals>", "&a=1", "</vals>", 4000000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena		*a = arena_new();
		struct buf		*b = buf_new(a);
		struct request_case	 c = { .method_known = true, .vars = {
			"REQUEST_METHOD=POST", "QUERY_STRING=",
			"REQUEST_URI=/restapi/1.0/object/res.partner/search",
			arena_printf(a, "HTTP_AUTHORIZATION=Bearer %s",
			    s->keys[0]),
			arena_printf(a, "CONTENT_TYPE=%s", cases[i].type),
		} };

		buf_str(b, cases[i].before);
		for (int j = 0; j < cases[i].times; j++)
			buf_str(b, cases[i].again);
		buf_str(b, cases[i].after);
		c.body = buf_text(b);
		judge(s, &c, a);
		arena_free(a);
	}
}

int
main(int argc, char *argv[])
{
	unsigned long	 cases = argc > 1 ? strtoul(argv[1], NULL, 10) : 3000;
	unsigned long	 seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
	struct server	*s = server();
	uint8_t		 input[TAPE];

	heavy(s);
	for (unsigned long i = 0; i < cases; i++) {
		unsigned long	 failed = s->failed;

		LLVMFuzzerTestOneInput(input, tape(seed + i, input));
		if (s->failed != failed && failed < REPORTS)
			printf("# that was seed %lu\n", seed + i);
	}
	for (size_t i = 0; i < 600; i++)
		if (s->statuses[i] != 0)
			printf("# %zu: %lu\n", i, s->statuses[i]);
	printf("# %d changes, slowest %.2f s\n", s->changes, s->slowest);
	printf("1..1\n%s 1 - %lu requests, %lu wrong\n",
	    s->failed == 0 ? "ok" : "not ok", cases, s->failed);
	return s->failed != 0;
}
#endif
