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

/* The context wants no contents: "bin_size", or that of the field alone. */
static bool
binary_size_only(struct env *env, const struct field *f)
{
	return env->context != NULL && (env_flag(env, "bin_size", false) ||
	    env_flag(env, arena_printf(env->arena, "bin_size_%s", f->name),
	    false));
}

/* "5.00 bytes", "1.43 Kb" */
static struct value
binary_size(struct arena *a, size_t n)
{
	static const char *const	 units[] = {
		"bytes", "Kb", "Mb", "Gb",
	};
	double				 size = (double)n;
	size_t				 i;

	for (i = 0; size >= 1024 && i + 1 < sizeof units / sizeof units[0];
	    i++)
		size /= 1024;
	return value_text(arena_printf(a, "%.2f %s", size, units[i]));
}

static void
binary_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	struct buf	*b;

	*out = *cells;
	if (cells->type != VALUE_BYTES)
		return;
	if (binary_size_only(env, f)) {
		*out = binary_size(env->arena, cells->u.text.n);
		return;
	}
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
