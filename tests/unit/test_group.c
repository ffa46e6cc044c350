#include "base_case.h"

#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "models/models.h"
#include "orm/domain.h"
#include "orm/field.h"
#include "orm/group_private.h"
#include "orm/method.h"
#include "ser/ser.h"

/* read_group with these arguments. */
static bool
group(struct base_case *c, const char *name, const char *args,
    struct value *out)
{
	struct method_input	 in = { .named = literal(c, args) };

	return method_run(&c->env, method_find(&models_behaviour, name,
	    "read_group"), model(c, name), &in, out);
}

/* What it gives, as JSON without __domain. */
static const char *
groups(struct base_case *c, const char *name, const char *args)
{
	struct buf	*b = buf_new(c->a);
	struct ser	*ser = ser_new(c->a, SER_JSON, SER_NULL_FALSE, b);
	struct value	 out;
	char		*p, *end;

	done(c, group(c, name, args, &out));
	ser_put(ser, NULL, NULL, &out);
	ser_finish(ser);
	while ((p = strstr(b->p, ",\"__domain\":")) != NULL) {
		end = p + strcspn(p, "}");
		memmove(p, end, strlen(end) + 1);
	}
	return b->p;
}

/* How many records the __domain of the group finds. */
static size_t
behind(struct base_case *c, const char *name, const char *args, size_t i)
{
	struct page		 page = { "id", 0, 0 };
	const struct domain	*d;
	struct value		 out;
	struct ids		 ids;

	done(c, group(c, name, args, &out));
	assert_true(i < out.u.list->n);
	done(c, domain_parse(&c->env, value_get(&out.u.list->v[i],
	    "__domain"), &d));
	done(c, model_search(&c->env, model(c, name), d, &page, &ids));
	return ids.n;
}

static int64_t
shelf(struct base_case *c, const char *name)
{
	return add(c, "t.shelf", arena_printf(c->a, "{'name': '%s'}", name));
}

static int64_t
book(struct base_case *c, const char *name, int64_t on, const char *price,
    const char *seen)
{
	return add(c, "t.book", arena_printf(c->a, "{'name': '%s', "
	    "'shelf_id': %lld, 'price': %s, 'seen_ids': [(6, 0, [%s])]}",
	    name, (long long)on, price, seen));
}

/* Adds a rule of t.MODEL for everybody, as the superuser. */
static void
rule(struct base_case *c, const char *name, const char *domain)
{
	struct value	 dict = value_dict(c->a);
	int64_t		 uid = c->env.uid, id;

	c->env.uid = SUPERUSER;
	value_set(c->a, &dict, "name", value_text("r"));
	value_set(c->a, &dict, "model_id", value_int(model(c, name)->id));
	value_set(c->a, &dict, "domain_force", value_text(domain));
	done(c, model_create(&c->env, model(c, "ir.rule"), &dict, &id));
	c->env.uid = uid;
	done(c, database_registry(c->env.db, &c->err));
	c->env.reg = c->env.db->reg;
	c->env.rules = NULL;
	c->env.groups = NULL;
}

static void
test_exact(void **state)
{
	struct base_case	*c = *state;

	add(c, "t.note", "{'amount': '900719925474.0993'}");
	add(c, "t.note", "{'amount': '0.0001'}");
	add(c, "t.note", "{'amount': '0.0002'}");
	add(c, "t.note", "{}");
	assert_string_equal(groups(c, "t.note", "{'fields': ['amount', "
	    "'n:count(amount)', 'a:avg(amount)', 'm:min(amount)']}"),
	    "[{\"__count\":4,\"amount\":900719925474.0996,\"n\":3,"
	    "\"a\":300239975158.0332,\"m\":0.0001}]");
	assert_string_equal(groups(c, "t.note", "{'fields': ['amount'], "
	    "'domain': [('amount', '=', False)]}"),
	    "[{\"__count\":1,\"amount\":false}]");
}

/* Groups are those of the records that the user sees; the name of one that he
 * does not see is shown, as everywhere. */
static void
test_rules(void **state)
{
	const char		*by = "{'groupby': ['shelf_id'], 'fields': "
				    "['price']}";
	struct base_case	*c = *state;
	int64_t			 a = shelf(c, "A"), b = shelf(c, "B");

	book(c, "x", a, "1.25", "");
	book(c, "y", a, "2.5", "");
	book(c, "z", b, "4", "");
	as(c, "demo");
	assert_string_equal(groups(c, "t.book", by), arena_printf(c->a,
	    "[{\"shelf_id\":[%lld,\"A\"],\"shelf_id_count\":2,"
	    "\"price\":3.75},{\"shelf_id\":[%lld,\"B\"],"
	    "\"shelf_id_count\":1,\"price\":4.0}]", (long long)a,
	    (long long)b));
	rule(c, "t.book", "[('name', '!=', 'y')]");
	rule(c, "t.shelf", "[('name', '!=', 'B')]");
	assert_string_equal(groups(c, "t.book", by), arena_printf(c->a,
	    "[{\"shelf_id\":[%lld,\"A\"],\"shelf_id_count\":1,"
	    "\"price\":1.25},{\"shelf_id\":[%lld,\"B\"],"
	    "\"shelf_id_count\":1,\"price\":4.0}]", (long long)a,
	    (long long)b));
	assert_int_equal(behind(c, "t.book", by, 0), 1);
}

/* A many2many shows no group of a record that the user may not see. */
static void
test_links(void **state)
{
	const char		*by = "{'groupby': ['seen_ids'], 'fields': "
				    "['price']}";
	struct base_case	*c = *state;
	int64_t			 a = shelf(c, "A"), b = shelf(c, "B");

	book(c, "x", a, "1", arena_printf(c->a, "%lld, %lld", (long long)a,
	    (long long)b));
	book(c, "y", a, "2", arena_printf(c->a, "%lld", (long long)b));
	book(c, "z", a, "4", "");
	as(c, "demo");
	assert_string_equal(groups(c, "t.book", by), arena_printf(c->a,
	    "[{\"seen_ids\":[%lld,\"A\"],\"seen_ids_count\":1,\"price\":1.0},"
	    "{\"seen_ids\":[%lld,\"B\"],\"seen_ids_count\":2,\"price\":3.0},"
	    "{\"seen_ids\":false,\"seen_ids_count\":1,\"price\":4.0}]",
	    (long long)a, (long long)b));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(behind(c, "t.book", by, i), i == 1 ? 2 : 1);
	rule(c, "t.shelf", "[('name', '!=', 'B')]");
	assert_string_equal(groups(c, "t.book", by), arena_printf(c->a,
	    "[{\"seen_ids\":[%lld,\"A\"],\"seen_ids_count\":1,\"price\":1.0},"
	    "{\"seen_ids\":false,\"seen_ids_count\":1,\"price\":4.0}]",
	    (long long)a));
}

/* A field that the user may not see is not there, in whatever place. */
static void
test_kept(void **state)
{
	static const char *const	 args[] = {
		"{'groupby': ['code']}", "{'fields': ['code:max']}",
		"{'fields': ['n:count(code)']}",
		"{'groupby': ['name'], 'domain': [('code', '=', 'x')]}",
		"{'groupby': ['name', 'code'], 'lazy': False}",
	};
	struct base_case		*c = *state;
	struct value			 out;

	add(c, "t.vault", "{'name': 'a', 'code': 'x'}");
	as(c, "demo");
	for (size_t i = 0; i < sizeof args / sizeof args[0]; i++)
		refused(c, group(c, "t.vault", args[i], &out), ERR_VALUE,
		    "code");
	refused(c, group(c, "t.vault", "{'groupby': ['name'], 'orderby': "
	    "'code'}", &out), ERR_VALUE, "neither grouped by");
	refused(c, group(c, "t.note", "{'groupby': ['shelf_id']}", &out),
	    ERR_ACCESS, "read");
	as(c, "manager");
	assert_string_equal(groups(c, "t.vault", "{'groupby': ['code']}"),
	    "[{\"code\":\"x\",\"code_count\":1}]");
}

static void
test_periods(void **state)
{
	static const struct {
		const char	*unit, *day, *label, *next;
	} cases[] = {
		{ "day", "2020-02-29", "29 Feb 2020", "2020-03-01" },
		{ "week", "2019-12-30", "W1 2020", "2020-01-06" },
		{ "week", "2020-12-28", "W53 2020", "2021-01-04" },
		{ "week", "2020-01-06", "W2 2020", "2020-01-13" },
		{ "month", "2019-12-01", "December 2019", "2020-01-01" },
		{ "quarter", "2019-10-01", "Q4 2019", "2020-01-01" },
		{ "quarter", "2020-01-01", "Q1 2020", "2020-04-01" },
		{ "year", "0001-01-01", "1", "0002-01-01" },
		{ "year", "9999-01-01", "9999", NULL },
		{ "month", "9999-12-01", "December 9999", NULL },
		{ "day", "9999-12-31", "31 Dec 9999", NULL },
	};
	const struct field	 date = { .name = "d", .type = &field_date };
	struct base_case	*c = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct value	 label, next;
		int64_t		 day, want;

		assert_true(date_parse(span_of(cases[i].day), &day));
		label = group_date_label(c->a, cases[i].unit, day);
		assert_true(value_is_text(&label, cases[i].label));
		next = group_date_next(&date, cases[i].unit, day);
		if (cases[i].next == NULL) {
			assert_int_equal(next.type, VALUE_NULL);
			continue;
		}
		assert_true(date_parse(span_of(cases[i].next), &want));
		assert_int_equal(next.u.i, want);
	}
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_exact),
		case(test_rules),
		case(test_links),
		case(test_kept),
		case(test_periods),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("group", tests, base_case_make,
	    base_case_drop);
}
