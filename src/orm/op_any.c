/* "any" and "not any": semantics 1.9. */

#include "orm/access.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/operator.h"

const struct expr *
op_any(struct env *env, const struct field *f, const struct domain *term)
{
	const struct expr	*where, *e;
	bool			 archived;

	if (f->target == NULL) {
		err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "%s of %s is no relation: %s has nothing to look at",
		    f->name, f->model->name, term->op->name);
		return NULL;
	}
	archived = field_is_many2one(f) || (f->target->active != NULL &&
	    domain_names(term->sub, f->target->active->name));
	if (!access_check(env, f->target, ACCESS_READ))
		return NULL;
	where = domain_expr(env, f->target, term->sub);
	if (where == NULL || !domain_reach(env, f->target, archived, &where) ||
	    (e = domain_points(env, f, where)) == NULL)
		return NULL;
	return term->op->negate ? domain_points_not(env, e) : e;
}
