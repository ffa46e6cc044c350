#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"

static bool
many2one_operand(struct env *env, const struct field *f,
    const struct value *in, struct value *out)
{
	if (!field_unset(in) && in->type != VALUE_INT)
		return field_refuse(env, f, "an id", in);
	*out = in->type == VALUE_INT ? *in : value_null();
	return true;
}

static bool
many2one_convert(struct env *env, const struct field *f,
    enum convert_mode mode, const struct value *in, struct value *out)
{
	(void)mode;
	if (in->type == VALUE_INT && in->u.i <= 0)
		return err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "%s of %s wants an id, got %lld", f->name, f->model->name,
		    (long long)in->u.i);
	return many2one_operand(env, f, in, out);
}

/* [id, name]: the name is the second cell. */
static void
many2one_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	struct value	 pair;

	(void)f;
	if (cells[0].type == VALUE_NULL) {
		*out = value_null();
		return;
	}
	pair = value_list(env->arena, 2);
	pair.u.list->v[0] = cells[0];
	pair.u.list->v[1] = cells[1];
	pair.u.list->n = 2;
	*out = pair;
}

const struct field_type	 field_many2one = {
	.name = "many2one",
	.column = COL_ID,
	.cells = 2,
	.convert = many2one_convert,
	.operand = many2one_operand,
	.second = field_name_expr,
	.present = many2one_present,
	.describe = field_describe_relation,
};
