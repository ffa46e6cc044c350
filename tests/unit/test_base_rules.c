/* The rules that the module base brings: companies, portal. */

#include "base_case.h"

#include <string.h>

static int64_t
user(struct base_case *c, const char *login, const char *rest)
{
	return add(c, "res.users", arena_printf(c->a, "{'login': '%s'%s}",
	    login, rest));
}

static const char *
group(struct base_case *c, const char *name)
{
	return arena_printf(c->a, "[%lld]",
	    (long long)database_ref(&c->env, "base", name));
}

static int64_t
partner(struct base_case *c, const char *name, int64_t parent, bool company)
{
	return add(c, "res.partner", arena_printf(c->a, "{'name': '%s',"
	    " 'ref': 'mine', 'parent_id': %s, 'is_company': %s}", name,
	    parent == 0 ? "False" : arena_printf(c->a, "%lld",
	    (long long)parent), company ? "True" : "False"));
}

/* The names of those that the user finds, in order, as "a,b". */
static const char *
seen(struct base_case *c, const char *name, const char *field,
    const char *domain)
{
	struct env	 su = env_sudo(&c->env);
	const char	*text = "";
	struct names	 names = { &field, 1 };
	struct records	 rec;
	struct ids	 ids;

	done(c, find(c, name, domain, field, &ids));
	done(c, model_read(&su, model(c, name), &ids, &names, &rec));
	for (size_t i = 0; i < rec.n; i++)
		text = arena_printf(c->a, "%s%s%s", text, i == 0 ? "" : ",",
		    rec.rows[i][1].u.text.p);
	return text;
}

static const char *
partners(struct base_case *c)
{
	return seen(c, "res.partner", "name", "[('ref', '=', 'mine')]");
}

static int64_t
two_companies(struct base_case *c)
{
	int64_t	 two = add(c, "res.company", "{'name': 'Two',"
	    " 'partner_id': 1, 'currency_id': 1}");

	add(c, "res.partner", "{'name': 'p1', 'ref': 'mine',"
	    " 'company_id': 1}");
	add(c, "res.partner", arena_printf(c->a, "{'name': 'p2',"
	    " 'ref': 'mine', 'company_id': %lld}", (long long)two));
	add(c, "res.partner", "{'name': 'p0', 'ref': 'mine'}");
	user(c, "second", arena_printf(c->a, ", 'company_id': %lld",
	    (long long)two));
	user(c, "both", arena_printf(c->a, ", 'company_id': %lld,"
	    " 'company_ids': [1, %lld]", (long long)two, (long long)two));
	return two;
}

static void
test_partners(void **state)
{
	struct base_case	*c = *state;
	int64_t			 two = two_companies(c), id;
	struct ids		 ids;

	as(c, "demo");
	assert_string_equal(partners(c), "p0,p1");
	as(c, "second");
	assert_string_equal(partners(c), "p0,p2");
	as(c, "both");
	assert_string_equal(partners(c), "p0,p1,p2");
	context(c, "{'allowed_company_ids': [1]}");
	assert_string_equal(partners(c), "p0,p1");
	context(c, arena_printf(c->a, "{'allowed_company_ids': [%lld, 1]}",
	    (long long)two));
	assert_string_equal(partners(c), "p0,p1,p2");
	as(c, "demo");
	assert_string_equal(partners(c), "p0,p1");
	context(c, NULL);
	as(c, "editor");
	refused(c, create(c, "res.partner", arena_printf(c->a,
	    "{'name': 'x', 'company_id': %lld}", (long long)two), &id),
	    ERR_ACCESS, "not allowed to create record");
	again(c);
	c->env.uid = SUPERUSER;
	two_companies(c);
	as(c, "editor");
	done(c, find(c, "res.partner", "[('name', '=', 'p1')]", NULL, &ids));
	done(c, change(c, "res.partner", ids, arena_printf(c->a,
	    "{'company_id': %lld}", (long long)two)));
	refused(c, change(c, "res.partner", ids, "{'company_id': 1}"),
	    ERR_ACCESS, "not allowed to write");
}

static void
test_others(void **state)
{
	struct base_case	*c = *state;
	int64_t			 two = two_companies(c);

	add(c, "res.partner.bank", "{'acc_number': 'b1', 'company_id': 1}");
	add(c, "res.partner.bank", arena_printf(c->a, "{'acc_number': 'b2',"
	    " 'company_id': %lld}", (long long)two));
	as(c, "second");
	assert_string_equal(seen(c, "res.partner.bank", "acc_number", NULL),
	    "b2");
	assert_string_equal(seen(c, "res.company", "name", NULL), "Two");
	assert_string_equal(seen(c, "res.users", "login", NULL),
	    "both,second");
	as(c, "demo");
	assert_string_equal(seen(c, "res.company", "name", NULL),
	    "My Company");
	assert_null(strstr(seen(c, "res.users", "login", NULL), "second"));
	assert_non_null(strstr(seen(c, "res.users", "login", NULL), "both"));
	as(c, "manager");
	assert_string_equal(seen(c, "res.company", "name", NULL),
	    "My Company,Two");
}

static void
assert_portal(struct base_case *c, const char *login, const char *sees)
{
	struct ids	 ids;
	int64_t		 id;

	as(c, login);
	assert_string_equal(partners(c), sees);
	assert_string_equal(seen(c, "res.users", "login", NULL), login);
	assert_string_equal(seen(c, "res.company", "name", NULL),
	    "My Company");
	done(c, find(c, "res.partner", "[('ref', '=', 'mine')]", NULL, &ids));
	refused(c, change(c, "res.partner", ids, "{'name': 'x'}"),
	    ERR_ACCESS, "not allowed to write");
	refused(c, create(c, "res.partner", "{'name': 'x'}", &id), ERR_ACCESS,
	    "not allowed to create");
	refused(c, find(c, "res.groups", NULL, NULL, &ids), ERR_ACCESS,
	    "not allowed to read");
	c->env.uid = SUPERUSER;
}

/* Who belongs to a company sees its contacts, and nothing else. */
static void
test_portal(void **state)
{
	struct base_case	*c = *state;
	int64_t			 firm = partner(c, "firm", 0, true);
	int64_t			 contact = partner(c, "contact", firm, false);
	int64_t			 branch = partner(c, "branch", firm, true);
	int64_t			 clerk = partner(c, "clerk", branch, false);
	int64_t			 alone = partner(c, "stranger", 0, false);
	const char		*groups[] = { "group_portal", "group_public",
				    "group_portal" };
	const int64_t		 who[] = { contact, clerk, alone };
	const char		*logins[] = { "p.contact", "p.clerk",
				    "p.alone" };

	for (int i = 0; i < 3; i++)
		user(c, logins[i], arena_printf(c->a, ", 'partner_id': %lld,"
		    " 'groups_id': %s", (long long)who[i],
		    group(c, groups[i])));
	assert_portal(c, logins[0], "branch,clerk,contact,firm");
	assert_portal(c, logins[1], "branch,clerk");
	assert_portal(c, logins[2], "stranger");

	/* the firm's owner moves: what is stored of it follows */
	done(c, change(c, "res.partner", one(c, branch),
	    "{'is_company': False}"));
	assert_portal(c, logins[1], "branch,clerk,contact,firm");
	done(c, change(c, "res.partner", one(c, contact),
	    "{'parent_id': False}"));
	assert_portal(c, logins[0], "contact");
}

/* Whom a contact belongs to, above any number of others. */
static void
test_commercial(void **state)
{
	struct base_case	*c = *state;
	int64_t			 top = partner(c, "0", 0, true), last = top;

	for (int i = 1; i <= 6; i++)
		last = partner(c, arena_printf(c->a, "%d", i), last, false);
	assert_int_equal(get(c, "res.partner", last, "commercial_partner_id")
	    .u.list->v[0].u.i, top);
	assert_int_equal(get(c, "res.partner", top, "commercial_partner_id")
	    .u.list->v[0].u.i, top);
	done(c, change(c, "res.partner", one(c, top + 3),
	    "{'is_company': True}"));
	assert_int_equal(get(c, "res.partner", last, "commercial_partner_id")
	    .u.list->v[0].u.i, top + 3);
	assert_int_equal(get(c, "res.partner", top + 2,
	    "commercial_partner_id").u.list->v[0].u.i, top);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_partners),
		case(test_others),
		case(test_portal),
		case(test_commercial),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("base_rules", tests,
	    base_case_make, base_case_drop);
}
