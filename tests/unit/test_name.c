/* Semantics 9.4: names looked up, made and shown; accents looked past. */
#include "base_case.h"

#include <string.h>

#include "base/buf.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/name.h"
#include "store/store.h"

#define CASE	struct base_case *c = *state

/* The ids found, as text; of what the case has made itself. */
static const char *
named(struct base_case *c, const char *name, const char *text, const char *op,
    const char *args, int64_t limit)
{
	const struct model	*m = model(c, name);
	struct value		 v = literal(c, text), list;
	const struct domain	*d = NULL;
	struct buf		*b = buf_new(c->a);
	struct ids		 ids;

	if (args != NULL) {
		list = literal(c, args);
		done(c, domain_parse(&c->env, &list, &d));
	}
	done(c, model_name_search(&c->env, m, &v, d, op, limit, &ids));
	for (size_t i = 0; i < ids.n; i++)
		buf_printf(b, "%s%lld", i == 0 ? "" : ",",
		    (long long)ids.v[i]);
	return buf_text(b).p;
}

static void
names_are(struct base_case *c, const char *name, const char *text,
    const char *op, const char *args, const char *want)
{
	const char	*got = named(c, name, text, op, args, 0);

	if (strcmp(got, want) != 0)
		fail_msg("%s %s %s: %s, not %s", name, op, text, got, want);
}

static const char *
text_of(struct base_case *c, int64_t a, int64_t b)
{
	return b == 0 ? arena_printf(c->a, "%lld", (long long)a) :
	    arena_printf(c->a, "%lld,%lld", (long long)a, (long long)b);
}

#define MINE	"[('comment','=','mine')]"

static void
test_partners(void **state)
{
	CASE;
	int64_t	 a, b, old;

	a = add(c, "res.partner", "{'name': 'Zoe Q', 'email': 'zq@x.be',"
	    " 'ref': 'R77', 'vat': 'BE0477', 'comment': 'mine'}");
	b = add(c, "res.partner", arena_printf(c->a, "{'name': 'Yan',"
	    " 'parent_id': %lld, 'comment': 'mine'}", (long long)a));
	old = add(c, "res.partner", "{'name': 'Zoe old', 'active': False,"
	    " 'comment': 'mine'}");
	names_are(c, "res.partner", "'zoe'", "ilike", MINE,
	    text_of(c, a, b));
	names_are(c, "res.partner", "'Zoe Q, Yan'", "=", NULL,
	    text_of(c, b, 0));
	names_are(c, "res.partner", "'ZQ@'", "ilike", NULL, text_of(c, a, 0));
	names_are(c, "res.partner", "'R77'", "=", NULL, text_of(c, a, 0));
	names_are(c, "res.partner", "'BE04'", "like", NULL, text_of(c, a, 0));
	names_are(c, "res.partner", "'R7'", "not like", MINE,
	    text_of(c, b, 0));
	names_are(c, "res.partner", "'yan'", "not ilike", MINE,
	    text_of(c, a, 0));
	names_are(c, "res.partner", "''", "ilike", MINE, text_of(c, a, b));
	names_are(c, "res.partner", "False", "ilike", MINE, text_of(c, a, b));
	names_are(c, "res.partner", "'zoe'", "ilike",
	    "['&',('comment','=','mine'),('active','=',False)]",
	    text_of(c, old, 0));
	names_are(c, "res.partner", "['R77', 'Yan']", "in", MINE,
	    text_of(c, a, 0));
	assert_string_equal(named(c, "res.partner", "'zoe'", "ilike", MINE,
	    1), text_of(c, a, 0));
}

static void
test_codes_come_first(void **state)
{
	CASE;
	int64_t		 code, name;
	const char	*got;

	code = add(c, "res.country", "{'name': 'Zzland', 'code': 'QQ'}");
	name = add(c, "res.country", "{'name': 'Aqqa', 'code': 'Q1'}");
	names_are(c, "res.country", "'qq'", "ilike", NULL,
	    text_of(c, code, name));
	assert_string_equal(named(c, "res.country", "'qq'", "ilike", NULL, 1),
	    text_of(c, code, 0));
	names_are(c, "res.country", "'QQ'", "=", NULL, text_of(c, code, 0));
	names_are(c, "res.country", "'qqa'", "ilike", NULL,
	    text_of(c, name, 0));
	got = named(c, "res.country", "'qq'", "not ilike",
	    "[('code','in',['QQ','Q1'])]", 0);
	assert_string_equal(got, text_of(c, code, 0));
}

/* Many more names than codes. */
static void
test_code_and_names(void **state)
{
	CASE;
	size_t	 n = 1;

	add(c, "res.country", "{'name': 'Zzland', 'code': 'QQ'}");
	for (int i = 0; i < 40; i++)
		add(c, "res.country", arena_printf(c->a, "{'name': 'Aqqa %d',"
		    " 'code': '%d%d'}", i, i / 10, i % 10));
	for (const char *p = named(c, "res.country", "'qq'", "ilike", NULL, 0);
	    *p != '\0'; p++)
		n += *p == ',';
	assert_int_equal(n, 41);
}

static void
test_last_part(void **state)
{
	CASE;
	int64_t	 top, low;

	top = add(c, "res.partner.category", "{'name': 'Qtop'}");
	low = add(c, "res.partner.category", arena_printf(c->a,
	    "{'name': 'Qlow', 'parent_id': %lld}", (long long)top));
	names_are(c, "res.partner.category", "'Qtop / Qlow'", "=", NULL,
	    text_of(c, low, 0));
	names_are(c, "res.partner.category", "'any / Qlow'", "=", NULL,
	    text_of(c, low, 0));
	names_are(c, "res.partner.category", "['Qlow', 'x / Qtop']", "in",
	    NULL, text_of(c, top, low));
	names_are(c, "res.partner.category", "'qt'", "ilike", NULL,
	    text_of(c, top, 0));
	assert_string_equal(named(c, "ir.model", "'res.partner.categ'", "like",
	    NULL, 0), text_of(c, model(c, "res.partner.category")->id, 0));
}

static bool
search_named(struct base_case *c, const char *name, const char *text,
    const char *op, int64_t limit)
{
	struct value	 v = literal(c, text);
	struct ids	 ids;

	return model_name_search(&c->env, model(c, name), &v, NULL, op, limit,
	    &ids);
}

static void
test_refusals(void **state)
{
	CASE;
	struct value	 v = literal(c, "'x'"), out;

	refused(c, search_named(c, "t.shelf", "'x'", "child_of", 0), ERR_VALUE,
	    "\"child_of\" is no operator to look for names");
	refused(c, search_named(c, "t.shelf", "'x'", "ILIKE", 0), ERR_VALUE,
	    "\"ILIKE\" is no operator");
	refused(c, search_named(c, "t.shelf", "5", "ilike", 0), ERR_VALUE,
	    "a name must be a text");
	refused(c, search_named(c, "t.shelf", "'x'", "ilike", -1), ERR_VALUE,
	    "cannot be negative");
	refused(c, model_name_create(&c->env, model(c, "t.a"), &v, &out),
	    ERR_USER, "has no name");
	as(c, "demo");
	refused(c, search_named(c, "t.note", "'x'", "ilike", 0), ERR_ACCESS,
	    "not allowed to read");
	refused(c, model_name_create(&c->env, model(c, "t.shelf"), &v, &out),
	    ERR_ACCESS, "not allowed to create");
}

static void
test_makes_and_shows(void **state)
{
	CASE;
	const struct model	*m = model(c, "t.shelf");
	struct value		 name = literal(c, "'new'"), pair, pairs;
	struct ids		 ids;

	done(c, model_name_create(&c->env, m, &name, &pair));
	assert_int_equal(pair.u.list->n, 2);
	assert_string_equal(pair.u.list->v[1].u.text.p, "new");
	ids = one(c, pair.u.list->v[0].u.i);
	ids_add(&c->env, &ids, ids.v[0]);
	done(c, model_name_get(&c->env, m, &ids, &pairs));
	assert_int_equal(pairs.u.list->n, 2);
	ids_add(&c->env, &ids, 9999);
	refused(c, model_name_get(&c->env, m, &ids, &pairs), ERR_MISSING,
	    "does not exist");
}

/* What a user may not see is not looked at either. */
static void
test_restricted(void **state)
{
	CASE;
	int64_t	 id;

	id = add(c, "t.vault", "{'name': 'v', 'code': 'hidden'}");
	((struct model *)(uintptr_t)model(c, "t.vault"))->name_search =
	    literal(c, "['code', 'name']");
	names_are(c, "t.vault", "'hidden'", "=", NULL, text_of(c, id, 0));
	as(c, "demo");
	names_are(c, "t.vault", "'hidden'", "=", NULL, "");
	names_are(c, "t.vault", "'v'", "=", NULL, text_of(c, id, 0));
	((struct model *)(uintptr_t)model(c, "t.vault"))->name_search =
	    value_null();
}

/* What another request would see; it has no observers. */
static void
renew(struct base_case *c)
{
	struct registry	*reg;

	done(c, registry_load(c->a, c->env.store, NULL, 0,
	    registry_generation(c->env.reg) + 1, &reg, &c->err));
	c->env.reg = reg;
}

static void
test_accents(void **state)
{
	CASE;
	const struct registry	*reg = c->env.reg;
	int64_t			 id, param, before, after;

	id = add(c, "res.partner", "{'name': 'Zoë Núñez', 'comment': 'mine'}");
	names_are(c, "res.partner", "'zoe nunez'", "ilike", MINE, "");
	names_are(c, "res.partner", "'ZOË'", "ilike", MINE, text_of(c, id, 0));
	done(c, store_generation(c->env.store, &before, &c->err));
	param = add(c, "ir.config_parameter",
	    "{'key': 'database.accent_blind', 'value': '1'}");
	done(c, store_generation(c->env.store, &after, &c->err));
	assert_true(after > before);
	renew(c);
	assert_true(registry_accent_blind(c->env.reg));
	names_are(c, "res.partner", "'zoe nunez'", "ilike", MINE,
	    text_of(c, id, 0));
	names_are(c, "res.partner", "'ZÖE'", "=ilike", MINE, "");
	names_are(c, "res.partner", "'ZÖE%'", "=ilike", MINE,
	    text_of(c, id, 0));
	names_are(c, "res.partner", "'nunez'", "not ilike", MINE, "");
	names_are(c, "res.partner", "'Nunez'", "like", MINE, "");
	before = after;
	c->env.reg = reg;
	done(c, change(c, "ir.config_parameter", one(c, param),
	    "{'value': '0'}"));
	done(c, store_generation(c->env.store, &after, &c->err));
	assert_true(after > before);
	renew(c);
	assert_false(registry_accent_blind(c->env.reg));
	c->env.reg = reg;
	add(c, "ir.config_parameter", "{'key': 'other', 'value': '1'}");
	done(c, store_generation(c->env.store, &before, &c->err));
	assert_int_equal(before, after);
}

#define case(f)	cmocka_unit_test_setup_teardown(f, \
	base_case_open, base_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		case(test_partners),
		case(test_codes_come_first),
		case(test_code_and_names),
		case(test_last_part),
		case(test_refusals),
		case(test_makes_and_shows),
		case(test_restricted),
		case(test_accents),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, base_case_make, base_case_drop);
}
