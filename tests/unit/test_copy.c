#include "base_case.h"

#include <string.h>

static bool
copy(struct base_case *c, const char *name, int64_t id, const char *text,
    int64_t *made)
{
	struct value	 dflt = value_null();

	if (text != NULL)
		dflt = literal(c, text);
	return model_copy(&c->env, model(c, name), id, &dflt, made);
}

static size_t
count(struct base_case *c, const char *name, int64_t id, const char *field)
{
	return get(c, name, id, field).u.list->n;
}

static void
shelves(struct base_case *c)
{
	add(c, "t.shelf", "{'name': 'a', 'code': 'A'}");
	add(c, "t.shelf", "{'name': 'b', 'parent_id': 1}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1, 'price': 2.25,"
	    " 'kind': 'b', 'seen_ids': [1, 2], 'about': 't.shelf,2',"
	    " 'page_ids': [(0, 0, {'name': 'p'}), (0, 0, {'name': 'q'})]}");
}

static void
test_values(void **state)
{
	struct base_case	*c = *state;
	struct value		 v;
	int64_t			 id;

	shelves(c);
	done(c, copy(c, "t.book", 1, NULL, &id));
	assert_int_equal(id, 2);
	assert_text(c, "t.book", id, "name", "x (copy)");
	assert_text(c, "t.book", id, "kind", "b");
	assert_text(c, "t.book", id, "about", "t.shelf,2");
	assert_text(c, "t.book", id, "label", "a: x (copy)");
	v = get(c, "t.book", id, "price");
	assert_int_equal(v.u.i, 225);
	assert_int_equal(count(c, "t.book", id, "seen_ids"), 2);
	assert_int_equal(count(c, "t.book", id, "page_ids"), 2);
	assert_int_equal(count(c, "t.book", 1, "page_ids"), 2);
	assert_text(c, "t.page", 4, "name", "q");
	assert_int_equal(count(c, "t.shelf", 1, "book_ids"), 2);

	done(c, copy(c, "t.book", 1, "{'name': 'y', 'kind': False,"
	    " 'seen_ids': [(4, 2)], 'page_ids': False}", &id));
	assert_text(c, "t.book", id, "name", "y");
	assert_text(c, "t.book", id, "kind", NULL);
	assert_int_equal(count(c, "t.book", id, "seen_ids"), 1);
	assert_int_equal(count(c, "t.book", id, "page_ids"), 0);
}

/* Lines are not copied unless the field says so; nor what is unset. */
static void
test_shelf(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	shelves(c);
	refused(c, copy(c, "t.shelf", 1, NULL, &id), ERR_UNIQUE,
	    "the same Code (code)");
	again(c);
	shelves(c);
	done(c, copy(c, "t.shelf", 1, "{'code': 'C'}", &id));
	assert_int_equal(count(c, "t.shelf", id, "child_ids"), 0);
	assert_int_equal(count(c, "t.shelf", id, "book_ids"), 0);
	assert_int_equal(count(c, "t.shelf", id, "seen_by_ids"), 1);
	done(c, change(c, "t.shelf", one(c, 2), "{'active': False}"));
	done(c, copy(c, "t.shelf", 2, NULL, &id));
	assert_text(c, "t.shelf", id, "path", "a/b (copy)");
	assert_false(get(c, "t.shelf", id, "active").u.b);
	assert_int_equal(add(c, "t.note", "{}"), 1);
	done(c, copy(c, "t.note", 1, NULL, &id));
}

static void
test_users(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, partner;

	refused(c, copy(c, "res.users", 1, NULL, &id), ERR_VALIDATION,
	    "Login (login)");
	again(c);
	partner = get(c, "res.users", 1, "partner_id").u.list->v[0].u.i;
	done(c, copy(c, "res.users", 1, "{'login': 'twin'}", &id));
	assert_int_not_equal(get(c, "res.users", id, "partner_id").u.list->
	    v[0].u.i, partner);
	assert_int_equal(count(c, "res.users", id, "groups_id"),
	    count(c, "res.users", 1, "groups_id"));
	assert_int_equal(count(c, "res.users", id, "company_ids"), 1);
}

static void
test_refused(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	shelves(c);
	refused(c, copy(c, "t.book", 99, NULL, &id), ERR_MISSING,
	    "does not exist");
	refused(c, copy(c, "t.book", 1, "5", &id), ERR_VALUE,
	    "a dictionary of fields");
	refused(c, copy(c, "t.book", 1, "{'nonsuch': 1}", &id), ERR_VALUE,
	    "nonsuch");
	as(c, "demo");
	refused(c, copy(c, "t.book", 1, NULL, &id), ERR_ACCESS, "create");
	as(c, "editor");
	/* he reads no pages, so that there are none to copy */
	done(c, copy(c, "t.book", 1, NULL, &id));
	c->env.uid = SUPERUSER;
	assert_int_equal(count(c, "t.book", id, "page_ids"), 0);
	as(c, "manager");
	refused(c, copy(c, "t.note", 1, NULL, &id), ERR_ACCESS, "read");
}

static void
test_translations(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	add(c, "res.lang", "{'name': 'Test French', 'code': 'fr_FR',"
	    " 'active': True}");
	done(c, database_registry(c->env.db, &c->err));
	c->env.reg = c->env.db->reg;
	id = add(c, "res.groups", "{'name': 'Cooks', 'comment': 'They cook'}");
	context(c, "{'lang': 'fr_FR'}");
	done(c, change(c, "res.groups", one(c, id), "{'name': 'Cuisiniers',"
	    " 'comment': 'Ils cuisinent'}"));
	done(c, copy(c, "res.groups", id, NULL, &id));
	assert_text(c, "res.groups", id, "comment", "Ils cuisinent");
	assert_text(c, "res.groups", id, "name", "Cooks (copy)");
	context(c, NULL);
	assert_text(c, "res.groups", id, "comment", "They cook");
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, base_case_open,	\
		    base_case_close)
	const struct CMUnitTest	 copies[] = {
		TEST(test_values), TEST(test_shelf), TEST(test_users),
		TEST(test_refused), TEST(test_translations),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(copies, base_case_make,
	    base_case_drop);
}
