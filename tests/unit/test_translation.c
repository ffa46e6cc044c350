/* Values per language: semantics 4.6. */

#include "base_case.h"

#define FRENCH	"{'lang': 'fr_FR'}"

/* A language in use, and one that is not. */
static void
languages(struct base_case *c)
{
	add(c, "res.lang", "{'name': 'Test French', 'code': 'fr_FR',"
	    " 'active': True}");
	add(c, "res.lang", "{'name': 'Test German', 'code': 'de_DE',"
	    " 'active': False}");
	done(c, database_registry(c->env.db, &c->err));
	c->env.reg = c->env.db->reg;
}

static int64_t
rows(struct base_case *c, const char *domain)
{
	struct ids	 ids;

	done(c, find(c, "ir.translation", domain, NULL, &ids));
	return (int64_t)ids.n;
}

static void
shown(struct base_case *c, const char *lang, int64_t id, const char *text)
{
	context(c, lang);
	assert_text(c, "res.partner.title", id, "name", text);
	context(c, NULL);
}

static void
test_write(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	languages(c);
	id = add(c, "res.partner.title", "{'name': 'Judge'}");
	context(c, FRENCH);
	done(c, change(c, "res.partner.title", one(c, id),
	    "{'name': 'Juge', 'shortcut': 'J.'}"));
	shown(c, FRENCH, id, "Juge");
	shown(c, NULL, id, "Judge");
	shown(c, "{'lang': 'de_DE'}", id, "Judge");
	shown(c, "{'lang': 'xx'}", id, "Judge");
	shown(c, "{'lang': \"'); --\"}", id, "Judge");
	/* what the base language lacked, it has now */
	assert_text(c, "res.partner.title", id, "shortcut", "J.");
	done(c, change(c, "res.partner.title", one(c, id),
	    "{'name': 'Arbiter'}"));
	shown(c, FRENCH, id, "Juge");
	shown(c, "{'lang': 'en_US'}", id, "Arbiter");
	assert_int_equal(rows(c, "[('res_id', '=', 0)]"), 0);
	assert_int_equal(rows(c, "[('name', 'like', 'res.partner.title,')]"),
	    2);
	done(c, change(c, "res.partner.title", one(c, id),
	    "{'shortcut': False}"));
	assert_int_equal(rows(c, "[('name', 'like', 'res.partner.title,')]"),
	    1);
	context(c, FRENCH);
	refused(c, change(c, "res.partner.title", one(c, id),
	    "{'name': False}"), ERR_VALIDATION, "mandatory");
}

static void
test_create(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	languages(c);
	context(c, FRENCH);
	id = add(c, "res.partner.title", "{'name': 'Juge'}");
	context(c, NULL);
	shown(c, NULL, id, "Juge");
	done(c, change(c, "res.partner.title", one(c, id),
	    "{'name': 'Judge'}"));
	shown(c, FRENCH, id, "Juge");
	done(c, model_unlink(&c->env, model(c, "res.partner.title"),
	    &(struct ids){ &id, 1 }));
	assert_int_equal(rows(c, "[]"), 0);
}

static void
test_search(void **state)
{
	struct base_case	*c = *state;
	int64_t			 a, b, partner;
	struct ids		 ids;
	struct value		 v;

	languages(c);
	a = add(c, "res.partner.title", "{'name': 'Zz Alpha'}");
	b = add(c, "res.partner.title", "{'name': 'Zz Beta'}");
	partner = add(c, "res.partner", "{'name': 'x'}");
	context(c, FRENCH);
	done(c, change(c, "res.partner.title", one(c, a),
	    "{'name': 'Zz Omega'}"));
	done(c, find(c, "res.partner.title", "[('name', 'like', 'Zz')]",
	    "name", &ids));
	assert_int_equal(ids.n, 2);
	assert_int_equal(ids.v[0], b);
	done(c, find(c, "res.partner.title", "[('name', '=', 'Zz Alpha')]",
	    NULL, &ids));
	assert_int_equal(ids.n, 0);
	done(c, find(c, "res.partner.title", "[('name', '=', 'Zz Omega')]",
	    NULL, &ids));
	assert_int_equal(ids.n, 1);
	done(c, model_write(&c->env, model(c, "res.partner"),
	    &(struct ids){ &partner, 1 }, &(struct value){ VALUE_DICT, 0,
	    { .dict = literal(c, arena_printf(c->a, "{'title': %lld}",
	    (long long)a)).u.dict } }));
	v = get(c, "res.partner", partner, "title");
	assert_true(value_is_text(&v.u.list->v[1], "Zz Omega"));
	done(c, find(c, "res.partner", "[('title', '=', 'Zz Omega')]", NULL,
	    &ids));
	assert_int_equal(ids.n, 1);
	done(c, find(c, "res.partner", "[('title.name', '=', 'Zz Omega')]",
	    NULL, &ids));
	assert_int_equal(ids.n, 1);
	context(c, NULL);
	v = get(c, "res.partner", partner, "title");
	assert_true(value_is_text(&v.u.list->v[1], "Zz Alpha"));
	done(c, find(c, "res.partner.title", "[('name', 'like', 'Zz')]",
	    "name", &ids));
	assert_int_equal(ids.v[0], a);
}

static void
test_labels(void **state)
{
	struct base_case	*c = *state;
	const char		*name = "name";
	struct names		 names = { &name, 1 };
	struct ids		 ids;
	struct value		 v;

	languages(c);
	done(c, find(c, "ir.model.fields", "[('model', '=', 'res.partner'),"
	    " ('name', '=', 'name')]", NULL, &ids));
	add(c, "ir.translation", arena_printf(c->a, "{'name':"
	    " 'ir.model.fields,field_description', 'lang': 'fr_FR',"
	    " 'res_id': %lld, 'value': 'Nom'}", (long long)ids.v[0]));
	context(c, FRENCH);
	done(c, model_describe(&c->env, model(c, "res.partner"), &names, NULL,
	    &v));
	assert_true(value_is_text(value_get(value_get(&v, "name"), "string"),
	    "Nom"));
	context(c, NULL);
	done(c, model_describe(&c->env, model(c, "res.partner"), &names, NULL,
	    &v));
	assert_true(value_is_text(value_get(value_get(&v, "name"), "string"),
	    "Name"));
}

static void
test_rights(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	languages(c);
	as(c, "editor");
	refused(c, find(c, "ir.translation", "[]", NULL, &ids), ERR_ACCESS,
	    "not allowed");
	context(c, FRENCH);
	done(c, create(c, "res.partner.title", "{'name': 'Juge'}",
	    &(int64_t){ 0 }));
}

/* What columns hold has a language. */
static void
test_base(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	done(c, find(c, "res.lang", "[('code', '=', 'en_US')]", NULL, &ids));
	refused(c, change(c, "res.lang", ids, "{'active': False}"), ERR_USER,
	    "cannot be archived");
	refused(c, change(c, "res.lang", ids, "{'code': 'en_GB'}"), ERR_USER,
	    "another code");
	refused(c, model_unlink(&c->env, model(c, "res.lang"), &ids),
	    ERR_USER, "cannot be deleted");
	done(c, change(c, "res.lang", ids,
	    "{'code': 'en_US', 'active': True}"));
}

/* What is kept of another record's name is in the base language. */
static void
test_kept(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, file;

	languages(c);
	id = add(c, "res.partner.title", "{'name': 'Judge'}");
	context(c, FRENCH);
	done(c, change(c, "res.partner.title", one(c, id),
	    "{'name': 'Juge'}"));
	file = add(c, "ir.attachment", arena_printf(c->a, "{'name': 'f',"
	    " 'res_model': 'res.partner.title', 'res_id': %lld}",
	    (long long)id));
	assert_text(c, "ir.attachment", file, "res_name", "Judge");
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, base_case_open,	\
	    base_case_close)
	const struct CMUnitTest	 tests[] = {
		CASE(test_write), CASE(test_create), CASE(test_search),
		CASE(test_labels), CASE(test_rights), CASE(test_base),
		CASE(test_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("translation", tests,
	    base_case_make, base_case_drop);
}
