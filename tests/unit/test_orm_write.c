#include "base_case.h"

#include "store/query.h"
#include "store/store.h"

static struct ids
many(struct base_case *c, const char *name, const char *vals, size_t n)
{
	struct ids	 ids = { 0 };

	for (size_t i = 0; i < n; i++)
		ids_add(&c->env, &ids, add(c, name, vals));
	return ids;
}

static void
test_write(void **state)
{
	struct base_case	*c = *state;
	int64_t			 shelf, note;
	struct value		 v;

	shelf = add(c, "t.shelf", "{'name': 'Top'}");
	note = add(c, "t.note", "{'shelf_id': 1}");
	assert_text(c, "t.note", note, "where", "at Top");
	as(c, "editor");
	c->env.su = true;
	c->env.now += 5;
	done(c, change(c, "t.shelf", one(c, shelf), "{'name': 'Low',"
	    " 'id': 9, 'create_uid': 2, 'path': 'no', '__last_update': 1}"));
	assert_text(c, "t.shelf", shelf, "name", "Low");
	assert_text(c, "t.shelf", shelf, "path", "Low");
	assert_text(c, "t.note", note, "where", "at Low");
	v = get(c, "t.shelf", shelf, "create_uid");
	assert_int_equal(v.u.list->v[0].u.i, SUPERUSER);
	v = get(c, "t.shelf", shelf, "write_uid");
	assert_int_equal(v.u.list->v[0].u.i, c->env.uid);
	assert_int_equal(get(c, "t.shelf", shelf, "write_date").u.i,
	    c->env.now);
	assert_int_equal(get(c, "t.shelf", shelf, "create_date").u.i,
	    c->env.now - 5);
	done(c, change(c, "t.shelf", one(c, shelf), "{}"));
	done(c, change(c, "t.shelf", (struct ids){ 0 }, "{'name': 'x'}"));
}

static void
test_refusals(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	add(c, "t.shelf", "{'name': 'a', 'code': '1'}");
	add(c, "t.shelf", "{'name': 'b', 'code': '2'}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1}");
	ids = one(c, 1);
	refused(c, change(c, "t.shelf", ids, "{'nonsuch': 1}"), ERR_VALUE,
	    "Invalid field \"nonsuch\" on model t.shelf");
	refused(c, change(c, "t.shelf", ids, "{'pin': '1'}"), ERR_VALUE,
	    "Invalid field \"pin\"");
	refused(c, change(c, "t.shelf", (struct ids){ 0 }, "{'pin': '1'}"),
	    ERR_VALUE, "Invalid field \"pin\"");
	refused(c, change(c, "t.shelf", ids, "{'name': None}"),
	    ERR_VALIDATION, "A mandatory field is not set: Name (name)");
	refused(c, change(c, "t.book", ids, "{'shelf_id': 5}"),
	    ERR_VALIDATION, "there is no record 5 of t.shelf");
	refused(c, change(c, "t.book", ids, "{'kind': 'z'}"), ERR_VALUE,
	    "kind");
	refused(c, change(c, "t.locked", ids, "{'name': 'z'}"), ERR_ACCESS,
	    "kept by the server");
	assert_text(c, "t.shelf", 1, "name", "a");
	refused(c, change(c, "t.shelf", ids, "{'code': '2'}"), ERR_UNIQUE,
	    "Another record of Shelf (t.shelf) has the same Code (code).");
}

static void
test_missing(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	ids = one(c, add(c, "t.shelf", "{'name': 'a'}"));
	ids_add(&c->env, &ids, 99);
	refused(c, change(c, "t.shelf", ids, "{'name': 'b'}"), ERR_MISSING,
	    "Record does not exist or has been deleted.");
	refused(c, change(c, "t.shelf", ids, "{}"), ERR_MISSING, "exist");
}

static void
test_twice(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = many(c, "t.note", "{}", 2), once;

	for (int i = 0; i < 3; i++)
		ids_add(&c->env, &ids, ids.v[0]);
	ids_once(&c->env, &ids, &once);
	assert_int_equal(once.n, 2);
	assert_true(once.v[0] < once.v[1]);
	done(c, change(c, "t.note", ids, "{}"));
	assert_int_equal(changes(c, "t.note", 0, "write"), 2);
}

static void
test_cycle(void **state)
{
	static const char	 text[] = "Above (parent_id): a record cannot "
	    "be above itself";
	struct base_case	*c = *state;
	struct ids		 ids;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.shelf", "{'name': 'b', 'parent_id': 1}");
	add(c, "t.shelf", "{'name': 'c', 'parent_id': 2}");
	assert_text(c, "t.shelf", 3, "path", "a/b/c");
	refused(c, change(c, "t.shelf", one(c, 1), "{'parent_id': 1}"),
	    ERR_VALIDATION, text);
	refused(c, change(c, "t.shelf", one(c, 1), "{'parent_id': 3}"),
	    ERR_VALIDATION, text);
	ids = one(c, 3);
	ids_add(&c->env, &ids, 1);
	refused(c, change(c, "t.shelf", ids, "{'parent_id': 2}"),
	    ERR_VALIDATION, text);
	done(c, change(c, "t.shelf", one(c, 3), "{'parent_id': 1}"));
	assert_text(c, "t.shelf", 3, "path", "a/c");
	done(c, change(c, "t.shelf", one(c, 1), "{'name': 'z'}"));
	assert_text(c, "t.shelf", 3, "path", "z/c");
	done(c, change(c, "t.shelf", one(c, 3), "{'parent_id': False}"));
	assert_text(c, "t.shelf", 3, "path", "c");
}

/* However deep, and where the rows themselves go round. */
static void
test_deep_cycle(void **state)
{
	struct base_case	*c = *state;
	const struct model	*m = model(c, "res.partner.category");
	const int		 deep = 1500;
	struct assign		 row = { .column = "name",
				    .value = value_text("x") };
	struct assign		 up = { .column = "parent_id" };
	int64_t			 id = 0, first, changed;

	done(c, store_insert(c->env.store, m->table, &row, 1, &first, &c->err));
	up.value = value_int(first);
	for (int i = 1; i < deep; i++) {
		struct assign	 both[] = { row, up };

		done(c, store_insert(c->env.store, m->table, both, 2, &id,
		    &c->err));
		up.value = value_int(id);
	}
	refused(c, change(c, m->name, one(c, first), arena_printf(c->a,
	    "{'parent_id': %lld}", (long long)id)), ERR_VALIDATION,
	    "cannot be above itself");
	done(c, store_update(c->env.store, m->table, expr_binary(c->a, EXPR_EQ,
	    expr_column(c->a, "id", COL_ID, 0), expr_value(c->a,
	    value_int(first))), &up, 1, &changed, &c->err));
	refused(c, change(c, m->name, one(c, first), arena_printf(c->a,
	    "{'parent_id': %lld}", (long long)id)), ERR_VALIDATION,
	    "cannot be above itself");
}

/* Ten times the records take about ten times as long. */
static void
test_linear(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids, few;
	int64_t			 start, small, large;

	add(c, "t.shelf", "{'name': 'a'}");
	ids = many(c, "t.note", "{}", 10000);
	few = (struct ids){ ids.v, 1000 };
	start = spent();
	done(c, change(c, "t.note", few, "{'shelf_id': 1}"));
	small = spent() - start;
	start = spent();
	done(c, change(c, "t.note", ids, "{'shelf_id': 1}"));
	large = spent() - start;
	assert_text(c, "t.note", ids.v[9999], "where", "at a");
	assert_int_equal(changes(c, "t.note", 0, "write"), 11000);
	if (large > 30 * small + 300)
		fail_msg("1,000: %d ms, 10,000: %d ms", (int)small, (int)large);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_write),
		case(test_refusals),
		case(test_missing),
		case(test_twice),
		case(test_cycle),
		case(test_deep_cycle),
		case(test_linear),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_write", tests, base_case_make,
	    base_case_drop);
}
