/* What one2many and many2many share. */

#include "base/arena.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/order.h"
#include "orm/rule.h"
#include "store/store.h"

/* What is written are commands, which save reads. */
bool
x2many_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	(void)mode;
	if (!field_unset(in) && in->type != VALUE_LIST)
		return field_refuse(env, f, "a list of commands or of ids",
		    in);
	*out = *in;
	return true;
}

bool
x2many_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	if (!field_unset(in) && in->type != VALUE_INT)
		return field_refuse(env, f, "an id", in);
	*out = in->type == VALUE_INT ? *in : value_null();
	return true;
}

void
x2many_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	(void)f;
	*out = cells[0].type == VALUE_NULL ? value_list(env->arena, 0) :
	    cells[0];
}

void
x2many_describe(struct env *env, const struct field *f, struct value *dict)
{
	field_describe_relation(env, f, dict);
	if (f->relation_field != NULL)
		value_set(env->arena, dict, "relation_field",
		    value_text(f->relation_field));
}

/* The field's own domain holds for whoever asks. */
static bool
x2many_domain(struct env *env, const struct field *f, bool archived,
    const struct expr **where)
{
	const struct field	*active = f->target->active;
	const struct domain	*d = NULL;
	struct env		 su = env_sudo(env);

	if (++su.nested > REACH_DEPTH)
		return err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "the domain of %s of %s goes through too many lists",
		    f->name, f->model->name);
	if (f->domain.type == VALUE_LIST &&
	    !domain_parse(&su, &f->domain, &d))
		return false;
	if (!archived && active != NULL && env_flag(env, "active_test", true) &&
	    (d == NULL || !domain_names(d, active->name)))
		d = domain_and(&su, d, domain_term(&su, active->name, "=",
		    value_bool(true)));
	*where = NULL;
	return d == NULL || domain_compile(&su, f->target, d, where);
}

bool
x2many_where(struct env *env, const struct field *f, bool archived,
    const struct expr **where)
{
	const struct expr	*rule;
	bool			 may;

	if (!access_allowed(env, f->target, ACCESS_READ, &may))
		return false;
	if (!may) {
		*where = expr_bool(env->arena, false);
		return true;
	}
	if (!x2many_domain(env, f, archived, where) ||
	    !rule_where(env, f->target, ACCESS_READ, &rule))
		return false;
	if (*where != NULL || rule != NULL)
		*where = expr_and(env->arena, *where, rule);
	return true;
}

bool
x2many_orders(struct env *env, const struct field *f, const struct order **o,
    size_t *n)
{
	return order_parse(env, f->target, NULL, o, n);
}

bool
x2many_select(struct env *env, const struct query *q, struct ids *out)
{
	struct ids	 all;

	if (!ids_select(env, q, &all))
		return false;
	ids_once(env, &all, out);
	return true;
}

/* Most records have no list, and nothing is sorted for them. */
const struct expr *
x2many_ids(struct env *env, const struct query *q, const struct expr *own)
{
	struct arena	*a = env->arena;
	struct expr	*e = expr_node(a, EXPR_IDS, COL_IDS, 0, NULL, NULL);
	struct query	*any = query_new(a, q->table, 0);

	e->query = q;
	any->where = own;
	return expr_if(a, expr_exists(a, any), e,
	    expr_value(a, value_null()));
}
