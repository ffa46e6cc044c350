/* integer, float. */

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/number.h"

/* A number of any type, or a text of one, as text. */
static bool
number_of(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	if (in->type == VALUE_BOOL)
		*out = value_text(in->u.b ? "1" : "0");
	else if (in->type == VALUE_NULL)
		*out = value_text("0");
	else if (!(in->type >= VALUE_INT && in->type <= VALUE_TEXT))
		return field_refuse(env, f, "a number", in);
	else
		return field_str(env, f, in, out);
	return true;
}

static bool
integer_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	struct value	 text;
	struct scaled	 n;
	int64_t		 i;

	(void)mode;
	*out = value_null();
	if (field_unset(in))
		return true;
	if (!number_of(env, f, in, &text))
		return false;
	if (in->type == VALUE_TEXT || in->type == VALUE_INT) {
		if (!number_int(text.u.text, &i))
			return field_refuse(env, f, "an integer of 64 bits",
			    in);
		*out = value_int(i);
		return true;
	}
	if (!number_scaled(text.u.text, 0, &n) || !n.exact)
		return field_refuse(env, f, "an integer of 64 bits", in);
	*out = value_int(n.floor);
	return true;
}

/* As Python's int(): digits are lost without a word. */
static bool
integer_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	bool		 id = field_column_type(f) == COL_ID;
	struct value	 text;
	struct scaled	 n;
	int64_t		 i;

	if (id && in->type == VALUE_TEXT)
		return field_refuse(env, f, "an id", in);
	if (!number_of(env, f, in, &text))
		return false;
	if (number_int(text.u.text, &i)) {
		*out = value_int(i);
		return true;
	}
	if (in->type == VALUE_TEXT || !number_scaled(text.u.text, 0, &n))
		return field_refuse(env, f, "an integer", in);
	*out = value_int(n.floor < 0 && !n.exact ? n.floor + 1 : n.floor);
	return true;
}

static void
integer_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	(void)env;
	(void)f;
	*out = cells->type == VALUE_NULL ? value_int(0) : *cells;
}

/* More digits in all than the field has. */
static bool
decimal_too_long(const struct field *f, int64_t i)
{
	uint64_t	 n = i < 0 ? -(uint64_t)i : (uint64_t)i;

	if (f->precision <= 0 || f->precision > 18)
		return false;
	for (int digits = 0; digits < f->precision; digits++)
		n /= 10;
	return n != 0;
}

static bool
decimal_convert(struct env *env, const struct field *f, struct span text,
    const struct value *in, struct value *out)
{
	struct scaled	 n;

	if (!number_scaled(text, (unsigned int)f->scale, &n)) {
		double	 ignored;

		return field_refuse(env, f, number_float(env->arena, text,
		    &ignored) ? "fewer digits" : "a number", in);
	}
	if (decimal_too_long(f, n.rounded))
		return err_field(env->err, ERR_VALUE, f->model->name, f->name,
		    "%s of %s has at most %d digits, %d of them after the "
		    "point", f->name, f->model->name, f->precision, f->scale);
	*out = value_decimal(n.rounded, (unsigned int)f->scale);
	return true;
}

bool
float_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	struct value	 text;
	double		 d;

	(void)mode;
	*out = value_null();
	if (field_unset(in))
		return true;
	if (!number_of(env, f, in, &text))
		return false;
	if (f->scale >= 0)
		return decimal_convert(env, f, text.u.text, in, out);
	if (!number_float(env->arena, text.u.text, &d))
		return field_refuse(env, f, "a number", in);
	if (in->type == VALUE_INT && (d >= 0x1p63 || (int64_t)d != in->u.i))
		return field_refuse(env, f, "at most 53 bits", in);
	*out = value_float(d);
	return true;
}

/*
 * A decimal that the field's digits cannot hold is given one digit more, a
 * five: it compares with every value of the field as the number itself does.
 */
static bool
decimal_operand(struct env *env, const struct field *f, struct span text,
    const struct value *in, struct value *out)
{
	unsigned int	 scale = (unsigned int)f->scale;
	struct scaled	 n;

	if (!number_scaled(text, scale, &n))
		return field_refuse(env, f, "a number of 18 digits", in);
	if (n.exact) {
		*out = value_decimal(n.floor, scale);
		return true;
	}
	if (n.floor > INT64_MAX / 10 - 1 || n.floor < INT64_MIN / 10 + 1)
		return field_refuse(env, f, "a number of 18 digits", in);
	*out = value_decimal(n.floor * 10 + 5, scale + 1);
	return true;
}

bool
float_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	struct value	 text;
	double		 d;

	if (!number_of(env, f, in, &text))
		return false;
	if (f->scale >= 0)
		return decimal_operand(env, f, text.u.text, in, out);
	if (!number_float(env->arena, text.u.text, &d))
		return field_refuse(env, f, "a number", in);
	*out = value_float(d);
	return true;
}

static void
float_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	(void)env;
	(void)f;
	*out = cells->type == VALUE_NULL ? value_float(0) : *cells;
}

static void
integer_describe(struct env *env, const struct field *f, struct value *dict)
{
	if (field_column_type(f) != COL_ID)
		value_set(env->arena, dict, "group_operator",
		    value_text("sum"));
}

void
float_describe(struct env *env, const struct field *f, struct value *dict)
{
	struct value	 digits = value_list(env->arena, 2);

	value_set(env->arena, dict, "group_operator", value_text("sum"));
	if (f->currency_field != NULL)
		value_set(env->arena, dict, "currency_field",
		    value_text(f->currency_field));
	if (f->scale < 0)
		return;
	value_push(env->arena, &digits, value_int(f->precision));
	value_push(env->arena, &digits, value_int(f->scale));
	value_set(env->arena, dict, "digits", digits);
}

const struct field_type	 field_integer = {
	.name = "integer",
	.column = COL_INT,
	.cells = 1,
	.convert = integer_convert,
	.operand = integer_operand,
	.present = integer_present,
	.describe = integer_describe,
};

const struct field_type	 field_float = {
	.name = "float",
	.column = COL_FLOAT,
	.cells = 1,
	.convert = float_convert,
	.operand = float_operand,
	.present = float_present,
	.describe = float_describe,
};
