#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/arena.h"
#include "base/map.h"

static void
test_empty(void **state)
{
	struct arena	*a = arena_new();
	struct map	*m = map_new(a);

	(void)state;
	assert_int_equal(map_count(m), 0);
	assert_null(map_get(m, span_of("a")));
	arena_free(a);
}

static void
test_many_keep_their_order(void **state)
{
	struct arena	*a = arena_new();
	struct map	*m = map_new(a);
	static int	 numbers[5000];
	char		 key[16];

	(void)state;
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		map_put(m, span_of(key), &numbers[i]);
		assert_int_equal(map_count(m), i + 1);
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "key%d", i);
		assert_ptr_equal(map_get(m, span_of(key)), &numbers[i]);
		assert_ptr_equal(map_at(m, (size_t)i), &numbers[i]);
		assert_true(span_is(map_key(m, (size_t)i), key));
	}
	assert_null(map_get(m, span_of("key5000")));
	assert_null(map_get(m, span_of("key")));
	arena_free(a);
}

static void
test_replaced_in_place(void **state)
{
	struct arena	*a = arena_new();
	struct map	*m = map_new(a);
	char		 one[] = "1", two[] = "2";

	(void)state;
	map_put(m, span_of("a"), one);
	map_put(m, span_of("b"), one);
	map_put(m, span_of("a"), two);
	assert_int_equal(map_count(m), 2);
	assert_ptr_equal(map_at(m, 0), two);
	assert_true(span_is(map_key(m, 1), "b"));
	arena_free(a);
}

static void
test_keys_are_copied(void **state)
{
	struct arena	*a = arena_new();
	struct map	*m = map_new(a);
	char		 key[] = "abc", value[] = "v";

	(void)state;
	map_put(m, (struct span){ key, 2 }, value);
	key[0] = 'x';
	assert_ptr_equal(map_get(m, span_of("ab")), value);
	assert_null(map_get(m, span_of("abc")));
	assert_int_equal(map_key(m, 0).p[2], '\0');
	map_put(m, span_of(""), value);
	assert_ptr_equal(map_get(m, span_of("")), value);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_many_keep_their_order),
		cmocka_unit_test(test_replaced_in_place),
		cmocka_unit_test(test_keys_are_copied),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
