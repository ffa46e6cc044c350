/* Methods that a path names: spec 7. */

#include <string.h>

#include "api/dialect.h"
#include "api/odoo.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/method.h"

/* Where the path has digits after the model the method stands behind them. */
static bool
path_has_id(const char *const *vars)
{
	return vars[1][strspn(vars[1], "0123456789")] == '\0';
}

static const struct method *
path_method(const struct call *c, const char *const *vars)
{
	return method_find(c->behaviour, vars[0],
	    path_has_id(vars) ? vars[2] : vars[1]);
}

const struct method *
odoo_called(const struct call *c)
{
	return path_method(c, c->vars);
}

bool
odoo_method_writes(const struct call *c, const char *const *vars)
{
	const struct method	*method = path_method(c, vars);

	return method != NULL && (method->flags & METHOD_WRITE) != 0;
}

/* What a request may bring besides a method's arguments. */
static bool
known_elsewhere(struct span name)
{
	static const char *const	 names[] = {
		"args", "kwargs", "context", "ids", "id", "access_token",
		"explain",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_is(name, names[i]))
			return true;
	return span_starts(name, "oauth_");
}

/* Adds a parameter to the named arguments; a text stays one where one is
 * wanted, unless it spells one. */
static void
named_add(const struct odoo_args *args, const struct method *method,
    struct span name, struct value *named)
{
	const char	*key = arena_strndup(args->c->req->arena, name.p,
			    name.n);
	bool		 text = false;
	struct value	 raw, v;

	if ((!method_has(method, name, &text) && known_elsewhere(name)) ||
	    value_get(named, key) != NULL || !odoo_arg_raw(args, key, &raw))
		return;
	v = raw;
	odoo_arg_spelled(args, &v);
	if (text && raw.type == VALUE_TEXT && v.type != VALUE_TEXT &&
	    value_truthy(&v))
		v = raw;
	value_set(args->c->req->arena, named, key, v);
}

static void
named_params(const struct odoo_args *args, const struct method *method,
    const struct params *params, struct value *named)
{
	for (size_t i = 0; i < params->n; i++)
		named_add(args, method, params->v[i].name, named);
}

/* kwargs beats nothing: what comes by both ways is refused. */
static bool
named_kwargs(const struct odoo_args *args, struct value *named,
    struct value *context)
{
	struct call	*c = args->c;
	struct value	 kwargs;

	if (!odoo_arg_raw(args, "kwargs", &kwargs))
		return true;
	odoo_arg_spelled(args, &kwargs);
	if (!value_truthy(&kwargs))
		return true;
	if (kwargs.type != VALUE_DICT)
		return env_fail(&c->env, ERR_VALUE, "kwargs wants a "
		    "dictionary, not %s", value_type_name(kwargs.type));
	for (size_t i = 0; i < map_count(kwargs.u.dict); i++) {
		const char		*key = map_key(kwargs.u.dict, i).p;
		const struct value	*v = map_at(kwargs.u.dict, i);

		if (strcmp(key, "context") == 0) {
			*context = *v;
			continue;
		}
		if (value_get(named, key) != NULL)
			return env_fail(&c->env, ERR_VALUE, "%.60s is given "
			    "twice, in kwargs and beside it", key);
		value_set(c->req->arena, named, key, *v);
	}
	return true;
}

/* The arguments by name; the context goes into the env. */
static bool
input_named(const struct odoo_args *args, const struct method *method,
    struct value *named)
{
	struct call		*c = args->c;
	const struct value	*body = &args->body;
	struct value		 context = value_null();

	*named = value_dict(c->req->arena);
	for (size_t i = 0; body->type == VALUE_DICT &&
	    i < map_count(body->u.dict); i++)
		named_add(args, method, map_key(body->u.dict, i), named);
	named_params(args, method, &c->req->query, named);
	named_params(args, method, &c->req->form, named);
	if (!named_kwargs(args, named, &context) || !odoo_arg_context(args))
		return false;
	return context.type == VALUE_NULL || odoo_context(c, &context);
}

/* args, unless the method has an argument of that name. */
static bool
input_positional(const struct odoo_args *args, const struct method *method,
    struct value *positional)
{
	bool	 text;

	*positional = value_null();
	if (method_has(method, span_of("args"), &text) ||
	    !odoo_arg_raw(args, "args", positional))
		return true;
	odoo_arg_spelled(args, positional);
	if (positional->type == VALUE_LIST)
		return true;
	if (value_truthy(positional))
		return env_fail(&args->c->env, ERR_VALUE, "args wants a list, "
		    "not %s", value_type_name(positional->type));
	*positional = value_null();
	return true;
}

/* The records: of the path, of ids, of id. */
static bool
input_ids(const struct odoo_args *args, struct value *out)
{
	struct call	*c = args->c;
	struct ids	 ids;
	bool		 given;

	*out = value_null();
	if (!odoo_arg_ids(args, &ids, &given))
		return false;
	if (path_has_id(c->vars)) {
		if (given)
			return env_fail(&c->env, ERR_VALUE,
			    "ids are given beside the id of the path");
		*out = value_int(odoo_id(c));
		return true;
	}
	if (given)
		*out = ids_value(&c->env, &ids);
	else if (odoo_arg_raw(args, "id", out))
		odoo_arg_spelled(args, out);
	return true;
}

/* The key that the result stands under (spec 3). */
static const char *
result_key(const struct call *c, const struct method *method,
    const struct model *m)
{
	if (strcmp(method->name, "search_count") == 0)
		return "count";
	if (strcmp(method->name, "check_access_rights") == 0)
		return "return";
	return odoo_key(c, m);
}

/* C5, C6 and the end of spec 7; a refusal would undo what a method wrote. */
static bool
odoo_put_result(struct call *c, const struct method *method,
    const struct model *m, const struct value *v)
{
	const char	*key = result_key(c, method, m);

	if (c->conf->empty_search_404 && !value_truthy(v) &&
	    (method->flags & METHOD_WRITE) == 0 && key == odoo_key(c, m))
		return odoo_absent(c);
	if (c->conf->unwrap_single && v->type == VALUE_LIST &&
	    v->u.list->n == 1 && v->u.list->v[0].type != VALUE_INT)
		v = &v->u.list->v[0];
	if (v->type == VALUE_LIST)
		c->rows = v->u.list->n;
	ser_object_open(c->ser, NULL);
	ser_put(c->ser, key, NULL, v);
	ser_object_close(c->ser);
	return true;
}

/*
 * What the manual shows at these paths takes more ways of asking, and answers
 * in parts; called with args or kwargs they are methods as any other.
 */
typedef bool handler(struct call *);

static handler *
odoo_shown(const struct call *c, const struct odoo_args *args)
{
	static const struct {
		const char	*name;
		handler		*answer;
	} shown[] = {
		{ "check_access_rights", odoo_check_access_rights },
		{ "fields_get", odoo_fields_get },
		{ "search", odoo_search },
		{ "search_count", odoo_search_count },
		{ "search_read", odoo_list },
	};
	struct value	 unused;

	if (path_has_id(c->vars) || odoo_arg_raw(args, "args", &unused) ||
	    odoo_arg_raw(args, "kwargs", &unused))
		return NULL;
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (strcmp(shown[i].name, c->vars[1]) == 0)
			return shown[i].answer;
	return NULL;
}

/* /object/{model}/{method} and /object/{model}/{id}/{method} */
bool
odoo_method(struct call *c)
{
	const struct method	*method = path_method(c, c->vars);
	struct method_input	 in;
	struct odoo_args	 args;
	const struct model	*m;
	struct value		 out;
	handler			*shown;

	if (!odoo_model(c, &m))
		return false;
	if (method == NULL)
		return env_fail(&c->env, ERR_VALUE,
		    "The method %.60s of %s does not exist",
		    c->vars[path_has_id(c->vars) ? 2 : 1], m->name);
	if (!odoo_args(c, &args))
		return false;
	if ((shown = odoo_shown(c, &args)) != NULL)
		return shown(c);
	return input_ids(&args, &in.ids) &&
	    input_named(&args, method, &in.named) &&
	    input_positional(&args, method, &in.positional) &&
	    method_run(&c->env, method, m, &in, &out) &&
	    odoo_put_result(c, method, m, &out);
}
