#include "api/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "api/dialect.h"
#include "auth/auth.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "base/map.h"
#include "orm/database.h"

#define DISPATCH_TRIES	3	/* of a transaction that lost a race */

static enum ser_form
call_form(const struct request *req)
{
	static const char *const	 types[] = {
		"application/json", "application/xml", "text/xml",
	};

	return http_accept(request_var(req, "HTTP_ACCEPT"), types, 3) == 0 ?
	    SER_JSON : SER_XML;
}

static bool
method_known(const struct request *req)
{
	static const char *const	 known[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (request_is(req, known[i]))
			return true;
	}
	return false;
}

/* The database that [hosts] names for the Host header, or NULL. */
static const char *
host_database(const struct call *c)
{
	const char	*host = request_var(c->req, "HTTP_HOST");
	char		*name;
	size_t		 n;

	if (host == NULL || c->conf->hosts == NULL)
		return NULL;
	n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	name = arena_strndup(c->req->arena, host, n);
	for (char *p = name; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	}
	return map_get(c->conf->hosts, span_of(name));
}

/* Which database the request means: the first hit of design 2. */
static struct database *
call_database(struct call *c, struct databases *dbs)
{
	struct err	*err = c->env.err;
	const char	*credential = auth_credential(&c->env, c->req);
	struct database	*db = NULL;
	const char	*name;

	if (err->code != ERR_OK)
		return NULL;
	if (credential != NULL &&
	    ((db = databases_tagged(dbs, credential, err)) != NULL ||
	    err->code != ERR_NOT_FOUND))
		return db;
	err_clear(err);

	name = request_var(c->req, "HTTP_X_ODOO_DATABASE");
	if (name == NULL)
		name = host_database(c);
	if (name != NULL)
		return databases_named(dbs, name, err);
	return databases_default(dbs, err);
}

/* To a stranger an unknown database is no other than a wrong password. */
static bool
call_find_database(struct call *c, struct databases *dbs)
{
	struct err	*err = c->env.err;

	c->env.db = call_database(c, dbs);
	if (c->env.db != NULL)
		return database_open(c->env.db, err);
	if (err->code == ERR_NOT_FOUND) {
		err_clear(err);
		env_fail(&c->env, ERR_AUTH, "Authentication required");
		err_cause(err, "the request names no database there is");
	}
	return false;
}

static bool
call_handler(struct call *c)
{
	bool	 answered = false;

	if (c->dialect->instead != NULL &&
	    !c->dialect->instead(c, &answered))
		return false;
	return answered || c->route->handler(c);
}

/* Runs the handler over an empty answer. */
static bool
call_handle(struct call *c)
{
	struct response	*resp = c->resp;

	response_clear(resp);
	c->rows = 0;
	resp->status = 200;
	resp->type = ser_content_type(c->form);
	c->ser = ser_new(c->req->arena, c->form, c->dialect->ser_flags |
	    (c->conf->xml_bare ? SER_XML_BARE : 0), resp->body);
	if (!call_handler(c))
		return false;
	ser_finish(c->ser);
	if (resp->body->n > (size_t)c->conf->max_answer)
		return env_fail(&c->env, ERR_TOO_LARGE, "The answer would be "
		    "over %lld bytes: ask for it in parts, with limit and "
		    "offset, or for fewer fields",
		    (long long)c->conf->max_answer);
	return true;
}

/*
 * One try.  Who asks is found in a read transaction, so that strangers never
 * hold the writers' lock, nor a password's hash the others up.
 */
static bool
call_try(struct call *c)
{
	struct env	*env = &c->env;
	struct identity	 who = { 0 };

	env->uid = 0;
	env->groups = NULL;
	if (!env_begin(env, ENV_READ) ||
	    !auth_identify(env, c->req, c->dialect->schemes, &who))
		return false;
	env->uid = who.uid;
	if (route_writes(c)) {
		env_rollback(env);
		if (!env_begin(env, ENV_WRITE) || !auth_used(env, &who))
			return false;
	}
	return call_handle(c) && env_commit(env);
}

static bool
call_run(struct call *c, struct databases *dbs)
{
	if ((c->route->flags & ROUTE_PUBLIC) != 0)
		return call_handle(c);
	if (!call_find_database(c, dbs))
		return false;
	for (int tries = 1; !call_try(c); tries++) {
		env_rollback(&c->env);
		if (c->env.err->code != ERR_RETRY || tries == DISPATCH_TRIES)
			return false;
		err_clear(c->env.err);
	}
	return true;
}

/* *allow is set where the path is there. */
static bool
call_answer(struct call *c, struct databases *dbs, const char **allow)
{
	size_t	 skip = 0;

	c->dialect = dialect_find(c->req, &skip);
	if (c->env.err->code != ERR_OK)
		return false;
	if (c->dialect == NULL)
		return env_fail(&c->env, ERR_NOT_FOUND, "Not found");
	if (!method_known(c->req))
		return env_fail(&c->env, ERR_NOT_IMPLEMENTED,
		    "Unknown method");
	if (!route_find(c, skip, allow, c->env.err))
		return false;
	if (c->route != NULL)
		return call_run(c, dbs);
	c->resp->status = 204;
	return true;
}

static void
call_fail(struct call *c)
{
	struct err	*err = c->env.err;
	unsigned int	 flags = c->dialect == NULL ? 0 : c->dialect->ser_flags;

	response_clear(c->resp);
	c->rows = 0;
	c->resp->status = err_http(err->code);
	c->resp->type = ser_content_type(c->form);
	c->ser = ser_new(c->req->arena, c->form, flags |
	    (c->conf->xml_bare ? SER_XML_BARE : 0), c->resp->body);
	if (c->dialect != NULL) {
		c->dialect->fail(c, err);
	} else {
		ser_object_open(c->ser, NULL);
		ser_int(c->ser, "code", err_http(err->code));
		ser_text(c->ser, "message", err->msg);
		ser_object_close(c->ser);
	}
	ser_finish(c->ser);
}

/* Numbers by printf would be a tenth of a small request. */
static void
log_number(struct buf *line, const char *label, int64_t n)
{
	buf_str(line, label);
	buf_int(line, n);
}

static void
call_log(const struct call *c, int64_t ticks)
{
	const struct err	*err = c->env.err;
	const struct request	*req = c->req;
	const char		*query;
	struct buf		*line = buf_new(req->arena);
	size_t			 n = req->target.n;

	if (n > 0 && (query = memchr(req->target.p, '?', n)) != NULL)
		n = (size_t)(query - req->target.p);
	buf_span(line, req->method);
	buf_char(line, ' ');
	buf_add(line, req->target.p, n);
	log_number(line, " user=", c->env.uid);
	log_number(line, " status=", c->resp->status);
	log_number(line, " rows=", (int64_t)c->rows);
	log_number(line, " ms=", ticks / 1000);
	log_number(line, ticks % 1000 < 10 ? ".00" : ticks % 1000 < 100 ?
	    ".0" : ".", ticks % 1000);
	log_line(LOG_INFO, req->id, "%s", line->p);
	if (err->code != ERR_OK && (err->cause[0] != '\0' ||
	    err_level(err->code) > LOG_INFO))
		log_line(err_level(err->code), req->id, "%s: %s",
		    err->msg, err->cause);
}

void
dispatch(const struct site *site, const struct request *req,
    struct response *resp, struct err *early)
{
	int64_t		 start = clock_ticks();
	const char	*allow = NULL;
	struct call	 c = {
		.req = req, .resp = resp, .conf = site->conf,
		.behaviour = databases_behaviour(site->dbs),
		.env = { .arena = req->arena, .err = early,
		    .conf = site->conf },
		.form = call_form(req),
	};

	if (!call_answer(&c, site->dbs, &allow))
		call_fail(&c);
	if (allow != NULL)
		response_header(resp, "Allow", allow);
	response_header(resp, "X-Request-Id", req->id);
	resp->head = request_is(req, "HEAD");
	call_log(&c, clock_ticks() - start);
}
