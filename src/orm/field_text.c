/* char, text, html. */

#include "base/arena.h"
#include "base/utf8.h"
#include "orm/env.h"
#include "orm/field_private.h"

static bool
text_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	(void)mode;
	*out = value_null();
	if (field_unset(in))
		return true;
	if (!field_str(env, f, in, out))
		return false;
	if (f->size > 0 && utf8_length(out->u.text) > (size_t)f->size)
		return err_field(env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s of %s is longer than %d characters", f->name,
		    f->model->name, f->size);
	return true;
}

static bool
html_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	if (!text_convert(env, f, mode, in, out))
		return false;
	if (out->type == VALUE_TEXT && !html_safe(env->arena, out->u.text))
		return err_field(env->err, ERR_VALIDATION, f->model->name,
		    f->name, "%s of %s may hold no scripts, event handlers, "
		    "frames, comments or unfinished tags", f->name,
		    f->model->name);
	return true;
}

static bool
text_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	*out = value_null();
	return field_unset(in) || field_str(env, f, in, out);
}

static void
text_describe(struct env *env, const struct field *f, struct value *dict)
{
	value_set(env->arena, dict, "translate", value_bool(f->translate));
}

static void
char_describe(struct env *env, const struct field *f, struct value *dict)
{
	text_describe(env, f, dict);
	value_set(env->arena, dict, "trim", value_bool(true));
	if (f->size > 0)
		value_set(env->arena, dict, "size", value_int(f->size));
}

static void
html_describe(struct env *env, const struct field *f, struct value *dict)
{
	text_describe(env, f, dict);
	value_set(env->arena, dict, "sanitize", value_bool(true));
	value_set(env->arena, dict, "sanitize_tags", value_bool(true));
	value_set(env->arena, dict, "sanitize_attributes", value_bool(true));
	value_set(env->arena, dict, "sanitize_style", value_bool(false));
	value_set(env->arena, dict, "strip_style", value_bool(false));
	value_set(env->arena, dict, "strip_classes", value_bool(false));
}

const struct field_type	 field_char = {
	.name = "char",
	.column = COL_TEXT,
	.cells = 1,
	.convert = text_convert,
	.operand = text_operand,
	.present = field_present_plain,
	.describe = char_describe,
};

const struct field_type	 field_text = {
	.name = "text",
	.column = COL_TEXT,
	.cells = 1,
	.convert = text_convert,
	.operand = text_operand,
	.present = field_present_plain,
	.describe = text_describe,
};

const struct field_type	 field_html = {
	.name = "html",
	.column = COL_TEXT,
	.cells = 1,
	.convert = html_convert,
	.operand = text_operand,
	.present = field_present_plain,
	.describe = html_describe,
};
