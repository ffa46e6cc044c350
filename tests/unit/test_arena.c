#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"

struct note {
	char	*to;
	char	 what;
};

static void
note_add(void *arg)
{
	struct note	*n = arg;
	size_t		 used = strlen(n->to);

	n->to[used] = n->what;
	n->to[used + 1] = '\0';
}

static void
test_zeroed_and_aligned(void **state)
{
	struct arena	*a = arena_new();

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t n = 1; n < 3000; n += 7) {
			char	*p = arena_alloc(a, n);

			assert_int_equal((uintptr_t)p % sizeof(void *), 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 'x', n);
		}
		arena_reset(a);
	}
	arena_free(a);
}

static void
test_pieces_do_not_overlap(void **state)
{
	static const size_t	 sizes[] = { 1, 40000, 16, 200000, 30000, 3 };
	struct arena		*a = arena_new();
	unsigned char		*p[60];

	(void)state;
	for (size_t i = 0; i < 60; i++) {
		p[i] = arena_alloc(a, sizes[i % 6]);
		memset(p[i], (int)i, sizes[i % 6]);
	}
	for (size_t i = 0; i < 60; i++)
		for (size_t k = 0; k < sizes[i % 6]; k++)
			assert_int_equal(p[i][k], i);
	arena_free(a);
}

static void
test_text(void **state)
{
	struct arena	*a = arena_new();
	char		*p = arena_text(a, 3);

	(void)state;
	assert_int_equal(p[3], '\0');
	assert_string_equal(arena_strdup(a, "abc"), "abc");
	assert_string_equal(arena_strndup(a, "abcdef", 2), "ab");
	assert_string_equal(arena_strndup(a, NULL, 0), "");
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	arena_free(a);
}

static void
test_deferred_last_first_and_once(void **state)
{
	struct arena	*a = arena_new();
	char		 seen[8] = "";
	struct note	 one = { seen, '1' }, two = { seen, '2' };

	(void)state;
	arena_defer(a, note_add, &one);
	arena_defer(a, note_add, &two);
	assert_string_equal(seen, "");
	arena_reset(a);
	assert_string_equal(seen, "21");
	arena_defer(a, note_add, &one);
	arena_free(a);
	assert_string_equal(seen, "211");
	arena_free(NULL);
}

static void
test_used(void **state)
{
	struct arena	*a = arena_new();

	(void)state;
	assert_int_equal(arena_used(a), 0);
	arena_alloc(a, 100);
	assert_true(arena_used(a) >= 100);
	arena_reset(a);
	assert_int_equal(arena_used(a), 0);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_zeroed_and_aligned),
		cmocka_unit_test(test_pieces_do_not_overlap),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_deferred_last_first_and_once),
		cmocka_unit_test(test_used),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
