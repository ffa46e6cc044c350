#include <string.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/utf8.h"
#include "http/request.h"

const struct span *
params_get(const struct params *params, const char *name)
{
	for (size_t i = 0; i < params->n; i++)
		if (span_is(params->v[i].name, name))
			return &params->v[i].value;
	return NULL;
}

void
params_add(struct arena *a, struct params *params, struct span name,
    struct span value)
{
	size_t	 n = params->n;

	if ((n & (n - 1)) == 0) {
		struct param	*old = params->v;

		params->v = arena_array(a, n == 0 ? 1 : n * 2, sizeof *old);
		if (n != 0)
			memcpy(params->v, old, n * sizeof *old);
	}
	params->v[n].name = name;
	params->v[n].value = value;
	params->n++;
}

static bool
params_pair(struct arena *a, struct span text, struct params *params,
    struct err *err)
{
	const char	*is = memchr(text.p, '=', text.n);
	size_t		 n = is == NULL ? text.n : (size_t)(is - text.p);
	struct span	 name = { text.p, n }, value = { "", 0 };

	if (is != NULL)
		value = (struct span){ is + 1, text.n - n - 1 };
	name = percent_decode(a, name, true);
	value = percent_decode(a, value, true);
	if (params->n == PARAMS_MAX)
		return err_set(err, ERR_TOO_LARGE,
		    "more than %d parameters", PARAMS_MAX);
	if (!utf8_valid(name) || !utf8_valid(value))
		return err_set(err, ERR_BAD_REQUEST,
		    "parameter %zu is not UTF-8 text", params->n + 1);
	params_add(a, params, name, value);
	return true;
}

bool
params_parse(struct arena *a, struct span text, struct params *params,
    struct err *err)
{
	const char	*p = text.p, *end = text.p + text.n, *next;

	for (; p < end; p = next + 1) {
		next = memchr(p, '&', (size_t)(end - p));
		if (next == NULL)
			next = end;
		if (next > p && !params_pair(a,
		    (struct span){ p, (size_t)(next - p) }, params, err))
			return false;
	}
	return true;
}
