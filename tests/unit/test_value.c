#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/value.h"

/* {"n": 1, "l": ["a", None, 2.5]} */
static struct value
sample(struct arena *a)
{
	struct value	 dict = value_dict(a), list = value_list(a, 0);

	value_push(a, &list, value_text("a"));
	value_push(a, &list, value_null());
	value_push(a, &list, value_float(2.5));
	value_set(a, &dict, "n", value_int(1));
	value_set(a, &dict, "l", list);
	return dict;
}

static void
test_list_grows(void **state)
{
	struct arena	*a = arena_new();
	struct value	 list = value_list(a, 2);

	(void)state;
	for (int i = 0; i < 1000; i++)
		value_push(a, &list, value_int(i));
	assert_int_equal(list.u.list->n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(list.u.list->v[i].u.i, i);
	arena_free(a);
}

static void
test_get(void **state)
{
	struct arena	*a = arena_new();
	struct value	 v = sample(a), number = value_int(1);

	(void)state;
	assert_int_equal(value_get(&v, "n")->u.i, 1);
	assert_null(value_get(&v, "x"));
	assert_null(value_get(&number, "n"));
	assert_null(value_get(NULL, "n"));
	value_set(a, &v, "n", value_int(2));
	assert_int_equal(value_get(&v, "n")->u.i, 2);
	arena_free(a);
}

static void
test_copy_outlives(void **state)
{
	struct arena	*a = arena_new(), *b = arena_new();
	struct value	 v = sample(a), copy = value_copy(b, &v), again;

	(void)state;
	arena_free(a);
	again = sample(b);
	assert_true(value_equal(&copy, &again));
	assert_true(span_is(map_key(copy.u.dict, 1), "l"));
	arena_free(b);
}

static void
test_equal(void **state)
{
	struct arena	*a = arena_new();
	struct value	 v = sample(a), w = sample(a);
	struct value	 one = value_int(1), f = value_float(1);
	struct value	 d = value_decimal(10, 1), e = value_decimal(10, 2);

	(void)state;
	assert_true(value_equal(&v, &w));
	value_push(a, (struct value *)value_get(&w, "l"), value_int(3));
	assert_false(value_equal(&v, &w));
	assert_false(value_equal(&one, &f));
	assert_false(value_equal(&d, &e));
	w = sample(a);
	value_set(a, &w, "x", value_null());
	assert_false(value_equal(&v, &w));
	assert_false(value_equal(&w, &v));
	arena_free(a);
}

static void
test_truthy_as_in_python(void **state)
{
	struct arena	*a = arena_new();
	struct value	 falsy[] = {
		value_null(), value_bool(false), value_int(0), value_float(0),
		value_float(-0.0), value_text(""), value_list(a, 4),
		value_dict(a), value_decimal(0, 2)
	};
	struct value	 truthy[] = {
		value_bool(true), value_int(-1), value_float(0.1),
		value_text("0"), sample(a), value_decimal(1, 2), value_date(0),
		value_datetime(0)
	};

	(void)state;
	for (size_t i = 0; i < sizeof falsy / sizeof *falsy; i++)
		assert_false(value_truthy(&falsy[i]));
	for (size_t i = 0; i < sizeof truthy / sizeof *truthy; i++)
		assert_true(value_truthy(&truthy[i]));
	arena_free(a);
}

static void
test_is_text_and_names(void **state)
{
	struct value	 text = value_text("abc"), one = value_int(1);

	(void)state;
	assert_true(value_is_text(&text, "abc"));
	assert_false(value_is_text(&text, "ab"));
	assert_false(value_is_text(&one, "1"));
	assert_false(value_is_text(NULL, ""));
	for (enum value_type t = 0; t < VALUE__MAX; t++)
		assert_non_null(value_type_name(t));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_list_grows),
		cmocka_unit_test(test_get),
		cmocka_unit_test(test_copy_outlives),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_truthy_as_in_python),
		cmocka_unit_test(test_is_text_and_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
