/*
 * ir.sequence: numbers in a row.  They are given in the write transaction that
 * asks for them, of which there is one at a time, so that no implementation
 * leaves a gap or gives a number twice.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "models/ir_sequence.h"
#include "models/models.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"

#define PADDING_MAX	64
#define DAY		86400

/* A sequence that is asked for a number. */
struct sequence {
	const struct model	*model;
	int64_t			 id;
	struct span		 name, prefix, suffix;
	int64_t			 next, increment, padding;
	bool			 ranged;
};

enum { SEQ_ID, SEQ_NAME, SEQ_PREFIX, SEQ_SUFFIX, SEQ_NEXT, SEQ_INCREMENT,
    SEQ_PADDING, SEQ_RANGED };

static struct span
sequence_span(const struct value *v)
{
	return v->type == VALUE_TEXT ? v->u.text : (struct span){ "", 0 };
}

static int64_t
sequence_int(const struct value *v)
{
	return v->type == VALUE_INT ? v->u.i : 0;
}

static bool
sequence_read(struct env *su, const struct model *m, int64_t id,
    struct sequence *s)
{
	const char		*fields[] = {
		"name", "prefix", "suffix", "number_next", "number_increment",
		"padding", "use_date_range",
	};
	const struct names	 names = { fields, 7 };
	struct ids		 ids = { &id, 1 };
	struct records		 r;
	const struct value	*v;

	if (!model_read(su, m, &ids, &names, &r))
		return false;
	if (r.n == 0)
		return model_missing(su);
	v = r.rows[0];
	*s = (struct sequence){
		.model = m,
		.id = id,
		.name = sequence_span(&v[SEQ_NAME]),
		.prefix = sequence_span(&v[SEQ_PREFIX]),
		.suffix = sequence_span(&v[SEQ_SUFFIX]),
		.next = sequence_int(&v[SEQ_NEXT]),
		.increment = sequence_int(&v[SEQ_INCREMENT]),
		.padding = sequence_int(&v[SEQ_PADDING]),
		.ranged = v[SEQ_RANGED].type == VALUE_BOOL && v[SEQ_RANGED].u.b,
	};
	return true;
}

/* The next number is kept in the record of the model. */
static bool
sequence_advance(struct env *su, const struct model *m, int64_t id,
    int64_t number, int64_t increment)
{
	struct value	 vals = value_dict(su->arena);
	struct ids	 ids = { &id, 1 };
	int64_t		 next;

	if (__builtin_add_overflow(number, increment, &next) ||
	    next > INT32_MAX || next < INT32_MIN)
		return env_fail(su, ERR_USER, "The sequence has no number "
		    "left.");
	value_set(su->arena, &vals, "number_next", value_int(next));
	return model_write(su, m, &ids, &vals);
}

/* The first of the sequence's periods that the terms say, 0 if there is none;
 * field of it. */
static bool
range_find(struct env *su, const struct sequence *s, const struct domain *d,
    const char *order, const char *field, int64_t *id, struct value *cell)
{
	const struct model	*m = registry_model(su->reg,
				    "ir.sequence.date_range");
	const struct names	 names = { &field, 1 };
	struct page		 page = { order, 0, 1 };
	struct ids		 ids;
	struct records		 r;

	*id = 0;
	d = domain_and(su, d, domain_term(su, "sequence_id", "=",
	    value_int(s->id)));
	if (!model_search(su, m, d, &page, &ids))
		return false;
	if (ids.n == 0)
		return true;
	if (!model_read(su, m, &ids, &names, &r))
		return false;
	*id = ids.v[0];
	*cell = r.rows[0][1];
	return true;
}

/* A new period: the year of the day, less what its neighbours have of it. */
static bool
range_make(struct env *su, const struct sequence *s, int64_t day, int64_t *id,
    int64_t *from)
{
	const struct domain	*before, *after;
	struct value		 vals = value_dict(su->arena), cell;
	int			 year, month, of_month;
	int64_t			 to, other;

	date_to_civil(day, &year, &month, &of_month);
	*from = date_from_civil(year, 1, 1);
	to = date_from_civil(year, 12, 31);
	after = domain_term(su, "date_from", ">", value_date(day));
	before = domain_term(su, "date_to", "<", value_date(day));
	if (!range_find(su, s, after, "date_from", "date_from", &other, &cell))
		return false;
	if (other != 0 && cell.u.i <= to)
		to = cell.u.i - 1;
	if (!range_find(su, s, before, "date_to desc", "date_to", &other,
	    &cell))
		return false;
	if (other != 0 && cell.u.i >= *from)
		*from = cell.u.i + 1;
	value_set(su->arena, &vals, "sequence_id", value_int(s->id));
	value_set(su->arena, &vals, "date_from", value_date(*from));
	value_set(su->arena, &vals, "date_to", value_date(to));
	return model_create(su, registry_model(su->reg,
	    "ir.sequence.date_range"), &vals, id);
}

/* The number of the period that the day lies in. */
static bool
range_next(struct env *su, const struct sequence *s, int64_t day,
    int64_t *number, int64_t *from)
{
	const struct model	*m = registry_model(su->reg,
				    "ir.sequence.date_range");
	const struct domain	*d;
	struct value		 first, next = value_int(1);
	int64_t			 id;

	d = domain_and(su, domain_term(su, "date_from", "<=", value_date(day)),
	    domain_term(su, "date_to", ">=", value_date(day)));
	if (!range_find(su, s, d, "date_from", "date_from", &id, &first) ||
	    !range_find(su, s, d, "date_from", "number_next", &id, &next))
		return false;
	if (id != 0)
		*from = first.u.i;
	else if (!range_make(su, s, day, &id, from))
		return false;
	*number = next.u.i;
	return sequence_advance(su, m, id, *number, s->increment);
}

static bool
sequence_fill(struct env *env, const struct sequence *s,
    const struct sequence_times *t, int64_t number, struct value *out)
{
	struct buf	*b = buf_new(env->arena);
	struct span	 wrong;
	char		 digits[PADDING_MAX + 32];
	int		 padding;

	padding = s->padding > PADDING_MAX ? PADDING_MAX : (int)s->padding;
	snprintf(digits, sizeof digits, "%0*lld", padding < 1 ? 1 : padding,
	    (long long)number);
	if (!sequence_text(b, s->prefix, t, &wrong))
		return env_fail(env, ERR_USER, "The prefix of the sequence "
		    "%.*s is wrong at \"%.*s\".", (int)s->name.n, s->name.p,
		    (int)wrong.n, wrong.p);
	buf_str(b, digits);
	if (!sequence_text(b, s->suffix, t, &wrong))
		return env_fail(env, ERR_USER, "The suffix of the sequence "
		    "%.*s is wrong at \"%.*s\".", (int)s->name.n, s->name.p,
		    (int)wrong.n, wrong.p);
	*out = value_span(buf_text(b));
	return true;
}

/* With full rights: whoever may read a sequence may take its numbers. */
static bool
sequence_next(struct env *env, const struct model *m, int64_t id,
    int64_t when, struct value *out)
{
	struct env		 su = env_sudo(env);
	struct sequence_times	 t = { env->now, when, when };
	struct sequence		 s = { 0 };
	int64_t			 number, from;

	su.context = NULL;
	if (!sequence_read(&su, m, id, &s))
		return false;
	number = s.next;
	if (s.ranged) {
		if (!range_next(&su, &s, when >= 0 ? when / DAY :
		    (when - DAY + 1) / DAY, &number, &from))
			return false;
		t.range = from * DAY;
	} else if (!sequence_advance(&su, m, id, number, s.increment))
		return false;
	return sequence_fill(env, &s, &t, number, out);
}

/* The moment that the caller names, a day or a second, or now. */
static bool
sequence_when(struct env *env, const struct value *args, int64_t *when)
{
	const struct value	*v = value_get(args, "sequence_date");

	*when = env->now;
	if (v->type == VALUE_NULL || datetime_parse(v->u.text, when))
		return true;
	if (!date_parse(v->u.text, when))
		return env_fail(env, ERR_VALUE,
		    "sequence_date wants YYYY-MM-DD or YYYY-MM-DD HH:MM:SS");
	*when *= DAY;
	return true;
}

bool
ir_sequence_next_by_id(struct env *env, const struct model *m,
    const struct ids *ids, const struct value *args, struct value *out)
{
	int64_t	 when;

	if (ids->n != 1)
		return env_fail(env, ERR_VALUE,
		    "next_by_id wants one sequence, not %zu", ids->n);
	return sequence_when(env, args, &when) &&
	    rule_check(env, m, ACCESS_READ, ids) &&
	    sequence_next(env, m, ids->v[0], when, out);
}

/* The sequence of the company that the user works in, else one of all; false
 * as the answer if there is none. */
bool
ir_sequence_next_by_code(struct env *env, const struct model *m,
    const struct ids *none, const struct value *args, struct value *out)
{
	const char		*code = method_text(args, "sequence_code");
	struct value		 companies = value_list(env->arena, 2);
	struct page		 page = { "company_id, id", 0, 1 };
	const struct domain	*d;
	const struct ids	*own;
	struct ids		 ids;
	int64_t			 when;

	(void)none;
	if (!sequence_when(env, args, &when) || !rule_companies(env, &own))
		return false;
	value_push(env->arena, &companies, value_bool(false));
	if (own->n != 0)
		value_push(env->arena, &companies, value_int(own->v[0]));
	d = domain_and(env, domain_term(env, "code", "=", value_text(code)),
	    domain_term(env, "company_id", "in", companies));
	if (!model_search(env, m, d, &page, &ids))
		return false;
	*out = value_bool(false);
	return ids.n == 0 || sequence_next(env, m, ids.v[0], when, out);
}

static bool
sequence_check_text(struct env *env, const struct model *m,
    const struct value *vals, const char *field)
{
	const struct value		*v = value_get(vals, field);
	const struct sequence_times	 t = { 0 };
	struct span			 wrong;

	if (v == NULL || v->type != VALUE_TEXT ||
	    sequence_text(buf_new(env->arena), v->u.text, &t, &wrong))
		return true;
	return err_field(env->err, ERR_VALIDATION, m->name, field,
	    "There is no part of the date at \"%.*s\".", (int)wrong.n,
	    wrong.p);
}

/* Whoever writes the actual number means the next one. */
static void
sequence_actual(struct env *env, struct value *vals)
{
	const struct value	*v = value_get(vals, "number_next_actual");

	if (v != NULL)
		value_set(env->arena, vals, "number_next", *v);
}

bool
ir_sequence_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	const struct value	*step = value_get(vals, "number_increment");
	const struct value	*padding = value_get(vals, "padding");

	(void)ids;
	if (step != NULL && step->type == VALUE_INT && step->u.i == 0)
		return err_field(env->err, ERR_VALIDATION, m->name,
		    "number_increment", "The step of a sequence cannot be 0.");
	if (padding != NULL && padding->type == VALUE_INT &&
	    (padding->u.i < 0 || padding->u.i > PADDING_MAX))
		return err_field(env->err, ERR_VALIDATION, m->name, "padding",
		    "A number has 0 to %d digits.", PADDING_MAX);
	sequence_actual(env, vals);
	return sequence_check_text(env, m, vals, "prefix") &&
	    sequence_check_text(env, m, vals, "suffix");
}

bool
ir_sequence_range_prepare(struct env *env, const struct model *m,
    const struct ids *ids, struct value *vals)
{
	(void)m;
	(void)ids;
	sequence_actual(env, vals);
	return true;
}
