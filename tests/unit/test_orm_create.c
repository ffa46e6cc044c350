#include "base_case.h"

#include <string.h>

#include "orm/domain.h"
#include "orm/formula.h"
#include "store/query.h"
#include "store/store.h"

static void
test_values(void **state)
{
	struct base_case	*c = *state;
	int64_t			 shelf, book;
	struct value		 v;

	shelf = add(c, "t.shelf", "{'name': 'Top', 'code': None}");
	book = add(c, "t.book", "{'name': 'Emma', 'shelf_id': 1, 'id': 77,"
	    " 'create_uid': 3, 'label': 'no', 'write_date': 'nonsense'}");
	assert_int_equal(shelf, 1);
	assert_int_not_equal(book, 77);
	assert_text(c, "t.book", book, "name", "Emma");
	assert_text(c, "t.book", book, "kind", "a");
	assert_text(c, "t.book", book, "label", "Top: Emma");
	v = get(c, "t.book", book, "price");
	assert_int_equal(v.type, VALUE_DECIMAL);
	assert_int_equal(v.u.i, 150);
	v = get(c, "t.book", book, "create_uid");
	assert_int_equal(v.u.list->v[0].u.i, 1);
	v = get(c, "t.book", book, "write_date");
	assert_int_equal(v.u.i, c->env.now);
	assert_true(value_truthy(&(struct value){ .type = VALUE_BOOL,
	    .u.b = get(c, "t.shelf", shelf, "active").u.b }));
}

static void
test_context_defaults(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	add(c, "t.shelf", "{'name': 'Top'}");
	context(c, "{'default_name': 'Persuasion', 'default_shelf_id': 1,"
	    " 'default_kind': 'b', 'default_nonsense': 1, 'default_id': 50}");
	id = add(c, "t.book", "{}");
	assert_int_not_equal(id, 50);
	assert_text(c, "t.book", id, "name", "Persuasion");
	assert_text(c, "t.book", id, "kind", "b");
	id = add(c, "t.book", "{'kind': 'a'}");
	assert_text(c, "t.book", id, "kind", "a");
	id = add(c, "t.book", "{'kind': False}");
	assert_text(c, "t.book", id, "kind", NULL);

	context(c, "{'default_kind': 'z'}");
	refused(c, create(c, "t.book", "{'name': 'x', 'shelf_id': 1}", &id),
	    ERR_VALUE, "kind");
	context(c, "{'default_shelf_id': 99}");
	refused(c, create(c, "t.book", "{'name': 'x'}", &id), ERR_VALIDATION,
	    "there is no record 99 of t.shelf");
	context(c, "{'default_pin': '1234'}");
	id = add(c, "t.shelf", "{'name': 'Low'}");
	c->env.su = true;
	refused(c, find(c, "t.shelf", "[('pin', '=', '1234')]", NULL,
	    &(struct ids){ 0 }), ERR_VALUE, "pin");
}

static void
test_unknown_fields(void **state)
{
	static const char	 want[] = "\" on model t.shelf";
	struct base_case	*c = *state;
	int64_t			 id = 42;
	char			 vals[256] = "{'name': 'a', '";
	const char		*at;

	refused(c, create(c, "t.shelf", "{'name': 'a', 'nonsuch': 1}", &id),
	    ERR_VALUE, "Invalid field \"nonsuch\" on model t.shelf");
	refused(c, create(c, "t.shelf", "{'name': 'a', 'uuid': 'x'}", &id),
	    ERR_VALUE, "Invalid field \"uuid\"");
	refused(c, create(c, "t.shelf", "{'name': 'a', 'pin': 'x'}", &id),
	    ERR_VALUE, "Invalid field \"pin\"");
	refused(c, create(c, "t.shelf", "[1]", &id), ERR_VALUE, "dictionary");

	/* A name that is too long is cut between characters. */
	strcat(vals, "x");
	for (int i = 0; i < 40; i++)
		strcat(vals, "é");
	strcat(vals, "': 1}");
	assert_false(create(c, "t.shelf", vals, &id));
	at = strstr(c->err.msg, want);
	assert_non_null(at);
	assert_memory_equal(at - 2, "é", 2);
	assert_int_equal(id, 42);
	assert_int_equal(changes(c, "t.shelf", 0, "create"), 0);
}

static void
test_required(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	refused(c, create(c, "t.shelf", "{}", &id), ERR_VALIDATION,
	    "A mandatory field is not set: Name (name) of t.shelf");
	refused(c, create(c, "t.shelf", "{'name': False}", &id),
	    ERR_VALIDATION, "Name (name)");
	refused(c, create(c, "t.book", "{'name': 'a', 'shelf_id': None}",
	    &id), ERR_VALIDATION, "Shelf (shelf_id)");
	add(c, "t.shelf", "{'name': ''}");
}

static void
test_links(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	refused(c, create(c, "t.book", "{'name': 'a', 'shelf_id': 9}", &id),
	    ERR_VALIDATION, "Shelf (shelf_id): there is no record 9 of");
	refused(c, create(c, "t.book", "{'name': 'a', 'shelf_id': -1}", &id),
	    ERR_VALUE, "shelf_id");
	refused(c, create(c, "t.book", "{'name': 'a', 'shelf_id': 'Top'}",
	    &id), ERR_VALUE, "shelf_id");
	refused(c, create(c, "t.book", "{'name': 'a', 'shelf_id': [1, 'T']}",
	    &id), ERR_VALUE, "shelf_id");
	refused(c, create(c, "t.shelf", "{'name': 'a', 'parent_id': 1}", &id),
	    ERR_VALIDATION, "there is no record 1");
}

static void
test_unique(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	add(c, "t.shelf", "{'name': 'a', 'code': 'X'}");
	add(c, "t.shelf", "{'name': 'b', 'parent_id': 1}");
	refused(c, create(c, "t.shelf", "{'name': 'b', 'code': 'X'}", &id),
	    ERR_UNIQUE, "Another record of Shelf (t.shelf) has the same "
	    "Code (code).");
	/* After that the transaction is of no more use. */
	refused(c, create(c, "t.shelf", "{'name': 'c'}", &id), ERR_DATABASE,
	    "earlier step");
	again(c);
	assert_false(there(c, "t.shelf", 1));

	id = add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.shelf", "{'name': 'b', 'parent_id': 1}");
	refused(c, create(c, "t.shelf", "{'name': 'b', 'parent_id': 1}", &id),
	    ERR_UNIQUE, "the same Name (name), Above (parent_id).");
}

static void
test_locked(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	refused(c, create(c, "t.locked", "{'name': 'a'}", &id), ERR_ACCESS,
	    "Locked (t.locked) are kept by the server itself");
	c->env.su = true;
	refused(c, create(c, "ir.change", "{'model': 'a'}", &id), ERR_ACCESS,
	    "kept by the server");
}

static void
test_uuids(void **state)
{
	struct base_case	*c = *state;
	struct domain const	*d;
	struct ids		 ids;
	struct names		 names = { (const char *[]){ "res_uuid" }, 1 };
	struct records		 rec;
	struct page		 page = { "res_uuid", 0, 0 };

	for (int i = 0; i < 50; i++)
		add(c, "t.note", "{}");
	d = domain_term(&c->env, "model", "=", value_text("t.note"));
	done(c, model_search(&c->env, model(c, "ir.change"), d, &page, &ids));
	assert_int_equal(ids.n, 50);
	done(c, model_read(&c->env, model(c, "ir.change"), &ids, &names,
	    &rec));
	for (size_t i = 0; i < 50; i++) {
		assert_int_equal(rec.rows[i][1].u.text.n, 36);
		assert_int_equal(rec.rows[i][1].u.text.p[14], '4');
		if (i != 0)
			assert_true(strcmp(rec.rows[i - 1][1].u.text.p,
			    rec.rows[i][1].u.text.p) < 0);
	}
}

/* The stored display name is right from the row's first moment on. */
static void
test_computed(void **state)
{
	struct base_case	*c = *state;
	int64_t			 firm, ada, other, changed;
	struct value		 faults = value_list(c->a, 2);
	struct assign		 wrong = { "display_name", value_text("x"),
				    NULL };

	firm = add(c, "res.partner", "{'name': 'Firm', 'is_company': True}");
	ada = add(c, "res.partner", arena_printf(c->a,
	    "{'name': 'Ada', 'parent_id': %lld}", (long long)firm));
	assert_text(c, "res.partner", firm, "display_name", "Firm");
	assert_text(c, "res.partner", ada, "display_name", "Firm, Ada");
	other = add(c, "res.partner", arena_printf(c->a,
	    "{'name': 'Bee', 'parent_id': %lld, 'is_company': True}",
	    (long long)firm));
	assert_text(c, "res.partner", other, "display_name", "Bee");
	done(c, change(c, "res.partner", one(c, firm), "{'name': 'Works'}"));
	assert_text(c, "res.partner", ada, "display_name", "Works, Ada");

	done(c, formula_check(&c->env, &faults));
	assert_int_equal(faults.u.list->n, 0);
	done(c, store_update(c->env.store, "res_partner",
	    expr_binary(c->a, EXPR_EQ, expr_column(c->a, "id", COL_ID, 0),
	    expr_value(c->a, value_int(ada))), &wrong, 1, &changed, &c->err));
	done(c, formula_check(&c->env, &faults));
	assert_int_equal(faults.u.list->n, 1);
	assert_true(span_starts(faults.u.list->v[0].u.text,
	    "display_name of res.partner: 1 records"));
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_values),
		case(test_context_defaults),
		case(test_unknown_fields),
		case(test_required),
		case(test_links),
		case(test_unique),
		case(test_locked),
		case(test_uuids),
		case(test_computed),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_create", tests, base_case_make,
	    base_case_drop);
}
