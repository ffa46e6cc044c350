/* explain=access: why a request is allowed or not, for administrators. */

#include <string.h>

#include "api/dialect.h"
#include "api/odoo.h"
#include "http/request.h"
#include "orm/explain.h"
#include "orm/method.h"

#define EXPLAIN_GROUP	"base.group_erp_manager"

/* What the request itself would need. */
static enum access
explain_route(const struct call *c)
{
	const struct method	*method;

	if (c->route->handler == odoo_method) {
		method = odoo_called(c);
		return method == NULL || method->access == METHOD_FREE ?
		    ACCESS_READ : method->access;
	}
	if (request_is(c->req, "PUT"))
		return ACCESS_WRITE;
	if (request_is(c->req, "DELETE"))
		return ACCESS_UNLINK;
	return (c->route->flags & ROUTE_WRITE) != 0 ? ACCESS_CREATE :
	    ACCESS_READ;
}

static bool
explain_operation(const struct call *c, const struct odoo_args *args,
    enum access *what)
{
	const char	*name;

	*what = explain_route(c);
	if (!odoo_arg_text(args, "operation", &name))
		return false;
	if (name == NULL)
		return true;
	*what = access_named(name);
	return *what != ACCESS__MAX || env_fail(&args->c->env, ERR_VALUE,
	    "operation must be create, write, read or unlink");
}

/* The records of the path or of ids. */
static bool
explain_ids(struct call *c, const struct odoo_args *args, int64_t *id,
    struct ids *ids)
{
	bool	 given;

	if (strncmp(c->route->path, "/object/{model}/{id}", 20) != 0)
		return odoo_arg_ids(args, ids, &given);
	*id = odoo_id(c);
	*ids = (struct ids){ id, 1 };
	return true;
}

static bool
explain_answer(struct call *c)
{
	const struct model	*m;
	struct odoo_args	 args;
	enum access		 what;
	struct value		 out;
	struct ids		 ids;
	int64_t			 uid, id;

	if (!odoo_ask(c, &m, &args) || !odoo_arg_context(&args) ||
	    !odoo_arg_number(&args, "explain_user", &uid) ||
	    !explain_operation(c, &args, &what) ||
	    !explain_ids(c, &args, &id, &ids) ||
	    !access_explain(&c->env, uid == 0 ? c->env.uid : uid, m, what,
	    &ids, &out))
		return false;
	ser_object_open(c->ser, NULL);
	ser_put(c->ser, "access", NULL, &out);
	ser_object_close(c->ser);
	return true;
}

bool
odoo_explain(struct call *c, bool *answered)
{
	const struct span	*asked = params_get(&c->req->query, "explain");
	bool			 may;

	*answered = false;
	if (asked == NULL || strncmp(c->route->path, "/object/", 8) != 0)
		return true;
	*answered = true;
	if (!span_is(*asked, "access"))
		return env_fail(&c->env, ERR_VALUE,
		    "explain can only be access");
	if (!access_in_group(&c->env, EXPLAIN_GROUP, &may))
		return false;
	if (!may && c->env.uid != SUPERUSER)
		return env_fail(&c->env, ERR_ACCESS, "Only administrators of "
		    "access rights may ask for explanations.");
	return explain_answer(c);
}
