#include "base_case.h"

#include <string.h>

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

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_model),
		case(test_field),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ir_model", tests, base_case_make,
	    base_case_drop);
}
