#ifndef FUZZ_CHECK_VALUE_H
#define FUZZ_CHECK_VALUE_H

#include <math.h>
#include <stdlib.h>

#include "base/literal.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/value.h"

/* Ends the process if v is what no parser may give. */
static inline void
check_value(const struct value *v, size_t depth, size_t *nodes)
{
	if (++*nodes > parse_limits_default.nodes + 1 ||
	    depth > parse_limits_default.depth + 1)
		abort();
	if (v->type == VALUE_TEXT && (!utf8_valid(v->u.text) ||
	    v->u.text.p[v->u.text.n] != '\0'))
		abort();
	if (v->type == VALUE_FLOAT && !isfinite(v->u.f))
		abort();
	if (v->type == VALUE_LIST)
		for (size_t i = 0; i < v->u.list->n; i++)
			check_value(&v->u.list->v[i], depth + 1, nodes);
	if (v->type != VALUE_DICT)
		return;
	for (size_t i = 0; i < map_count(v->u.dict); i++) {
		if (!utf8_valid(map_key(v->u.dict, i)))
			abort();
		check_value(map_at(v->u.dict, i), depth + 1, nodes);
	}
}

#endif
