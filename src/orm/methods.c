/* The table of methods, and what a row says. */

#include <string.h>

#include "orm/behaviour.h"
#include "orm/method_private.h"
#include "orm/method.h"

static const struct method	 methods[] = {
#define METHOD(name, args, flags, access, call)	\
	{ NULL, name, args, flags, access, call },
#include "orm/methods.def"
#undef METHOD
};

const struct method *
method_find(const struct behaviour *b, const char *model, const char *name)
{
	for (size_t i = 0; i < b->nmethods; i++)
		if (strcmp(b->methods[i].model, model) == 0 &&
		    strcmp(b->methods[i].name, name) == 0)
			return &b->methods[i];
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
		if (strcmp(methods[i].name, name) == 0)
			return &methods[i];
	return NULL;
}

bool
method_arg_next(const char **at, struct method_arg *arg)
{
	const char	*p = *at, *end;

	if (*p == '\0')
		return false;
	end = strstr(p, ", ");
	if (end == NULL)
		end = p + strlen(p);
	arg->name = (struct span){ p, strcspn(p, ":") };
	p += arg->name.n + 1;
	arg->type = (struct span){ p, strcspn(p, "=,") };
	p += arg->type.n;
	arg->dflt = (struct span){ p, 0 };
	if (*p == '=')
		arg->dflt = (struct span){ p + 1, (size_t)(end - p - 1) };
	*at = *end == '\0' ? end : end + 2;
	return true;
}

bool
method_has(const struct method *method, struct span name, bool *text)
{
	const char		*at = method->args;
	struct method_arg	 arg;

	while (method_arg_next(&at, &arg)) {
		if (!span_equal(arg.name, name))
			continue;
		*text = span_is(arg.type, "text");
		return true;
	}
	return false;
}
