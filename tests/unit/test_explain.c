#include "base_case.h"

#include <string.h>

#include "orm/explain.h"

static int64_t
group(struct base_case *c, const char *name)
{
	return database_ref(&c->env, "base", name);
}

/* A rule on t.vault for reading; group NULL: global. */
static int64_t
rule(struct base_case *c, const char *name, const char *domain,
    const char *groups)
{
	return add(c, "ir.rule", arena_printf(c->a, "{'name': '%s',"
	    " 'model_id': %lld, 'domain_force': \"%s\", 'groups': %s,"
	    " 'perm_write': False}", name,
	    (long long)model(c, "t.vault")->id, domain, groups));
}

static int64_t
vault(struct base_case *c, const char *name)
{
	return add(c, "t.vault", arena_printf(c->a, "{'name': '%s'}", name));
}

static void
reload(struct base_case *c)
{
	done(c, database_registry(c->env.db, &c->err));
	c->env.reg = c->env.db->reg;
}

static int64_t
user(struct base_case *c, const char *login)
{
	int64_t	 uid = c->env.uid, id;

	as(c, login);
	id = c->env.uid;
	c->env.uid = uid;
	c->env.groups = NULL;
	return id;
}

/* What is explained, as a list under the key. */
static const struct value_list *
list(const struct value *v, const char *key)
{
	const struct value	*l = value_get(v, key);

	assert_non_null(l);
	assert_int_equal(l->type, VALUE_LIST);
	return l->u.list;
}

static struct value
explained(struct base_case *c, const char *login, enum access what,
    const struct ids *ids)
{
	struct value	 v;

	done(c, access_explain(&c->env, user(c, login), model(c, "t.vault"),
	    what, ids, &v));
	return v;
}

static const char *
named(const struct value_list *l)
{
	static const char	*none = "";

	return l->n == 0 ? none : value_get(&l->v[l->n - 1], "name")
	    ->u.text.p;
}

static void
test_rules(void **state)
{
	struct base_case	*c = *state;
	const char		*editors = arena_printf(c->a, "[%lld]",
	    (long long)group(c, "group_partner_manager"));
	const char		*staff = arena_printf(c->a, "[%lld]",
	    (long long)group(c, "group_user"));
	int64_t			 global, one_of, other;
	struct ids		 ids = { 0 };
	struct value		 v;

	ids_add(&c->env, &ids, vault(c, "a"));
	ids_add(&c->env, &ids, vault(c, "b"));
	ids_add(&c->env, &ids, vault(c, "c"));
	ids_add(&c->env, &ids, 999);
	global = rule(c, "global", "[('name', '!=', 'c')]", "[]");
	one_of = rule(c, "editors", "[('name', '=', 'b')]", editors);
	other = rule(c, "staff", "[('name', '=', 'a'),"
	    " ('create_uid', '!=', user.id)]", staff);
	reload(c);

	/* editors are of the staff: either rule is enough */
	v = explained(c, "editor", ACCESS_READ, &ids);
	assert_int_equal(list(&v, "rules")->n, 3);
	assert_int_equal(list(&v, "missing")->n, 1);
	assert_int_equal(list(&v, "hidden")->n, 1);
	assert_int_equal(list(&list(&v, "hidden")->v[0], "rules")->n, 3);
	assert_false(value_get(&v, "allowed")->u.b);
	ids.n = 2;
	v = explained(c, "editor", ACCESS_READ, &ids);
	assert_true(value_get(&v, "allowed")->u.b);

	/* demo has the staff's alone */
	v = explained(c, "demo", ACCESS_READ, &ids);
	assert_int_equal(list(&v, "rules")->n, 2);
	assert_string_equal(named(list(&v, "rules")), "staff");
	assert_int_equal(list(&v, "hidden")->n, 1);
	v = list(&v, "hidden")->v[0];
	assert_int_equal(value_get(&v, "id")->u.i, ids.v[1]);
	assert_int_equal(list(&v, "rules")->n, 1);
	assert_int_equal(list(&v, "rules")->v[0].u.i, other);
	assert_true(global < one_of);

	/* not for writing, nor for the superuser */
	v = explained(c, "demo", ACCESS_WRITE, &ids);
	assert_int_equal(list(&v, "rules")->n, 0);
	assert_true(value_get(&v, "allowed")->u.b);
	v = explained(c, "admin", ACCESS_READ, &ids);
	assert_true(value_get(&v, "superuser")->u.b);
	assert_true(value_get(&v, "allowed")->u.b);
}

static void
test_lines_and_fields(void **state)
{
	struct base_case	*c = *state;
	struct ids		 none = { 0 };
	struct value		 v, line;

	v = explained(c, "demo", ACCESS_READ, &none);
	assert_int_equal(list(&v, "lines")->n, 1);
	line = list(&v, "lines")->v[0];
	assert_true(value_get(&line, "applies")->u.b);
	assert_int_equal(list(&v, "fields")->n, 2);
	assert_string_equal(value_get(&list(&v, "fields")->v[0], "groups")
	    ->u.text.p, "base.group_erp_manager,base.group_portal");
	v = explained(c, "manager", ACCESS_READ, &none);
	assert_int_equal(list(&v, "fields")->n, 0);

	done(c, access_explain(&c->env, user(c, "demo"),
	    model(c, "t.locked"), ACCESS_WRITE, &none, &v));
	assert_true(value_get(&v, "locked")->u.b);
	assert_false(value_get(&v, "allowed")->u.b);
	done(c, access_explain(&c->env, user(c, "demo"),
	    model(c, "t.b"), ACCESS_READ, &none, &v));
	assert_int_equal(list(&v, "lines")->n, 0);
	assert_false(value_get(&v, "allowed")->u.b);
	refused(c, access_explain(&c->env, 999, model(c, "t.b"), ACCESS_READ,
	    &none, &v), ERR_VALUE, "no record 999 of res.users");
}

/* A rule that cannot be evaluated says why, and hides all. */
static void
test_broken(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, vault(c, "a"));
	struct value		 v, r;

	add(c, "ir.rule", arena_printf(c->a, "{'name': 'r', 'model_id': %lld,"
	    " 'domain_force': \"[('create_uid', 'in', company_ids)]\"}",
	    (long long)model(c, "t.vault")->id));
	reload(c);
	context(c, "{'allowed_company_ids': 'x'}");
	v = explained(c, "demo", ACCESS_READ, &ids);
	r = list(&v, "rules")->v[0];
	assert_non_null(strstr(value_get(&r, "error")->u.text.p,
	    "allowed_company_ids"));
	assert_string_equal(value_get(&r, "domain")->u.text.p,
	    "[('create_uid', 'in', company_ids)]");
	assert_int_equal(list(&v, "hidden")->n, 1);
	assert_false(value_get(&v, "allowed")->u.b);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_rules),
		case(test_lines_and_fields),
		case(test_broken),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("explain", tests, base_case_make,
	    base_case_drop);
}
