#include "base_case.h"

#include <string.h>

#include "base/literal.h"
#include "models/models.h"
#include "orm/method.h"
#include "orm/method_private.h"

static const char *const	 types[] = {
	"any", "text", "int", "bool", "list", "names", "dict",
};

static bool
word(struct span s)
{
	return s.n > 0 && strspn(s.p, "abcdefghijklmnopqrstuvwxyz_") >= s.n &&
	    s.p[0] != '_';
}

/* A row that says what it means; returns how many arguments it has. */
static size_t
sound(struct base_case *c, const struct method *method)
{
	const char		*at = method->args;
	struct method_arg	 arg;
	size_t			 n = 0, i;
	bool			 optional = false;

	assert_true(word(span_of(method->name)));
	for (; method_arg_next(&at, &arg); n++) {
		struct value	 v;

		assert_true(word(arg.name));
		for (i = 0; i < 7 && !span_is(arg.type, types[i]); i++)
			;
		if (i == 7)
			fail_msg("%s: type %.*s", method->name,
			    (int)arg.type.n, arg.type.p);
		assert_false(optional && arg.dflt.n == 0);
		optional = arg.dflt.n != 0;
		if (optional)
			done(c, literal_parse(c->a, arg.dflt,
			    &parse_limits_default, &v, &c->err));
	}
	return n;
}

/* Every row of both tables is sound and can be found; none is there twice. */
static void
test_rows(void **state)
{
	static const char *const	 general[] = {
#define METHOD(name, args, flags, access, call)	name,
#include "orm/methods.def"
#undef METHOD
	};
	struct base_case		*c = *state;
	const struct method		*method;

	for (size_t i = 0; i < sizeof general / sizeof general[0]; i++) {
		method = method_find(&models_behaviour, "t.shelf", general[i]);
		assert_non_null(method);
		assert_string_equal(method->name, general[i]);
		assert_null(method->model);
		sound(c, method);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(general[i], general[j]);
	}
	for (size_t i = 0; i < models_behaviour.nmethods; i++) {
		method = &models_behaviour.methods[i];
		assert_non_null(model(c, method->model));
		assert_ptr_equal(method_find(&models_behaviour, method->model,
		    method->name), method);
		sound(c, method);
	}
	assert_null(method_find(&models_behaviour, "t.shelf", "has_group"));
	assert_null(method_find(&models_behaviour, "t.shelf", "nonsuch"));
}

static bool
test_call(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *args, struct value *out)
{
	(void)m;
	*out = value_copy(env->arena, args);
	value_set(env->arena, out, "ids", ids_value(env, ids));
	return true;
}

static const struct method	 made = {
	NULL, "made", "a:text, b:int=7, c:names=None, d:bool=True, e:any=[1]",
	METHOD_RECORDS, METHOD_FREE, test_call,
};

static bool
run(struct base_case *c, const char *ids, const char *positional,
    const char *named, struct value *out)
{
	struct method_input	 in = {
		literal(c, ids), literal(c, positional), literal(c, named),
	};

	return method_run(&c->env, &made, model(c, "t.shelf"), &in, out);
}

static void
bound(struct base_case *c, const char *ids, const char *positional,
    const char *named, const char *args)
{
	struct value	 out, want = literal(c, args);

	done(c, run(c, ids, positional, named, &out));
	assert_true(value_equal(&out, &want));
}

static void
test_bound(void **state)
{
	struct base_case	*c = *state;

	bound(c, "5", "['x']", "{}", "{'a': 'x', 'b': 7, 'c': None, "
	    "'d': True, 'e': [1], 'ids': [5]}");
	bound(c, "None", "[[1, 2], 'x', 3]", "None", "{'a': 'x', 'b': 3, "
	    "'c': None, 'd': True, 'e': [1], 'ids': [1, 2]}");
	bound(c, "None", "None", "{'ids': 4, 'a': '', 'c': 'u , v', 'd': 0, "
	    "'e': False}", "{'a': '', 'b': 7, 'c': ['u', 'v'], 'd': False, "
	    "'e': False, 'ids': [4]}");
	bound(c, "[]", "['x', None, False, None]", "None", "{'a': 'x', "
	    "'b': 7, 'c': None, 'd': True, 'e': [1], 'ids': []}");
	bound(c, "[1]", "['x', 0, [], False, {}]", "None", "{'a': 'x', "
	    "'b': 0, 'c': [], 'd': False, 'e': {}, 'ids': [1]}");
}

static void
test_refused(void **state)
{
	static const struct {
		const char	*ids, *positional, *named, *why;
	} cases[] = {
		{ "None", "None", "{'a': 'x'}", "misses ids" },
		{ "1", "None", "{}", "misses the argument a" },
		{ "1", "['x']", "{'a': 'y'}", "is given a twice" },
		{ "1", "['x']", "{'f': 1}", "takes no argument f" },
		{ "1", "['x']", "{'ids': 1}", "takes no argument ids" },
		{ "1", "['x', 1, [], True, 5, 6]", "{}",
		    "is given 6 positional arguments and takes 5" },
		{ "1", "[5]", "{}", "a wants a text, got integer" },
		{ "1", "[None]", "{}", "a wants a text" },
		{ "1", "['x', 'y']", "{}", "b wants a whole number" },
		{ "1", "['x', 1.5]", "{}", "b wants a whole number" },
		{ "1", "['x', 1, ['u', 2]]", "{}", "c wants a list of texts" },
		{ "1", "['x', 1, '[u']", "{}", "c wants a list of texts" },
		{ "1", "['x', 1, [], 'yes']", "{}", "d wants True or False" },
		{ "'5'", "['x']", "{}", "ids wants a list of ids" },
		{ "[1, 'b']", "['x']", "{}", "ids wants whole numbers" },
	};
	struct base_case	*c = *state;
	struct value		 out;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		refused(c, run(c, cases[i].ids, cases[i].positional,
		    cases[i].named, &out), ERR_VALUE, cases[i].why);
}

static void
test_right(void **state)
{
	struct base_case	*c = *state;
	struct method		 needs = made;
	struct method_input	 in = { .ids = value_int(1) };
	struct value		 out;

	in.positional = literal(c, "['x']");
	needs.access = ACCESS_UNLINK;
	done(c, method_run(&c->env, &needs, model(c, "t.shelf"), &in, &out));
	as(c, "demo");
	refused(c, method_run(&c->env, &needs, model(c, "t.shelf"), &in,
	    &out), ERR_ACCESS, "unlink");
	needs.flags = 0;
	refused(c, method_run(&c->env, &needs, model(c, "t.shelf"), &in,
	    &out), ERR_VALUE, "takes no ids");
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_rows),
		case(test_bound),
		case(test_refused),
		case(test_right),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("method", tests, base_case_make,
	    base_case_drop);
}
