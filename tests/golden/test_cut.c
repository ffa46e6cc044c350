/* Literals and bodies cut at each byte: refused, and nothing has changed. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "base/conf.h"
#include "api/dispatch.h"
#include "exchange.h"
#include "fixture.h"
#include "models/models.h"
#include "orm/database.h"

#define OBJECT	"/restapi/1.0/object/res.partner"
#define DOMAIN	"[('is_company','=',True), '|', (\"name\",'ilike','b\\'c')," \
		" ['zip', '!=', None]]"
#define VALS	"{'name': u'天津', 'credit_limit': -1.5e3, 'street': 'a' \"b\"," \
		" 'customer': False, 'date': '2017-07-01', 'state_id': None}"
#define JSON	"{\"name\": \"天津 \\ud83c\\udf89\", \"credit_limit\": -1.5e3," \
		" \"customer\": false, \"state_id\": null}"
#define PART	"--x\r\nContent-Disposition: form-data; name=\"vals\"\r\n\r\n" \
		VALS "\r\n--x--"

/* What is cut stands at the end of the target, or is the body. */
static const struct cut {
	const char	*method, *target;
	const char	*type;		/* of the body; NULL: of the query */
	const char	*text;
	int		 empty;		/* status if nothing is left of it */
} cuts[] = {
	{ "GET", OBJECT "/search?domain=", NULL, DOMAIN, 200 },
	{ "GET", OBJECT "/search_count?domain=", NULL, DOMAIN, 200 },
	{ "GET", OBJECT "?limit=1&domain=", NULL, DOMAIN, 200 },
	{ "GET", OBJECT "/12?fields=", NULL, "['name', u'country_id']", 200 },
	{ "GET", OBJECT "/search?context=", NULL,
	    "{'lang':'fr_BE','active_test':False}", 200 },
	{ "GET", OBJECT "/fields_get?allfields=", NULL, "(\"name\",)", 200 },
	{ "GET", OBJECT "/fields_get?attributes=", NULL, "['type']", 200 },
	{ "GET", OBJECT "/check_access_rights?operation=", NULL,
	    "['read', 'write']", 403 },
	{ "GET", OBJECT "?ids=", NULL, "[12, 17]", 200 },
	{ "DELETE", OBJECT "?ids=", NULL, "[18, 19]", 403 },
	{ "PUT", OBJECT "?vals={'zip':'1'}&ids=", NULL, "(12, 17)", 403 },
	{ "PUT", OBJECT "?ids=12,17&vals=", NULL, VALS, 403 },
	{ "PUT", OBJECT "/12?vals=", NULL, VALS, 403 },
	{ "PUT", OBJECT "/12?args=", NULL, "[" VALS "]", 403 },
	{ "POST", OBJECT "?vals=", NULL, VALS, 403 },
	{ "POST", OBJECT, "application/json", JSON, 403 },
	{ "POST", OBJECT, "application/json", "[" JSON "]", 403 },
	{ "POST", OBJECT, "application/json", "{\"vals\":" JSON "}", 403 },
	{ "POST", OBJECT, "text/plain", VALS, 403 },
	{ "POST", OBJECT, "application/xml", "<?xml version=\"1.0\"?><vals>"
	    "<name>天津&lt;</name><zip type=\"str\">1</zip></vals>", 403 },
	{ "POST", OBJECT, "multipart/form-data; boundary=x", PART, 403 },
	{ "POST", OBJECT "/search", "application/json",
	    "{\"domain\": [[\"name\", \"=\", \"a\"]]}", 200 },
	{ "PUT", OBJECT, "application/json",
	    "{\"ids\": [12, 17], \"vals\":" JSON "}", 403 },
	{ "PUT", OBJECT "/12", "application/json", JSON, 403 },
	{ "DELETE", OBJECT, "application/json", "{\"ids\": [22, 23]}", 403 },
};

struct server {
	struct arena	*a;
	struct conf	 conf;
	struct site	 site;
	struct keys	 keys;
};

static int
ask(const struct server *s, const struct cut *c, size_t n, struct span *body)
{
	struct buf	*b = buf_new(s->a);
	struct answer	 answer;

	buf_printf(b, "%s %s", c->method, c->target);
	if (c->type == NULL)
		percent_encode(b, (struct span){ c->text, n });
	buf_str(b, " HTTP/1.1\nAuthorization: Bearer {ADMIN}\n");
	if (c->type != NULL) {
		buf_printf(b, "Content-Type: %s\n\n", c->type);
		buf_add(b, c->text, n);
		buf_char(b, '\n');
	}
	exchange_run(s->a, &s->site, &s->keys, b->p, "application/json",
	    &answer);
	*body = answer.body;
	return answer.status;
}

/* All that changes adds to the change log. */
static const char *
changes(const struct server *s)
{
	static const struct cut	 count = { "GET",
		"/restapi/1.0/object/ir.change/search_count?x=", NULL, "", 200 };
	struct span		 body;

	if (ask(s, &count, 0, &body) != 200)
		return "the change log cannot be read";
	return arena_strndup(s->a, body.p, body.n);
}

/* The first length at which the cut text is not refused, or its whole. */
static size_t
first_accepted(const struct server *s, const struct cut *c, int *status)
{
	size_t	 n;

	for (n = 0; n < strlen(c->text); n++) {
		struct span	 body;

		*status = ask(s, c, n, &body);
		if (n == 0 ? *status != c->empty :
		    *status != 400 && *status != 403)
			return n;
	}
	return n;
}

static int
run(const struct server *s)
{
	size_t		 n = sizeof cuts / sizeof cuts[0];
	const char	*before = changes(s);
	int		 failed = 0;

	printf("1..%zu\n", 2 * n);
	for (size_t i = 0; i < n; i++) {
		const struct cut	*c = &cuts[i];
		int			 status = 0;
		struct span		 body;
		size_t			 got = first_accepted(s, c, &status);
		bool			 ok = got == strlen(c->text) &&
					    strcmp(changes(s),
					    before) == 0;

		printf("%s %zu - %s %s cut\n", ok ? "ok" : "not ok", 2 * i + 1,
		    c->method, c->target);
		if (!ok)
			printf("# at %zu: status %d\n", got, status);
		failed += !ok;

		/* Whole it is good: what was refused was the cut. */
		status = ask(s, c, strlen(c->text), &body);
		ok = status == 200;
		printf("%s %zu - %s %s whole\n", ok ? "ok" : "not ok",
		    2 * i + 2, c->method, c->target);
		if (!ok)
			printf("# %d %.*s\n", status, (int)body.n, body.p);
		failed += !ok;
		before = changes(s);
	}
	return failed != 0;
}

int
main(void)
{
	char		 dir[] = "/tmp/golden-cut-XXXXXX";
	struct server	 s = { .a = arena_new() };
	struct err	 err = { 0 };
	int		 status = 1;

	setenv("CARDFILE_NOW", "2017-07-14 09:00:00", 1);
	if (mkdtemp(dir) != NULL &&
	    fixture_make(dir, s.keys.admin, s.keys.demo) &&
	    conf_load(s.a, NULL, "/nonexistent", &s.conf, &err)) {
		s.conf.data_dir = dir;
		s.site.conf = &s.conf;
		s.site.dbs = databases_new(s.a, &s.conf,
		    &models_behaviour);
		status = run(&s);
		databases_close(s.site.dbs);
	} else {
		printf("1..1\nnot ok 1 - the fixture cannot be made\n");
	}
	fixture_drop(dir);
	arena_free(s.a);
	return status;
}
