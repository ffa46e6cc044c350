#include "api/dialect.h"
#include "api/odoo.h"
#include "base/conf.h"
#include "base/map.h"
#include "orm/registry.h"

/* A write may have changed the model itself. */
static const struct model *
odoo_written(const struct call *c, const struct model *m)
{
	return registry_model(c->env.reg, m->name);
}

static bool
odoo_no_vals(struct call *c)
{
	return env_fail(&c->env, ERR_VALUE, "No values are given (vals)");
}

/* Whether a POST without values asks for records. */
static bool
odoo_asks(const struct odoo_args *args)
{
	return value_get(&args->body, "ids") != NULL ||
	    odoo_arg_given(args, "ids") || odoo_arg_given(args, "domain");
}

/*
 * POST /object/{model}: creates.  Clients also ask so for records: ids (or
 * a domain) and no values never create.
 */
bool
odoo_create(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct value		 vals;
	int64_t			 id;
	bool			 given;

	if (!odoo_ask(c, &m, &args) || !odoo_arg_vals(&args, &vals, &given))
		return false;
	if (!given)
		return odoo_asks(&args) ? odoo_find(c, m, &args) :
		    odoo_no_vals(c);
	if (!odoo_arg_context(&args) ||
	    !model_create(&c->env, m, &vals, &id))
		return false;
	c->resp->status = (int)c->conf->create_status;
	return odoo_put_one(c, odoo_written(c, m), id, NULL);
}

/* Values and context of a write. */
static bool
odoo_write_args(struct call *c, struct odoo_args *args, struct value *vals)
{
	bool	 given;

	if (!odoo_arg_vals(args, vals, &given) || !odoo_arg_context(args))
		return false;
	return given || odoo_no_vals(c);
}

/* The ids of a write or unlink, once each, and never none. */
static bool
odoo_target(struct call *c, const struct odoo_args *args, struct ids *ids)
{
	struct map	*seen = map_new(c->req->arena);
	bool		 given;
	size_t		 n = 0;

	if (!odoo_arg_ids(args, ids, &given))
		return false;
	if (ids->n == 0)
		return env_fail(&c->env, ERR_VALUE,
		    "No records are given (ids)");
	for (size_t i = 0; i < ids->n; i++) {
		struct span	 key = { (const char *)&ids->v[i],
				    sizeof ids->v[i] };

		if (map_get(seen, key) != NULL)
			continue;
		map_put(seen, key, seen);
		ids->v[n++] = ids->v[i];
	}
	ids->n = n;
	return true;
}

/* PUT /object/{model}/{id} */
bool
odoo_write(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct value		 vals;
	int64_t			 id = odoo_id(c);
	struct ids		 ids = { &id, 1 };

	return odoo_ask(c, &m, &args) && odoo_write_args(c, &args, &vals) &&
	    model_write(&c->env, m, &ids, &vals) &&
	    odoo_put_one(c, odoo_written(c, m), id, NULL);
}

/* PUT /object/{model}?ids= */
bool
odoo_write_set(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct value		 vals;
	struct ids		 ids;

	return odoo_ask(c, &m, &args) && odoo_target(c, &args, &ids) &&
	    odoo_write_args(c, &args, &vals) &&
	    model_write(&c->env, m, &ids, &vals) &&
	    odoo_put_set(c, odoo_written(c, m), &ids, NULL);
}

static bool
odoo_remove(struct call *c, const struct model *m, const struct ids *ids)
{
	if (!model_unlink(&c->env, m, ids))
		return false;
	ser_object_open(c->ser, NULL);
	ser_object_close(c->ser);
	c->rows = ids->n;
	return true;
}

/* DELETE /object/{model}/{id} */
bool
odoo_unlink(struct call *c)
{
	const struct model	*m;
	int64_t			 id = odoo_id(c);
	struct ids		 ids = { &id, 1 };

	return odoo_model(c, &m) && odoo_remove(c, m, &ids);
}

/* DELETE /object/{model}?ids= */
bool
odoo_unlink_set(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	struct ids		 ids;

	return odoo_ask(c, &m, &args) && odoo_arg_context(&args) &&
	    odoo_target(c, &args, &ids) && odoo_remove(c, m, &ids);
}
