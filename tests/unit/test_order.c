/* Semantics section 2. */

#include "orm_case.h"

#include "orm/order.h"

#define CASE	struct orm_case *c = *state

static void
nulls_are_greatest(void **state)
{
	CASE;

	add(c, &c->partner, "{'name': 'b', 'age': 2}");
	add(c, &c->partner, "{'name': 'a'}");
	add(c, &c->partner, "{'name': 'c', 'age': 1}");
	assert_string_equal(sorted(c, &c->partner, "age"), "3,1,2");
	assert_string_equal(sorted(c, &c->partner, " age  DESC "), "2,1,3");
	assert_string_equal(sorted(c, &c->partner, "name Asc , id desc"),
	    "2,1,3");
}

static void
unset_boolean_is_false(void **state)
{
	CASE;

	add(c, &c->partner, "{'is_company': True}");
	add(c, &c->partner, "{}");
	add(c, &c->partner, "{'is_company': False}");
	assert_string_equal(sorted(c, &c->partner, "is_company, id desc"),
	    "3,2,1");
	assert_string_equal(sorted(c, &c->partner, "is_company desc, id"),
	    "1,2,3");
}

static void
many2one_sorts_by_its_targets_order(void **state)
{
	CASE;

	add(c, &c->country, "{'name': 'Zaire'}");
	add(c, &c->country, "{'name': 'Austria'}");
	add(c, &c->partner, "{'country_id': 1, 'display_name': 'p'}");
	add(c, &c->partner, "{'parent_id': 1, 'display_name': 'q'}");
	add(c, &c->partner, "{'country_id': 2, 'parent_id': 2}");
	assert_string_equal(sorted(c, &c->partner, "country_id"), "3,1,2");
	assert_string_equal(sorted(c, &c->partner, "country_id desc"),
	    "2,1,3");
	/* display_name, id of the parent, then of those without one */
	assert_string_equal(sorted(c, &c->partner, "parent_id, id"), "2,3,1");
	assert_string_equal(sorted(c, &c->partner, "parent_id desc, id"),
	    "1,3,2");
}

static void
missing_is_the_models_own(void **state)
{
	CASE;
	const struct order	*o;
	size_t			 n;

	done(c, order_parse(&c->env, &c->partner, NULL, &o, &n));
	assert_int_equal(n, 2);
	assert_string_equal(o[0].expr->name, "display_name");
	assert_true(o[0].nullable);
	assert_string_equal(o[1].expr->name, "id");
	assert_false(o[1].nullable);
	done(c, order_parse(&c->env, &c->country, "  ", &o, &n));
	assert_int_equal(n, 1);
	c->country.order = NULL;
	done(c, order_parse(&c->env, &c->country, "", &o, &n));
	assert_string_equal(o[0].expr->name, "id");
}

static void
computed_fields_are_sorted(void **state)
{
	CASE;

	add(c, &c->country, "{'code': 'B'}");
	add(c, &c->country, "{'code': 'A'}");
	add(c, &c->partner, "{'name': 'x', 'country_id': 1}");
	add(c, &c->partner, "{'name': 'x', 'country_id': 2}");
	assert_string_equal(sorted(c, &c->partner, "label"), "2,1");
}

/* A model ordered by a many2one to itself comes to an end. */
static void
recursion_is_bounded(void **state)
{
	CASE;

	c->tag.order = "parent_id, id";
	add(c, &c->tag, "{}");
	add(c, &c->tag, "{'parent_id': 1}");
	assert_string_equal(sorted(c, &c->tag, NULL), "2,1");
	c->tag.order = "parent_id, parent_id, parent_id, parent_id";
	refused(c, order_parse(&c->env, &c->tag, NULL,
	    &(const struct order *){ NULL }, &(size_t){ 0 }), ERR_USER,
	    "more than");
}

static void
refuses(void **state)
{
	CASE;
	static const char *const	 bad[] = {
		"name,", ",name", "name asc desc", "name down", "\"name\"",
		"country_id.name", "name; id", "name,,id",
		"name desc nulls last",
	};
	const struct order		*o;
	size_t				 n;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(c, order_parse(&c->env, &c->partner, bad[i], &o, &n),
		    ERR_USER, "Invalid order");
	refused(c, order_parse(&c->env, &c->partner, "nme", &o, &n),
	    ERR_VALUE, "\"nme\"");
	refused(c, order_parse(&c->env, &c->partner, "Name", &o, &n),
	    ERR_VALUE, "\"Name\"");
	refused(c, order_parse(&c->env, &c->partner, "password", &o, &n),
	    ERR_VALUE, "\"password\"");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(nulls_are_greatest),
		TEST(unset_boolean_is_false),
		TEST(many2one_sorts_by_its_targets_order),
		TEST(missing_is_the_models_own),
		TEST(computed_fields_are_sorted),
		TEST(recursion_is_bounded),
		TEST(refuses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
