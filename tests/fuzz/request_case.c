#include "request_case.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "request_text.h"

#define OPEN_MODEL	"ir.attachment"	/* demo may write it */

static const char *const	 models[] = {
	"res.partner", "res.partner", "res.partner", "res.partner",
	"res.users", "res.country", "res.country.state", "res.company",
	"account.fiscal.position", "res.partner.bank", "res.currency",
	OPEN_MODEL,
	/* from here on closed to demo */
	"ir.change", "res.users.apikeys", "ir.model", "ir.model.fields",
	"ir.model.access", "res.groups", "ir.ui.view",
	"ir.config_parameter", "ir.model.data", "ir.rule", "x_a", "x_b",
	"ir.translation",
	"no.model", "res.partner; DrOp TaBlE x", "",
};
#define MODELS_CLOSED	12

static const char *const	 params[] = {
	"domain", "fields", "ids", "order", "limit", "offset", "context",
	"count", "vals", "operation", "raise_exception", "allfields",
	"attributes", "args", "kwargs", "name", "x'y\"", "",
};

static const char *const	 parts[] = {
	"", "/12", "/20", "?", "/search", "/search_count", "/search_read",
	"/fields_get", "/check_access_rights", "/17", "/0", "/999999",
	"/9223372036854775807", "/99999999999999999999", "/-1", "/name_get",
	"/12/name", "/", "//12", "/%2e%2e/x", "/12%00", "/\xff", "/_x",
};

static bool
model_closed(const char *name)
{
	for (size_t i = MODELS_CLOSED; i < sizeof models / sizeof *models; i++)
		if (strcmp(models[i], name) == 0)
			return true;
	return false;
}

/* What is asked for; the first parameter is the one that it is about. */
static const struct kind {
	const char	*method, *rest, *param;
} kinds[] = {
	{ "GET", "/search", "domain" }, { "GET", "", "domain" },
	{ "GET", "/12", "fields" }, { "GET", "", "ids" },
	{ "GET", "/search_count", "domain" }, { "POST", "", "vals" },
	{ "PUT", "/12", "vals" }, { "PUT", "", "ids" },
	{ "DELETE", "", "ids" }, { "DELETE", "/20", "context" },
	{ "GET", "/fields_get", "allfields" },
	{ "GET", "/check_access_rights", "operation" },
	{ "POST", "/search_read", "domain" }, { "POST", "/search", "order" },
	{ "POST", "", "domain" }, { "GET", "", "order" },
};

/* Methods, with what they take; open: answered whatever the model is. */
static const struct call {
	const char	*name, *args[5];
	bool		 records, open;
} calls[] = {
	{ "create", { "vals" }, false, false },
	{ "write", { "vals" }, true, false },
	{ "read_group", { "domain", "columns", "groupby", "lazy", "orderby" },
	    false, false },
	{ "load", { "columns", "data" }, false, true },
	{ "export_data", { "fields_to_export" }, true, false },
	{ "copy", { "default" }, true, false },
	{ "unlink", { NULL }, true, false },
	{ "name_search", { "name", "args", "operator", "limit" }, false,
	    false },
	{ "search_read", { "domain", "fields", "order", "limit" }, false,
	    false },
	{ "default_get", { "fields_list" }, false, false },
	{ "name_create", { "name" }, false, false },
	{ "name_get", { NULL }, true, false },
	{ "read", { "fields" }, true, false },
	{ "exists", { NULL }, true, false },
	{ "get_metadata", { NULL }, true, false },
	{ "get_external_id", { NULL }, true, false },
	{ "toggle_active", { NULL }, true, false },
	{ "action_archive", { NULL }, true, false },
	{ "check_access_rule", { "operation" }, true, true },
	{ "check_field_access_rights", { "operation", "fields" }, false,
	    true },
	{ "user_has_groups", { "groups" }, false, true },
	{ "import_data", { "columns", "data" }, false, true },
	{ "search", { "domain", "order", "limit", "count" }, false, false },
	{ "_private", { "vals" }, false, false },
};

/* Those that change what models and rights there are. */
static const char *const	 meta_models[] = {
	"ir.model.fields", "ir.model", "x_a", "res.groups", "ir.rule", "x_b",
	"ir.model.access", "ir.model.data",
};

/* A parameter is in the query, or it is a part of the body. */
struct maker {
	struct tape		*t;
	struct request_case	*c;
	struct buf		*target, *query, *body;
	const char		*type;
	size_t			 nvars;
	enum { IN_QUERY, IN_FORM, IN_MULTIPART, IN_JSON, IN_PYTHON,
	    IN_XML }		 place;
};

static void
add_var(struct maker *m, const char *name, const char *value)
{
	m->c->vars[m->nvars++] = arena_printf(m->t->a, "%s=%s", name, value);
}

/* Seldom raw, as many clients send it. */
static void
put_encoded(struct maker *m, struct buf *b, struct span s)
{
	if (seldom(m->t, 6))
		buf_span(b, s);
	else
		percent_encode(b, s);
}

static void
add_pair(struct maker *m, struct buf *b, const char *name)
{
	if (b->n > 0)
		buf_char(b, '&');
	put_encoded(m, b, span_of(name));
	buf_char(b, '=');
	put_encoded(m, b, param_text(m->t, name));
}

static void
add_part(struct maker *m, const char *name)
{
	buf_printf(m->body, "--x\r\nContent-Disposition: form-data; "
	    "name=\"%s\"\r\n\r\n", name);
	buf_span(m->body, param_text(m->t, name));
	buf_str(m->body, "\r\n");
}

/* A member whose value is that of another kind of parameter. */
static void
add_named(struct maker *m, const char *name, const char *kind)
{
	buf_printf(m->body, "%s\"%s\": ", m->body->n == 0 ? "{" : ", ", name);
	put_param(m->body, m->t, kind, m->place == IN_JSON);
}

static void
add_member(struct maker *m, const char *name)
{
	add_named(m, name, name);
}

static void
add_element(struct maker *m, const char *name)
{
	static const char *const	 types[] = {
		"", "", " type=\"str\"", " type=\"int\"", " type=\"dict\"",
		" type=\"list\"", " type=\"bool\"", " type=\"x\"",
	};
	struct buf	*b = buf_new(m->t->a);
	const char	*field = name;

	if (seldom(m->t, 2))
		buf_span(b, param_text(m->t, name));
	else
		put_pair_text(b, m->t, &field);
	buf_printf(m->body, "<%s%s>", field, OF(m->t, types));
	for (size_t i = 0; i < b->n; i++)
		if (b->p[i] == '<' && !seldom(m->t, 8))
			buf_str(m->body, "&lt;");
		else
			buf_char(m->body, b->p[i]);
	buf_printf(m->body, "</%s>", field);
}

static void
add_param(struct maker *m, const char *name)
{
	if (m->place == IN_QUERY || seldom(m->t, 4))
		add_pair(m, m->query, name);
	else if (m->place == IN_FORM)
		add_pair(m, m->body, name);
	else if (m->place == IN_MULTIPART)
		add_part(m, name);
	else if (m->place == IN_XML)
		add_element(m, name);
	else
		add_member(m, name);
}

static void
end_body(struct maker *m)
{
	static const char *const	 types[] = {
		[IN_QUERY] = "", [IN_FORM] =
		"application/x-www-form-urlencoded",
		[IN_MULTIPART] = "multipart/form-data; boundary=x",
		[IN_JSON] = "application/json", [IN_PYTHON] = "text/plain",
		[IN_XML] = "application/xml",
	};
	static const char *const	 roots[] = {
		"vals", "args", "kwargs", "x",
	};
	struct buf	*b = m->body;

	m->type = types[seldom(m->t, 16) ? pick(m->t, 6) : m->place];
	if ((m->place == IN_JSON || m->place == IN_PYTHON) && b->n > 0)
		buf_char(b, '}');
	if (m->place == IN_MULTIPART)
		buf_str(b, "--x--\r\n");
	if (m->place == IN_XML) {
		const char	*root = OF(m->t, roots);

		m->body = buf_new(m->t->a);
		buf_printf(m->body, seldom(m->t, 12) ? "<!DOCTYPE a [<!ENTITY "
		    "e \"x\">]><%s>&e;" : "<%s>", root);
		buf_span(m->body, b->n == 0 ? span_of("") : buf_text(b));
		buf_printf(m->body, "</%s>", root);
	}
	m->c->body = maybe_spoil(m->t, m->body, 8);
}

/* Whose request it is; a spoilt credential is nobody's. */
static void
add_who(struct maker *m, const char *admin, const char *demo)
{
	static const char *const	 bad[] = {
		"", "Bearer", "Bearer ", "Bearer x", "Basic", "Basic !",
		"bEaReR \xff",
		"OAuth a='b'", "Basic Og=", "Bearer %s0", "Bearer %.39s",
		"Bearer %s, Bearer %s", "Basic %s", "Bearer %s\001",
	};
	struct tape	*t = m->t;
	const char	*header = "HTTP_AUTHORIZATION";
	size_t		 n = pick(t, 16);

	if (seldom(t, 16))
		header = "HTTP_X_AUTHORIZATION";
	m->c->who = n < 10 ? CASE_ADMIN : n < 14 ? CASE_DEMO : CASE_NOBODY;
	if (m->c->who == CASE_NOBODY) {
		const char	*how = OF(t, bad);
		struct buf	*b = buf_new(t->a);

		for (; *how != '\0'; how++)
			if (strncmp(how, "%s", 2) == 0 && how++)
				buf_str(b, admin);
			else if (strncmp(how, "%.39s", 5) == 0)
				buf_add(b, admin, (how += 4, 39));
			else
				buf_char(b, *how);
		if (!seldom(t, 3))
			add_var(m, header, b->n == 0 ? "" : b->p);
		return;
	}
	add_var(m, header, arena_printf(t->a, "Bearer %s",
	    m->c->who == CASE_ADMIN ? admin : demo));
}

static void
add_headers(struct maker *m)
{
	static const char *const	 accepts[] = {
		"application/json", "application/xml", "text/xml;q=0.9,*/*;q=1",
		"*/*", ";;,q=", "text/html",
	};
	static const char *const	 lengths[] = {
		"", "-1", "+5", "0", "99999999999999999999", "1 2", "16777217",
	};
	struct tape	*t = m->t;

	if (!seldom(t, 4))
		add_var(m, "HTTP_ACCEPT", OF(t, accepts));
	if (m->type[0] != '\0' || seldom(t, 8))
		add_var(m, "CONTENT_TYPE", m->type);
	if (seldom(t, 30))
		add_var(m, "CONTENT_LENGTH", OF(t, lengths));
	else if (m->c->body.n > 0 && !seldom(t, 30))
		add_var(m, "CONTENT_LENGTH", arena_printf(t->a, "%zu",
		    m->c->body.n));
	if (seldom(t, 60))
		add_var(m, "HTTP_X_ODOO_DATABASE", seldom(t, 2) ?
		    "../manual" : "manual");
	if (seldom(t, 60))
		add_var(m, "HTTP_HOST", "[::1\xff");
}

static void
add_line(struct maker *m, const struct kind *k, const char *model)
{
	static const char *const	 methods[] = {
		"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH",
		"TRACE", "FOO", "get", "",
	};
	struct tape	*t = m->t;
	size_t		 n = seldom(t, 16) ? pick(t, 11) : 11;
	const char	*method = n == 11 ? k->method : methods[n];
	struct buf	*b = m->target;

	m->c->method_known = n == 11 || n < 6;
	m->c->reads = strcmp(method, "GET") == 0 || method[0] == 'H' ||
	    method[0] == 'O';
	add_var(m, "REQUEST_METHOD", method);
	if (seldom(t, 100)) {
		buf_str(b, "/restapi/1.0/common/version");
		m->c->open = true;
		m->c->closed = false;
	} else {
		buf_printf(b, "/restapi/1.0/object/%s%s", model,
		    seldom(t, 10) ? OF(t, parts) : k->rest);
	}
	if (m->query->n > 0)
		buf_printf(b, "?%.*s", (int)m->query->n, m->query->p);
	add_var(m, "SCRIPT_NAME", "");
}

static void
add_target(struct maker *m)
{
	struct span	 s = maybe_spoil(m->t, m->target, 20);
	const char	*text = arena_strndup(m->t->a, s.p, s.n);
	const char	*query = strchr(text, '?');

	if (seldom(m->t, 60))
		text = arena_printf(m->t->a, "http://h:1%s", text);
	add_var(m, "REQUEST_URI", text);
	add_var(m, "QUERY_STRING", query == NULL ? "" : query + 1);
}

/* What an argument is called in the method. */
static const char *
call_arg(const struct call *call, const char *arg)
{
	if (strcmp(arg, "columns") == 0)
		return "fields";
	return strcmp(arg, "data") == 0 &&
	    strcmp(call->name, "import_data") == 0 ? "datas" : arg;
}

/* A method called by name; its arguments are in the body. */
static void
make_call(struct maker *m)
{
	struct tape		*t = m->t;
	const struct call	*call = &OF(t, calls);
	static const char *const	 ways[] = { "POST", "POST", "GET" };
	struct kind		 k = { OF(t, ways), "", "" };

	if (seldom(t, 2))
		t->model = OF(t, meta_models);
	m->c->closed = !call->open && model_closed(t->model);
	m->place = seldom(t, 3) ? IN_PYTHON : IN_JSON;
	k.rest = arena_printf(t->a, "/%s", call->name);
	if (call->records && seldom(t, 2))
		k.rest = arena_printf(t->a, "/%zu/%s", pick(t, 30),
		    call->name);
	else if (call->records)
		add_param(m, "ids");
	for (size_t i = 0; i < 5 && call->args[i] != NULL; i++)
		if (!seldom(t, 12))
			add_named(m, call_arg(call, call->args[i]),
			    call->args[i]);
	if (seldom(t, 6))
		add_param(m, "context");
	end_body(m);
	add_line(m, &k, t->model);
}

/* What the manual shows. */
static void
make_shown(struct maker *m)
{
	struct tape		*t = m->t;
	const struct kind	*k = &OF(t, kinds);

	m->c->closed = model_closed(t->model) &&
	    strcmp(k->param, "operation") != 0;
	m->place = seldom(t, 2) ? pick(t, 6) : IN_QUERY;
	add_param(m, k->param);
	if (strcmp(k->method, "PUT") == 0 && strcmp(k->param, "ids") == 0)
		add_param(m, "vals");
	for (size_t i = pick(t, 4); i > 0; i--)
		add_param(m, OF(t, params));
	end_body(m);
	add_line(m, k, t->model);
}

void
request_case_make(struct arena *a, const uint8_t *choices, size_t n,
    const char *admin, const char *demo, struct request_case *c)
{
	struct tape		 t = { a, choices, n, false, NULL };
	struct maker		 m = { .t = &t, .c = c,
	    .target = buf_new(a), .query = buf_new(a), .body = buf_new(a) };
	bool			 call = seldom(&t, 2);

	memset(c, 0, sizeof *c);
	t.model = OF(&t, models);
	t.calm = !seldom(&t, call ? 3 : 2);
	if (call)
		make_call(&m);
	else
		make_shown(&m);
	c->shared = strcmp(t.model, OPEN_MODEL) == 0;
	add_target(&m);
	add_who(&m, admin, demo);
	add_headers(&m);
}
