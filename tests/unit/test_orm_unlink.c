#include "base_case.h"

#include <stdio.h>

static bool
gone(struct base_case *c, const char *name, struct ids ids)
{
	return model_unlink(&c->env, model(c, name), &ids);
}

static void
test_unlink(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, add(c, "t.note", "{}"));

	ids_add(&c->env, &ids, add(c, "t.note", "{}"));
	ids_add(&c->env, &ids, ids.v[0]);
	done(c, gone(c, "t.note", ids));
	assert_false(there(c, "t.note", ids.v[0]));
	assert_false(there(c, "t.note", ids.v[1]));
	assert_int_equal(changes(c, "t.note", 0, "unlink"), 2);
	done(c, gone(c, "t.note", (struct ids){ 0 }));
	/* Ids are never used twice. */
	assert_true(add(c, "t.note", "{}") > ids.v[1]);
}

static void
test_missing(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, add(c, "t.note", "{}"));

	ids_add(&c->env, &ids, 99);
	refused(c, gone(c, "t.note", ids), ERR_MISSING,
	    "Record does not exist or has been deleted.");
	assert_true(there(c, "t.note", ids.v[0]));
	refused(c, gone(c, "t.locked", (struct ids){ 0 }), ERR_ACCESS,
	    "kept by the server");
}

static void
test_restrict(void **state)
{
	struct base_case	*c = *state;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1}");
	refused(c, gone(c, "t.shelf", one(c, 1)), ERR_FOREIGN, "The record "
	    "cannot be deleted: Shelf (shelf_id) of Book (t.book), record 1, "
	    "still refers to it. Archive it instead, if possible.");
	assert_true(there(c, "t.shelf", 1));
	done(c, gone(c, "t.book", one(c, 1)));
	done(c, gone(c, "t.shelf", one(c, 1)));
}

/* Who may not read what refers is not told which record it is. */
static void
test_restrict_hidden(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id = add(c, "res.partner", "{'name': 'p'}");
	char			 vals[64];

	snprintf(vals, sizeof vals, "{'partner_id': %d}", (int)id);
	add(c, "t.a", vals);
	refused(c, gone(c, "res.partner", one(c, id)), ERR_FOREIGN,
	    "Who (partner_id) of A (t.a), record 1, still refers to it.");
	as(c, "editor");
	refused(c, gone(c, "res.partner", one(c, id)), ERR_FOREIGN,
	    "Who (partner_id) of A (t.a) still refers to it.");
}

static void
test_set_null(void **state)
{
	struct base_case	*c = *state;
	int64_t			 note, date;

	add(c, "t.shelf", "{'name': 'a'}");
	note = add(c, "t.note", "{'shelf_id': 1}");
	date = c->env.now;
	c->env.now += 60;
	done(c, gone(c, "t.shelf", one(c, 1)));
	assert_int_equal(get(c, "t.note", note, "shelf_id").type, VALUE_NULL);
	assert_text(c, "t.note", note, "where", "at ");
	assert_int_equal(get(c, "t.note", note, "write_date").u.i,
	    date + 60);
	assert_int_equal(changes(c, "t.note", note, "write"), 1);
}

static void
test_cascade(void **state)
{
	struct base_case	*c = *state;
	int64_t			 page;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1}");
	page = add(c, "t.page", "{'book_id': 1}");
	done(c, gone(c, "t.book", one(c, 1)));
	assert_false(there(c, "t.page", page));
	assert_int_equal(changes(c, "t.page", page, "unlink"), 1);
}

/* What restricts does not stand in the way if it goes as well. */
static void
test_cascade_tree(void **state)
{
	struct base_case	*c = *state;
	char			 vals[64];

	add(c, "t.shelf", "{'name': 'a'}");
	for (int i = 1; i < 60; i++) {
		snprintf(vals, sizeof vals, "{'name': 'a', 'parent_id': %d}",
		    i);
		add(c, "t.shelf", vals);
	}
	add(c, "t.book", "{'name': 'x', 'shelf_id': 60}");
	refused(c, gone(c, "t.shelf", one(c, 1)), ERR_FOREIGN, "Book (t.book)");
	done(c, gone(c, "t.book", one(c, 1)));
	done(c, gone(c, "t.shelf", one(c, 1)));
	assert_false(there(c, "t.shelf", 60));
	assert_int_equal(changes(c, "t.shelf", 0, "unlink"), 60);
}

static void
test_cascade_circle(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	add(c, "t.a", "{}");
	add(c, "t.b", "{'a_id': 1}");
	done(c, change(c, "t.a", one(c, 1), "{'b_id': 1}"));
	add(c, "t.a", "{'b_id': 1}");
	ids = one(c, 1);
	ids_add(&c->env, &ids, 2);
	done(c, gone(c, "t.a", ids));
	assert_false(there(c, "t.a", 1));
	assert_false(there(c, "t.b", 1));
	assert_int_equal(changes(c, "t.a", 0, "unlink"), 2);
	assert_int_equal(changes(c, "t.b", 0, "unlink"), 1);
}

static void
test_links(void **state)
{
	struct base_case	*c = *state;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.shelf", "{'name': 'b'}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1,"
	    " 'seen_ids': [(4, 2), (4, 2)]}");
	done(c, gone(c, "t.shelf", one(c, 2)));
	done(c, gone(c, "t.book", one(c, 1)));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	assert_true(there(c, "t.shelf", 1));
	done(c, gone(c, "t.shelf", one(c, 1)));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
}

static void
test_belongings(void **state)
{
	struct base_case	*c = *state;
	struct env		 su = env_sudo(&c->env);
	struct ids		 found;
	struct value		 records;
	int64_t			 mine, other, id;
	char			 vals[128];

	su.loading = true;
	records = literal(c, "[{'id': 'first', 'values': {}}]");
	done(c, database_load(&su, "shelf", "t.note", &records, false));
	id = database_ref(&su, "shelf", "first");
	assert_true(id != 0);
	snprintf(vals, sizeof vals, "{'name': 'f', 'res_model': 't.note', "
	    "'res_id': %d}", (int)id);
	mine = add(c, "ir.attachment", vals);
	snprintf(vals, sizeof vals, "{'name': 'f', 'res_model': 't.shelf', "
	    "'res_id': %d}", (int)id);
	other = add(c, "ir.attachment", vals);
	done(c, gone(c, "t.note", one(c, id)));
	assert_false(there(c, "ir.attachment", mine));
	assert_true(there(c, "ir.attachment", other));
	done(c, find(c, "ir.model.data", "[('model', '=', 't.note')]", NULL,
	    &found));
	assert_int_equal(found.n, 0);
	assert_int_equal(database_ref(&su, "shelf", "first"), 0);
	err_clear(&c->err);
}

static void
test_author(void **state)
{
	struct base_case	*c = *state;
	int64_t			 uid;

	as(c, "manager");
	add(c, "ir.module.category", "{'name': 'mine'}");
	uid = c->env.uid;
	c->env.uid = SUPERUSER;
	refused(c, gone(c, "res.users", one(c, uid)), ERR_FOREIGN,
	    "Created by (create_uid) of");
}

/* Ten times the records take about ten times as long. */
static void
test_linear(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = { 0 }, few;
	int64_t			 start, small, large;

	for (int i = 0; i < 1100; i++)
		ids_add(&c->env, &ids, add(c, "res.partner",
		    "{'name': 'p'}"));
	few = (struct ids){ ids.v, 100 };
	start = spent();
	done(c, gone(c, "res.partner", few));
	small = spent() - start;
	few = (struct ids){ ids.v + 100, 1000 };
	start = spent();
	done(c, gone(c, "res.partner", few));
	large = spent() - start;
	assert_int_equal(changes(c, "res.partner", 0, "unlink"), 1100);
	if (large > 30 * small + 300)
		fail_msg("100: %d ms, 1,000: %d ms", (int)small, (int)large);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_unlink),
		case(test_missing),
		case(test_restrict),
		case(test_restrict_hidden),
		case(test_set_null),
		case(test_cascade),
		case(test_cascade_tree),
		case(test_cascade_circle),
		case(test_links),
		case(test_belongings),
		case(test_author),
		case(test_linear),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_unlink", tests, base_case_make,
	    base_case_drop);
}
