#include "orm/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "store/query.h"
#include "store/store.h"

#define MODEL_SHOWN	60	/* bytes of a wrong name, in a message */

const struct field *
model_field_span(const struct model *m, struct span name)
{
	const struct field	*f = map_get(m->by_name, name);

	return f == NULL || f->secret ? NULL : f;
}

const struct field *
model_field(const struct model *m, const char *name)
{
	return model_field_span(m, span_of(name));
}

bool
model_no_field(struct env *env, const struct model *m, struct span name)
{
	size_t	 n = name.n;

	if (n > MODEL_SHOWN) {
		n = MODEL_SHOWN;
		while (n > 0 && ((unsigned char)name.p[n] & 0xc0) == 0x80)
			n--;
	}
	return err_field(env->err, ERR_VALUE, m->name, "",
	    "Invalid field \"%.*s\" on model %s", (int)n, name.p, m->name);
}

bool
model_missing(struct env *env)
{
	return env_fail(env, ERR_MISSING,
	    "Record does not exist or has been deleted.");
}

bool
ids_has(const struct ids *ids, int64_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->v[i] == id)
			return true;
	return false;
}

void
ids_add(struct env *env, struct ids *ids, int64_t id)
{
	int64_t	*old = ids->v;

	/* Grows when n is 0 or a power of two of at least eight. */
	if (ids->n == 0 || (ids->n >= 8 && (ids->n & (ids->n - 1)) == 0)) {
		ids->v = arena_array(env->arena, ids->n == 0 ? 8 : 2 * ids->n,
		    sizeof *ids->v);
		if (ids->n != 0)
			memcpy(ids->v, old, ids->n * sizeof *old);
	}
	ids->v[ids->n++] = id;
}

static int
ids_compare(const void *a, const void *b)
{
	int64_t	 x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
ids_rise(const struct ids *ids)
{
	for (size_t i = 1; i < ids->n; i++)
		if (ids->v[i] <= ids->v[i - 1])
			return false;
	return true;
}

void
ids_once(struct env *env, const struct ids *ids, struct ids *out)
{
	int64_t	*v = arena_array(env->arena, ids->n, sizeof *v);
	size_t	 n = 0;

	if (ids->n != 0)
		memcpy(v, ids->v, ids->n * sizeof *v);
	if (ids_rise(ids)) {
		*out = (struct ids){ v, ids->n };
		return;
	}
	qsort(v, ids->n, sizeof *v, ids_compare);
	for (size_t i = 0; i < ids->n; i++)
		if (i == 0 || v[i] != v[n - 1])
			v[n++] = v[i];
	*out = (struct ids){ v, n };
}

bool
ids_find(const struct ids *ids, int64_t id, size_t *at)
{
	size_t	 low = 0, high = ids->n;

	while (low < high) {
		size_t	 mid = low + (high - low) / 2;

		if (ids->v[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return low < ids->n && ids->v[low] == id;
}

void
ids_without(struct env *env, const struct ids *ids, const struct ids *without,
    struct ids *out)
{
	struct ids	 rest = { 0 };
	size_t		 at;

	for (size_t i = 0; i < ids->n; i++)
		if (!ids_find(without, ids->v[i], &at))
			ids_add(env, &rest, ids->v[i]);
	*out = rest;
}

struct value
ids_value(struct env *env, const struct ids *ids)
{
	struct value	 list = value_list(env->arena, ids->n);

	for (size_t i = 0; i < ids->n; i++)
		value_push(env->arena, &list, value_int(ids->v[i]));
	return list;
}

const struct expr *
ids_in(struct env *env, const char *column, const struct ids *ids)
{
	struct value	 list = ids_value(env, ids);

	return expr_in(env->arena, expr_column(env->arena, column, COL_ID, 0),
	    &list);
}

bool
ids_select(struct env *env, const struct query *q, struct ids *out)
{
	struct rows	 rows;

	if (!store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	out->n = rows.n;
	out->v = arena_array(env->arena, rows.n, sizeof *out->v);
	for (size_t i = 0; i < rows.n; i++)
		out->v[i] = rows.cells[i].u.i;
	return true;
}
