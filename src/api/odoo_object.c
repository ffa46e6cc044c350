#include <string.h>

#include "api/dialect.h"
#include "api/odoo.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/registry.h"

#define READ_PART	1000	/* records read at once */

/* What a reading request asks for. */
struct find {
	struct ids		 ids;
	bool			 by_ids;	/* ids were given */
	const struct domain	*domain;
	struct names		 fields;
	struct page		 page;
	bool			 count;		/* the number alone */
};

bool
odoo_model(struct call *c, const struct model **m)
{
	*m = registry_model(c->env.reg, c->vars[0]);
	return *m != NULL || env_fail(&c->env, ERR_USER,
	    "Object %.64s doesn't exist", c->vars[0]);
}

bool
odoo_ask(struct call *c, const struct model **m, struct odoo_args *args)
{
	return odoo_model(c, m) && odoo_args(c, args);
}

int64_t
odoo_id(const struct call *c)
{
	int64_t	 id = 0;

	for (const char *p = c->vars[1]; *p != '\0'; p++) {
		if (__builtin_mul_overflow(id, 10, &id) ||
		    __builtin_add_overflow(id, *p - '0', &id))
			return 0;
	}
	return id;
}

const char *
odoo_key(const struct call *c, const struct model *m)
{
	return c->form == SER_JSON &&
	    strcmp(c->conf->json_key, "description") == 0 ?
	    m->description : m->name;
}

bool
odoo_absent(struct call *c)
{
	return env_fail(&c->env, ERR_NOT_FOUND, "Record not found");
}

static void
odoo_put_record(struct call *c, const char *key, const struct records *r,
    size_t i)
{
	const struct value	*cell = r->rows[i];

	ser_object_open(c->ser, key);
	for (size_t j = 0; j < r->nfields; j++)
		ser_put_field(c->ser, r->fields[j]->key, &cell[j]);
	ser_object_close(c->ser);
	c->rows++;
}

bool
odoo_put_one(struct call *c, const struct model *m, int64_t id,
    const struct names *fields)
{
	struct ids	 ids = { &id, 1 };
	struct records	 r;

	if (!model_read(&c->env, m, &ids, fields, &r))
		return false;
	if (r.n == 0)
		return odoo_absent(c);
	ser_object_open(c->ser, NULL);
	odoo_put_record(c, odoo_key(c, m), &r, 0);
	ser_object_close(c->ser);
	return true;
}

/*
 * Part by part, so that a worker's memory ends where the answer must; rights
 * and names are checked for no ids too.
 */
static bool
odoo_put_parts(struct call *c, const struct model *m, const struct ids *ids,
    const struct names *fields)
{
	struct ids	 part = { ids->v, 0 };
	struct records	 r;

	size_t		 left = ids->n;

	do {
		part.v += part.n;
		part.n = left < READ_PART ? left : READ_PART;
		if (!model_read(&c->env, m, &part, fields, &r))
			return false;
		for (size_t i = 0; i < r.n; i++)
			odoo_put_record(c, NULL, &r, i);
		if (c->resp->body->n > (size_t)c->conf->max_answer)
			return true;
		left -= part.n;
	} while (left > 0);
	return true;
}

bool
odoo_put_set(struct call *c, const struct model *m, const struct ids *ids,
    const struct names *fields)
{
	struct ids	 found;

	if (c->conf->unwrap_single) {
		if (!model_exists(&c->env, m, ids, &found))
			return false;
		if (found.n == 1)
			return odoo_put_one(c, m, found.v[0], fields);
	}
	ser_object_open(c->ser, NULL);
	ser_array_open(c->ser, odoo_key(c, m));
	if (!odoo_put_parts(c, m, ids, fields))
		return false;
	ser_array_close(c->ser);
	ser_object_close(c->ser);
	return true;
}

static bool
odoo_put_count(struct call *c, const struct model *m,
    const struct domain *domain)
{
	int64_t	 n;

	if (!model_count(&c->env, m, domain, &n))
		return false;
	ser_object_open(c->ser, NULL);
	ser_int(c->ser, "count", n);
	ser_object_close(c->ser);
	return true;
}

static bool
odoo_find_args(const struct odoo_args *args, struct find *f)
{
	memset(f, 0, sizeof *f);
	return odoo_arg_context(args) &&
	    odoo_arg_ids(args, &f->ids, &f->by_ids) &&
	    odoo_arg_domain(args, &f->domain) &&
	    odoo_arg_names(args, "fields", &f->fields) &&
	    odoo_arg_text(args, "order", &f->page.order) &&
	    odoo_arg_number(args, "offset", &f->page.offset) &&
	    odoo_arg_number(args, "limit", &f->page.limit) &&
	    odoo_arg_flag(args, "count", &f->count);
}

/* Whoever names ids means archived records too. */
static void
odoo_show_archived(struct env *env)
{
	struct value	*context;

	if (value_get(env->context, "active_test") != NULL)
		return;
	context = arena_alloc(env->arena, sizeof *context);
	*context = env->context == NULL ? value_dict(env->arena) :
	    value_copy(env->arena, env->context);
	value_set(env->arena, context, "active_test", value_bool(false));
	env->context = context;
}

/* Joins ids and domain to one domain. */
static void
odoo_join_ids(struct call *c, struct find *f)
{
	const struct domain	*among;

	if (!f->by_ids)
		return;
	if (f->domain == NULL)
		odoo_show_archived(&c->env);
	among = domain_term(&c->env, "id", "in", ids_value(&c->env, &f->ids));
	f->domain = f->domain == NULL ? among :
	    domain_and(&c->env, f->domain, among);
}

/* Whether the ids say all: they are then read in their own order. */
static bool
find_is_ids(const struct find *f)
{
	return f->by_ids && f->domain == NULL && f->page.order == NULL &&
	    f->page.offset == 0 && f->page.limit == 0 && !f->count;
}

static bool
odoo_answer_ids(struct call *c, const struct model *m, const struct find *f)
{
	const struct names	*fields = f->fields.n > 0 ? &f->fields : NULL;

	if (!odoo_put_set(c, m, &f->ids, fields))
		return false;
	return c->rows > 0 || f->ids.n == 0 || odoo_absent(c);
}

static bool
odoo_answer_find(struct call *c, const struct model *m, struct find *f)
{
	const struct names	*fields = f->fields.n > 0 ? &f->fields : NULL;
	struct ids		 ids;

	if (find_is_ids(f))
		return odoo_answer_ids(c, m, f);
	odoo_join_ids(c, f);
	if (f->count)
		return odoo_put_count(c, m, f->domain);
	if (!model_search(&c->env, m, f->domain, &f->page, &ids))
		return false;
	if (ids.n == 0 && c->conf->empty_search_404)
		return odoo_absent(c);
	return odoo_put_set(c, m, &ids, fields);
}

/*
 * POST to a record reads it, for parameters too long for a URL; values in
 * the body mean that somebody takes it for a change.
 */
static bool
odoo_read_only(struct call *c, const struct odoo_args *args)
{
	const struct map	*body;

	if (!request_is(c->req, "POST") || args->body.type != VALUE_DICT)
		return true;
	body = args->body.u.dict;
	for (size_t i = 0; i < map_count(body); i++) {
		if (!span_is(map_key(body, i), "fields") &&
		    !span_is(map_key(body, i), "context"))
			return env_fail(&c->env, ERR_VALUE, "POST to a record "
			    "reads it and takes fields and context; use PUT "
			    "to change it");
	}
	return true;
}

/* GET /object/{model}/{id} */
bool
odoo_read(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct names		 fields;

	if (!odoo_ask(c, &m, &args) || !odoo_read_only(c, &args) ||
	    !odoo_arg_context(&args) ||
	    !odoo_arg_names(&args, "fields", &fields))
		return false;
	return odoo_put_one(c, m, odoo_id(c), fields.n > 0 ? &fields : NULL);
}

bool
odoo_find(struct call *c, const struct model *m, const struct odoo_args *args)
{
	struct find	 f;

	return odoo_find_args(args, &f) && odoo_answer_find(c, m, &f);
}

/* GET /object/{model}: the records of ids=, of domain=, or all. */
bool
odoo_list(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;

	return odoo_ask(c, &m, &args) && odoo_find(c, m, &args);
}

/* GET /object/{model}/search: the ids that match the domain. */
bool
odoo_search(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct find		 f;
	struct ids		 ids;

	if (!odoo_ask(c, &m, &args) || !odoo_find_args(&args, &f))
		return false;
	odoo_join_ids(c, &f);
	if (f.count)
		return odoo_put_count(c, m, f.domain);
	if (!model_search(&c->env, m, f.domain, &f.page, &ids))
		return false;
	if (ids.n == 0 && c->conf->empty_search_404)
		return odoo_absent(c);
	ser_object_open(c->ser, NULL);
	ser_array_open(c->ser, odoo_key(c, m));
	for (size_t i = 0; i < ids.n; i++)
		ser_int(c->ser, NULL, ids.v[i]);
	ser_array_close(c->ser);
	ser_object_close(c->ser);
	c->rows = ids.n;
	return true;
}

/* GET /object/{model}/search_count */
bool
odoo_search_count(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct find		 f;

	if (!odoo_ask(c, &m, &args) || !odoo_find_args(&args, &f))
		return false;
	odoo_join_ids(c, &f);
	return odoo_put_count(c, m, f.domain);
}

/* GET /object/{model}/fields_get */
bool
odoo_fields_get(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct names		 fields, attributes;
	struct value		 v;

	if (!odoo_ask(c, &m, &args) || !odoo_arg_context(&args) ||
	    !odoo_arg_names(&args, "allfields", &fields) ||
	    !odoo_arg_names(&args, "attributes", &attributes) ||
	    !model_describe(&c->env, m, &fields, &attributes, &v))
		return false;
	ser_object_open(c->ser, NULL);
	ser_put(c->ser, odoo_key(c, m), NULL, &v);
	ser_object_close(c->ser);
	return true;
}

/* GET /object/{model}/check_access_rights */
bool
odoo_check_access_rights(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct names		 operations;
	bool			 raise = true, all;

	if (!odoo_ask(c, &m, &args) ||
	    !odoo_arg_names(&args, "operation", &operations) ||
	    !odoo_arg_flag(&args, "raise_exception", &raise))
		return false;
	/* C12, C13 */
	if (!access_check_all(&c->env, m, &operations, raise, &all))
		return false;
	ser_object_open(c->ser, NULL);
	ser_bool(c->ser, "return", all);
	ser_object_close(c->ser);
	return true;
}
