#include "orm_case.h"

#include <string.h>

#include "base/buf.h"
#include "orm/formula.h"
#include "orm/formula_private.h"

#define CASE	struct orm_case *c = *state

static const struct expr *
compiled(struct orm_case *c, const struct model *m, const char *text)
{
	const struct formula	*f;

	done(c, formula_parse(c->a, span_of(text), &f, &c->err));
	return formula_compile(&c->env, m, f);
}

/* What the formula gives for a partner: 1 or 0 for a truth value. */
static const char *
given(struct orm_case *c, int64_t id, const char *text)
{
	struct value	 v;

	v = look(c, &c->partner, id, compiled(c, &c->partner, text));
	switch (v.type) {
	case VALUE_NULL:
		return "-";
	case VALUE_TEXT:
		return arena_strndup(c->a, v.u.text.p, v.u.text.n);
	case VALUE_BOOL:
		return v.u.b ? "1" : "0";
	case VALUE_FLOAT:
		return arena_printf(c->a, "%g", v.u.f);
	case VALUE_DECIMAL:
		return arena_printf(c->a, "%llde-%u", (long long)v.u.i,
		    v.scale);
	default:
		return arena_printf(c->a, "%lld", (long long)v.u.i);
	}
}

static int64_t
create(struct orm_case *c, const struct model *m, const char *vals)
{
	int64_t	 id = add(c, m, vals);

	done(c, formula_created(&c->env, m, id, false));
	return id;
}

static bool
rewrite(struct orm_case *c, const struct model *m, int64_t id,
    const char *field, const char *vals)
{
	const struct field	*f = model_field(m, field);
	struct ids		 ids = { &id, 1 };
	struct recompute	*rc;

	done(c, formula_before(&c->env, m, &ids, &f, 1, &rc));
	set(c, m, id, vals);
	return formula_after(&c->env, rc);
}

static void
write_one(struct orm_case *c, const struct model *m, int64_t id,
    const char *field, const char *vals)
{
	done(c, rewrite(c, m, id, field, vals));
}

static void
shows(struct orm_case *c, const struct model *m, int64_t id, const char *want)
{
	struct value	 v = get(c, m, id, "display_name");

	if (!value_is_text(&v, want))
		fail_msg("%lld: %.*s, not %s", (long long)id,
		    v.type == VALUE_TEXT ? (int)v.u.text.n : 1,
		    v.type == VALUE_TEXT ? v.u.text.p : "-", want);
}

static void
parses(void **state)
{
	CASE;
	const struct formula	*f;

	done(c, formula_parse(c->a, span_of(" not a.b == 'x' and c or d "),
	    &f, &c->err));
	assert_int_equal(f->kind, FORMULA_OR);
	assert_int_equal(f->args[0]->kind, FORMULA_AND);
	assert_int_equal(f->args[0]->args[0]->kind, FORMULA_NOT);
	f = f->args[0]->args[0]->args[0];
	assert_int_equal(f->kind, FORMULA_COMPARE);
	assert_true(span_is(f->name, "=="));
	assert_true(span_is(f->args[0]->name, "a.b"));
	assert_true(value_is_text(&f->args[1]->value, "x"));
	done(c, formula_parse(c->a, span_of("a + (b + \"it\\'s\\n\")"), &f,
	    &c->err));
	assert_int_equal(f->args[1]->kind, FORMULA_ADD);
	assert_true(value_is_text(&f->args[1]->args[1]->value, "it's\n"));
	done(c, formula_parse(c->a, span_of("-12.50"), &f, &c->err));
	assert_int_equal(f->value.type, VALUE_DECIMAL);
	assert_int_equal(f->value.u.i, -1250);
	assert_int_equal(f->value.scale, 2);
	done(c, formula_parse(c->a, span_of("not not None"), &f, &c->err));
	assert_int_equal(f->kind, FORMULA_VALUE);
	assert_int_equal(f->value.type, VALUE_NULL);
}

static void
refuses_to_parse(void **state)
{
	CASE;
	static const struct {
		const char	*text, *why;
	}			 bad[] = {
		{ "", "character 1: a field" }, { "a +", "character 4" },
		{ "a b", "character 3: something" }, { "(a", "\")\"" },
		{ "'x", "does not end" }, { "'\\q'", "escape" },
		{ "a.", "no field" }, { "a..b", "no field" },
		{ "a.1", "no field" }, { "summ(a)", "no such function" },
		{ "if(a, b)", "if() takes 3 arguments" },
		{ "if(a, b, c, d)", "if() takes 3 arguments" },
		{ "if(a, b, c", "\")\"" }, { "if()", "takes 3" },
		{ "sum()", "sum() takes 1 or 2 arguments" },
		{ "today(a)", "today() takes 0 arguments" },
		{ "a in b", "list in [ ]" }, { "a in [b", "\"]\"" },
		{ "a in []", "a field or" }, { "a not b", "left over" },
		{ "1.2.3", "left over" }, { "-", "a field or" },
		{ "a * ", "a field or" }, { "a % b", "left over" },
		{ "and", "no field" }, { "a and", "a field or" },
		{ "a < b < c", "left over" }, { "a = b", "left over" },
		{ "12345678901234567890", "no number" },
		{ "a == not b", "no field" }, { "a; b", "left over" },
	};
	const struct formula	*f;
	struct buf		*b = buf_new(c->a);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(c, formula_parse(c->a, span_of(bad[i].text), &f,
		    &c->err), ERR_VALUE, bad[i].why);
	for (int i = 0; i < 100; i++)
		buf_char(b, '(');
	refused(c, formula_parse(c->a, buf_text(b), &f, &c->err), ERR_VALUE,
	    "nested");
	buf_str(b, "a");
	for (int i = 0; i < 1000; i++)
		buf_str(b, "+a");
	refused(c, formula_parse(c->a, (struct span){ b->p + 100, b->n - 100 },
	    &f, &c->err), ERR_VALUE, "too long");
}

static void
computes(void **state)
{
	CASE;

	add(c, &c->country, "{'name': 'Belgium', 'code': 'BE'}");
	add(c, &c->partner, "{'name': 'Boss', 'is_company': True,"
	    " 'country_id': 1, 'age': 7, 'credit': 2.5, 'weight': 0.5}");
	add(c, &c->partner, "{'name': 'Ann', 'parent_id': 1, 'city': '',"
	    " 'born': '2017-07-12', 'age': 0, 'is_company': False}");
	assert_string_equal(given(c, 2, "parent_id.country_id.code"), "BE");
	assert_string_equal(given(c, 1, "parent_id.country_id.code"), "-");
	assert_string_equal(given(c, 2, "name + ', ' + parent_id.name"),
	    "Ann, Boss");
	assert_string_equal(given(c, 1, "name + ', ' + parent_id.name"),
	    "Boss, ");
	assert_string_equal(given(c, 1, "name + age"), "Boss7");
	assert_string_equal(given(c, 1, "name + ' ' + credit"), "Boss 2.50");
	assert_string_equal(given(c, 2, "name + ' ' + born"),
	    "Ann 2017-07-12");
	assert_string_equal(given(c, 2, "label"), "Ann ()");
	assert_string_equal(given(c, 2, "parent_id.label"), "Boss (BE)");
	assert_string_equal(given(c, 1, "if(age > 5, 'old', None)"), "old");
	assert_string_equal(given(c, 2, "if(age > 5, 'old', None)"), "-");
	assert_string_equal(given(c, 2, "if(city, 1, 2)"), "2");
	assert_string_equal(given(c, 2, "country_id.display_name"), "-");
	assert_string_equal(given(c, 1, "country_id.display_name"), "Belgium");
}

/* What is not set is false, never unknown. */
static void
decides(void **state)
{
	CASE;
	static const struct {
		const char	*text, *first, *second;
	}			 cases[] = {
		{ "is_company", "1", "-" },
		{ "not is_company", "0", "1" },
		{ "not parent_id", "1", "0" },
		{ "parent_id and not is_company", "0", "1" },
		{ "is_company == True", "1", "0" },
		{ "is_company == False", "0", "1" },
		{ "is_company != True", "0", "1" },
		{ "not age", "0", "1" },
		{ "not weight", "0", "1" }, { "not credit", "0", "1" },
		{ "not city", "1", "1" }, { "not name", "0", "0" },
		{ "not (age > 5)", "0", "1" }, { "not (age <= 5)", "1", "0" },
		{ "age == None", "0", "1" }, { "None != age", "1", "0" },
		{ "age == 7", "1", "0" }, { "age != 7", "0", "1" },
		{ "credit > 2.49", "1", "0" }, { "credit >= 3", "0", "0" },
		{ "weight == 0.5", "1", "0" },
		{ "born >= '2017-07-12'", "0", "1" },
		{ "parent_id == country_id", "0", "0" },
		{ "parent_id == parent_id", "1", "1" },
		{ "city == city", "1", "1" }, { "city != name", "1", "1" },
		{ "parent_id == 1", "0", "1" },
		{ "True or is_company", "1", "1" },
		{ "if(is_company, is_company, age == None)", "1", "1" },
	};

	add(c, &c->country, "{}");
	add(c, &c->partner, "{'name': 'A', 'is_company': True, 'age': 7,"
	    " 'credit': 2.5, 'weight': 0.5, 'country_id': 1}");
	add(c, &c->partner, "{'name': 'B', 'parent_id': 1, 'city': '',"
	    " 'born': '2017-07-12'}");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (strcmp(given(c, 1, cases[i].text), cases[i].first) != 0 ||
		    strcmp(given(c, 2, cases[i].text), cases[i].second) != 0)
			fail_msg("%s: %s, %s", cases[i].text,
			    given(c, 1, cases[i].text),
			    given(c, 2, cases[i].text));
	}
}

/* Exact, whatever the digits; what is not set is nothing. */
static void
calculates(void **state)
{
	CASE;
	static const struct {
		const char	*text, *want;
	}			 cases[] = {
		{ "age + 2 * 3", "13" }, { "(age + 2) * 3", "27" },
		{ "age - 2 - 3", "2" }, { "-age", "-7" }, { "--age", "7" },
		{ "-2 - -3", "1" }, { "2 - 3 - 4 + 5", "0" },
		{ "credit + 1", "350e-2" }, { "credit + 0.125", "2625e-3" },
		{ "credit * age", "1750e-2" },
		{ "credit * 0.001", "250e-5" },
		{ "0.1 + 0.2 == 0.3", "1" }, { "weight * 3", "1.5" },
		{ "credit + weight", "3" }, { "7 / 2", "350000000e-8" },
		{ "2 / 3", "66666667e-8" }, { "-2 / 3", "-66666667e-8" },
		{ "credit / age", "35714286e-8" }, { "age / 0", "-" },
		{ "age / 0 + 1", "100000000e-8" },
		{ "12345678.12345678 * 1.00000001", "1234567824691356e-8" },
		{ "1 + 2 + 'a' + 1 + 2", "3a12" },
		{ "'a' + None + credit", "a2.50" },
		{ "round(2.5)", "3" }, { "round(-2.5)", "-3" },
		{ "round(credit / 3, 3)", "833e-3" },
		{ "round(1.005, 2)", "101e-2" }, { "round(age, 1)", "70e-1" },
		{ "round(weight)", "1" }, { "round(1 / 3 * 3, 2)", "100e-2" },
		{ "round(2 / 3)", "1" }, { "round(0.4 * 1.25, 0)", "1e-0" },
		{ "lower('ÄÖ') + upper(name + 'é')", "äöAÉ" },
		{ "upper(city)", "-" },
		{ "today", "18321" }, { "now()", "1583020799" },
		{ "date_add(born, 1, 'month')", "17410" },
		{ "date_add('2020-01-31', 1, 'months')", "18321" },
		{ "date_add(today(), -1, 'year')", "17955" },
		{ "date_add(seen, age, 'days')", "1501068600" },
		{ "date_add(None, 1, 'day')", "-" },
		{ "born < today and date_add(born, 99, 'years') > today",
		    "1" },
		{ "age in [1, 7]", "1" }, { "age not in [1, 7]", "0" },
		{ "kind in ['b']", "0" }, { "not age in [1]", "1" },
		{ "city == ''", "1" }, { "city < 'a'", "1" },
		{ "city == None", "1" }, { "age > weight", "1" },
		{ "credit > 2.499", "1" }, { "credit > 2.5", "0" },
		{ "credit == 2.5000", "1" }, { "weight == 0.5", "1" },
		{ "country_id.id == country_id", "1" },
		{ "parent_id.age + 1", "1" }, { "parent_id.age == 0", "1" },
		{ "parent_id.age == None", "1" },
		{ "if(age, credit, 1)", "250e-2" },
		{ "if(not age, credit, weight)", "0.5" },
	};

	c->env.now = 1583020799;	/* 2020-02-29 23:59:59 */
	add(c, &c->country, "{}");
	add(c, &c->partner, "{'name': 'a', 'age': 7, 'credit': 2.5,"
	    " 'weight': 0.5, 'born': '2017-08-01', 'kind': 'a',"
	    " 'seen': '2017-07-19 11:30:00', 'country_id': 1}");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (strcmp(given(c, 1, cases[i].text), cases[i].want) != 0)
			fail_msg("%s: %s, not %s", cases[i].text,
			    given(c, 1, cases[i].text), cases[i].want);
}

/* What fits no field is refused, and not made to fit. */
static void
overflows_are_refused(void **state)
{
	CASE;
	const struct expr	*e;
	struct query		*q = query_new(c->a, "partner", 1);
	struct rows		 rows;

	add(c, &c->partner, "{'age': 9223372036854775807}");
	e = compiled(c, &c->partner, "age + 1");
	done(c, e != NULL);
	q->columns[0] = e;
	refused(c, store_select(c->env.store, q, c->a, &rows, &c->err),
	    ERR_VALUE, "");
}

/* A long sum and a long text are no deep tree. */
static void
long_chains(void **state)
{
	CASE;
	struct buf	*sum = buf_new(c->a), *text = buf_new(c->a);

	for (int i = 0; i < 100; i++) {
		buf_printf(sum, "%sage", i == 0 ? "" : " + ");
		buf_printf(text, "%s'x' + name", i == 0 ? "" : " + ");
	}
	add(c, &c->partner, "{'name': 'a', 'age': 7}");
	assert_string_equal(given(c, 1, buf_text(sum).p), "700");
	assert_int_equal(strlen(given(c, 1, buf_text(text).p)), 200);
}

static void
refuses_to_compile(void **state)
{
	CASE;
	static const struct {
		const char	*text, *why;
	}			 bad[] = {
		{ "nme", "\"nme\" of partner does not exist" },
		{ "country_id.nme", "\"nme\" of country" },
		{ "name.x", "\"name\" of partner is no relation" },
		{ "password", "does not exist" },
		{ "parent_id.password", "does not exist" },
		{ "age + born", "cannot add an integer and a date" },
		{ "name + is_company", "cannot add" },
		{ "name + country_id", "a text and a record" },
		{ "name > 5", "compare a text and an integer" },
		{ "age == 'x'", "compare" }, { "age < None", "compare" },
		{ "born == 'x'", "compare" },
		{ "if(age, name, 5)", "choose between a text" },
		{ "name * 2", "cannot multiply a text and an integer" },
		{ "name - 'a'", "subtract" }, { "born / 2", "divide" },
		{ "-name", "cannot subtract an integer and a text" },
		{ "photo == photo", "compare bytes" },
		{ "lower(age)", "wants a text in lower()" },
		{ "round(name)", "cannot round a text" },
		{ "round(age, age)", "0 to 9 digits" },
		{ "round(age, 10)", "0 to 9 digits" },
		{ "round(age, -1)", "0 to 9 digits" },
		{ "date_add(name, 1, 'day')", "add to a text as a date" },
		{ "date_add(born, 1, 'hour')", "can add 'day'" },
		{ "date_add(born, 1, name)", "can add 'day'" },
		{ "date_add(born, 0.5, 'day')", "whole number of days" },
		{ "sum(age)", "leads to no list of records" },
		{ "count(parent_id)", "leads to no list of records" },
		{ "sum(1)", "wants a path of fields" },
		{ "today.x", "does not exist" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(c, compiled(c, &c->partner, bad[i].text) != NULL,
		    ERR_VALUE, bad[i].why);
}

static void
set_formula(struct orm_case *c, const struct model *m, const char *field,
    const char *text)
{
	struct field	*f = NULL;

	for (size_t i = 0; i < m->nfields; i++)
		if (strcmp(m->fields[i].name, field) == 0)
			f = &m->fields[i];
	done(c, formula_parse(c->a, span_of(text), &f->compute, &c->err));
	case_link(c);
}

static void
formula_wants_its_fields_type(void **state)
{
	CASE;

	set_formula(c, &c->partner, "label", "age");
	refused(c, field_expr(&c->env, model_field(&c->partner, "label")) !=
	    NULL, ERR_VALUE, "label of partner gives an integer, not a text");
}

/* A formula that needs itself is refused, not followed for ever. */
static void
formula_circle_is_refused(void **state)
{
	CASE;

	set_formula(c, &c->partner, "label", "'x' + label");
	refused(c, field_expr(&c->env, model_field(&c->partner, "label")) !=
	    NULL, ERR_VALUE, "too many fields");
	set_formula(c, &c->partner, "label", "parent_id.label");
	refused(c, field_expr(&c->env, model_field(&c->partner, "label")) !=
	    NULL, ERR_VALUE, "too many fields");
}

static void
recomputes_on_create_and_write(void **state)
{
	CASE;
	int64_t	 boss, ann, bob;

	boss = create(c, &c->partner, "{'name': 'Boss', 'is_company': True}");
	ann = create(c, &c->partner, "{'name': 'Ann', 'parent_id': 1}");
	bob = create(c, &c->partner, "{'name': 'Bob'}");
	shows(c, &c->partner, boss, "Boss");
	shows(c, &c->partner, ann, "Boss, Ann");
	shows(c, &c->partner, bob, "Bob");
	write_one(c, &c->partner, boss, "name", "{'name': 'Chief'}");
	shows(c, &c->partner, boss, "Chief");
	shows(c, &c->partner, ann, "Chief, Ann");
	write_one(c, &c->partner, bob, "parent_id", "{'parent_id': 1}");
	shows(c, &c->partner, bob, "Chief, Bob");
	write_one(c, &c->partner, ann, "is_company", "{'is_company': True}");
	shows(c, &c->partner, ann, "Ann");
	write_one(c, &c->partner, bob, "parent_id", "{'parent_id': False}");
	shows(c, &c->partner, bob, "Bob");
}

/* Nothing is looked at for a field that nothing depends on. */
static void
recomputes_only_what_depends(void **state)
{
	CASE;
	const struct field	*city = model_field(&c->partner, "city");
	struct recompute	*rc;
	int64_t			 id = 1;
	struct ids		 ids = { &id, 1 };

	create(c, &c->partner, "{'name': 'Ann'}");
	done(c, formula_before(&c->env, &c->partner, &ids, &city, 1, &rc));
	assert_null(rc);
	set(c, &c->partner, 1, "{'name': 'Bob'}");
	write_one(c, &c->partner, 1, "city", "{'city': 'x'}");
	shows(c, &c->partner, 1, "Ann");
	write_one(c, &c->partner, 1, "name", "{'name': 'Eve'}");
	shows(c, &c->partner, 1, "Eve");
}

static void
recomputes_down_a_tree(void **state)
{
	CASE;

	for (int i = 0; i < 40; i++)
		create(c, &c->tag, i == 0 ? "{'name': 'a'}" :
		    arena_printf(c->a, "{'name': 'a', 'parent_id': %d}", i));
	shows(c, &c->tag, 3, "a / a / a");
	write_one(c, &c->tag, 1, "name", "{'name': 'Z'}");
	shows(c, &c->tag, 1, "Z");
	shows(c, &c->tag, 3, "Z / a / a");
	assert_int_equal(get(c, &c->tag, 40, "display_name").u.text.n,
	    40 + 39 * 3);
	assert_true(span_starts(get(c, &c->tag, 40, "display_name").u.text,
	    "Z / a / a / a"));
	write_one(c, &c->tag, 3, "parent_id", "{'parent_id': None}");
	shows(c, &c->tag, 3, "a");
	shows(c, &c->tag, 5, "a / a / a");
}

/* Through two links, a computed field on the way, and another model. */
static void
recomputes_through_paths(void **state)
{
	CASE;

	set_formula(c, &c->partner, "display_name",
	    "parent_id.label + '/' + tag_id.display_name");
	create(c, &c->country, "{'code': 'BE'}");
	create(c, &c->tag, "{'name': 't'}");
	create(c, &c->tag, "{'name': 'u', 'parent_id': 1}");
	create(c, &c->partner, "{'name': 'Boss', 'country_id': 1}");
	create(c, &c->partner, "{'parent_id': 1, 'tag_id': 2}");
	shows(c, &c->partner, 2, "Boss (BE)/t / u");
	write_one(c, &c->country, 1, "code", "{'code': 'NL'}");
	shows(c, &c->partner, 2, "Boss (NL)/t / u");
	write_one(c, &c->tag, 1, "name", "{'name': 's'}");
	shows(c, &c->partner, 2, "Boss (NL)/s / u");
	write_one(c, &c->partner, 1, "name", "{'name': 'B'}");
	shows(c, &c->partner, 2, "B (NL)/s / u");
}

static void
recompute_circle_is_refused(void **state)
{
	CASE;

	add(c, &c->tag, "{'name': 'a', 'parent_id': 2}");
	add(c, &c->tag, "{'name': 'b', 'parent_id': 1}");
	refused(c, rewrite(c, &c->tag, 1, "name", "{'name': 'c'}"),
	    ERR_VALIDATION, "depends on itself");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(parses),
		TEST(refuses_to_parse),
		TEST(computes),
		TEST(decides),
		TEST(calculates),
		TEST(overflows_are_refused),
		TEST(long_chains),
		TEST(refuses_to_compile),
		TEST(formula_wants_its_fields_type),
		TEST(formula_circle_is_refused),
		TEST(recomputes_on_create_and_write),
		TEST(recomputes_only_what_depends),
		TEST(recomputes_down_a_tree),
		TEST(recomputes_through_paths),
		TEST(recompute_circle_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
