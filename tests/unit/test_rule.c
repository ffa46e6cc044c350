#include "base_case.h"

#include <string.h>

#include "orm/access.h"
#include "orm/rule.h"
#include "store/query.h"
#include "store/store.h"

/* The registry as the transaction has changed it. */
static void
reload(struct base_case *c)
{
	done(c, database_registry(c->env.db, &c->err));
	c->env.reg = c->env.db->reg;
	c->env.rules = NULL;
	c->env.groups = NULL;
}

static int64_t
model_id(struct base_case *c, const char *name)
{
	return model(c, name)->id;
}

static bool
rule_create(struct base_case *c, const char *model, const char *vals,
    int64_t *id)
{
	struct value	 dict = literal(c, vals);

	value_set(c->a, &dict, "name", value_text("r"));
	value_set(c->a, &dict, "model_id", value_int(model_id(c, model)));
	return model_create(&c->env, registry_model(c->env.reg, "ir.rule"),
	    &dict, id);
}

/* A rule for everybody, or for the one group, made by the superuser. */
static int64_t
rule(struct base_case *c, const char *model, const char *group,
    const char *vals)
{
	int64_t		 uid = c->env.uid, id;

	c->env.uid = SUPERUSER;
	done(c, rule_create(c, model, vals, &id));
	if (group != NULL)
		done(c, change(c, "ir.rule", one(c, id), arena_printf(c->a,
		    "{'groups': [(4, %lld)]}", (long long)database_ref(&c->env,
		    "base", group))));
	c->env.uid = uid;
	reload(c);
	return id;
}

static int64_t
shelf(struct base_case *c, const char *name)
{
	return add(c, "t.shelf", arena_printf(c->a, "{'name': '%s'}", name));
}

static int64_t
book(struct base_case *c, const char *name, int64_t on)
{
	return add(c, "t.book", arena_printf(c->a, "{'name': '%s',"
	    " 'shelf_id': %lld}", name, (long long)on));
}

/* What the user may read of a model, asked with an arena that does not stay. */
static const struct expr *
asked(struct base_case *c, const char *name)
{
	const struct expr	*where;
	struct env		 part = c->env;

	part.arena = arena_new();
	done(c, rule_where(&part, model(c, name), ACCESS_READ, &where));
	arena_free(part.arena);
	return where;
}

/* What the user finds, as the names in order: "a,b". */
static const char *
seen(struct base_case *c, const char *name, const char *domain)
{
	struct env	 su = env_sudo(&c->env);
	const char	*field = "name", *text = "";
	struct names	 names = { &field, 1 };
	struct records	 rec;
	struct ids	 ids;

	done(c, find(c, name, domain, "name", &ids));
	done(c, model_read(&su, model(c, name), &ids, &names, &rec));
	for (size_t i = 0; i < rec.n; i++)
		text = arena_printf(c->a, "%s%s%s", text, i == 0 ? "" : ",",
		    rec.rows[i][1].u.text.p);
	return text;
}

static bool
read_all(struct base_case *c, const char *name, struct ids ids, size_t *n)
{
	struct records	 rec = { 0 };
	bool		 ok;

	ok = model_read(&c->env, model(c, name), &ids, NULL, &rec);
	*n = rec.n;
	return ok;
}

static void
test_reading(void **state)
{
	struct base_case	*c = *state;
	int64_t			 s = shelf(c, "s"), a, b, n;
	struct ids		 ids = { 0 };
	size_t			 got;

	a = book(c, "a", s);
	b = book(c, "b", s);
	rule(c, "t.book", NULL, "{'domain_force': \"[('name', '=', 'a')]\","
	    " 'perm_write': False, 'perm_create': False,"
	    " 'perm_unlink': False}");
	assert_string_equal(seen(c, "t.book", NULL), "a,b");
	as(c, "editor");
	assert_string_equal(seen(c, "t.book", NULL), "a");
	assert_string_equal(seen(c, "t.book", "[('name', '!=', 'a')]"), "");
	assert_string_equal(seen(c, "t.book", "['|', ('name', '=', 'b'),"
	    " (1, '=', 1)]"), "a");
	done(c, model_count(&c->env, model(c, "t.book"), NULL, &n));
	assert_int_equal(n, 1);

	ids_add(&c->env, &ids, a);
	ids_add(&c->env, &ids, 999999);
	ids_add(&c->env, &ids, a);
	done(c, read_all(c, "t.book", ids, &got));
	assert_int_equal(got, 2);
	ids_add(&c->env, &ids, b);
	refused(c, read_all(c, "t.book", ids, &got), ERR_ACCESS,
	    "not allowed to read record");
	/* it is a rule for reading alone */
	done(c, change(c, "t.book", one(c, b), "{'kind': 'b'}"));
	ids = one(c, b);
	done(c, model_unlink(&c->env, model(c, "t.book"), &ids));
	done(c, create(c, "t.book", arena_printf(c->a, "{'name': 'c',"
	    " 'shelf_id': %lld}", (long long)s), &n));
}

static void
test_writing(void **state)
{
	struct base_case	*c = *state;
	int64_t			 s = shelf(c, "s"), a, b, id;
	struct ids		 both = { 0 }, ids;

	a = book(c, "a", s);
	b = book(c, "b", s);
	ids_add(&c->env, &both, a);
	ids_add(&c->env, &both, b);
	rule(c, "t.book", NULL, "{'domain_force': \"[('name', '=', 'a')]\","
	    " 'perm_read': False}");
	as(c, "editor");
	assert_string_equal(seen(c, "t.book", NULL), "a,b");
	refused(c, change(c, "t.book", both, "{'kind': 'b'}"), ERR_ACCESS,
	    "not allowed to write record");
	assert_text(c, "t.book", a, "kind", "a");
	refused(c, change(c, "t.book", one(c, 999999), "{'kind': 'b'}"),
	    ERR_MISSING, "does not exist");
	refused(c, model_unlink(&c->env, model(c, "t.book"), &both),
	    ERR_ACCESS, "not allowed to unlink record");
	assert_true(there(c, "t.book", a));
	refused(c, create(c, "t.book", arena_printf(c->a, "{'name': 'b',"
	    " 'shelf_id': %lld}", (long long)s), &id), ERR_ACCESS,
	    "not allowed to create record");
	done(c, create(c, "t.book", arena_printf(c->a, "{'name': 'a',"
	    " 'shelf_id': %lld}", (long long)s), &id));

	/* a write may move a record out of sight, once */
	done(c, change(c, "t.book", one(c, a), "{'name': 'z'}"));
	refused(c, change(c, "t.book", one(c, a), "{'name': 'a'}"),
	    ERR_ACCESS, "not allowed to write");
	ids = one(c, id);
	done(c, model_unlink(&c->env, model(c, "t.book"), &ids));
}

/* Global rules are and'ed, those of groups or'ed. */
static void
test_groups(void **state)
{
	struct base_case	*c = *state;
	int64_t			 s = shelf(c, "s"), id;

	book(c, "a", s);
	book(c, "ab", s);
	book(c, "abc", s);
	book(c, "x", s);
	id = rule(c, "t.book", "group_partner_manager",
	    "{'domain_force': \"[('name', '=', 'x')]\"}");
	assert_false(get(c, "ir.rule", id, "global").u.b);
	as(c, "demo");
	assert_string_equal(seen(c, "t.book", NULL), "a,ab,abc,x");
	as(c, "editor");
	assert_string_equal(seen(c, "t.book", NULL), "x");
	rule(c, "t.book", "group_user",
	    "{'domain_force': \"[('name', 'like', 'b')]\"}");
	assert_string_equal(seen(c, "t.book", NULL), "ab,abc,x");
	as(c, "demo");
	assert_string_equal(seen(c, "t.book", NULL), "ab,abc");
	id = rule(c, "t.book", NULL, "{'domain_force': \"[('name', '!=',"
	    " 'abc')]\"}");
	assert_true(get(c, "ir.rule", id, "global").u.b);
	rule(c, "t.book", NULL, "{'domain_force': '[]'}");
	rule(c, "t.book", NULL, "{}");
	assert_string_equal(seen(c, "t.book", NULL), "ab");
	as(c, "editor");
	assert_string_equal(seen(c, "t.book", NULL), "ab,x");
	/* one of a group that asks nothing */
	rule(c, "t.book", "group_no_one", "{'domain_force': '[]'}");
	assert_string_equal(seen(c, "t.book", NULL), "a,ab,x");
	rule(c, "t.book", NULL, "{'domain_force': \"[(0, '=', 1)]\"}");
	assert_string_equal(seen(c, "t.book", NULL), "");
	c->env.uid = SUPERUSER;
	assert_string_equal(seen(c, "t.book", NULL), "a,ab,abc,x");
}

static void
test_inactive(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	book(c, "a", shelf(c, "s"));
	id = rule(c, "t.book", NULL, "{'domain_force': \"[(0, '=', 1)]\"}");
	as(c, "demo");
	assert_string_equal(seen(c, "t.book", NULL), "");
	c->env.uid = SUPERUSER;
	done(c, change(c, "ir.rule", one(c, id), "{'active': False}"));
	reload(c);
	as(c, "demo");
	assert_string_equal(seen(c, "t.book", NULL), "a");
}

static struct value
named(struct base_case *c, const char *text)
{
	struct value	 v;

	done(c, rule_domain(&c->env, text, &v));
	return v;
}

static void
assert_named(struct base_case *c, const char *text, const char *means)
{
	struct value	 v = named(c, text), want = literal(c, means);

	if (!value_equal(&v, &want))
		fail_msg("%s is not %s", text, means);
}

static int64_t
company(struct base_case *c, const char *name)
{
	return add(c, "res.company", arena_printf(c->a, "{'name': '%s',"
	    " 'partner_id': 1, 'currency_id': 1}", name));
}

static void
join(struct base_case *c, int64_t uid, int64_t cid)
{
	struct env	 su = env_sudo(&c->env);
	struct value	 vals = literal(c, arena_printf(c->a,
			    "{'company_ids': [(4, %lld)]}", (long long)cid));
	struct ids	 ids = { &uid, 1 };

	done(c, model_write(&su, model(c, "res.users"), &ids, &vals));
}

static void
test_names(void **state)
{
	struct base_case	*c = *state;
	int64_t			 two = company(c, "Two"), uid;
	struct ids		 ids;

	company(c, "Three");
	as(c, "demo");
	uid = c->env.uid;
	assert_named(c, "[user.id]", arena_printf(c->a, "[%lld]",
	    (long long)uid));
	assert_named(c, "[user.login, user.name, user.active, user.email,"
	    " None, True]", "['demo', 'demo', True, False, None, True]");
	assert_named(c, "[user.company_id.id, user.company_id.name,"
	    " user.company_id.partner_id.id, user.company_id.parent_id.id]",
	    "[1, 'My Company', 1, False]");
	/* fields of the partner are the user's too */
	assert_named(c, "[user.is_company, user.country_id.id]",
	    "[False, False]");
	assert_named(c, "company_ids + [False]", "[1, False]");
	assert_named(c, "[company_id] + company_ids+(2,)", "[1, 1, 2]");
	assert_named(c, " \n", "[]");

	c->env.uid = SUPERUSER;
	join(c, uid, two);
	join(c, uid, 1);
	as(c, "demo");
	c->env.rules = NULL;
	assert_named(c, "company_ids", arena_printf(c->a, "[1, %lld]",
	    (long long)two));
	context(c, arena_printf(c->a, "{'allowed_company_ids': [77, %lld,"
	    " %lld]}", (long long)two, (long long)two + 1));
	assert_named(c, "[company_id, company_ids]", arena_printf(c->a,
	    "[%lld, [%lld]]", (long long)two, (long long)two));
	context(c, "{'allowed_company_ids': [77]}");
	assert_named(c, "[company_id, company_ids]", "[False, []]");
	context(c, "{'allowed_company_ids': []}");
	assert_named(c, "company_id", "1");
	context(c, "{'allowed_company_ids': 'all'}");
	refused(c, rule_domain(&c->env, "company_ids", &(struct value){ 0 }),
	    ERR_VALUE, "allowed_company_ids");
	done(c, find(c, "t.book", NULL, NULL, &ids));
}

static void
test_bad_text(void **state)
{
	static const struct {
		const char	*text, *why;
	}			 bad[] = {
		{ "[('name', '=', user.nonsuch)]", "no such field" },
		{ "[('name', '=', user.password)]", "no such field" },
		{ "[('name', '=', user.company_id)]", "add .id" },
		{ "[('name', '=', user.name.id)]", "no relation" },
		{ "[('name', '=', user.company_id.ids)]", "no such field" },
		{ "[('name', '=', user.)]", "means nothing" },
		{ "[('name', '=', user)]", "means nothing" },
		{ "[('name', '=', time.strftime('%Y'))]", "means nothing" },
		{ "[('name', '=', __import__('os'))]", "means nothing" },
		{ "[('name', '=', uid)]", "means nothing" },
		{ "[('name', 'in', [1] + 2)]", "+ joins two lists" },
		{ "[('name', '=', 'a' + 'b')]", "+ joins two lists" },
		{ "[('name', '=', 'a')", "must end with ]" },
		{ "[('nonsuch', '=', 'a')]", "does not exist" },
		{ "[('pin', '=', 'a')]", "does not exist" },
		{ "[('name', 'is', 'a')]", "operator" },
		{ "[('name', '=')]", "3" },
		{ "['&', ('name', '=', 'a')]", "ends where" },
		{ "{}", "list" },
		{ "5", "list" },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "nested too deep" },
	};
	struct base_case	*c = *state;
	int64_t			 id;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct value	 dict = value_dict(c->a);

		value_set(c->a, &dict, "model_id",
		    value_int(model_id(c, "t.shelf")));
		value_set(c->a, &dict, "domain_force",
		    value_text(bad[i].text));
		refused(c, model_create(&c->env, model(c, "ir.rule"), &dict,
		    &id), ERR_VALIDATION, bad[i].why);
		again(c);
	}
}

static void
test_refusals(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	refused(c, rule_create(c, "ir.rule", "{}", &id), ERR_VALIDATION,
	    "cannot have rules themselves");
	refused(c, rule_create(c, "t.book", "{'perm_read': False, "
	    "'perm_write': False, 'perm_create': False, 'perm_unlink': 0}",
	    &id), ERR_VALIDATION, "one operation at least");
	id = rule(c, "t.book", NULL, "{}");
	refused(c, change(c, "ir.rule", one(c, id), "{'domain_force':"
	    " \"[('nonsuch', '=', 1)]\"}"), ERR_VALIDATION,
	    "does not exist");
	refused(c, change(c, "ir.rule", one(c, id), arena_printf(c->a,
	    "{'model_id': %lld}", (long long)model_id(c, "ir.rule"))),
	    ERR_VALIDATION, "cannot have rules themselves");
	as(c, "editor");
	refused(c, rule_create(c, "t.book", "{}", &id), ERR_ACCESS,
	    "not allowed to create");
	as(c, "manager");
	done(c, rule_create(c, "t.book", "{}", &id));
}

/* What was right when it was written need not be so for ever. */
static void
test_broken(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, changed;
	struct assign		 text = { "domain_force",
				    value_text("[('gone', '=', 1)]"), NULL };
	struct ids		 ids;

	book(c, "a", shelf(c, "s"));
	id = rule(c, "t.book", NULL, "{}");
	done(c, store_update(c->env.store, "ir_rule", expr_binary(c->a,
	    EXPR_EQ, expr_column(c->a, "id", COL_ID, 0),
	    expr_value(c->a, value_int(id))), &text, 1, &changed, &c->err));
	assert_int_equal(changed, 1);
	done(c, env_generation_next(&c->env));
	reload(c);
	as(c, "demo");
	assert_false(find(c, "t.book", NULL, NULL, &ids));
	assert_non_null(strstr(c->err.cause, "gone"));
	refused(c, false, ERR_ACCESS, "\"r\" of Book (t.book) cannot be");
	refused(c, find(c, "t.book", "[('id', '=', 1)]", NULL, &ids),
	    ERR_ACCESS, "cannot be evaluated");
	c->env.uid = SUPERUSER;
	assert_string_equal(seen(c, "t.book", NULL), "a");
}

/* The context of whoever asks opens no rule. */
static void
test_context(void **state)
{
	struct base_case	*c = *state;
	int64_t			 s = shelf(c, "s"), t = shelf(c, "t");

	book(c, "a", s);
	book(c, "b", t);
	rule(c, "t.book", NULL, "{'domain_force': \"[('shelf_id.name', '=',"
	    " 's')]\"}");
	rule(c, "t.shelf", NULL, "{'domain_force': \"[(0, '=', 1)]\"}");
	as(c, "demo");
	/* rules are evaluated with full rights, whatever other rules hide */
	assert_string_equal(seen(c, "t.book", NULL), "a");
	context(c, "{'active_test': False, 'lang': 'xx'}");
	assert_string_equal(seen(c, "t.book", NULL), "a");
	assert_string_equal(seen(c, "t.shelf", NULL), "");
}

/* A condition that most records meet is none to look for by an index; the
 * others of the same rule are. */
static void
test_guard(void **state)
{
	struct base_case	*c = *state;
	const struct expr	*e;

	rule(c, "t.book", NULL, "{'domain_force': \"[('create_uid', '=',"
	    " user.id)]\"}");
	as(c, "demo");
	done(c, rule_where(&c->env, model(c, "t.book"), ACCESS_READ, &e));
	assert_int_equal(e->op, EXPR_EQ);
	rule(c, "t.book", NULL, "{'domain_force': \"['|', ('shelf_id', '=',"
	    " False), ('shelf_id', '=', 1)]\"}");
	done(c, rule_where(&c->env, model(c, "t.book"), ACCESS_READ, &e));
	assert_int_equal(e->op, EXPR_AND);
	assert_int_equal(e->args[0]->op, EXPR_EQ);
	assert_int_equal(e->args[1]->op, EXPR_IF);
	done(c, rule_where(&c->env, model(c, "res.partner"), ACCESS_READ,
	    &e));
	assert_int_equal(e->op, EXPR_IF);
	assert_int_equal(e->args[0]->op, EXPR_OR);
}

/* What the message tells of whatever still refers to a record. */
static void
test_unlink_message(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;
	int64_t			 p, a;

	p = add(c, "res.partner", "{'name': 'P'}");
	a = add(c, "t.a", arena_printf(c->a, "{'partner_id': %lld}",
	    (long long)p));
	done(c, create(c, "ir.model.access", arena_printf(c->a, "{'name': 'a',"
	    " 'model_id': %lld, 'perm_read': True}",
	    (long long)model_id(c, "t.a")), &(int64_t){ 0 }));
	reload(c);
	as(c, "editor");
	ids = one(c, p);
	refused(c, model_unlink(&c->env, model(c, "res.partner"), &ids),
	    ERR_FOREIGN, arena_printf(c->a, "record %lld", (long long)a));
	rule(c, "t.a", NULL, "{'domain_force': \"[(0, '=', 1)]\"}");
	assert_false(model_unlink(&c->env, model(c, "res.partner"), &ids));
	assert_null(strstr(c->err.msg, arena_printf(c->a, "record %lld",
	    (long long)a)));
	refused(c, false, ERR_FOREIGN, "still refers");
}

/* What is kept for the request outlives the part that asked first. */
static void
test_parts(void **state)
{
	struct base_case	*c = *state;
	const struct expr	*where;

	book(c, "a", shelf(c, "s"));
	rule(c, "t.shelf", NULL, "{'domain_force': \"[('name', '=',"
	    " user.login)]\"}");
	rule(c, "t.book", NULL, "{'domain_force': \"[('name', '=', 'a')]\"}");
	as(c, "editor");
	assert_string_equal(seen(c, "t.book", NULL), "a");
	where = asked(c, "t.shelf");
	assert_ptr_equal(asked(c, "t.shelf"), where);
	assert_string_equal(seen(c, "t.shelf", NULL), "");
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_reading),
		case(test_writing),
		case(test_groups),
		case(test_inactive),
		case(test_names),
		case(test_bad_text),
		case(test_refusals),
		case(test_broken),
		case(test_context),
		case(test_parts),
		case(test_guard),
		case(test_unlink_message),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("rule", tests, base_case_make,
	    base_case_drop);
}
