/* From a call as it comes to a method's arguments. */

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/method.h"
#include "orm/method_private.h"
#include "orm/model.h"

#define METHOD_SHOWN	60	/* bytes of a wrong name, in a message */

/* One call on its way. */
struct binding {
	struct env			*env;
	const struct method		*method;
	const struct model		*model;
	const struct method_input	*in;
	/* the ids come with the named ones */
	bool				 named_ids;
	size_t				 at;	/* of the positional ones */
};

static bool
nothing(const struct value *v)
{
	return v->type == VALUE_NULL || (v->type == VALUE_BOOL && !v->u.b);
}

static size_t
positional(const struct binding *b)
{
	return b->in->positional.type == VALUE_LIST ?
	    b->in->positional.u.list->n : 0;
}

/* The next positional one, or NULL. */
static const struct value *
take(struct binding *b)
{
	return b->at < positional(b) ?
	    &b->in->positional.u.list->v[b->at++] : NULL;
}

static bool
bind_refuse(const struct binding *b, const char *name, const char *wants,
    const struct value *got)
{
	return env_fail(b->env, ERR_VALUE, "%s of %s: %s wants %s, got %s",
	    b->method->name, b->model->name, name, wants,
	    value_type_name(got->type));
}

static bool
ids_of_value(const struct binding *b, const struct value *v, struct ids *ids)
{
	const struct value_list	*list = v->u.list;

	if (v->type == VALUE_INT) {
		ids_add(b->env, ids, v->u.i);
		return true;
	}
	if (nothing(v))
		return true;
	if (v->type != VALUE_LIST)
		return bind_refuse(b, "ids", "a list of ids", v);
	if (list->n > (size_t)b->env->conf->max_ids)
		return env_fail(b->env, ERR_VALUE, "more than %lld ids",
		    (long long)b->env->conf->max_ids);
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].type != VALUE_INT)
			return bind_refuse(b, "ids", "whole numbers",
			    &list->v[i]);
		ids_add(b->env, ids, list->v[i].u.i);
	}
	return true;
}

static bool
bind_ids(struct binding *b, struct ids *ids)
{
	const struct value	*given = &b->in->ids;
	const struct value	*named = value_get(&b->in->named, "ids");

	if ((b->method->flags & METHOD_RECORDS) == 0)
		return given->type == VALUE_NULL || env_fail(b->env, ERR_VALUE,
		    "%s of %s takes no ids: it is asked of the model",
		    b->method->name, b->model->name);
	b->named_ids = given->type == VALUE_NULL && named != NULL;
	if (b->named_ids)
		given = named;
	if (given->type == VALUE_NULL && (given = take(b)) == NULL)
		return env_fail(b->env, ERR_VALUE, "%s of %s misses ids, the "
		    "records it is asked of", b->method->name, b->model->name);
	return ids_of_value(b, given, ids);
}

static bool
is_texts(const struct value *v)
{
	for (size_t i = 0; i < v->u.list->n; i++)
		if (v->u.list->v[i].type != VALUE_TEXT)
			return false;
	return true;
}

/* "name, country_id" as the list that it means. */
static struct value
texts_of(struct env *env, struct span text)
{
	struct value	 list = value_list(env->arena, 4);
	const char	*p = text.p;

	for (; *p != '\0'; p += strspn(p, ",")) {
		size_t	 n, used;

		p += strspn(p, " ");
		n = used = strcspn(p, ",");
		while (used > 0 && p[used - 1] == ' ')
			used--;
		value_push(env->arena, &list, value_text(arena_strndup(
		    env->arena, p, used)));
		p += n;
	}
	return list;
}

/* As the argument's type; what fits no type is refused. */
static bool
bind_convert(const struct binding *b, const struct method_arg *arg,
    const char *name, struct value *v)
{
	static const struct {
		const char	*type, *wants;
		enum value_type	 is;
	} types[] = {
		{ "text", "a text", VALUE_TEXT },
		{ "int", "a whole number", VALUE_INT },
		{ "bool", "True or False", VALUE_BOOL },
		{ "list", "a list", VALUE_LIST },
		{ "names", "a list of texts", VALUE_LIST },
		{ "dict", "a dictionary", VALUE_DICT },
	};
	size_t	 i;

	if (span_is(arg->type, "any"))
		return true;
	for (i = 0; !span_is(arg->type, types[i].type); i++)
		assert(i + 1 < sizeof types / sizeof types[0]);
	if (span_is(arg->type, "names") && v->type == VALUE_TEXT &&
	    (v->u.text.n == 0 || strchr("[({'\"", v->u.text.p[0]) == NULL))
		*v = texts_of(b->env, v->u.text);
	if (types[i].is == VALUE_BOOL && v->type == VALUE_INT &&
	    (v->u.i == 0 || v->u.i == 1))
		*v = value_bool(v->u.i == 1);
	if (v->type != types[i].is || (span_is(arg->type, "names") &&
	    !is_texts(v)))
		return bind_refuse(b, name, types[i].wants, v);
	return true;
}

static bool
bind_default(const struct binding *b, const struct method_arg *arg,
    struct value *v)
{
	return literal_parse(b->env->arena, arg->dflt, &parse_limits_default,
	    v, b->env->err);
}

static bool
bind_one(struct binding *b, const struct method_arg *arg, struct value *args)
{
	struct env		*env = b->env;
	const char		*name = arena_strndup(env->arena, arg->name.p,
				    arg->name.n);
	const struct value	*v = take(b);
	const struct value	*named = value_get(&b->in->named, name);
	struct value		 bound;

	if (v != NULL && named != NULL)
		return env_fail(env, ERR_VALUE, "%s of %s is given %s twice",
		    b->method->name, b->model->name, name);
	v = v == NULL ? named : v;
	if (v == NULL && arg->dflt.n == 0)
		return env_fail(env, ERR_VALUE, "%s of %s misses the argument "
		    "%s", b->method->name, b->model->name, name);
	if (v == NULL || (arg->dflt.n != 0 && !span_is(arg->type, "bool") &&
	    !span_is(arg->type, "any") && nothing(v)) ||
	    (arg->dflt.n != 0 && v->type == VALUE_NULL)) {
		if (!bind_default(b, arg, &bound))
			return false;
	} else {
		bound = *v;
		if (!bind_convert(b, arg, name, &bound))
			return false;
	}
	value_set(env->arena, args, name, bound);
	return true;
}

/* Nothing may be left over. */
static bool
bind_rest(const struct binding *b, const struct value *args)
{
	const struct value	*named = &b->in->named;

	if (b->at < positional(b))
		return env_fail(b->env, ERR_VALUE, "%s of %s is given %zu "
		    "positional arguments and takes %zu", b->method->name,
		    b->model->name, positional(b), b->at);
	for (size_t i = 0; named->type == VALUE_DICT &&
	    i < map_count(named->u.dict); i++) {
		struct span	 name = map_key(named->u.dict, i);

		if (map_get(args->u.dict, name) == NULL &&
		    !(b->named_ids && span_is(name, "ids")))
			return env_fail(b->env, ERR_VALUE, "%s of %s takes no "
			    "argument %.*s", b->method->name, b->model->name,
			    (int)(name.n < METHOD_SHOWN ? name.n :
			    METHOD_SHOWN), name.p);
	}
	return true;
}

bool
method_run(struct env *env, const struct method *method,
    const struct model *m, const struct method_input *in, struct value *out)
{
	struct binding		 b = { env, method, m, in, false, 0 };
	struct value		 args = value_dict(env->arena);
	const char		*at = method->args;
	struct ids		 ids = { 0 };
	struct method_arg	 arg;

	if (!bind_ids(&b, &ids))
		return false;
	while (method_arg_next(&at, &arg))
		if (!bind_one(&b, &arg, &args))
			return false;
	if (!bind_rest(&b, &args) || (method->access != METHOD_FREE &&
	    !access_check(env, m, method->access)))
		return false;
	*out = value_null();
	return method->call(env, m, &ids, &args, out);
}

const char *
method_text(const struct value *args, const char *name)
{
	const struct value	*v = value_get(args, name);

	return v == NULL || v->type != VALUE_TEXT ? NULL : v->u.text.p;
}

int64_t
method_int(const struct value *args, const char *name)
{
	const struct value	*v = value_get(args, name);

	return v == NULL || v->type != VALUE_INT ? 0 : v->u.i;
}

bool
method_flag(const struct value *args, const char *name)
{
	const struct value	*v = value_get(args, name);

	return v != NULL && value_truthy(v);
}

void
method_names(struct env *env, const struct value *args, const char *name,
    struct names *names)
{
	const struct value	*v = value_get(args, name);

	*names = (struct names){ 0 };
	if (v == NULL || v->type != VALUE_LIST)
		return;
	names->v = arena_array(env->arena, v->u.list->n, sizeof *names->v);
	for (size_t i = 0; i < v->u.list->n; i++)
		names->v[names->n++] = v->u.list->v[i].u.text.p;
}
