/* Rows of ir.model and ir.model.fields to and from the store's cells. */

#include "base/arena.h"
#include "orm/definition.h"
#include "store/query.h"
#include "store/store.h"

#define META_COL_TEXT	COL_TEXT
#define META_COL_FLAG	COL_BOOL
#define META_COL_SIZE	COL_INT

#define META_GET_TEXT(v)	((v)->type == VALUE_NULL ? NULL : (v)->u.text.p)
#define META_GET_FLAG(v)	((v)->type == VALUE_BOOL && (v)->u.b)
#define META_GET_SIZE(v)	((v)->type == VALUE_NULL ? 0 : (v)->u.i)

#define META_PUT_TEXT(x)	((x) == NULL ? value_null() : value_text(x))
#define META_PUT_FLAG(x)	value_bool(x)
#define META_PUT_SIZE(x)	value_int(x)

#define META_KEEP_TEXT(a, x)	((x) == NULL ? NULL : arena_strdup((a), (x)))
#define META_KEEP_FLAG(a, x)	(x)
#define META_KEEP_SIZE(a, x)	(x)

struct meta {
	const char	*column;
	enum col_type	 type;
};

static const struct meta	 meta_fields[] = {
	{ "id", COL_ID },
#define META(kind, column, word)	{ #column, META_COL_##kind },
#include "orm/meta.def"
#undef META
};

static const struct meta	 meta_models[] = {
	{ "id", COL_ID },
#define META(kind, column, word)	{ #column, META_COL_##kind },
#include "orm/meta_model.def"
#undef META
};

#define COUNT(a)	(sizeof (a) / sizeof (a)[0])

static size_t
meta_columns(struct arena *a, const struct meta *m, size_t n,
    const struct expr ***out)
{
	*out = arena_array(a, n, sizeof **out);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = expr_column(a, m[i].column, m[i].type, 0);
	return n;
}

size_t
meta_field_columns(struct arena *a, const struct expr ***out)
{
	return meta_columns(a, meta_fields, COUNT(meta_fields), out);
}

size_t
meta_model_columns(struct arena *a, const struct expr ***out)
{
	return meta_columns(a, meta_models, COUNT(meta_models), out);
}

void
meta_field_row(const struct value *v, struct field_row *row)
{
	row->id = v++->u.i;
#define META(kind, column, word)	row->column = META_GET_##kind(v); v++;
#include "orm/meta.def"
#undef META
}

void
meta_field_keep(struct arena *a, struct field_row *row)
{
#define META(kind, column, word)	\
	row->column = META_KEEP_##kind(a, row->column);
#include "orm/meta.def"
#undef META
}

void
meta_model_row(const struct value *v, struct model_row *row)
{
	row->id = v++->u.i;
#define META(kind, column, word)	row->column = META_GET_##kind(v); v++;
#include "orm/meta_model.def"
#undef META
}

size_t
meta_field_assigns(struct arena *a, const struct field_row *row,
    struct assign **out, size_t room)
{
	struct assign	*s;

	s = *out = arena_array(a, COUNT(meta_fields) + room, sizeof *s);
#define META(kind, col, word)						\
	*s++ = (struct assign){ #col, META_PUT_##kind(row->col), NULL };
#include "orm/meta.def"
#undef META
	return (size_t)(s - *out);
}

size_t
meta_model_assigns(struct arena *a, const struct model_row *row,
    struct assign **out, size_t room)
{
	struct assign	*s;

	s = *out = arena_array(a, COUNT(meta_models) + room, sizeof *s);
#define META(kind, col, word)						\
	*s++ = (struct assign){ #col, META_PUT_##kind(row->col), NULL };
#include "orm/meta_model.def"
#undef META
	return (size_t)(s - *out);
}
