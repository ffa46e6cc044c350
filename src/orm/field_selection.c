#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"

bool
field_selection_has(const struct field *f, struct span key)
{
	const struct value_list	*l;

	if (f->selection.type != VALUE_LIST)
		return false;
	l = f->selection.u.list;
	for (size_t i = 0; i < l->n; i++) {
		const struct value	*pair = &l->v[i];

		if (pair->type == VALUE_LIST && pair->u.list->n != 0 &&
		    pair->u.list->v[0].type == VALUE_TEXT &&
		    span_equal(pair->u.list->v[0].u.text, key))
			return true;
	}
	return false;
}

static bool
selection_convert(struct env *env, const struct field *f,
    enum convert_mode mode, const struct value *in, struct value *out)
{
	(void)mode;
	*out = value_null();
	if (field_unset(in))
		return true;
	if (!field_str(env, f, in, out))
		return false;
	if (!field_selection_has(f, out->u.text))
		return err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "Wrong value for %s.%s: %s", f->model->name, f->name,
		    arena_strndup(env->arena, out->u.text.p, out->u.text.n));
	return true;
}

static bool
selection_operand(struct env *env, const struct field *f,
    const struct value *in, struct value *out)
{
	*out = value_null();
	return field_unset(in) || field_str(env, f, in, out);
}

void
field_describe_selection(struct env *env, const struct field *f,
    struct value *dict)
{
	value_set(env->arena, dict, "selection",
	    f->selection.type == VALUE_LIST ? f->selection :
	    value_list(env->arena, 0));
}

const struct field_type	 field_selection = {
	.name = "selection",
	.column = COL_TEXT,
	.cells = 1,
	.convert = selection_convert,
	.operand = selection_operand,
	.present = field_present_plain,
	.describe = field_describe_selection,
};
