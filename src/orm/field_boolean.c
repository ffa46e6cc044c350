#include <string.h>
#include <strings.h>

#include "orm/field_private.h"

static bool
boolean_no(struct span s)
{
	static const char *const	 words[] = {
		"false", "no", "off", "none", "null", "f", "n", "0",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (s.n == strlen(words[i]) &&
		    strncasecmp(s.p, words[i], s.n) == 0)
			return true;
	return false;
}

/* A text that means no is refused: for Odoo it would be true. */
static bool
boolean_convert(struct env *env, const struct field *f, enum convert_mode mode,
    const struct value *in, struct value *out)
{
	(void)mode;
	if (in->type > VALUE_TEXT ||
	    (in->type == VALUE_TEXT && boolean_no(in->u.text)))
		return field_refuse(env, f, "true or false", in);
	*out = in->type == VALUE_NULL ? *in : value_bool(value_truthy(in));
	return true;
}

static bool
boolean_operand(struct env *env, const struct field *f, const struct value *in,
    struct value *out)
{
	if (in->type > VALUE_TEXT)
		return field_refuse(env, f, "true or false", in);
	*out = value_bool(value_truthy(in));
	return true;
}

static void
boolean_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	(void)env;
	(void)f;
	*out = cells->type == VALUE_NULL ? value_bool(false) : *cells;
}

const struct field_type	 field_boolean = {
	.name = "boolean",
	.column = COL_BOOL,
	.cells = 1,
	.convert = boolean_convert,
	.operand = boolean_operand,
	.present = boolean_present,
};
