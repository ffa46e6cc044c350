#include "base_case.h"

static struct value
describe(struct base_case *c, const char *name, const char *const *fields,
    size_t nfields, const char *const *attributes, size_t n)
{
	const char	*f[8], *a[8];
	struct names	 names = { f, nfields }, words = { a, n };
	struct value	 v;

	for (size_t i = 0; i < nfields; i++)
		f[i] = fields[i];
	for (size_t i = 0; i < n; i++)
		a[i] = attributes[i];
	done(c, model_describe(&c->env, model(c, name), &names, &words, &v));
	return v;
}

static bool
flag(const struct value *d, const char *field, const char *word)
{
	const struct value	*v = value_get(value_get(d, field), word);

	assert_non_null(v);
	assert_int_equal(v->type, VALUE_BOOL);
	return v->u.b;
}

static const char *
text(const struct value *d, const char *field, const char *word)
{
	const struct value	*v = value_get(value_get(d, field), word);

	assert_non_null(v);
	assert_int_equal(v->type, VALUE_TEXT);
	return v->u.text.p;
}

static void
test_all(void **state)
{
	static const char *const	 shown[] = {
		"id", "name", "code", "active", "parent_id", "path",
		"display_name", "create_uid", "create_date", "write_uid",
		"write_date", "__last_update",
	};
	struct base_case		*c = *state;
	struct value			 d;

	d = describe(c, "t.shelf", NULL, 0, NULL, 0);
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		assert_non_null(value_get(&d, shown[i]));
	assert_null(value_get(&d, "pin"));
	assert_null(value_get(&d, "uuid"));
	assert_string_equal(text(&d, "name", "type"), "char");
	assert_string_equal(text(&d, "name", "string"), "Name");
	assert_string_equal(text(&d, "parent_id", "relation"), "t.shelf");
	assert_true(flag(&d, "name", "required"));
	assert_false(flag(&d, "code", "required"));
	assert_false(flag(&d, "name", "readonly"));
	assert_true(flag(&d, "path", "readonly"));
	assert_true(flag(&d, "path", "store"));
	assert_false(flag(&d, "display_name", "store"));
	assert_true(flag(&d, "id", "readonly"));
	assert_false(flag(&d, "name", "manual"));
}

static void
test_some(void **state)
{
	static const char *const	 fields[] = {
		"kind", "nonsuch", "price",
	};
	static const char *const	 words[] = { "selection", "nonsuch",
		"type" };
	struct base_case		*c = *state;
	const struct value		*v;
	struct value			 d;

	d = describe(c, "t.book", fields, 3, words, 3);
	assert_null(value_get(&d, "name"));
	assert_null(value_get(&d, "nonsuch"));
	assert_string_equal(text(&d, "kind", "type"), "selection");
	assert_string_equal(text(&d, "price", "type"), "float");
	assert_null(value_get(value_get(&d, "kind"), "string"));
	v = value_get(value_get(&d, "kind"), "selection");
	assert_int_equal(v->u.list->n, 2);
	assert_true(value_is_text(&v->u.list->v[0].u.list->v[0], "a"));
	d = describe(c, "t.shelf", (const char *const[]){ "pin" }, 1, NULL,
	    0);
	assert_null(value_get(&d, "pin"));
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_all),
		case(test_some),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_describe", tests,
	    base_case_make, base_case_drop);
}
