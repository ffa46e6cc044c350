/* monetary: stored with all its digits, shown with its currency's. */

#include "base/arena.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/number.h"

/* The field that holds the currency, or NULL. */
static const struct field *
monetary_currency(const struct field *f)
{
	const struct field	*currency;

	if (f->currency_field != NULL)
		currency = model_field(f->model, f->currency_field);
	else if ((currency = model_field(f->model, "currency_id")) == NULL)
		currency = model_field(f->model, "x_currency_id");
	return currency != NULL && field_is_many2one(currency) ? currency :
	    NULL;
}

/* The decimal places of the currency. */
static const struct expr *
monetary_places(struct env *env, const struct field *f, const struct expr *e)
{
	const struct field	*currency = monetary_currency(f), *places;
	const struct expr	*id;

	(void)e;
	places = currency == NULL ? NULL :
	    model_field(currency->target, "decimal_places");
	if (places == NULL || places->column == NULL)
		return expr_value(env->arena, value_null());
	if ((id = field_expr(env, currency)) == NULL)
		return NULL;
	return expr_lookup(env->arena, id, currency->target->table,
	    expr_column(env->arena, places->column, COL_INT, 0));
}

static void
monetary_present(struct env *env, const struct field *f,
    const struct value *cells, struct value *out)
{
	const struct value	 v = cells[0], places = cells[1];
	struct scaled		 n;

	(void)f;
	*out = v.type == VALUE_NULL ? value_float(0) : v;
	if (v.type == VALUE_DECIMAL && places.type == VALUE_INT &&
	    places.u.i >= 0 && places.u.i < (int64_t)v.scale &&
	    number_scaled(number_text(env->arena, &v),
	    (unsigned int)places.u.i, &n))
		*out = value_decimal(n.rounded, (unsigned int)places.u.i);
}

static void
monetary_describe(struct env *env, const struct field *f, struct value *dict)
{
	const struct field	*currency = monetary_currency(f);

	float_describe(env, f, dict);
	if (currency != NULL)
		value_set(env->arena, dict, "currency_field",
		    value_text(currency->name));
}

const struct field_type	 field_monetary = {
	.name = "monetary",
	.column = COL_DECIMAL,
	.cells = 2,
	.convert = float_convert,
	.operand = float_operand,
	.second = monetary_places,
	.present = monetary_present,
	.describe = monetary_describe,
};
