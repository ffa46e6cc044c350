#include "api/odoo.h"

#include <stdlib.h>

#include "api/dialect.h"
#include "auth/auth.h"
#include "base/conf.h"

/* Rows 2, 9 to 20, 24 and 25 of spec 1.  What GET does POST does too, for
 * parameters too long for a URL. */
static const struct route	 routes[] = {
	{ "GET",    "/object/{model}/{id}",		0, odoo_read },
	{ "POST",   "/object/{model}/{id}",		0, odoo_read },
	{ "GET",    "/object/{model}",			0, odoo_list },
	{ "POST",   "/object/{model}",	     ROUTE_WRITE, odoo_create },
	{ "PUT",    "/object/{model}/{id}",  ROUTE_WRITE, odoo_write },
	{ "PUT",    "/object/{model}",	     ROUTE_WRITE, odoo_write_set },
	{ "DELETE", "/object/{model}/{id}",  ROUTE_WRITE, odoo_unlink },
	{ "DELETE", "/object/{model}",	     ROUTE_WRITE, odoo_unlink_set },
	{ "*",	    "/object/{model}/{method}",	       ROUTE_ASK, odoo_method },
	{ "*",	    "/object/{model}/{id}/{method}",   ROUTE_ASK, odoo_method },
	{ "GET",    "/common/version",	     ROUTE_PUBLIC, odoo_version },
};

/* What a client may know: nothing of what broke inside. */
static const char *
odoo_message(const struct err *err)
{
	if (err->code == ERR_INTERNAL || err->code == ERR_DATABASE)
		return "Internal server error";
	return err->msg;
}

/* The two shapes of spec 6: 401 and 404 are flat. */
static void
odoo_fail(struct call *c, const struct err *err)
{
	int	 status = err_http(err->code);
	bool	 flat = status == 401 || status == 404;

	if (status == 401) {
		response_header(c->resp, "WWW-Authenticate",
		    "Bearer realm=\"cardfile\"");
		response_header(c->resp, "WWW-Authenticate",
		    "Basic realm=\"cardfile\", charset=\"UTF-8\"");
	}
	ser_object_open(c->ser, NULL);
	if (!flat)
		ser_object_open(c->ser, "error");
	ser_int(c->ser, "code", status);
	ser_text(c->ser, "message", odoo_message(err));
	if (!flat)
		ser_object_close(c->ser);
	ser_object_close(c->ser);
}

/* GET /common/version */
bool
odoo_version(struct call *c)
{
	const char	*version = c->conf->server_version;
	char		*minor;
	long		 major = strtol(version, &minor, 10);

	ser_object_open(c->ser, NULL);
	ser_text(c->ser, "server_version", version);
	ser_array_open(c->ser, "server_version_info");
	ser_int(c->ser, NULL, major);
	ser_int(c->ser, NULL, *minor == '.' ? strtol(minor + 1, NULL, 10) : 0);
	ser_int(c->ser, NULL, 0);
	ser_text(c->ser, NULL, "final");
	ser_int(c->ser, NULL, 0);
	ser_array_close(c->ser);
	ser_text(c->ser, "server_series", version);
	ser_int(c->ser, "protocol_version", 1);
	ser_object_close(c->ser);
	return true;
}

const struct dialect	 dialect_odoo = {
	.prefix = "/restapi/1.0",
	.routes = routes,
	.nroutes = sizeof routes / sizeof routes[0],
	.schemes = AUTH_BIT(bearer) | AUTH_BIT(basic),
	.ser_flags = SER_NULL_FALSE,
	.writes = odoo_method_writes,
	.instead = odoo_explain,
	.fail = odoo_fail,
};
