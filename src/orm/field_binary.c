#include "base/arena.h"
#include "base/buf.h"
#include "base/codec.h"
#include "orm/env.h"
#include "orm/field_private.h"

/* Base64 outside, bytes in the table. */
static bool
binary_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	*out = value_null();
	if (field_unset(in))
		return true;
	if (in->type == VALUE_BYTES) {
		*out = *in;
		return true;
	}
	if (in->type != VALUE_TEXT ||
	    !base64_decode(env->arena, in->u.text, &out->u.text))
		return field_refuse(env, f, "base64", in);
	out->type = VALUE_BYTES;
	return true;
}

static bool
binary_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	(void)mode;
	return binary_operand(env, f, in, out);
}

static void
binary_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	struct buf	*b;

	(void)f;
	*out = *cells;
	if (cells->type != VALUE_BYTES)
		return;
	b = buf_new(env->arena);
	base64_encode(b, cells->u.text);
	*out = value_span(buf_text(b));
}

static void
binary_describe(struct env *env, const struct field *f, struct value *dict)
{
	(void)f;
	value_set(env->arena, dict, "attachment", value_bool(false));
}

const struct field_type	 field_binary = {
	.name = "binary",
	.column = COL_BYTES,
	.cells = 1,
	.convert = binary_convert,
	.operand = binary_operand,
	.present = binary_present,
	.describe = binary_describe,
};
