#include "base_case.h"

#include <string.h>

#include "orm/custom.h"
#include "store/store.h"

static void
test_model(void **state)
{
	struct base_case	*c = *state;
	const struct model	*m;
	int64_t			 id, made;

	id = add(c, "ir.model", "{'name': 'Custom Model', 'model':"
	    " 'x_custom_model', 'state': 'manual'}");
	m = model(c, "x_custom_model");
	assert_int_equal(m->id, id);
	assert_int_equal(m->nfields, 7);
	assert_string_equal(m->fields[0].name, "id");
	assert_true(m->manual);
	assert_string_equal(m->api_name, "custom_model");
	made = add(c, "x_custom_model", "{}");
	assert_text(c, "x_custom_model", made, "display_name",
	    "x_custom_model,1");
	as(c, "demo");
	refused(c, create(c, "x_custom_model", "{}", &made), ERR_ACCESS,
	    "not allowed to create");
	refused(c, create(c, "ir.model", "{'name': 'A', 'model': 'x_a'}",
	    &made), ERR_ACCESS, "not allowed to create");
}

static void
test_field(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, field, made;
	const char		*vals;

	id = add(c, "ir.model", "{'name': 'Custom Model', 'model':"
	    " 'x_custom', 'state': 'manual'}");
	made = add(c, "x_custom", "{}");
	vals = arena_printf(c->a, "{'model_id': %d, 'name': 'x_name', 'ttype':"
	    " 'char', 'state': 'manual'}", (int)id);
	field = add(c, "ir.model.fields", vals);
	assert_text(c, "ir.model.fields", field, "model", "x_custom");
	assert_text(c, "x_custom", made, "x_name", NULL);
	made = add(c, "x_custom", "{'x_name': 'test record'}");
	assert_text(c, "x_custom", made, "display_name", "test record");
	refused(c, create(c, "ir.model.fields", vals, &made), ERR_UNIQUE,
	    "has the same Model (model_id), Field Name (name)");
}

/* The tables are what the meta-models say; faults: how many they are not. */
static void
sound(struct base_case *c, size_t faults)
{
	struct value	 list = value_list(c->a, 4);

	done(c, custom_check(&c->env, &list));
	for (size_t i = 0; i < list.u.list->n && faults == 0; i++)
		print_message("# %s\n", list.u.list->v[i].u.text.p);
	assert_int_equal(list.u.list->n, faults);
}

static bool
drop(struct base_case *c, int64_t id)
{
	struct ids	 ids = one(c, id);

	return model_unlink(&c->env, model(c, "ir.model"), &ids);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char	*vals, *text;
		enum err_code	 code;
	}	 wrong[] = {
		{ "{'model': 'x_a'}", "not set: Model Description",
		    ERR_VALIDATION },
		{ "{'name': 'A'}", "must start with x_", ERR_VALIDATION },
		{ "{'name': 'A', 'model': False}", "not set: Model (model)",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'custom'}", "must start with x_",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_'}", "must start with x_",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'X_a'}", "must start with x_",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_A'}", "small letters",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a b'}", "small letters",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a; drop table res_users'}",
		    "small letters", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a\"'}", "small letters",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_\xc3\xa9'}", "small letters",
		    ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aaaaaaaaaaaaaaaaaa'}", "51 of them", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'state': 'base'}",
		    "the state \"manual\"", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'state': False}",
		    "the state \"manual\"", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'transient': True}",
		    "modules alone", ERR_USER },
		{ "{'name': 'A', 'model': 'x_a', 'locked': True}",
		    "modules alone", ERR_USER },
		{ "{'name': 'A', 'model': 'x_a', 'order': 'x_none'}",
		    "The order of x_a", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'order': 'display_name'}",
		    "is no stored field", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'order': 'id; drop'}",
		    "The order of x_a", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'rec_name': 'x_none'}",
		    "no field x_none", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_b'}", "has the same Model",
		    ERR_UNIQUE },
		{ "{'name': 'A', 'model': 'x_res.partner'}",
		    "API name would be res_partner", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'api_name': 'res_partner'}",
		    "API name would be res_partner", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'api_name': 'a b'}",
		    "api_name", ERR_VALIDATION },
		{ "{'name': 'A', 'model': 'x_a', 'nonsuch': 1}", "nonsuch",
		    ERR_VALUE },
		{ "{'name': 'A', 'model': 'x_a', 'field_id': [(0, 0,"
		    " {'name': 'a', 'ttype': 'char'})]}", "must start with x_",
		    ERR_VALIDATION },
	};
	struct base_case	*c = *state;
	int64_t			 id;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		add(c, "ir.model", "{'name': 'B', 'model': 'x_b'}");
		print_message("# %s\n", wrong[i].vals);
		refused(c, create(c, "ir.model", wrong[i].vals, &id),
		    wrong[i].code, wrong[i].text);
		again(c);
		assert_null(registry_model(c->env.reg, "x_a"));
		assert_null(registry_model(c->env.reg, "x_b"));
	}
	context(c, "{'default_state': 'base'}");
	refused(c, create(c, "ir.model", "{'name': 'A', 'model': 'x_a'}",
	    &id), ERR_VALIDATION, "\"manual\"");
}

/* Two names must not come to the same table. */
static void
test_tables(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	add(c, "ir.model", "{'name': 'A', 'model': 'x_a.b'}");
	refused(c, create(c, "ir.model", "{'name': 'A', 'model': 'x_a_b'}",
	    &id), ERR_VALIDATION, "the table would be x_a_b");
	again(c);
	add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'field_id': [(0, 0,"
	    " {'name': 'x_ids', 'ttype': 'many2many', 'relation':"
	    " 'res.users', 'relation_table': 'x_links'})]}");
	refused(c, create(c, "ir.model", "{'name': 'A', 'model':"
	    " 'x_links'}", &id), ERR_VALIDATION, "table of a model");
}

static void
test_nested(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id, made;

	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'order':"
	    " 'x_code desc', 'rec_name': 'x_code', 'field_id': ["
	    "(0, 0, {'name': 'x_code', 'ttype': 'char', 'required': True}),"
	    "(0, 0, {'name': 'x_up_id', 'ttype': 'many2one', 'relation':"
	    "  'x_a'}),"
	    "(0, 0, {'name': 'x_down_ids', 'ttype': 'one2many', 'relation':"
	    "  'x_a', 'relation_field': 'x_up_id'}),"
	    "(0, 0, {'name': 'x_top', 'ttype': 'char', 'related':"
	    "  'x_up_id.x_code'})], 'access_ids': [(0, 0, {'name': 'all',"
	    "  'perm_read': True, 'perm_create': True})]}");
	assert_string_equal(model(c, "x_a")->fields[0].name, "id");
	assert_int_equal(get(c, "ir.model", id, "field_id").u.list->n, 11);
	sound(c, 0);
	as(c, "demo");
	made = add(c, "x_a", "{'x_code': 'top', 'x_down_ids': [(0, 0,"
	    " {'x_code': 'low'})]}");
	assert_text(c, "x_a", made, "display_name", "top");
	assert_text(c, "x_a", made + 1, "x_top", "top");
}

static void
test_write(void **state)
{
	struct base_case	*c = *state;
	struct ids		 partner;
	int64_t			 id;

	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'field_id':"
	    " [(0, 0, {'name': 'x_code', 'ttype': 'char'})]}");
	done(c, change(c, "ir.model", one(c, id), "{'name': 'New', 'info':"
	    " 'Hint', 'order': 'x_code, id desc', 'model': 'x_a',"
	    " 'state': 'manual'}"));
	assert_string_equal(model(c, "x_a")->description, "New");
	assert_string_equal(model(c, "x_a")->order, "x_code, id desc");
	refused(c, change(c, "ir.model", one(c, id), "{'model': 'x_b'}"),
	    ERR_USER, "the model of a model cannot be changed");
	refused(c, change(c, "ir.model", one(c, id), "{'state': 'base'}"),
	    ERR_USER, "the state of a model cannot be changed");
	refused(c, change(c, "ir.model", one(c, id), "{'transient': True}"),
	    ERR_USER, "modules alone");
	done(c, find(c, "ir.model", "[('model', '=', 'res.partner')]", NULL,
	    &partner));
	done(c, change(c, "ir.model", partner, "{'name': 'Contact'}"));
	assert_string_equal(model(c, "res.partner")->description, "Contact");
	refused(c, change(c, "ir.model", partner, "{'order': 'id'}"),
	    ERR_USER, "res.partner is a module's model");
	done(c, change(c, "ir.model", partner, "{'field_id': [(0, 0,"
	    " {'name': 'x_more', 'ttype': 'char'})]}"));
	assert_non_null(model_field(model(c, "res.partner"), "x_more"));
}

static void
test_unlink(void **state)
{
	struct base_case	*c = *state;
	struct ids		 left;
	int64_t			 id, other, made;

	done(c, find(c, "ir.model", "[('model', '=', 'res.partner')]", NULL,
	    &left));
	refused(c, drop(c, left.v[0]), ERR_USER, "is a module's model");
	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'field_id':"
	    " [(0, 0, {'name': 'x_ids', 'ttype': 'many2many', 'relation':"
	    " 'res.partner'})], 'access_ids': [(0, 0, {'name': 'all'})],"
	    " 'rule_ids': [(0, 0, {'name': 'r', 'domain_force': '[]'})]}");
	other = add(c, "ir.model", "{'name': 'B', 'model': 'x_b', 'field_id':"
	    " [(0, 0, {'name': 'x_a_id', 'ttype': 'many2one', 'relation':"
	    " 'x_a'})]}");
	made = add(c, "x_a", "{'x_ids': [(6, 0, [1])]}");
	add(c, "ir.attachment", arena_printf(c->a, "{'name': 'f',"
	    " 'res_model': 'x_a', 'res_id': %d}", (int)made));
	refused(c, drop(c, id), ERR_USER, "x_a_id of x_b");
	again(c);
	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'field_id':"
	    " [(0, 0, {'name': 'x_ids', 'ttype': 'many2many', 'relation':"
	    " 'res.partner'})], 'access_ids': [(0, 0, {'name': 'all'})],"
	    " 'rule_ids': [(0, 0, {'name': 'r', 'domain_force': '[]'})]}");
	other = add(c, "ir.model", "{'name': 'B', 'model': 'x_b', 'field_id':"
	    " [(0, 0, {'name': 'x_a_id', 'ttype': 'many2one', 'relation':"
	    " 'x_a'})]}");
	made = add(c, "x_a", "{'x_ids': [(6, 0, [1])]}");
	add(c, "ir.attachment", arena_printf(c->a, "{'name': 'f',"
	    " 'res_model': 'x_a', 'res_id': %d}", (int)made));
	add(c, "x_b", arena_printf(c->a, "{'x_a_id': %d}", (int)made));
	done(c, drop(c, other));
	done(c, drop(c, id));
	assert_null(registry_model(c->env.reg, "x_a"));
	sound(c, 0);
	done(c, find(c, "ir.model.fields", "[('model', 'in', ['x_a',"
	    " 'x_b'])]", NULL, &left));
	assert_int_equal(left.n, 0);
	done(c, find(c, "ir.attachment", "[('res_model', '=', 'x_a')]", NULL,
	    &left));
	assert_int_equal(left.n, 0);
	assert_int_equal(changes(c, "x_a", made, "create"), 1);
	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a'}");
	made = add(c, "x_a", "{}");
	assert_int_equal(made, 1);
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	done(c, drop(c, id));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
	assert_null(registry_model(c->env.reg, "x_a"));
}

/* Two that refer to each other go together. */
static void
test_unlink_pair(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;

	ids = one(c, add(c, "ir.model", "{'name': 'A', 'model': 'x_a'}"));
	ids_add(&c->env, &ids, add(c, "ir.model", "{'name': 'B', 'model':"
	    " 'x_b', 'field_id': [(0, 0, {'name': 'x_a_id', 'ttype':"
	    " 'many2one', 'relation': 'x_a', 'required': True})]}"));
	add(c, "ir.model.fields", "{'model': 'x_a', 'name': 'x_b_ids',"
	    " 'ttype': 'one2many', 'relation': 'x_b', 'relation_field':"
	    " 'x_a_id'}");
	add(c, "ir.model.fields", "{'model': 'x_a', 'name': 'x_b_id',"
	    " 'ttype': 'many2one', 'relation': 'x_b'}");
	add(c, "x_a", "{'x_b_ids': [(0, 0, {})]}");
	done(c, change(c, "x_a", one(c, 1), "{'x_b_id': 1}"));
	refused(c, drop(c, ids.v[1]), ERR_USER, "x_b");
	again(c);
	ids = one(c, add(c, "ir.model", "{'name': 'A', 'model': 'x_a'}"));
	ids_add(&c->env, &ids, add(c, "ir.model", "{'name': 'B', 'model':"
	    " 'x_b', 'field_id': [(0, 0, {'name': 'x_a_id', 'ttype':"
	    " 'many2one', 'relation': 'x_a', 'required': True})]}"));
	add(c, "ir.model.fields", "{'model': 'x_a', 'name': 'x_b_id',"
	    " 'ttype': 'many2one', 'relation': 'x_b'}");
	add(c, "x_a", "{}");
	add(c, "x_b", "{'x_a_id': 1}");
	done(c, change(c, "x_a", one(c, 1), "{'x_b_id': 1}"));
	done(c, model_unlink(&c->env, model(c, "ir.model"), &ids));
	assert_null(registry_model(c->env.reg, "x_b"));
	done(c, env_commit(&c->env));
	done(c, env_begin(&c->env, ENV_WRITE));
}

/* Tables that are not what they ought to be are told of. */
static void
test_check(void **state)
{
	static const char *const on[] = { "x_code" };
	const struct index_def	 ix = { on, 1, false, false };
	const struct column_def	 column = { "x_more", COL_TEXT, 0, NULL,
				    false };
	struct base_case	*c = *state;
	struct table_def	 t = { "x_a", &column, 1, NULL, 0, false };

	sound(c, 0);
	add(c, "ir.model", "{'name': 'A', 'model': 'x_a', 'field_id': ["
	    "(0, 0, {'name': 'x_code', 'ttype': 'char', 'index': True,"
	    "  'text_index': True}),"
	    "(0, 0, {'name': 'x_ids', 'ttype': 'many2many', 'relation':"
	    "  'res.partner'})]}");
	sound(c, 0);
	done(c, store_change(c->env.store, &t, 1, &c->err));
	sound(c, 1);
	t = (struct table_def){ "x_z", &column, 1, NULL, 0, false };
	done(c, store_change(c->env.store, &t, 1, &c->err));
	sound(c, 2);
	done(c, store_drop_index(c->env.store, "x_a", &ix, &c->err));
	sound(c, 3);
	done(c, store_drop_column(c->env.store, "x_a", "x_code", &c->err));
	sound(c, 5);
	done(c, store_drop_table(c->env.store, "x_res_partner_x_a_rel",
	    &c->err));
	sound(c, 8);
}

/* What was made in a transaction that is undone never was. */
static void
test_undone(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	done(c, env_mark(&c->env));
	add(c, "ir.model", "{'name': 'A', 'model': 'x_a'}");
	add(c, "ir.model.fields", "{'model': 'x_a', 'name': 'x_c', 'ttype':"
	    " 'char'}");
	done(c, env_mark_end(&c->env, false));
	assert_null(registry_model(c->env.reg, "x_a"));
	id = add(c, "ir.model", "{'name': 'A', 'model': 'x_a'}");
	assert_non_null(model(c, "x_a"));
	assert_null(model_field(model(c, "x_a"), "x_c"));
	again(c);
	assert_null(registry_model(c->env.reg, "x_a"));
	assert_true(id > 0);
}

/* A request can ask for so much and no more. */
static void
test_limits(void **state)
{
	struct base_case	*c = *state;
	struct value		 vals = literal(c, "{'name': 'A', 'model':"
				    " 'x_a'}");
	struct value		 fields = value_list(c->a, 300);
	int64_t			 id;

	for (int i = 0; i < 300; i++)
		value_push(c->a, &fields, literal(c, arena_printf(c->a,
		    "(0, 0, {'name': 'x_%d', 'ttype': 'char'})", i)));
	value_set(c->a, &vals, "field_id", fields);
	refused(c, model_create(&c->env, model(c, "ir.model"), &vals, &id),
	    ERR_TOO_LARGE, "too many changes");
	again(c);
	assert_null(registry_model(c->env.reg, "x_a"));
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_model),
		case(test_field),
		case(test_refusals),
		case(test_tables),
		case(test_nested),
		case(test_write),
		case(test_unlink),
		case(test_unlink_pair),
		case(test_check),
		case(test_undone),
		case(test_limits),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ir_model", tests, base_case_make,
	    base_case_drop);
}
