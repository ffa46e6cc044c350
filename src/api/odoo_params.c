#include <string.h>

#include "api/dialect.h"
#include "api/odoo.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/domain.h"
#include "ser/parse.h"

static struct parse_limits
args_limits(const struct call *c)
{
	return (struct parse_limits){
		.depth = (size_t)c->conf->max_depth,
		.nodes = (size_t)c->conf->max_nodes,
		.keys = parse_limits_default.keys,
	};
}

static bool
span_ends(struct span s, const char *end)
{
	size_t	 n = strlen(end);

	return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* A Python literal, else JSON; err says what is wrong with the literal. */
static bool
text_value(const struct call *c, struct span text, struct value *v,
    struct err *err)
{
	struct parse_limits	 limits = args_limits(c);
	struct arena		*a = c->req->arena;
	struct err		 unused = { 0 };

	return literal_parse(a, text, &limits, v, err) ||
	    parse_json(a, text, &limits, v, &unused);
}

/* The body of an XML request is {vals: ...}, {args: ...}, {kwargs: {...}}. */
static bool
body_xml(struct call *c, struct span body, struct value *v)
{
	struct parse_limits	 limits = args_limits(c);
	const struct value	*kwargs;

	if (!parse_xml(c->req->arena, body, &limits, v, c->env.err))
		return false;
	kwargs = value_get(v, "kwargs");
	if (kwargs != NULL)
		*v = *kwargs;
	return true;
}

static bool
body_is_xml(const struct call *c, struct span body)
{
	struct span	 type = c->req->type;

	if (span_is(type, "application/xml") || span_is(type, "text/xml"))
		return true;
	return c->form == SER_XML && body.p[0] == '<';
}

/*
 * JSON and Python mean another thing by a few texts ("\/"), and JSON is the
 * stricter, so what is said to be JSON is read as that alone.
 */
static bool
body_value(struct call *c, struct span body, struct value *v)
{
	struct parse_limits	 limits = args_limits(c);
	bool			 json = span_ends(c->req->type, "json");
	struct err		 why = { 0 };

	if (body_is_xml(c, body))
		return body_xml(c, body, v);
	if (json ? parse_json(c->req->arena, body, &limits, v, &why) :
	    text_value(c, body, v, &why))
		return true;
	return env_fail(&c->env, ERR_BAD_REQUEST, "The body is %s: %s", json ?
	    "not JSON" : "neither a Python literal nor JSON", why.msg);
}

/* Some clients call everything a form that they send. */
static bool
body_is_form(const struct request *req, struct span body)
{
	if (span_is(req->type, "multipart/form-data"))
		return true;
	return span_is(req->type, "application/x-www-form-urlencoded") &&
	    body.p[0] != '{' && body.p[0] != '[';
}

bool
odoo_args(struct call *c, struct odoo_args *args)
{
	struct span	 body = span_trim(c->req->body);
	struct value	*v = &args->body;

	args->c = c;
	*v = value_null();
	if (body.n == 0 || body_is_form(c->req, body))
		return true;
	if (!body_value(c, body, v))
		return false;
	if (v->type == VALUE_DICT || v->type == VALUE_NULL ||
	    (v->type == VALUE_LIST && (c->route->flags & ROUTE_WRITE) != 0))
		return true;
	return env_fail(&c->env, ERR_BAD_REQUEST,
	    "The body must be a dictionary, not %s",
	    value_type_name(v->type));
}

static const struct span *
arg_param(const struct odoo_args *args, const char *name)
{
	const struct request	*req = args->c->req;
	const struct span	*s = params_get(&req->query, name);

	return s != NULL ? s : params_get(&req->form, name);
}

bool
odoo_arg_given(const struct odoo_args *args, const char *name)
{
	return arg_param(args, name) != NULL;
}

void
odoo_arg_spelled(const struct odoo_args *args, struct value *v)
{
	struct err	 why = { 0 };
	struct value	 spelled;

	if (v->type == VALUE_TEXT &&
	    text_value(args->c, v->u.text, &spelled, &why))
		*v = spelled;
}

bool
odoo_arg_raw(const struct odoo_args *args, const char *name, struct value *v)
{
	const struct value	*member = value_get(&args->body, name);
	const struct span	*param;

	if (member != NULL) {
		*v = *member;
		return true;
	}
	param = arg_param(args, name);
	if (param == NULL)
		return false;
	*v = value_span(*param);
	return true;
}

/* The parameter as a value; false if it is not given. */
static bool
arg_get(const struct odoo_args *args, const char *name, struct value *v)
{
	if (!odoo_arg_raw(args, name, v))
		return false;
	odoo_arg_spelled(args, v);
	return v->type != VALUE_NULL && !value_is_text(v, "") &&
	    !(v->type == VALUE_BOOL && !v->u.b);
}

/* Says what is wrong with a value that does not fit. */
static bool
arg_refuse(const struct odoo_args *args, const char *name,
    const struct value *v, const char *wants)
{
	struct env	*env = &args->c->env;
	struct err	 why = { 0 };
	struct value	 unused;

	if (v->type == VALUE_TEXT &&
	    !text_value(args->c, v->u.text, &unused, &why))
		return env_fail(env, ERR_VALUE, "%s wants %s: %s", name, wants,
		    why.msg);
	return env_fail(env, ERR_VALUE, "%s wants %s, not %s", name, wants,
	    value_type_name(v->type));
}

static bool
names_of_list(const struct odoo_args *args, const char *name,
    const struct value *v, struct names *out)
{
	const struct value_list	*list = v->u.list;

	out->v = arena_array(args->c->req->arena, list->n, sizeof *out->v);
	out->n = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].type != VALUE_TEXT)
			return arg_refuse(args, name, &list->v[i],
			    "a list of names");
		out->v[out->n++] = list->v[i].u.text.p;
	}
	return true;
}

/* "name, country_id"; what opens a literal is a broken one. */
static bool
names_of_text(const struct odoo_args *args, const char *name,
    const struct value *v, struct names *out)
{
	struct arena	*a = args->c->req->arena;
	const char	*p = v->u.text.p;
	size_t		 room = 1;

	if (strchr("[({'\"", *p) != NULL)
		return arg_refuse(args, name, v, "a list of names");
	for (size_t i = 0; i < v->u.text.n; i++)
		room += p[i] == ',';
	out->v = arena_array(a, room, sizeof *out->v);
	do {
		size_t		 n = strcspn(p, ",");
		struct span	 one = span_trim((struct span){ p, n });

		if (one.n == 0)
			return env_fail(&args->c->env, ERR_VALUE,
			    "%s has an empty name", name);
		out->v[out->n++] = arena_strndup(a, one.p, one.n);
		p += n;
	} while (*p++ == ',');
	return true;
}

bool
odoo_arg_names(const struct odoo_args *args, const char *name,
    struct names *out)
{
	struct value	 v;

	out->v = NULL;
	out->n = 0;
	if (!arg_get(args, name, &v))
		return true;
	if (v.type == VALUE_LIST)
		return names_of_list(args, name, &v, out);
	if (v.type == VALUE_TEXT)
		return names_of_text(args, name, &v, out);
	return arg_refuse(args, name, &v, "a list of names");
}

bool
odoo_arg_number(const struct odoo_args *args, const char *name, int64_t *out)
{
	struct value	 v;

	*out = 0;
	if (!arg_get(args, name, &v))
		return true;
	if (v.type != VALUE_INT)
		return arg_refuse(args, name, &v, "a whole number");
	if (v.u.i < 0)
		return env_fail(&args->c->env, ERR_VALUE,
		    "%s must not be negative", name);
	*out = v.u.i;
	return true;
}

bool
odoo_arg_flag(const struct odoo_args *args, const char *name, bool *out)
{
	struct value	 v;

	if (!odoo_arg_raw(args, name, &v))
		return true;
	odoo_arg_spelled(args, &v);
	if (v.type == VALUE_NULL || value_is_text(&v, ""))
		return true;
	if (v.type == VALUE_INT && (v.u.i == 0 || v.u.i == 1))
		v = value_bool(v.u.i == 1);
	if (v.type != VALUE_BOOL)
		return arg_refuse(args, name, &v, "True or False");
	*out = v.u.b;
	return true;
}

bool
odoo_arg_text(const struct odoo_args *args, const char *name,
    const char **out)
{
	struct value	 v;

	*out = NULL;
	if (!arg_get(args, name, &v))
		return true;
	if (v.type != VALUE_TEXT)
		return arg_refuse(args, name, &v, "a text");
	*out = v.u.text.p;
	return true;
}

bool
odoo_arg_domain(const struct odoo_args *args, const struct domain **out)
{
	struct value	 v;

	*out = NULL;
	if (!arg_get(args, "domain", &v))
		return true;
	if (v.type != VALUE_LIST)
		return arg_refuse(args, "domain", &v, "a list of terms");
	return v.u.list->n == 0 || domain_parse(&args->c->env, &v, out);
}

static bool
ids_limit(const struct odoo_args *args, size_t n)
{
	int64_t	 limit = args->c->conf->max_ids;

	return n <= (size_t)limit || env_fail(&args->c->env, ERR_VALUE,
	    "more than %lld ids", (long long)limit);
}

static bool
ids_of_list(const struct odoo_args *args, const struct value_list *list,
    struct ids *out)
{
	if (!ids_limit(args, list->n))
		return false;
	out->v = arena_array(args->c->req->arena, list->n, sizeof *out->v);
	for (size_t i = 0; i < list->n; i++) {
		const struct value	*v = &list->v[i];

		if (v->type != VALUE_INT || v->u.i < 0)
			return env_fail(&args->c->env, ERR_VALUE,
			    "ids wants whole numbers, not negative ones");
		out->v[out->n++] = v->u.i;
	}
	return true;
}

/* One id of a text; *p then stands behind it. */
static bool
id_read(const char **p, int64_t *id)
{
	const char	*digits;

	*p += strspn(*p, " ");
	*id = 0;
	for (digits = *p; **p >= '0' && **p <= '9'; (*p)++) {
		if (__builtin_mul_overflow(*id, 10, id) ||
		    __builtin_add_overflow(*id, **p - '0', id))
			return false;
	}
	if (*p == digits)
		return false;
	*p += strspn(*p, " ");
	return true;
}

/* "17,20"; blank items are refused. */
static bool
ids_of_text(const struct odoo_args *args, const char *p, struct ids *out)
{
	size_t	 room = 1;

	for (const char *q = p; *q != '\0'; q++)
		room += *q == ',';
	if (!ids_limit(args, room))
		return false;
	out->v = arena_array(args->c->req->arena, room, sizeof *out->v);
	for (;;) {
		if (!id_read(&p, &out->v[out->n]) ||
		    (*p != ',' && *p != '\0'))
			return env_fail(&args->c->env, ERR_VALUE,
			    "ids wants whole numbers with commas between");
		out->n++;
		if (*p++ == '\0')
			return true;
	}
}

bool
odoo_arg_ids(const struct odoo_args *args, struct ids *out, bool *given)
{
	struct value	 v;

	out->v = NULL;
	out->n = 0;
	*given = odoo_arg_raw(args, "ids", &v);
	if (!*given)
		return true;
	if (v.type == VALUE_TEXT && v.u.text.n > 0 &&
	    strchr("[(", v.u.text.p[0]) != NULL)
		odoo_arg_spelled(args, &v);
	if (v.type == VALUE_INT) {
		struct value_list	 one = { &v, 1, 1 };

		return ids_of_list(args, &one, out);
	}
	if (v.type == VALUE_LIST)
		return ids_of_list(args, v.u.list, out);
	if (value_truthy(&v) && v.type != VALUE_TEXT)
		return arg_refuse(args, "ids", &v, "a list of ids");
	return !value_truthy(&v) || ids_of_text(args, v.u.text.p, out);
}

bool
odoo_arg_context(const struct odoo_args *args)
{
	struct value	 v;

	return !arg_get(args, "context", &v) || odoo_context(args->c, &v);
}

bool
odoo_context(struct call *c, const struct value *context)
{
	struct value	*v = arena_alloc(c->req->arena, sizeof *v);

	if (context->type != VALUE_DICT)
		return env_fail(&c->env, ERR_VALUE, "context wants a "
		    "dictionary, not %s", value_type_name(context->type));
	*v = *context;
	env_set_context(&c->env, v);
	return true;
}

static bool
vals_take(const struct odoo_args *args, const char *name, struct value *v)
{
	odoo_arg_spelled(args, v);
	if (v->type == VALUE_LIST && v->u.list->n > 0)
		*v = v->u.list->v[0];
	if (v->type != VALUE_DICT)
		return arg_refuse(args, name, v, "a dictionary");
	return true;
}

/* A list, or a dictionary that does not say which records it means. */
static bool
vals_are_body(const struct odoo_args *args)
{
	const struct value	*body = &args->body;

	return body->type == VALUE_LIST || (body->type == VALUE_DICT &&
	    map_count(body->u.dict) > 0 && value_get(body, "ids") == NULL);
}

bool
odoo_arg_vals(struct odoo_args *args, struct value *out, bool *given)
{
	static const char *const	 names[] = { "vals", "args" };

	*given = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct span	*param = arg_param(args, names[i]);
		const struct value	*member;

		member = value_get(&args->body, names[i]);
		if (param == NULL && member == NULL)
			continue;
		*out = param != NULL ? value_span(*param) : *member;
		return vals_take(args, names[i], out);
	}
	*given = vals_are_body(args);
	if (!*given)
		return true;
	*out = args->body;
	args->body = value_null();
	return vals_take(args, "the body", out);
}
