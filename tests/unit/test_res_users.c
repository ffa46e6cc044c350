#include "base_case.h"

static int64_t
partner(struct base_case *c, int64_t uid)
{
	struct value	 v = get(c, "res.users", uid, "partner_id");

	assert_int_equal(v.type, VALUE_LIST);
	return v.u.list->v[0].u.i;
}

static void
test_partner_made(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid, id;

	as(c, "manager");
	uid = add(c, "res.users", "{'login': 'ann', 'name': 'Ann Lee',"
	    " 'email': 'ann@example.com', 'lang': 'en_US',"
	    " 'tz': 'Europe/Brussels'}");
	id = partner(c, uid);
	assert_text(c, "res.partner", id, "name", "Ann Lee");
	assert_text(c, "res.partner", id, "email", "ann@example.com");
	assert_text(c, "res.partner", id, "lang", "en_US");
	assert_text(c, "res.partner", id, "tz", "Europe/Brussels");
	assert_false(get(c, "res.partner", id, "customer").u.b);
	assert_text(c, "res.users", uid, "name", "Ann Lee");
	assert_text(c, "res.users", uid, "email", "ann@example.com");
	assert_int_equal(get(c, "res.users", uid, "company_id").u.list
	    ->v[0].u.i, 1);
	assert_int_equal(changes(c, "res.partner", id, "create"), 1);
}

static void
test_partner_named(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid;

	uid = add(c, "res.users", "{'login': 'bob'}");
	assert_text(c, "res.users", uid, "name", "bob");
	assert_true(partner(c, uid) != 1);
}

static void
test_partner_given(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id = add(c, "res.partner",
	    "{'name': 'Old', 'email': 'old@example.com'}"), uid;

	context(c, "{'default_partner_id': 1}");
	uid = add(c, "res.users", "{'login': 'c'}");
	assert_int_equal(partner(c, uid), 1);
	context(c, NULL);
	assert_true(id < 1000);
	uid = add(c, "res.users", id == 5 ?
	    "{'login': 'd', 'partner_id': 5, 'name': 'New'}" :
	    "{'login': 'd', 'partner_id': 6, 'name': 'New'}");
	assert_int_equal(partner(c, uid), id);
	assert_text(c, "res.partner", id, "name", "New");
	assert_text(c, "res.partner", id, "email", "old@example.com");
	assert_text(c, "res.users", uid, "name", "New");
	refused(c, create(c, "res.users", "{'login': 'e', 'partner_id': 99}",
	    &uid), ERR_VALIDATION, "there is no record 99 of res.partner");
	refused(c, create(c, "res.users", "{'login': 'e',"
	    " 'partner_id': False}", &uid), ERR_VALIDATION,
	    "Related Partner (partner_id)");
}

static void
test_write_through(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid = add(c, "res.users", "{'login': 'f'}");

	as(c, "manager");
	done(c, change(c, "res.users", one(c, uid), "{'name': 'Fay',"
	    " 'email': 'fay@example.com', 'signature': 'F'}"));
	assert_text(c, "res.partner", partner(c, uid), "name", "Fay");
	assert_text(c, "res.users", uid, "name", "Fay");
	assert_text(c, "res.users", uid, "display_name", "Fay");
	assert_text(c, "res.users", uid, "email", "fay@example.com");
	refused(c, change(c, "res.users", one(c, uid), "{'name': False}"),
	    ERR_VALIDATION, "mandatory field is not set: Name (name) of "
	    "res.partner");
}

static void
test_login(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid;

	refused(c, create(c, "res.users", "{'name': 'x'}", &uid),
	    ERR_VALIDATION, "Login (login)");
	refused(c, create(c, "res.users", "{'login': ''}", &uid),
	    ERR_VALIDATION, "A login cannot be empty nor hold a colon.");
	refused(c, create(c, "res.users", "{'login': 'a:b'}", &uid),
	    ERR_VALIDATION, "colon");
	refused(c, change(c, "res.users", one(c, 2), "{'login': 'a:b'}"),
	    ERR_VALIDATION, "colon");
	refused(c, create(c, "res.users", "{'login': 'demo'}", &uid),
	    ERR_UNIQUE, "Another record of Users (res.users) has the same "
	    "Login (login).");
	assert_string_equal(c->err.msg, "");
	again(c);
	refused(c, change(c, "res.users", one(c, 2), "{'login': 'editor'}"),
	    ERR_UNIQUE, "the same Login (login).");
}

static void
test_locked_out(void **state)
{
	struct base_case	*c = *state;

	refused(c, change(c, "res.users", one(c, 1), "{'active': False}"),
	    ERR_USER, "administrator cannot be archived");
	refused(c, model_unlink(&c->env, model(c, "res.users"),
	    &(struct ids){ (int64_t[]){ 1 }, 1 }), ERR_USER,
	    "administrator cannot be deleted");
	as(c, "manager");
	refused(c, change(c, "res.users", one(c, c->env.uid),
	    "{'active': False}"), ERR_USER, "signed in as");
	done(c, change(c, "res.users", one(c, 2), "{'active': False}"));
}

static const char *
linked(struct base_case *c, int64_t uid, const char *field)
{
	struct value	 v = get(c, "res.users", uid, field);
	const char	*text = "";

	for (size_t i = 0; i < v.u.list->n; i++)
		text = arena_printf(c->a, "%s%s%lld", text, i == 0 ? "" : ",",
		    (long long)v.u.list->v[i].u.i);
	return text;
}

/* Who is given no groups is an employee. */
static void
test_groups(void **state)
{
	struct base_case	*c = *state;
	const char		*employee = arena_printf(c->a, "%lld",
	    (long long)database_ref(&c->env, "base", "group_user"));
	int64_t			 uid;

	as(c, "manager");
	uid = add(c, "res.users", "{'login': 'g'}");
	assert_string_equal(linked(c, uid, "groups_id"), employee);
	uid = add(c, "res.users", "{'login': 'h', 'groups_id': [[6, 0, []]]}");
	assert_string_equal(linked(c, uid, "groups_id"), "");
	context(c, "{'default_groups_id': [[6, 0, [1]]]}");
	uid = add(c, "res.users", "{'login': 'i'}");
	assert_string_equal(linked(c, uid, "groups_id"), "1");
}

static void
test_companies(void **state)
{
	struct base_case	*c = *state;
	int64_t			 two, uid, id;

	two = add(c, "res.company", "{'name': 'Two', 'partner_id': 1,"
	    " 'currency_id': 1}");
	uid = add(c, "res.users", arena_printf(c->a,
	    "{'login': 'j', 'company_id': %lld}", (long long)two));
	assert_string_equal(linked(c, uid, "company_ids"),
	    arena_printf(c->a, "%lld", (long long)two));
	done(c, env_mark(&c->env));
	refused(c, change(c, "res.users", one(c, uid), "{'company_id': 1}"),
	    ERR_VALIDATION, "must be one of the companies");
	done(c, env_mark_end(&c->env, false));
	refused(c, change(c, "res.users", one(c, uid),
	    "{'company_ids': [[6, 0, [1]]]}"), ERR_VALIDATION,
	    "must be one of the companies");
	again(c);
	two = add(c, "res.company", "{'name': 'Two', 'partner_id': 1,"
	    " 'currency_id': 1}");
	refused(c, create(c, "res.users", arena_printf(c->a, "{'login': 'k',"
	    " 'company_id': 1, 'company_ids': [%lld]}", (long long)two), &id),
	    ERR_VALIDATION, "must be one of the companies");
	again(c);
	uid = add(c, "res.users", "{'login': 'l'}");
	done(c, change(c, "res.users", one(c, uid), "{'company_id': 1,"
	    " 'company_ids': [[4, 1]], 'signature': 'L'}"));
}

/* A rule whose group goes would be for everybody. */
static void
test_group_of_rule(void **state)
{
	struct base_case	*c = *state;
	int64_t			 gid = add(c, "res.groups", "{'name': 'G'}");
	int64_t			 id;
	struct ids		 ids = one(c, gid);

	id = add(c, "ir.rule", arena_printf(c->a, "{'model_id': %lld,"
	    " 'active': False, 'groups': [[4, %lld]]}",
	    (long long)model(c, "t.book")->id, (long long)gid));
	refused(c, model_unlink(&c->env, model(c, "res.groups"), &ids),
	    ERR_VALIDATION, "record rule is for it");
	done(c, change(c, "ir.rule", one(c, id), "{'groups': [[5]]}"));
	done(c, model_unlink(&c->env, model(c, "res.groups"), &ids));
}

/* However long the chain, and in a circle at its end. */
static void
test_implied(void **state)
{
	struct base_case	*c = *state;
	int64_t			 first, last, id, from = spent();
	const struct ids	*groups;

	first = last = add(c, "res.groups", "{'name': 'g'}");
	for (int i = 0; i < 5000; i++) {
		id = add(c, "res.groups", arena_printf(c->a, "{'name': 'g%d', "
		    "'implied_ids': [(4, %lld)]}", i, (long long)last));
		last = id;
	}
	done(c, change(c, "res.groups", one(c, first), arena_printf(c->a,
	    "{'implied_ids': [(4, %lld)]}", (long long)last)));
	id = add(c, "res.users", arena_printf(c->a, "{'login': 'u', "
	    "'groups_id': [(6, 0, [%lld])]}", (long long)last));
	done(c, env_reload(&c->env));
	c->env.uid = id;
	c->env.groups = NULL;
	done(c, env_groups(&c->env, &groups));
	assert_int_equal(groups->n, 5001);
	assert_true(ids_has(groups, first));
	assert_true(spent() - from < 20000);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_partner_made),
		case(test_partner_named),
		case(test_partner_given),
		case(test_write_through),
		case(test_login),
		case(test_locked_out),
		case(test_groups),
		case(test_companies),
		case(test_group_of_rule),
		case(test_implied),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("res_users", tests, base_case_make,
	    base_case_drop);
}
