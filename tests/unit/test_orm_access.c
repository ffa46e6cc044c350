#include "base_case.h"

#include "orm/access.h"

/* What demo, editor and manager may do: read, write, create, unlink. */
static const struct {
	const char	*model, *rights[3];
}	 table[] = {
	{ "t.shelf",		{ "r---", "r---", "r---" } },
	{ "t.book",		{ "r---", "rwcu", "r---" } },
	{ "t.page",		{ "-w--", "-w--", "-w--" } },
	{ "t.note",		{ "--c-", "--c-", "--c-" } },
	{ "t.a",		{ "---u", "---u", "---u" } },
	{ "t.b",		{ "----", "----", "----" } },
	{ "res.partner",	{ "r---", "rwcu", "r---" } },
	{ "res.country",	{ "r---", "r---", "r---" } },
	{ "res.users",		{ "r---", "r---", "rwcu" } },
	{ "res.groups",		{ "----", "----", "rwcu" } },
	{ "res.users.apikeys",	{ "----", "----", "r--u" } },
	{ "ir.model.access",	{ "----", "----", "rwcu" } },
	{ "ir.model",		{ "----", "----", "rwcu" } },
	{ "ir.config_parameter", { "----", "----", "----" } },
	{ "ir.attachment",	{ "rwcu", "rwcu", "rwcu" } },
	{ "ir.change",		{ "----", "----", "----" } },
};

static const char *const	 logins[] = { "demo", "editor", "manager" };

static void
assert_rights(struct base_case *c, const char *name, const char *rights)
{
	for (int i = 0; i < ACCESS__MAX; i++) {
		bool	 allowed;

		done(c, access_allowed(&c->env, model(c, name),
		    (enum access)i, &allowed));
		if (allowed != (rights[i] != '-'))
			fail_msg("user %d, %s, %d", (int)c->env.uid, name, i);
	}
}

static void
test_table(void **state)
{
	struct base_case	*c = *state;

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		for (size_t j = 0; j < 3; j++) {
			as(c, logins[j]);
			assert_rights(c, table[i].model, table[i].rights[j]);
		}
		c->env.uid = SUPERUSER;
		assert_rights(c, table[i].model, "rwcu");
		c->env.uid = 0;
		assert_rights(c, table[i].model, "----");
		c->env.su = true;
		assert_rights(c, table[i].model, "rwcu");
		c->env.su = false;
	}
}

/* Nobody who has not signed in may do anything, also where all users may. */
static void
test_nobody(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	assert_int_equal(access_named("unlink"), ACCESS_UNLINK);
	assert_int_equal(access_named("drop"), ACCESS__MAX);
	c->env.uid = 0;
	refused(c, find(c, "res.country", NULL, NULL, &ids), ERR_ACCESS,
	    "not allowed to read records of Country (res.country)");
}

static void
test_operations(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, 1), none = { 0 };
	struct records		 rec;
	struct value		 v;
	int64_t			 id;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.b", "{}");
	as(c, "demo");
	refused(c, create(c, "t.shelf", "{'nonsuch': 1}", &id), ERR_ACCESS,
	    "You are not allowed to create records of Shelf (t.shelf).");
	refused(c, change(c, "t.shelf", none, "{}"), ERR_ACCESS,
	    "not allowed to write");
	refused(c, model_unlink(&c->env, model(c, "t.shelf"), &none),
	    ERR_ACCESS, "not allowed to unlink");
	refused(c, model_read(&c->env, model(c, "t.b"), &ids, NULL, &rec),
	    ERR_ACCESS, "not allowed to read");
	refused(c, find(c, "t.b", NULL, NULL, &ids), ERR_ACCESS, "read");
	refused(c, model_count(&c->env, model(c, "t.b"), NULL, &id),
	    ERR_ACCESS, "read");
	refused(c, model_describe(&c->env, model(c, "t.b"), NULL, NULL, &v),
	    ERR_ACCESS, "read");
	done(c, find(c, "t.shelf", NULL, NULL, &ids));
	assert_int_equal(ids.n, 1);
}

static void
test_locked(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	as(c, "demo");
	refused(c, create(c, "t.locked", "{'name': 'a'}", &id), ERR_ACCESS,
	    "cannot be changed");
	refused(c, create(c, "ir.model", "{'name': 'a'}", &id), ERR_ACCESS,
	    "not allowed to create");
	as(c, "manager");
	refused(c, create(c, "t.locked", "{'name': 'a'}", &id), ERR_ACCESS,
	    "cannot be changed");
	done(c, create(c, "ir.model", "{'name': 'a', 'model': 'x_a'}", &id));
}

/* Users see each other, but no secret, and change nothing of it. */
static void
test_users(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, admin = SUPERUSER;
	struct ids		 ids = one(c, admin), found;

	as(c, "editor");
	refused(c, change(c, "res.users", ids, "{'login': 'x'}"), ERR_ACCESS,
	    "not allowed to write");
	refused(c, change(c, "res.users", one(c, c->env.uid),
	    "{'groups_id': [(4, 1)]}"), ERR_ACCESS, "not allowed to write");
	refused(c, create(c, "res.users", "{'login': 'x'}", &id), ERR_ACCESS,
	    "not allowed to create");
	refused(c, create(c, "res.users.apikeys", "{'name': 'k',"
	    " 'user_id': 1, 'key': 'x'}", &id), ERR_ACCESS, "create");
	refused(c, find(c, "res.users.apikeys", NULL, NULL, &found),
	    ERR_ACCESS, "not allowed to read");
	as(c, "manager");
	refused(c, change(c, "res.users", ids, "{'password': 'x'}"),
	    ERR_VALUE, "Invalid field \"password\"");
	refused(c, create(c, "res.users.apikeys", "{'name': 'k',"
	    " 'user_id': 1, 'key': 'x'}", &id), ERR_ACCESS, "create");
	refused(c, change(c, "res.users.apikeys", (struct ids){ 0 },
	    "{'revoked': False}"), ERR_ACCESS, "write");
	c->env.uid = SUPERUSER;
	refused(c, create(c, "res.users.apikeys", "{'name': 'k',"
	    " 'user_id': 1}", &id), ERR_ACCESS, "cardfile key alone");
}

/* A row of ir.model.access counts at the next transaction. */
static void
test_change_of_rights(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids, rows;

	done(c, find(c, "ir.model.access", "[('model_id.model', '=',"
	    " 't.shelf')]", NULL, &rows));
	assert_int_equal(rows.n, 1);
	done(c, change(c, "ir.model.access", rows, "{'active': False}"));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	as(c, "demo");
	refused(c, find(c, "t.shelf", NULL, NULL, &ids), ERR_ACCESS, "read");
	c->env.uid = SUPERUSER;
	done(c, change(c, "ir.model.access", rows, "{'active': True}"));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	as(c, "demo");
	done(c, find(c, "t.shelf", NULL, NULL, &ids));
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_table),
		case(test_nobody),
		case(test_operations),
		case(test_locked),
		case(test_users),
		case(test_change_of_rights),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_access", tests, base_case_make,
	    base_case_drop);
}
