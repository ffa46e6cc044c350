/* reference: "model,id" of a record of any model. */

#include <string.h>

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/number.h"
#include "orm/registry.h"

/* Takes "res.partner,7" apart; the model NULL if there is none. */
static bool
reference_read(struct env *env, struct span s, const struct model **m,
    int64_t *id)
{
	const char	*comma = memchr(s.p, ',', s.n);
	size_t		 n;

	if (comma == NULL)
		return false;
	n = (size_t)(comma - s.p);
	*m = registry_model(env->reg, arena_strndup(env->arena, s.p, n));
	return number_int((struct span){ comma + 1, s.n - n - 1 }, id) &&
	    *id > 0;
}

static bool
reference_convert(struct env *env, const struct field *f,
    enum convert_mode mode, const struct value *in, struct value *out)
{
	const struct model	*m;
	struct ids		 ids = { .n = 1 }, there;
	int64_t			 id;

	(void)mode;
	*out = value_null();
	if (field_unset(in))
		return true;
	if (in->type != VALUE_TEXT ||
	    !reference_read(env, in->u.text, &m, &id))
		return field_refuse(env, f, "a reference \"model,id\"", in);
	if (m == NULL || (f->selection.type == VALUE_LIST &&
	    f->selection.u.list->n != 0 &&
	    !field_selection_has(f, span_of(m->name))))
		return field_refuse(env, f, "a record of one of its models",
		    in);
	ids.v = &id;
	if (!env->loading && !model_exists(env, m, &ids, &there))
		return false;
	if (!env->loading && there.n == 0)
		return err_field(env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s (%s): there is no record %lld of %s",
		    f->string, f->name, (long long)id, m->name);
	*out = value_text(arena_printf(env->arena, "%s,%lld", m->name,
	    (long long)id));
	return true;
}

static bool
reference_operand(struct env *env, const struct field *f,
    const struct value *in, struct value *out)
{
	*out = value_null();
	return field_unset(in) || field_str(env, f, in, out);
}

const struct field_type	 field_reference = {
	.name = "reference",
	.column = COL_TEXT,
	.cells = 1,
	.convert = reference_convert,
	.operand = reference_operand,
	.present = field_present_plain,
	.describe = field_describe_selection,
};
