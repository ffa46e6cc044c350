#include "base_case.h"

#include <string.h>

#include "orm/custom.h"
#include "orm/field.h"
#include "store/store.h"

/* A model x_m to add fields to. */
static int64_t
made(struct base_case *c, const char *name)
{
	return add(c, "ir.model", arena_printf(c->a,
	    "{'name': 'M', 'model': '%s'}", name));
}

static bool
try(struct base_case *c, const char *name, const char *vals, int64_t *id)
{
	return create(c, "ir.model.fields", arena_printf(c->a,
	    "{'model': '%s', %s}", name, vals), id);
}

static int64_t
field(struct base_case *c, const char *name, const char *vals)
{
	int64_t	 id = 0;

	done(c, try(c, name, vals, &id));
	return id;
}

/* The tables are what the meta-models say. */
static void
sound(struct base_case *c)
{
	struct value	 faults = value_list(c->a, 4);

	done(c, custom_check(&c->env, &faults));
	if (faults.u.list->n != 0)
		fail_msg("%s", faults.u.list->v[0].u.text.p);
}

static bool
column(struct base_case *c, const char *table, const char *name)
{
	struct query	*q = query_new(c->a, table, 1);
	struct rows	 rows;
	struct err	 err = { 0 };
	bool		 found;

	done(c, env_mark(&c->env));
	q->columns[0] = expr_column(c->a, name, COL_TEXT, 0);
	q->limit = 1;
	found = store_select(c->env.store, q, c->a, &rows, &err);
	done(c, env_mark_end(&c->env, found));
	return found;
}

/* Every type, on a model of ours and on one of a module. */
static void
test_types(void **state)
{
	static const struct {
		const char	*type, *more, *value, *wrong;
	}	 types[] = {
		{ "binary", "", "'aGk='", "'?'" },
		{ "boolean", "", "True", NULL },
		{ "char", "", "'x'", "[1]" },
		{ "date", "", "'2017-07-15'", "'x'" },
		{ "datetime", "", "'2017-07-15 10:00:00'", "'x'" },
		{ "float", "", "1.25", "'x'" },
		{ "float", "'digits': '[16, 2]',", "1.25", "'x'" },
		{ "html", "", "'<p>x</p>'", "[1]" },
		{ "integer", "", "5", "'x'" },
		{ "many2many", "'relation': 'res.partner',", "[(6, 0, [1])]",
		    "'x'" },
		{ "many2one", "'relation': 'res.partner',", "1", "999" },
		{ "monetary", "", "1.25", "'x'" },
		{ "reference", "'selection': \"[('res.users', 'User')]\",",
		    "'res.users,1'", "'res.partner,1'" },
		{ "selection", "'selection': \"[('a', 'A'), ('b', 'B')]\",",
		    "'a'", "'c'" },
		{ "text", "", "'x'", "[1]" },
	};
	struct base_case	*c = *state;
	int64_t			 id = 0;

	made(c, "x_m");
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const char	*name = arena_printf(c->a, "x_f%zu", i);

		for (int j = 0; j < 2; j++) {
			const char	*m = j == 0 ? "x_m" : "res.partner";

			field(c, m, arena_printf(c->a, "'name': '%s', 'ttype':"
			    " '%s', %s", name, types[i].type, types[i].more));
			id = add(c, m, arena_printf(c->a, "{%s'%s': %s}",
			    j == 0 ? "" : "'name': 'x', ", name,
			    types[i].value));
			if (types[i].wrong == NULL)
				continue;
			assert_false(create(c, m, arena_printf(c->a,
			    "{'name': 'x', '%s': %s}", name, types[i].wrong),
			    &id));
			err_clear(&c->err);
		}
	}
	field(c, "res.partner", "'name': 'x_m_id', 'ttype': 'many2one',"
	    " 'relation': 'x_m'");
	field(c, "x_m", "'name': 'x_partner_ids', 'ttype': 'one2many',"
	    " 'relation': 'res.partner', 'relation_field': 'x_m_id'");
	id = add(c, "x_m", "{'x_partner_ids': [(0, 0, {'name': 'line'})]}");
	assert_int_equal(get(c, "x_m", id, "x_partner_ids").u.list->n, 1);
	sound(c);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char	*vals, *text;
		enum err_code	 code;
	}	 wrong[] = {
		{ "'name': 'a', 'ttype': 'char'", "must start with x_",
		    ERR_VALIDATION },
		{ "'name': 'x_', 'ttype': 'char'", "must start with x_",
		    ERR_VALIDATION },
		{ "'ttype': 'char'", "must start with x_", ERR_VALIDATION },
		{ "'name': 'id', 'ttype': 'char'", "must start with x_",
		    ERR_VALIDATION },
		{ "'name': 'uuid', 'ttype': 'char'", "must start with x_",
		    ERR_VALIDATION },
		{ "'name': 'create_uid', 'ttype': 'many2one'",
		    "must start with x_", ERR_VALIDATION },
		{ "'name': 'x_A', 'ttype': 'char'", "small letters",
		    ERR_VALIDATION },
		{ "'name': 'x_a b', 'ttype': 'char'", "small letters",
		    ERR_VALIDATION },
		{ "'name': 'x_a.b', 'ttype': 'char'", "small letters",
		    ERR_VALIDATION },
		{ "'name': 'x_a\"; drop table res_users; --', 'ttype':"
		    " 'char'", "small letters", ERR_VALIDATION },
		{ "'name': 'x_\xc3\xa9', 'ttype': 'char'", "small letters",
		    ERR_VALIDATION },
		{ "'name': 'x_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		    "aa', 'ttype': 'char'", "51 of them", ERR_VALIDATION },
		{ "'name': 'x_a'", "not set: Field Type", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'nonsuch'", "ttype", ERR_VALUE },
		{ "'name': 'x_a', 'ttype': 'char', 'state': 'base'",
		    "the state \"manual\"", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'size': -1",
		    "size is not possible", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'integer', 'size': 3",
		    "size is not for fields of type", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'integer', 'translate': True",
		    "translate is not for fields of type", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'digits': '[3, 1]'",
		    "digits is not for fields of type", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'float', 'digits': '[99, 1]'",
		    "digits must be", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'float', 'digits': 'x'", "x_a",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'relation': 'x_m'",
		    "relation is for relations alone", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one'", "relation is missing",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2many'", "relation is missing",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': ''",
		    "relation is missing", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_none'",
		    "there is no model x_none", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'required': True, 'on_delete': 'set null'",
		    "\"set null\" is not possible", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'on_delete': 'casade'", "on_delete", ERR_VALUE },
		{ "'name': 'x_a', 'ttype': 'char', 'on_delete': 'cascade'",
		    "\"cascade\" is not possible", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'one2many', 'relation': 'x_m'",
		    "relation_field is missing", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'one2many', 'relation': 'x_m',"
		    " 'relation_field': 'x_none'", "no stored many2one to it",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'one2many', 'relation':"
		    " 'res.partner', 'relation_field': 'parent_id'",
		    "no stored many2one to it", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2many', 'relation': 'x_m',"
		    " 'relation_table': 'res_users'", "res_users",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2many', 'relation':"
		    " 'res.users', 'relation_table': 'res_groups_users_rel'",
		    "relation_table", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2many', 'relation': 'x_m',"
		    " 'relation_table': 'x_r', 'column1': 'a', 'column2': 'a'",
		    "must be names", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2many', 'relation': 'x_m',"
		    " 'relation_table': 'x r'", "must be names",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection'", "list of pairs",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection': 'a'",
		    "list of pairs", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection': '[]'",
		    "list of pairs", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection':"
		    " \"['a', 'b']\"", "list of pairs", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection':"
		    " \"[('a', 1)]\"", "list of pairs", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection':"
		    " \"[('a', 'A'), ('a', 'B')]\"", "list of pairs",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'selection', 'selection':"
		    " \"{'a': 'A'}\"", "list of pairs", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'selection':"
		    " \"[('a', 'A')]\"", "selection is not for fields of type", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'reference', 'selection':"
		    " \"[('x_none', 'A')]\"", "which is no model",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'domain': '[('", "x_a", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'domain': \"[('x_none', '=', 1)]\"", "The domain of x_a",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'domain': '5'", "The domain of x_a", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'related': 'x_none.name'",
		    "x_none", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'related':"
		    " 'create_uid.id'", "leads to a integer",
		    ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'many2one', 'relation': 'x_m',"
		    " 'related': 'create_uid.partner_id'",
		    "leads to a many2one of res.partner", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'compute': 'for r in self:'",
		    "x_a", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'compute': 'x_none'",
		    "The formula of x_a", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'compute': 'x_a'",
		    "x_a", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'compute': '1',"
		    " 'related': 'create_uid.name'", "either", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'store': False",
		    "neither stored nor computed", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'monetary', 'currency_field':"
		    " 'x_none'", "currency_field", ERR_VALIDATION },
		{ "'name': 'x_a', 'ttype': 'char', 'secret': True",
		    "modules alone", ERR_USER },
		{ "'name': 'x_a', 'ttype': 'integer', 'default_value': \"'x'\"",
		    "x_a of x_m wants an integer", ERR_VALUE },
		{ "'name': 'x_a', 'ttype': 'char', 'nonsuch': 1", "nonsuch",
		    ERR_VALUE },
		{ "'name': 'x_b', 'ttype': 'char'", "same Model", ERR_UNIQUE },
		{ "'name': 'x_a', 'ttype': 'char', 'required': True",
		    "1 record without a value", ERR_VALIDATION },
	};
	struct base_case	*c = *state;
	int64_t			 id;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		made(c, "x_m");
		add(c, "x_m", "{}");
		field(c, "x_m", "'name': 'x_b', 'ttype': 'char'");
		print_message("# %s\n", wrong[i].vals);
		refused(c, try(c, "x_m", wrong[i].vals, &id), wrong[i].code,
		    wrong[i].text);
		again(c);
		assert_null(registry_model(c->env.reg, "x_m"));
	}
	refused(c, try(c, "x_none", "'name': 'x_a', 'ttype': 'char'", &id),
	    ERR_VALIDATION, "There is no model x_none");
	refused(c, create(c, "ir.model.fields", "{'model_id': 99999, 'name':"
	    " 'x_a', 'ttype': 'char'}", &id), ERR_VALIDATION, "");
	refused(c, create(c, "ir.model.fields", "{'name': 'x_a', 'ttype':"
	    " 'char'}", &id), ERR_VALIDATION, "not set: Model");
	refused(c, create(c, "ir.model.fields", "{'model_id': 1, 'model':"
	    " 'res.partner', 'name': 'x_a', 'ttype': 'char'}", &id),
	    ERR_VALIDATION, "do not name the same model");
}

/* What a write changes, and what it may not. */
static void
test_change(void **state)
{
	struct base_case	*c = *state;
	int64_t			 f, a, b;
	const struct field	*known;

	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char', 'index': True");
	a = add(c, "x_m", "{'x_a': 'long text'}");
	b = add(c, "x_m", "{}");
	done(c, change(c, "ir.model.fields", one(c, f), "{"
	    "'field_description': 'Label', 'help': 'Hint', 'readonly': True,"
	    "'index': False, 'translate': True}"));
	known = model_field(model(c, "x_m"), "x_a");
	assert_string_equal(known->string, "Label");
	assert_string_equal(known->help, "Hint");
	assert_true(known->readonly && known->translate && !known->index);
	refused(c, change(c, "ir.model.fields", one(c, f),
	    "{'required': True}"), ERR_VALIDATION, "1 record without a value");
	again(c);
	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char', 'index': True");
	a = add(c, "x_m", "{'x_a': 'long text'}");
	refused(c, change(c, "ir.model.fields", one(c, f), "{'size': 3}"),
	    ERR_VALIDATION, "1 record with a longer value");
	again(c);
	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char', 'index': True");
	a = add(c, "x_m", "{'x_a': 'long text'}");
	done(c, change(c, "ir.model.fields", one(c, f), "{'size': 9,"
	    " 'required': True}"));
	refused(c, create(c, "x_m", "{'x_a': '1234567890'}", &b),
	    ERR_VALIDATION, "longer than 9 characters");
	refused(c, create(c, "x_m", "{}", &b), ERR_VALIDATION, "mandatory");
	done(c, change(c, "ir.model.fields", one(c, f), "{'name': 'x_b'}"));
	assert_null(model_field(model(c, "x_m"), "x_a"));
	assert_text(c, "x_m", a, "x_b", "long text");
	assert_false(column(c, "x_m", "x_a"));
	done(c, change(c, "ir.model.fields", one(c, f), "{'name': 'x_a'}"));
	assert_text(c, "x_m", a, "x_a", "long text");
	sound(c);
}

static void
test_fixed(void **state)
{
	static const struct {
		const char	*vals, *text;
	}	 wrong[] = {
		{ "{'ttype': 'text'}", "the type of a field" },
		{ "{'model_id': 1}", "the model of a field" },
		{ "{'model': 'res.partner'}", "the model of a field" },
		{ "{'state': 'base'}", "the state" },
		{ "{'name': 'a'}", "must start with x_" },
		{ "{'name': 'create_uid'}", "must start with x_" },
		{ "{'secret': True}", "modules alone" },
		{ "{'size': -3}", "size" },
		{ "{'name': 'x_c'}", "has the same" },
	};
	struct base_case	*c = *state;
	int64_t			 f;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		made(c, "x_m");
		f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char'");
		field(c, "x_m", "'name': 'x_c', 'ttype': 'char'");
		print_message("# %s\n", wrong[i].vals);
		assert_false(change(c, "ir.model.fields", one(c, f),
		    wrong[i].vals));
		if (strstr(c->err.msg, wrong[i].text) == NULL)
			fail_msg("%s: %s", wrong[i].vals, c->err.msg);
		err_clear(&c->err);
		again(c);
	}
	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'many2one', 'relation':"
	    " 'res.partner'");
	refused(c, change(c, "ir.model.fields", one(c, f),
	    "{'relation': 'res.users'}"), ERR_USER, "the related model");
	again(c);
	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'float', 'digits':"
	    " '[16, 2]'");
	refused(c, change(c, "ir.model.fields", one(c, f),
	    "{'digits': '[16, 3]'}"), ERR_USER, "the number of digits");
}

/* Keys that go take their values with them. */
static void
test_selection(void **state)
{
	struct base_case	*c = *state;
	int64_t			 f, a, b;

	made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_k', 'ttype': 'selection',"
	    "'selection': \"[('a', 'A'), ('b', 'B')]\"");
	field(c, "x_m", "'name': 'x_l', 'ttype': 'char', 'compute':"
	    " \"if(x_k, 'some', 'none')\"");
	a = add(c, "x_m", "{'x_k': 'a'}");
	b = add(c, "x_m", "{'x_k': 'b'}");
	assert_text(c, "x_m", b, "x_l", "some");
	done(c, change(c, "ir.model.fields", one(c, f), "{'selection':"
	    " \"[('a', 'AA'), ('c', 'C')]\"}"));
	assert_text(c, "x_m", a, "x_k", "a");
	assert_text(c, "x_m", b, "x_k", NULL);
	assert_text(c, "x_m", b, "x_l", "none");
	done(c, change(c, "x_m", one(c, b), "{'x_k': 'c'}"));
	done(c, change(c, "ir.model.fields", one(c, f),
	    "{'required': True}"));
	refused(c, change(c, "ir.model.fields", one(c, f), "{'selection':"
	    " \"[('a', 'AA')]\"}"), ERR_VALIDATION, "1 record without");
	sound(c);
}

/* Formulas of custom fields are filled in and follow. */
static void
test_compute(void **state)
{
	struct base_case	*c = *state;
	int64_t			 f, a;

	made(c, "x_m");
	field(c, "x_m", "'name': 'x_name', 'ttype': 'char'");
	field(c, "x_m", "'name': 'x_partner_id', 'ttype': 'many2one',"
	    " 'relation': 'res.partner'");
	a = add(c, "x_m", "{'x_name': 'a', 'x_partner_id': 1}");
	f = field(c, "x_m", "'name': 'x_twice', 'ttype': 'char', 'compute':"
	    " 'x_name + x_name'");
	field(c, "x_m", "'name': 'x_more', 'ttype': 'char', 'compute':"
	    " \"x_twice + '!'\"");
	field(c, "x_m", "'name': 'x_where', 'ttype': 'char', 'related':"
	    " 'x_partner_id.name', 'store': False");
	assert_text(c, "x_m", a, "x_twice", "aa");
	assert_text(c, "x_m", a, "x_more", "aa!");
	done(c, change(c, "res.partner", one(c, 1), "{'name': 'New'}"));
	assert_text(c, "x_m", a, "x_where", "New");
	done(c, change(c, "x_m", one(c, a), "{'x_name': 'b'}"));
	assert_text(c, "x_m", a, "x_more", "bb!");
	done(c, change(c, "ir.model.fields", one(c, f), "{'compute':"
	    " \"x_name + '-'\"}"));
	assert_text(c, "x_m", a, "x_twice", "b-");
	assert_text(c, "x_m", a, "x_more", "b-!");
	done(c, change(c, "ir.model.fields", one(c, f), "{'store': False}"));
	assert_false(column(c, "x_m", "x_twice"));
	assert_text(c, "x_m", a, "x_more", "b-!");
	done(c, change(c, "ir.model.fields", one(c, f), "{'store': True}"));
	assert_true(column(c, "x_m", "x_twice"));
	assert_text(c, "x_m", a, "x_twice", "b-");
	refused(c, change(c, "ir.model.fields", one(c, f), "{'compute':"
	    " 'x_more'}"), ERR_VALIDATION, "in a circle");
	sound(c);
}

/* Formulas over formulas end where they could no more be read; names: also as
 * the names of the records. */
static void
reach(struct base_case *c, bool twice, bool names)
{
	int64_t	 m, id;
	int	 i;

	again(c);
	m = made(c, "x_m");
	field(c, "x_m", "'name': 'x_e0', 'ttype': 'char'");
	id = add(c, "x_m", "{'x_e0': 'a'}");
	for (i = 1; i < 100; i++) {
		const char	*vals = arena_printf(c->a, "{'model': 'x_m', "
				    "'name': 'x_e%d', 'ttype': 'char', 'store'"
				    ": False, 'compute': 'x_e%d%s'}", i, i - 1,
				    twice ? arena_printf(c->a, " + x_e%d",
				    i - 1) : "");
		int64_t		 f;

		if (!create(c, "ir.model.fields", vals, &f))
			break;
		get(c, "x_m", id, arena_printf(c->a, "x_e%d", i));
		if (!names)
			continue;
		if (!change(c, "ir.model", one(c, m), arena_printf(c->a,
		    "{'rec_name': 'x_e%d'}", i)))
			break;
		get(c, "x_m", id, "display_name");
	}
	assert_true(i < 100);
	assert_true(err_http(c->err.code) < 500);
}

static void
test_reach(void **state)
{
	struct base_case	*c = *state;

	reach(c, true, false);
	reach(c, false, false);
	reach(c, false, true);
}

/* What others need stays. */
static void
test_needed(void **state)
{
	static const struct {
		const char	*what, *vals, *text;
	}	 needs[] = {
		{ "ir.model.fields", "{'model': 'x_m', 'name': 'x_b', 'ttype':"
		    " 'char', 'related': 'x_a', 'store': False}", "x_b" },
		{ "ir.model.fields", "{'model': 'x_m', 'name': 'x_b', 'ttype':"
		    " 'char', 'compute': \"x_a + '!'\"}", "x_b" },
		{ "ir.model.fields", "{'model': 'x_m', 'name': 'x_b', 'ttype':"
		    " 'many2one', 'relation': 'x_m', 'domain':"
		    " \"[('x_a', '=', 'x')]\"}", "The domain of x_b" },
		{ "ir.model", "{'model': 'x_n', 'name': 'N', 'field_id':"
		    " [(0, 0, {'name': 'x_m_id', 'ttype': 'many2one',"
		    " 'relation': 'x_m'}), (0, 0, {'name': 'x_b', 'ttype':"
		    " 'char', 'related': 'x_m_id.x_a', 'store': False})]}",
		    "x_b" },
	};
	struct base_case	*c = *state;
	int64_t			 m, f;

	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
		struct ids	 ids;

		made(c, "x_m");
		f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char'");
		add(c, needs[i].what, needs[i].vals);
		ids = one(c, f);
		refused(c, model_unlink(&c->env, model(c, "ir.model.fields"),
		    &ids), ERR_USER, needs[i].text);
		again(c);
	}
	m = made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char'");
	done(c, change(c, "ir.model", one(c, m), "{'order': 'x_a desc'}"));
	refused(c, change(c, "ir.model.fields", one(c, f), "{'name': 'x_z'}"),
	    ERR_VALIDATION, "The order of x_m");
	again(c);
	m = made(c, "x_m");
	f = field(c, "x_m", "'name': 'x_a', 'ttype': 'char'");
	done(c, change(c, "ir.model", one(c, m), "{'rec_name': 'x_a'}"));
	{
		struct ids	 ids = one(c, f);

		refused(c, model_unlink(&c->env, model(c, "ir.model.fields"),
		    &ids), ERR_USER, "x_a");
	}
}

static void
test_unlink(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids, base;

	made(c, "x_m");
	ids = one(c, field(c, "res.partner", "'name': 'x_p', 'ttype':"
	    " 'char', 'index': True, 'text_index': True"));
	ids_add(&c->env, &ids, field(c, "x_m", "'name': 'x_r_id', 'ttype':"
	    " 'many2one', 'relation': 'res.partner'"));
	ids_add(&c->env, &ids, field(c, "x_m", "'name': 'x_r_ids', 'ttype':"
	    " 'many2many', 'relation': 'res.partner'"));
	add(c, "x_m", "{'x_r_id': 1, 'x_r_ids': [(6, 0, [1])]}");
	assert_true(column(c, "res_partner", "x_p"));
	assert_true(column(c, "x_res_partner_x_m_rel", "x_m_id"));
	done(c, model_unlink(&c->env, model(c, "ir.model.fields"), &ids));
	assert_false(column(c, "res_partner", "x_p"));
	assert_false(column(c, "x_m", "x_r_id"));
	assert_false(column(c, "x_res_partner_x_m_rel", "x_m_id"));
	sound(c);
	done(c, find(c, "ir.model.fields", "[('model', '=', 'res.partner'),"
	    " ('name', '=', 'city')]", NULL, &base));
	refused(c, model_unlink(&c->env, model(c, "ir.model.fields"), &base),
	    ERR_USER, "city of res.partner is no custom field");
	refused(c, change(c, "ir.model.fields", base,
	    "{'field_description': 'x'}"), ERR_USER, "is no custom field");
	done(c, find(c, "ir.model.fields", "[('model', '=', 'x_m'),"
	    " ('name', '=', 'write_date')]", NULL, &base));
	refused(c, change(c, "ir.model.fields", base, "{'help': 'x'}"),
	    ERR_USER, "is no custom field");
	refused(c, model_unlink(&c->env, model(c, "ir.model.fields"), &base),
	    ERR_USER, "that every model has");
}

/* What every model has cannot go, not even the column of the id; it stays
 * when a command lets all fields go. */
static void
test_unlink_automatic(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;
	int64_t			 m, id;

	m = add(c, "ir.model", "{'name': 'M', 'model': 'x_m', 'field_id':"
	    " [(0, 0, {'name': 'x_name', 'ttype': 'char'})]}");
	id = add(c, "x_m", "{'x_name': 'a'}");
	done(c, change(c, "ir.model", one(c, m),
	    "{'field_id': [(5, 0, 0)]}"));
	sound(c);
	assert_false(column(c, "x_m", "x_name"));
	assert_int_equal(get(c, "x_m", id, "id").u.i, id);
	assert_int_equal(get(c, "x_m", id, "create_date").type,
	    VALUE_DATETIME);
	add(c, "x_m", "{}");
	done(c, find(c, "ir.model.fields", "[('model', '=', 'x_m'),"
	    " ('name', '=', 'id')]", NULL, &ids));
	assert_int_equal(ids.n, 1);
	refused(c, model_unlink(&c->env, model(c, "ir.model.fields"), &ids),
	    ERR_USER, "that every model has");
}

/* Two many2many fields that face each other share a table. */
static void
test_mirror(void **state)
{
	struct base_case	*c = *state;
	int64_t			 here, there_id, a, id;
	struct ids		 ids;

	made(c, "x_m");
	here = field(c, "x_m", "'name': 'x_p_ids', 'ttype': 'many2many',"
	    " 'relation': 'res.partner'");
	there_id = field(c, "res.partner", "'name': 'x_m_ids', 'ttype':"
	    " 'many2many', 'relation': 'x_m'");
	refused(c, try(c, "x_m", "'name': 'x_more_ids', 'ttype': 'many2many',"
	    " 'relation': 'res.partner'", &id), ERR_VALIDATION,
	    "give another relation_table");
	again(c);
	made(c, "x_m");
	here = field(c, "x_m", "'name': 'x_p_ids', 'ttype': 'many2many',"
	    " 'relation': 'res.partner'");
	there_id = field(c, "res.partner", "'name': 'x_m_ids', 'ttype':"
	    " 'many2many', 'relation': 'x_m'");
	a = add(c, "x_m", "{'x_p_ids': [(6, 0, [1])]}");
	assert_int_equal(get(c, "res.partner", 1, "x_m_ids").u.list->n, 1);
	ids = one(c, here);
	done(c, model_unlink(&c->env, model(c, "ir.model.fields"), &ids));
	assert_int_equal(get(c, "res.partner", 1,
	    "x_m_ids").u.list->v[0].u.i, a);
	sound(c);
	ids = one(c, there_id);
	done(c, model_unlink(&c->env, model(c, "ir.model.fields"), &ids));
	assert_false(column(c, "x_res_partner_x_m_rel", "x_m_id"));
	sound(c);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_types),
		case(test_refusals),
		case(test_change),
		case(test_fixed),
		case(test_selection),
		case(test_compute),
		case(test_reach),
		case(test_needed),
		case(test_unlink),
		case(test_unlink_automatic),
		case(test_mirror),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ir_model_fields", tests,
	    base_case_make, base_case_drop);
}
