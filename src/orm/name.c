#include "orm/name.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "orm/access.h"
#include "orm/domain_private.h"
#include "orm/env.h"
#include "orm/field_private.h"
#include "orm/model.h"
#include "orm/operator.h"
#include "store/query.h"

#define NAME_FIELDS	16	/* that a name is looked for in */

/*
 * A member of the model's name_search: "field", or ["field", how].  how is a
 * number: a text of so many letters may be this code, which then comes first;
 * or a text: only what follows its last appearance counts.
 */
struct name_field {
	const struct field	*field;
	int64_t			 letters;	/* or 0 */
	struct span		 after;		/* or empty */
};

static void
name_member(struct env *env, const struct model *m, const struct value *v,
    struct name_field *n)
{
	const struct value	*name = v, *how = NULL;

	*n = (struct name_field){ 0 };
	if (v->type == VALUE_LIST && v->u.list->n == 2) {
		name = &v->u.list->v[0];
		how = &v->u.list->v[1];
	}
	if (name->type == VALUE_TEXT)
		n->field = access_field(env, m, name->u.text);
	if (how != NULL && how->type == VALUE_INT)
		n->letters = how->u.i;
	if (how != NULL && how->type == VALUE_TEXT)
		n->after = how->u.text;
}

/* Where a name is looked for, as far as the user may see. */
static size_t
name_fields(struct env *env, const struct model *m, struct name_field *out)
{
	const struct value	*list = &m->name_search;
	size_t			 n = 0;

	if (list->type != VALUE_LIST) {
		out[0] = (struct name_field){ .field = m->display };
		return 1;
	}
	for (size_t i = 0; i < list->u.list->n && n < NAME_FIELDS; i++) {
		name_member(env, m, &list->u.list->v[i], &out[n]);
		if (out[n].field != NULL)
			n++;
	}
	return n;
}

static struct value
name_after(struct value v, struct span mark)
{
	struct span	 t;

	if (v.type != VALUE_TEXT || mark.n == 0)
		return v;
	t = v.u.text;
	for (size_t i = t.n; i-- > 0;)
		if (t.n - i >= mark.n && memcmp(t.p + i, mark.p, mark.n) == 0)
			return value_span((struct span){ t.p + i + mark.n,
			    t.n - i - mark.n });
	return v;
}

/* The operand as this field has it. */
static struct value
name_operand(struct env *env, const struct name_field *n,
    const struct value *v)
{
	struct value	 list;

	if (v->type != VALUE_LIST)
		return name_after(*v, n->after);
	list = value_list(env->arena, v->u.list->n);
	for (size_t i = 0; i < v->u.list->n; i++)
		value_push(env->arena, &list, name_after(v->u.list->v[i],
		    n->after));
	return list;
}

static bool
name_is_code(const struct name_field *n, const struct operator *op,
    const struct value *v)
{
	return n->letters != 0 && !op->negate && v->type == VALUE_TEXT &&
	    (int64_t)utf8_length(v->u.text) == n->letters;
}

static const struct expr *
name_expr(struct env *env, const struct name_field *n,
    const struct operator *op, const struct value *v)
{
	struct domain	 term = { .kind = DOMAIN_TERM, .op = op };

	if (n->letters != 0) {
		if (!name_is_code(n, op, v))
			return expr_bool(env->arena, op->negate);
		term.op = operator_named(span_of("ilike"));
	}
	term.value = name_operand(env, n, v);
	return term.op->compile(env, n->field, &term);
}

const struct expr *
domain_name(struct env *env, const struct model *m, const struct operator *op,
    const struct value *v)
{
	struct name_field	 fields[NAME_FIELDS];
	size_t			 n = name_fields(env, m, fields);
	const struct expr	*all = NULL, *e;

	if (op->compile == op_like && !op->negate && value_is_text(v, ""))
		return expr_bool(env->arena, true);
	for (size_t i = 0; i < n; i++) {
		if ((e = name_expr(env, &fields[i], op, v)) == NULL)
			return NULL;
		all = op->negate ? expr_and(env->arena, all, e) :
		    expr_or(env->arena, all, e);
	}
	return all != NULL ? all : expr_bool(env->arena, op->negate);
}

/* The field whose code the text may be. */
static const struct field *
name_code(struct env *env, const struct model *m, const struct operator *op,
    const struct value *v)
{
	struct name_field	 fields[NAME_FIELDS];
	size_t			 n = name_fields(env, m, fields);

	for (size_t i = 0; i < n; i++)
		if (name_is_code(&fields[i], op, v))
			return fields[i].field;
	return NULL;
}

static bool
name_operator(struct env *env, const char *name, const struct value *v,
    const struct operator **op)
{
	*op = operator_named(span_of(name));
	if (*op == NULL || (*op)->operand != OPERAND_VALUE)
		return env_fail(env, ERR_VALUE,
		    "\"%s\" is no operator to look for names with", name);
	*op = domain_name_operator(*op, v->type == VALUE_LIST);
	if (v->type == VALUE_TEXT || domain_is_name(v))
		return true;
	return env_fail(env, ERR_VALUE,
	    "a name must be a text, not a %s", value_type_name(v->type));
}

/* Those of the code, then the others. */
static bool
name_find_code(struct env *env, const struct model *m,
    const struct field *code, const struct domain *args,
    const struct domain *named, const struct value *name, struct page *page,
    struct ids *ids)
{
	const struct domain	*d;
	struct ids		 coded, more;

	d = domain_and(env, args, domain_term(env, code->name, "ilike",
	    *name));
	if (!model_search(env, m, d, page, &coded))
		return false;
	*ids = (struct ids){ 0 };
	for (size_t i = 0; i < coded.n; i++)
		ids_add(env, ids, coded.v[i]);
	if (page->limit != 0 && (page->limit -= (int64_t)ids->n) == 0)
		return true;
	d = domain_and(env, args, domain_and(env, named, domain_term(env, "id",
	    "not in", ids_value(env, ids))));
	if (!model_search(env, m, d, page, &more))
		return false;
	for (size_t i = 0; i < more.n; i++)
		ids_add(env, ids, more.v[i]);
	return true;
}

bool
model_name_search(struct env *env, const struct model *m,
    const struct value *given, const struct domain *args, const char *opname,
    int64_t limit, struct ids *ids)
{
	struct value		 name = *given;
	struct page		 page = { .limit = limit };
	const struct operator	*op;
	const struct domain	*named;
	const struct field	*code;

	if (field_unset(&name))
		name = value_text("");
	if (!name_operator(env, opname, &name, &op))
		return false;
	named = domain_called(env, op, name);
	code = name_code(env, m, op, &name);
	if (code != NULL)
		return name_find_code(env, m, code, args, named, &name, &page,
		    ids);
	return model_search(env, m, domain_and(env, args, named), &page, ids);
}

bool
model_name_get(struct env *env, const struct model *m, const struct ids *ids,
    struct value *pairs)
{
	const char	*display = m->display->name;
	struct names	 names = { &display, 1 };
	struct records	 rec;

	if (!model_read(env, m, ids, &names, &rec))
		return false;
	if (rec.n != ids->n)
		return model_missing(env);
	*pairs = value_list(env->arena, rec.n);
	for (size_t i = 0; i < rec.n; i++) {
		struct value	 pair = value_list(env->arena, 2);

		value_push(env->arena, &pair, rec.rows[i][0]);
		value_push(env->arena, &pair, rec.rows[i][1]);
		value_push(env->arena, pairs, pair);
	}
	return true;
}

bool
model_name_create(struct env *env, const struct model *m,
    const struct value *name, struct value *pair)
{
	struct value	 vals = value_dict(env->arena), pairs;
	struct ids	 ids = { .n = 1 };
	int64_t		 id;

	if (m->rec_name == NULL)
		return env_fail(env, ERR_USER, "%s (%s) has no name that a "
		    "record could be created with", m->description, m->name);
	value_set(env->arena, &vals, m->rec_name->name, *name);
	ids.v = &id;
	if (!model_create(env, m, &vals, &id) ||
	    !model_name_get(env, m, &ids, &pairs))
		return false;
	*pair = pairs.u.list->v[0];
	return true;
}
