#include "base_case.h"

static struct value
last(struct base_case *c, const char *field)
{
	struct ids	 ids;

	done(c, find(c, "ir.change", NULL, "id desc", &ids));
	assert_true(ids.n > 0);
	return get(c, "ir.change", ids.v[0], field);
}

static void
test_rows(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, add(c, "t.note", "{}"));
	struct value		 uuid = last(c, "res_uuid"), v;

	ids_add(&c->env, &ids, add(c, "t.note", "{}"));
	assert_int_equal(changes(c, "t.note", 0, "create"), 2);
	done(c, change(c, "t.note", ids, "{}"));
	assert_int_equal(changes(c, "t.note", 0, "write"), 2);
	assert_int_equal(changes(c, "t.note", ids.v[0], "write"), 1);
	c->env.now += 7;
	done(c, model_unlink(&c->env, model(c, "t.note"), &ids));
	assert_int_equal(changes(c, "t.note", 0, "unlink"), 2);
	ids.n = 1;
	v = last(c, "time");
	assert_int_equal(v.u.i, c->env.now);
	assert_int_equal(last(c, "user_id").u.i, SUPERUSER);
	assert_int_equal(last(c, "res_id").u.i, ids.v[1]);
	v = last(c, "res_uuid");
	assert_int_equal(v.u.text.n, 36);
	assert_string_not_equal(v.u.text.p, uuid.u.text.p);
}

static void
test_user(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid;

	add(c, "t.shelf", "{'name': 'a'}");
	as(c, "editor");
	uid = c->env.uid;
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1}");
	c->env.uid = SUPERUSER;
	assert_int_equal(last(c, "user_id").u.i, uid);
}

/* The log goes back with what it tells of, and stays with it. */
static void
test_transaction(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	id = add(c, "t.note", "{}");
	assert_int_equal(changes(c, "t.note", 0, "create"), 1);
	again(c);
	assert_int_equal(changes(c, "t.note", 0, "create"), 0);
	assert_false(there(c, "t.note", id));
	id = add(c, "t.note", "{}");
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	assert_int_equal(changes(c, "t.note", id, "create"), 1);
	assert_true(there(c, "t.note", id));
}

/* What is refused leaves no row. */
static void
test_refused(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	refused(c, create(c, "t.shelf", "{}", &id), ERR_VALIDATION, "Name");
	refused(c, change(c, "t.shelf", one(c, 1), "{'name': 0}"),
	    ERR_MISSING, "");
	again(c);
	assert_int_equal(changes(c, "t.shelf", 0, "create"), 0);
	assert_int_equal(changes(c, "t.shelf", 0, "write"), 0);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_rows),
		case(test_user),
		case(test_transaction),
		case(test_refused),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_change_log", tests,
	    base_case_make, base_case_drop);
}
