#include "base/arena.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"
#include "store/store.h"

#define ANY_TABLE	"ir_model"	/* one that has rows */

bool
formula_default(struct env *env, const struct field *f, struct value *out)
{
	struct reach		 reach = { 0 };
	struct formula_scope	 s = { env, NULL, &reach };
	struct query		*q = query_new(env->arena, ANY_TABLE, 1);
	struct rows		 rows;

	q->columns[0] = formula_as(&s, f, f->dflt_compute);
	q->limit = 1;
	if (q->columns[0] == NULL ||
	    !store_select(env->store, q, env->arena, &rows, env->err))
		return false;
	*out = rows.n == 0 ? value_null() : rows.cells[0];
	return true;
}
