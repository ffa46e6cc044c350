/*
 * Every operation, by every path, with all kinds of rights, against what
 * semantics 6 says of them (matrix_should.c).
 */

#include "matrix_act.h"
#include "matrix_should.h"

#include <string.h>

#define N(array)	(sizeof array / sizeof array[0])
#define EVERY		(R | W | C | U)

static const struct matrix_line	 lines[] = {
	{ EVERY, ALL }, { 0, ALL }, { R, ALL }, { R | W, ALL },
	{ R | C, ALL }, { R | U, ALL }, { W | C | U, ALL },
	{ EVERY, INSIDE }, { EVERY, OTHER }, { R | W | C, EMPLOYEE },
};

static const struct matrix_rule	 rules[][4] = {
	{ { ALL, X, 0 } },
	{ { ALL, X, EVERY } },
	{ { INSIDE, X, EVERY } },
	{ { OTHER, X, EVERY } },
	{ { ALL, X, EVERY }, { INSIDE, Y, EVERY } },
	{ { INSIDE, X, EVERY }, { EMPLOYEE, Y, EVERY } },
	{ { ALL, X, EVERY }, { ALL, Y, EVERY } },
	{ { ALL, X, R } },
	{ { ALL, X, W | C | U } },
	{ { ALL, X, W }, { INSIDE, Y, U }, { ALL, Y, C } },
	{ { ALL, NEVER, EVERY } },
	{ { EMPLOYEE, NEVER, EVERY }, { INSIDE, NOTHING, EVERY } },
	{ { ALL, MINE, R | W } },
	{ { ALL, NOTHING, EVERY }, { EMPLOYEE, MINE, EVERY },
	    { EMPLOYEE, X, R } },
};

static const struct matrix_user	 users[] = {
	{ "admin", true, true },
	{ "demo", false, false },
	{ "editor", false, true },
};

static const struct check {
	const char	*name;
	int		 n;
	matrix_is	*is;
	matrix_should	*should;
}	 checks[] = {
#define CHECK(name, n, should)	{ #name, n, is_##name, should_##should },
#include "matrix_checks.def"
#undef CHECK
};

static void
run(struct matrix *m, const struct check *check, int i)
{
	const char	*should = check->should(m, i), *is;

	done(m->c, env_mark(&m->c->env));
	is = check->is(m, i);
	if (strcmp(is, should) != 0)
		fail_msg("%s %d by %s, line %zu, rules %zu: %s, not %s",
		    check->name, i, m->user->login,
		    (size_t)(m->line - lines),
		    (size_t)((const struct matrix_rule (*)[4])m->rules -
		    rules), is, should);
	done(m->c, env_mark_end(&m->c->env, false));
}

static void
run_rights(struct base_case *c, size_t line, size_t list)
{
	struct matrix	 m = { .c = c, .line = &lines[line],
			    .rules = rules[list] };

	matrix_open(&m);
	for (size_t u = 0; u < N(users); u++) {
		matrix_as(&m, &users[u]);
		for (size_t k = 0; k < N(checks); k++)
			for (int i = 0; i < checks[k].n; i++)
				run(&m, &checks[k], i);
	}
}

static void
test_matrix(void **state)
{
	for (size_t line = 0; line < N(lines); line++)
		for (size_t list = 0; list < N(rules); list++) {
			base_case_open(state);
			run_rights(*state, line, list);
			base_case_close(state);
		}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_matrix),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("rights_matrix", tests,
	    matrix_make, base_case_drop);
}
