/*
 * The hard-coded limit: what the benchmark asks of Cardfile, done by fixed
 * SQL and JSON written by hand, as fast as this author can.  The same file,
 * indexes, durability, key check and change log; nothing else: it knows one
 * model, one domain and one way to write them, and checks nothing.
 *
 * usage: limit_api DATABASE WORKERS <listening socket
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <fcgiapp.h>
#include <gcrypt.h>

#include "limit.h"
#include "pool.h"

#define NAME		"\"res.partner\""

static void
put_records(struct limit *l, enum statement i)
{
	sqlite3_stmt	*s = l->stmt[i];
	bool		 first = true;

	PUT(l, "{" NAME ":[");
	for (; sqlite3_step(s) == SQLITE_ROW; first = false) {
		if (!first)
			*l->w++ = ',';
		limit_record(l, s);
	}
	sqlite3_reset(s);
	PUT(l, "]}");
}

static bool
read_one(struct limit *l, sqlite3_int64 id)
{
	sqlite3_stmt	*s = l->stmt[READ_ONE];
	bool		 found;

	sqlite3_bind_int64(s, 1, id);
	if ((found = sqlite3_step(s) == SQLITE_ROW)) {
		PUT(l, "{" NAME ":");
		limit_record(l, s);
		*l->w++ = '}';
	}
	sqlite3_reset(s);
	return found;
}

static bool
read_set(struct limit *l, const char *ids)
{
	sqlite3_stmt	*s = l->stmt[READ_SET];
	char		*end;

	sqlite3_clear_bindings(s);
	for (int i = 1; i <= IDS; i++, ids = end + 1) {
		sqlite3_bind_int64(s, i, strtoll(ids, &end, 10));
		if (*end != ',')
			break;
	}
	put_records(l, READ_SET);
	return true;
}

/* What stands after a text, or NULL. */
static const char *
after(const char *in, const char *text)
{
	const char	*p = strstr(in, text);

	return p == NULL ? NULL : p + strlen(text);
}

static bool
bind_domain(struct limit *l, enum statement i)
{
	const char	*country = after(l->query, "('country_id','=',");
	const char	*company = after(l->query, "('is_company','=',");

	if (country == NULL || company == NULL)
		return false;
	sqlite3_bind_int64(l->stmt[i], 1, atoll(country));
	sqlite3_bind_int(l->stmt[i], 2, *company == 'T');
	return true;
}

static bool
search(struct limit *l)
{
	sqlite3_stmt	*s = l->stmt[SEARCH];
	bool		 first = true;

	if (!bind_domain(l, SEARCH))
		return false;
	PUT(l, "{" NAME ":[");
	for (; sqlite3_step(s) == SQLITE_ROW; first = false) {
		if (!first)
			*l->w++ = ',';
		limit_int(l, sqlite3_column_int64(s, 0));
	}
	sqlite3_reset(s);
	PUT(l, "]}");
	return true;
}

static bool
count(struct limit *l)
{
	if (!bind_domain(l, COUNT) ||
	    sqlite3_step(l->stmt[COUNT]) != SQLITE_ROW)
		return false;
	PUT(l, "{\"count\":");
	limit_int(l, sqlite3_column_int64(l->stmt[COUNT], 0));
	*l->w++ = '}';
	sqlite3_reset(l->stmt[COUNT]);
	return true;
}

static void
write_log(struct limit *l, const char *operation, sqlite3_int64 now,
    sqlite3_int64 id)
{
	sqlite3_stmt	*s = l->stmt[LOG];

	sqlite3_bind_text(s, 1, operation, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, now);
	sqlite3_bind_int64(s, 3, l->user);
	sqlite3_bind_int64(s, 4, id);
	limit_run(l, LOG);
}

static bool
update(struct limit *l, sqlite3_int64 id, sqlite3_int64 now)
{
	sqlite3_stmt	*s = l->stmt[UPDATE];
	const char	*phone = after(l->query, "'phone':'");

	if (phone == NULL)
		return false;
	sqlite3_bind_int64(s, 1, id);
	sqlite3_bind_text(s, 2, phone, (int)strcspn(phone, "'"),
	    SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, l->user);
	sqlite3_bind_int64(s, 4, now);
	limit_run(l, UPDATE);
	write_log(l, "write", now, id);
	return read_one(l, id);
}

static void
make_uuid(char out[37])
{
	static const char	 hex[] = "0123456789abcdef";
	unsigned char		 b[16];

	gcry_create_nonce(b, sizeof b);
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = hex[b[i] >> 4];
		*out++ = hex[b[i] & 15];
	}
	*out = '\0';
}

static bool
create(struct limit *l, sqlite3_int64 now)
{
	sqlite3_stmt	*s = l->stmt[CREATE];
	const char	*name = after(l->query, "'name':'");
	const char	*country = after(l->query, "'country_id':");
	sqlite3_int64	 id;
	char		 uuid[37];

	if (name == NULL || country == NULL)
		return false;
	make_uuid(uuid);
	sqlite3_bind_text(s, 1, name, (int)strcspn(name, "'"), SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, atoll(country));
	sqlite3_bind_text(s, 3, uuid, 36, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, l->user);
	sqlite3_bind_int64(s, 5, now);
	limit_run(l, CREATE);
	id = sqlite3_last_insert_rowid(l->db);
	write_log(l, "create", now, id);
	return read_one(l, id);
}

static bool
signed_in(struct limit *l, const char *authorization, sqlite3_int64 now)
{
	static const char	 hex[] = "0123456789abcdef";
	sqlite3_stmt		*s = l->stmt[USER];
	unsigned char		 sum[32];
	char			 key[64];

	if (authorization == NULL || strncmp(authorization, "Bearer ", 7) != 0)
		return false;
	gcry_md_hash_buffer(GCRY_MD_SHA256, sum, authorization + 7,
	    strlen(authorization + 7));
	for (int i = 0; i < 32; i++) {
		key[2 * i] = hex[sum[i] >> 4];
		key[2 * i + 1] = hex[sum[i] & 15];
	}
	sqlite3_bind_text(s, 1, key, 64, SQLITE_STATIC);
	sqlite3_bind_int64(s, 2, now);
	l->user = sqlite3_step(s) == SQLITE_ROW ?
	    sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return l->user != 0;
}

static void
decode(struct limit *l, const char *p)
{
	static const char	 hex[] = "0123456789abcdef";
	char			*w = l->query, *end = w + sizeof l->query - 1;

	for (; *p != '\0' && w < end; p++) {
		if (*p == '%' && p[1] != '\0' && p[2] != '\0') {
			const char	*high = strchr(hex, p[1] | 0x20);
			const char	*low = strchr(hex, p[2] | 0x20);

			if (high != NULL && low != NULL) {
				*w++ = (char)((high - hex) << 4 | (low - hex));
				p += 2;
				continue;
			}
		}
		*w++ = *p == '+' ? ' ' : *p;
	}
	*w = '\0';
}

static bool
answer(struct limit *l, const char *method, const char *path,
    sqlite3_int64 now)
{
	const char	*ids = after(l->query, "ids=");

	if (path == NULL)
		return false;
	if (*method == 'P' && method[1] == 'U')
		return update(l, atoll(path + 1), now);
	if (*method == 'P')
		return create(l, now);
	if (strncmp(path, "/search_count", 13) == 0)
		return count(l);
	if (strncmp(path, "/search", 7) == 0)
		return search(l);
	if (*path == '/')
		return read_one(l, atoll(path + 1));
	if (ids != NULL)
		return read_set(l, ids);
	if (!bind_domain(l, SEARCH_READ))
		return false;
	put_records(l, SEARCH_READ);
	return true;
}

static void
handle(struct limit *l, FCGX_Request *req)
{
	const char	*method = FCGX_GetParam("REQUEST_METHOD", req->envp);
	const char	*uri = FCGX_GetParam("REQUEST_URI", req->envp);
	const char	*query = FCGX_GetParam("QUERY_STRING", req->envp);
	char		 head[160], rest[4096];
	sqlite3_int64	 now = time(NULL);
	int		 status = 200;

	while (FCGX_GetStr(rest, sizeof rest, req->in) > 0)
		continue;
	l->w = l->answer;
	decode(l, query);
	limit_begin(l, *method == 'P');
	if (!signed_in(l, FCGX_GetParam("HTTP_AUTHORIZATION", req->envp), now))
		status = 401;
	else if (!answer(l, method, after(uri, "/res.partner"), now))
		status = 404;
	limit_commit(l);
	FCGX_PutStr(head, snprintf(head, sizeof head, "Status: %d\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "Content-Length: %td\r\n\r\n", status, l->w - l->answer),
	    req->out);
	FCGX_PutStr(l->answer, (int)(l->w - l->answer), req->out);
}

static void
serve(void *arg)
{
	struct limit	*l = arg;
	FCGX_Request	 req;

	limit_open(l);
	limit_prepare(l);
	limit_keys(l);
	l->answer = malloc(ANSWER_MAX);
	FCGX_Init();
	FCGX_InitRequest(&req, 0, 0);
	while (FCGX_Accept_r(&req) == 0) {
		handle(l, &req);
		FCGX_Finish_r(&req);
	}
}

int
main(int argc, char **argv)
{
	static struct limit	 l;

	if (argc != 3 || gcry_check_version(NULL) == NULL) {
		fprintf(stderr, "usage: limit_api DATABASE WORKERS\n");
		return 2;
	}
	gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	l.path = argv[1];
	setenv("LIBFCGI_OS_CLOSE_POLL_TIMEOUT", "0", 1);
	return pool_run(atoi(argv[2]), serve, limit_checkpoints, &l);
}
