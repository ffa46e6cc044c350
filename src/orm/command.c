#include "orm/command.h"

#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/field.h"

/* What stands at the three places of a command. */
struct command_text {
	const struct value	*id, *third;
};

static bool
command_refuse(struct env *env, const struct field *f, size_t place,
    const char *why)
{
	return err_field(env->err, ERR_VALUE, f->model->name, f->name,
	    "%s of %s, command %zu: %s", f->name, f->model->name, place, why);
}

static bool
command_id(const struct value *v, int64_t *id)
{
	*id = v != NULL && v->type == VALUE_INT ? v->u.i : 0;
	return *id > 0;
}

static bool
command_ids(struct env *env, const struct field *f, const struct value *list,
    size_t place, struct ids *ids)
{
	const struct value_list	*l;
	int64_t			 id;

	if (list == NULL || (list->type != VALUE_LIST && !value_truthy(list)))
		return true;
	if (list->type != VALUE_LIST)
		return command_refuse(env, f, place, "a list of ids is wanted");
	l = list->u.list;
	if (l->n > (size_t)env->conf->max_ids)
		return command_refuse(env, f, place, "too many ids");
	for (size_t i = 0; i < l->n; i++) {
		if (!command_id(&l->v[i], &id))
			return command_refuse(env, f, place,
			    "a list of ids is wanted");
		ids_add(env, ids, id);
	}
	return true;
}

/* Reads what follows the command's number. */
static bool
command_rest(struct env *env, const struct field *f,
    const struct command_text *t, size_t place, struct command *c)
{
	int64_t	 id;

	if (c->kind == COMMAND_CLEAR)
		return true;
	if (c->kind == COMMAND_SET)
		return command_ids(env, f, t->third, place, &c->ids);
	if (c->kind <= COMMAND_UPDATE && t->third != NULL) {
		if (t->third->type != VALUE_DICT)
			return command_refuse(env, f, place,
			    "a dictionary of values is wanted");
		c->vals = t->third;
	}
	if (c->kind == COMMAND_CREATE)
		return true;
	if (!command_id(t->id, &id))
		return command_refuse(env, f, place, "an id is wanted");
	ids_add(env, &c->ids, id);
	return true;
}

static bool
command_one(struct env *env, const struct field *f, const struct value *v,
    size_t place, struct command *c)
{
	const struct value_list	*l;
	struct command_text	 t = { NULL, NULL };

	*c = (struct command){ .kind = COMMAND__MAX };
	if (v->type != VALUE_LIST || v->u.list->n == 0 || v->u.list->n > 3 ||
	    v->u.list->v[0].type != VALUE_INT)
		return command_refuse(env, f, place,
		    "a list of a number, an id and values is wanted");
	l = v->u.list;
	if (l->v[0].u.i < 0 || l->v[0].u.i >= COMMAND__MAX)
		return command_refuse(env, f, place,
		    "there are commands 0 to 6 only");
	c->kind = (enum command_kind)l->v[0].u.i;
	if (l->n > 1)
		t.id = &l->v[1];
	if (l->n > 2)
		t.third = &l->v[2];
	return command_rest(env, f, &t, place, c);
}

static void
command_add(struct env *env, struct commands *all, const struct command *c)
{
	struct command	*last = all->n == 0 ? NULL : &all->v[all->n - 1];

	if (last == NULL || last->kind != c->kind ||
	    c->kind < COMMAND_DELETE || c->kind > COMMAND_LINK) {
		all->v[all->n++] = *c;
		return;
	}
	for (size_t i = 0; i < c->ids.n; i++)
		ids_add(env, &last->ids, c->ids.v[i]);
}

/* A list of ids is command 6; False too, with none. */
static bool
command_set(struct env *env, const struct field *f, const struct value *in,
    struct commands *out)
{
	struct command	 c = { .kind = COMMAND_SET };

	out->v = arena_array(env->arena, 1, sizeof *out->v);
	if (!command_ids(env, f, in, 1, &c.ids))
		return false;
	command_add(env, out, &c);
	return true;
}

static bool
command_parse(struct env *env, const struct field *f, const struct value *in,
    struct commands *out)
{
	const struct value_list	*l;
	struct command		 c;

	*out = (struct commands){ 0 };
	if (in->type != VALUE_LIST)
		return (in->type != VALUE_NULL &&
		    (in->type != VALUE_BOOL || in->u.b)) ?
		    field_refuse(env, f, "a list of commands or of ids", in) :
		    command_set(env, f, in, out);
	l = in->u.list;
	if (l->n == 0)
		return true;
	if (l->v[0].type == VALUE_INT)
		return command_set(env, f, in, out);
	out->v = arena_array(env->arena, l->n, sizeof *out->v);
	for (size_t i = 0; i < l->n; i++) {
		if (!command_one(env, f, &l->v[i], i + 1, &c))
			return false;
		command_add(env, out, &c);
	}
	return true;
}

/* Ids that are not there are told before anything is done. */
static bool
command_exist(struct env *env, const struct field *f,
    const struct commands *all)
{
	struct ids	 ids = { 0 }, there;
	size_t		 at;

	for (size_t i = 0; i < all->n; i++)
		for (size_t j = 0; j < all->v[i].ids.n; j++)
			ids_add(env, &ids, all->v[i].ids.v[j]);
	if (ids.n == 0)
		return true;
	if (!model_exists(env, f->target, &ids, &there))
		return false;
	for (size_t i = 0; i < ids.n; i++)
		if (!ids_find(&there, ids.v[i], &at))
			return err_field(env->err, ERR_VALIDATION,
			    f->model->name, f->name, "%s (%s): there is no "
			    "record %lld of %s", f->string, f->name,
			    (long long)ids.v[i], f->target->name);
	return true;
}

bool
command_read(struct env *env, const struct field *f, const struct value *in,
    struct commands *out)
{
	if (!command_parse(env, f, in, out))
		return false;
	for (size_t i = 0; i < out->n; i++)
		ids_once(env, &out->v[i].ids, &out->v[i].ids);
	return command_exist(env, f, out);
}

/* The context without what it says of the record around. */
static struct value
command_context(struct env *env)
{
	static const char	 word[] = "default_";
	struct value		 inner = value_dict(env->arena);
	const struct map	*outer = env->context->u.dict;

	for (size_t i = 0; i < map_count(outer); i++) {
		struct span		 key = map_key(outer, i);
		const struct value	*v = map_at(outer, i);

		if (key.n < sizeof word - 1 ||
		    memcmp(key.p, word, sizeof word - 1) != 0)
			value_set(env->arena, &inner, key.p, *v);
	}
	return inner;
}

static bool
command_enter(struct env *env, const struct field *f)
{
	if (env->depth >= env->conf->max_relation_depth)
		return err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "%s of %s: more than %lld records one inside the other",
		    f->name, f->model->name,
		    (long long)env->conf->max_relation_depth);
	env->depth++;
	return true;
}

bool
command_create(struct env *env, const struct field *f,
    const struct value *vals, int64_t *id)
{
	const struct value	*context = env->context;
	struct value		 inner;
	bool			 made;

	if (!command_enter(env, f))
		return false;
	if (context != NULL && context->type == VALUE_DICT) {
		inner = command_context(env);
		env->context = &inner;
	}
	made = model_create(env, f->target, vals, id);
	env->context = context;
	env->depth--;
	return made;
}

bool
command_update(struct env *env, const struct field *f, const struct ids *ids,
    const struct value *vals)
{
	bool	 done;

	if (!command_enter(env, f))
		return false;
	done = model_write(env, f->target, ids, vals);
	env->depth--;
	return done;
}

bool
command_each(struct env *env, const struct field *f, const struct ids *ids,
    bool created, const struct value *in, command_run *run)
{
	struct commands	 all;

	if (!command_read(env, f, in, &all))
		return false;
	for (size_t i = 0; i < all.n; i++)
		if (!run(env, f, ids, created && i == 0, &all.v[i]))
			return false;
	return true;
}
