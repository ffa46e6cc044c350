#include "base_case.h"

#include <string.h>

#include "orm/access.h"

/* A field of t.vault that demo is kept from and the manager is not. */

static int64_t
vault(struct base_case *c, const char *vals)
{
	return add(c, "t.vault", vals);
}

static bool
reads(struct base_case *c, int64_t id, const char *field)
{
	struct names	 names = { &field, 1 };
	struct ids	 ids = one(c, id);
	struct records	 rec;

	return model_read(&c->env, model(c, "t.vault"), &ids,
	    field == NULL ? NULL : &names, &rec);
}

static void
test_read(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id = vault(c, "{'name': 'a', 'code': 'x'}");
	struct ids		 ids = one(c, id);
	struct records		 rec;
	struct value		 v;

	as(c, "demo");
	refused(c, reads(c, id, "code"), ERR_VALUE,
	    "Invalid field \"code\" on model t.vault");
	done(c, model_read(&c->env, model(c, "t.vault"), &ids, NULL, &rec));
	for (size_t i = 0; i < rec.nfields; i++)
		assert_string_not_equal(rec.fields[i]->name, "code");
	done(c, model_describe(&c->env, model(c, "t.vault"), NULL, NULL, &v));
	assert_null(value_get(&v, "code"));
	assert_non_null(value_get(&v, "name"));

	as(c, "manager");
	done(c, reads(c, id, "code"));
	done(c, model_describe(&c->env, model(c, "t.vault"), NULL, NULL, &v));
	assert_non_null(value_get(&v, "code"));
	c->env.uid = SUPERUSER;
	done(c, reads(c, id, "code"));
	c->env.uid = 0;
	c->env.su = true;
	done(c, reads(c, id, "code"));
}

/* A search by it tells as much as reading it. */
static void
test_search(void **state)
{
	static const char *const	 domains[] = {
		"[('code', '=', 'x')]", "[('code', 'like', 'x')]",
		"['!', ('code', '=', False)]", "[('code', 'in', [])]",
		"[('up_id.code', '=', 'x')]", "[('peer_id', '=', 1)]",
		"[('peer_id', 'ilike', 'a')]", "[('peer_id.name', '=', 'a')]",
		"[('up_id.peer_id.name', '=', 'a')]",
		"['|', ('name', '=', 'a'), ('code', '=', 'x')]",
	};
	static const char *const	 orders[] = {
		"code", "name, code desc", "peer_id",
	};
	struct base_case		*c = *state;
	struct ids			 ids;

	for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
		as(c, "demo");
		refused(c, find(c, "t.vault", domains[i], NULL, &ids),
		    ERR_VALUE, "does not exist");
		as(c, "manager");
		done(c, find(c, "t.vault", domains[i], NULL, &ids));
	}
	for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
		as(c, "demo");
		refused(c, find(c, "t.vault", NULL, orders[i], &ids),
		    ERR_VALUE, "Invalid field");
		as(c, "manager");
		done(c, find(c, "t.vault", NULL, orders[i], &ids));
	}
}

/* The model's own order, code first, does not tell of it either. */
static void
test_own_order(void **state)
{
	struct base_case	*c = *state;
	int64_t			 a = vault(c, "{'name': 'a', 'code': '2'}");
	int64_t			 b = vault(c, "{'name': 'b', 'code': '1'}");
	struct ids		 ids;

	vault(c, arena_printf(c->a, "{'name': 'c', 'code': '3',"
	    " 'up_id': %lld}", (long long)a));
	vault(c, arena_printf(c->a, "{'name': 'd', 'code': '3',"
	    " 'up_id': %lld}", (long long)b));
	as(c, "demo");
	done(c, find(c, "t.vault", "[('up_id', '=', False)]", NULL, &ids));
	assert_true(ids.n == 2 && ids.v[0] == a && ids.v[1] == b);
	done(c, find(c, "t.vault", "[('up_id', '!=', False)]", "up_id",
	    &ids));
	assert_true(ids.n == 2 && ids.v[0] < ids.v[1]);
	as(c, "manager");
	done(c, find(c, "t.vault", "[('up_id', '=', False)]", NULL, &ids));
	assert_true(ids.n == 2 && ids.v[0] == b && ids.v[1] == a);
	done(c, find(c, "t.vault", "[('up_id', '!=', False)]", "up_id",
	    &ids));
	assert_true(ids.n == 2 && ids.v[0] > ids.v[1]);
}

static void
test_write(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id = vault(c, "{'name': 'a', 'code': 'x'}");

	as(c, "demo");
	refused(c, change(c, "t.vault", one(c, id), "{'code': 'y'}"),
	    ERR_VALUE, "Invalid field \"code\"");
	refused(c, create(c, "t.vault", "{'name': 'b', 'code': 'y'}", &id),
	    ERR_VALUE, "Invalid field \"code\"");
	done(c, change(c, "t.vault", one(c, id), "{'name': 'b'}"));
	assert_text(c, "t.vault", id, "code", "x");

	/* its default counts, but not one that he gives himself */
	context(c, "{'default_code': 'mine', 'default_name': 'n'}");
	id = vault(c, "{}");
	assert_text(c, "t.vault", id, "code", "d");
	assert_text(c, "t.vault", id, "name", "n");
	as(c, "manager");
	id = vault(c, "{}");
	assert_text(c, "t.vault", id, "code", "mine");
	done(c, change(c, "t.vault", one(c, id), "{'code': 'y'}"));
}

/* Those of fields that were made at run time count as well. */
static void
test_custom(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;
	int64_t			 id, manager, cooks;

	manager = database_ref(&c->env, "base", "group_erp_manager");
	cooks = add(c, "res.groups", "{'name': 'Cooks'}");
	id = add(c, "ir.model.fields", arena_printf(c->a, "{'model_id': %lld,"
	    " 'name': 'x_pay', 'field_description': 'Pay', 'ttype': 'char',"
	    " 'groups': [(6, 0, [%lld, %lld])]}",
	    (long long)model(c, "t.vault")->id, (long long)manager,
	    (long long)cooks));
	assert_non_null(strstr(model_field(model(c, "t.vault"),
	    "x_pay")->groups, "base.group_erp_manager"));
	as(c, "demo");
	refused(c, find(c, "t.vault", "[('x_pay', '=', 'x')]", NULL, &ids),
	    ERR_VALUE, "does not exist");
	refused(c, create(c, "t.vault", "{'x_pay': 'x'}", &(int64_t){ 0 }),
	    ERR_VALUE, "Invalid field \"x_pay\"");
	as(c, "manager");
	vault(c, "{'x_pay': 'x'}");
	done(c, find(c, "t.vault", "[('x_pay', '=', 'x')]", NULL, &ids));
	assert_int_equal(ids.n, 1);

	c->env.uid = SUPERUSER;
	ids = one(c, cooks);
	refused(c, model_unlink(&c->env, model(c, "res.groups"), &ids),
	    ERR_VALIDATION, "while the field x_pay of t.vault is for it");
	done(c, change(c, "ir.model.fields", one(c, id), "{'groups': [(5,)]}"));
	as(c, "demo");
	done(c, find(c, "t.vault", "[('x_pay', '=', 'x')]", NULL, &ids));
	assert_int_equal(ids.n, 1);
}

/* What is computed through a relation that is kept from the user is unset. */
static void
test_computed(void **state)
{
	struct base_case	*c = *state;
	const char		*field = "peer_name";
	struct names		 names = { &field, 1 };
	struct ids		 ids;
	struct records		 rec;
	int64_t			 id = vault(c, "{'name': 'a'}");

	ids = one(c, vault(c, arena_printf(c->a, "{'peer_id': %lld}",
	    (long long)id)));
	as(c, "demo");
	done(c, model_read(&c->env, model(c, "t.vault"), &ids, &names, &rec));
	assert_int_equal(rec.rows[0][1].type, VALUE_NULL);
	as(c, "manager");
	done(c, model_read(&c->env, model(c, "t.vault"), &ids, &names, &rec));
	assert_string_equal(rec.rows[0][1].u.text.p, "a");
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_read),
		case(test_search),
		case(test_own_order),
		case(test_write),
		case(test_custom),
		case(test_computed),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("field_groups", tests,
	    base_case_make, base_case_drop);
}
