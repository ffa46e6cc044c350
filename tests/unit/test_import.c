/* load and export_data: semantics 9.3. */

#include "base_case.h"

#include <string.h>

#include "base/buf.h"
#include "base/literal_write.h"
#include "orm/import.h"

/* columns and rows are Python literals. */
static bool
try(struct base_case *c, const char *name, const char *columns,
    const char *rows, struct value *result)
{
	struct value	 head = literal(c, columns);
	struct value	 body = literal(c, rows);
	struct import	 in = { .rows = body.u.list, .module = "__import__" };

	in.columns.v = arena_array(c->a, head.u.list->n + 1,
	    sizeof *in.columns.v);
	for (size_t i = 0; i < head.u.list->n; i++)
		in.columns.v[in.columns.n++] = head.u.list->v[i].u.text.p;
	return import_load(&c->env, model(c, name), &in, result);
}

static struct value
load(struct base_case *c, const char *name, const char *columns,
    const char *rows)
{
	struct value	 result;

	done(c, try(c, name, columns, rows, &result));
	return result;
}

/* The ids that were loaded; fails with the messages if there are none. */
static const struct value_list *
loaded(const struct value *result)
{
	const struct value	*ids = value_get(result, "ids");
	const struct value_list	*l = value_get(result, "messages")->u.list;

	if (ids->type != VALUE_LIST)
		fail_msg("%s", value_get(&l->v[0], "message")->u.text.p);
	return ids->u.list;
}

/* The i-th message is about this field (NULL: none) of this row. */
static void
message(const struct value *result, size_t i, const char *type,
    const char *field, int64_t row, const char *text)
{
	const struct value_list	*l = value_get(result, "messages")->u.list;
	const struct value	*m;

	assert_true(i < l->n);
	m = &l->v[i];
	assert_string_equal(value_get(m, "type")->u.text.p, type);
	if (strstr(value_get(m, "message")->u.text.p, text) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", text,
		    value_get(m, "message")->u.text.p);
	if (field == NULL)
		assert_int_equal(value_get(m, "field")->type, VALUE_BOOL);
	else
		assert_true(value_is_text(value_get(m, "field"), field));
	assert_int_equal(value_get(value_get(m, "rows"), "from")->u.i, row);
}

static size_t
count(struct base_case *c, const char *name, const char *domain)
{
	struct ids	 ids;

	done(c, find(c, name, domain, NULL, &ids));
	return ids.n;
}

static void
test_plain(void **state)
{
	struct base_case		*c = *state;
	struct value			 r;
	const struct value_list		*ids;
	int64_t				 id;

	r = load(c, "res.partner", "['id', 'name', 'is_company', 'color',"
	    " 'credit_limit', 'date', 'type', 'title', 'active']",
	    "[['p1', 'Anna', 'yes', '7', '1.5', '2020-02-29',"
	    "  'Invoice address', 'Doctor', 'TRUE'],"
	    " ['other.p2', ' Bob ', '0', '', '', '', 'delivery', '', 'no']]");
	ids = loaded(&r);
	assert_int_equal(ids->n, 2);
	id = ids->v[0].u.i;
	assert_text(c, "res.partner", id, "name", "Anna");
	assert_text(c, "res.partner", id, "type", "invoice");
	assert_true(get(c, "res.partner", id, "is_company").u.b);
	assert_int_equal(get(c, "res.partner", id, "color").u.i, 7);
	assert_true(value_is_text(&get(c, "res.partner", id,
	    "title").u.list->v[1], "Doctor"));
	id = ids->v[1].u.i;
	assert_text(c, "res.partner", id, "name", " Bob ");
	assert_false(get(c, "res.partner", id, "active").u.b);
	assert_int_equal(count(c, "ir.model.data", "[('module', '=',"
	    " '__import__'), ('name', '=', 'p1')]"), 1);
	assert_int_equal(count(c, "ir.model.data", "[('module', '=',"
	    " 'other'), ('name', '=', 'p2')]"), 1);
	/* the same again changes the same records */
	r = load(c, "res.partner", "['id', 'name']", "[['__import__.p1',"
	    " 'Anne']]");
	assert_int_equal(loaded(&r)->v[0].u.i, ids->v[0].u.i);
	assert_text(c, "res.partner", ids->v[0].u.i, "name", "Anne");
	assert_text(c, "res.partner", ids->v[0].u.i, "type", "invoice");
	r = load(c, "res.partner", "['.id', 'name']", arena_printf(c->a,
	    "[[%lld, 'Anke']]", (long long)ids->v[0].u.i));
	assert_text(c, "res.partner", ids->v[0].u.i, "name", "Anke");
}

static void
test_relations(void **state)
{
	struct base_case	*c = *state;
	struct value		 r, title;
	int64_t			 id;

	r = load(c, "res.partner", "['name', 'title/id']",
	    "[['a', 'base.res_partner_title_doctor']]");
	title = get(c, "res.partner", loaded(&r)->v[0].u.i, "title");
	id = title.u.list->v[0].u.i;
	r = load(c, "res.partner", "['name', 'title/.id']",
	    arena_printf(c->a, "[['a', '%lld'], ['b', %lld], ['c', False]]",
	    (long long)id, (long long)id));
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(get(c, "res.partner", loaded(&r)->v[i].u.i,
		    "title").u.list->v[0].u.i, id);
	/* a row may name what a row above has made */
	r = load(c, "res.partner", "['id', 'name', 'parent_id',"
	    " 'parent_id/id']", "[['x', 'Xavier', '', ''],"
	    " ['y', 'Yves', 'Xavier', 'x']]");
	assert_int_equal(get(c, "res.partner", loaded(&r)->v[1].u.i,
	    "parent_id").u.list->v[0].u.i, loaded(&r)->v[0].u.i);
	add(c, "res.partner", "{'name': 'Twin'}");
	add(c, "res.partner", "{'name': 'Twin'}");
	r = load(c, "res.partner", "['name', 'parent_id']",
	    "[['Z', 'Twin']]");
	assert_int_equal(loaded(&r)->n, 1);
	message(&r, 0, "warning", "parent_id", 0, "more than one");
}

/* Every wrong cell is told, and nothing is kept. */
static void
test_messages(void **state)
{
	struct base_case	*c = *state;
	size_t			 before = count(c, "res.partner", "[]");
	struct value		 r;

	r = load(c, "res.partner", "['id', 'name', 'is_company', 'color',"
	    " 'date', 'title', 'title/id', 'parent_id/.id', 'type']",
	    "[['ok', 'Good', '', '', '', '', '', '', ''],"
	    " ['base.res_partner_title_doctor', 'Bad', 'maybe', 'many', '2020-02-30', 'Atlantis',"
	    "  'base.nowhere', '99999999', 'nothing'],"
	    " ['a b', 'Worse', '', '', '', '', '', 'x', ''],"
	    " ['', '', 'no', '', '', '', '', '', '']]");
	assert_int_equal(value_get(&r, "ids")->type, VALUE_BOOL);
	assert_false(value_get(&r, "ids")->u.b);
	message(&r, 0, "error", "id", 1, "names a record of res.partner.title");
	message(&r, 1, "error", "is_company", 1, "neither yes");
	message(&r, 2, "error", "color", 1, "color");
	message(&r, 3, "error", "date", 1, "date");
	message(&r, 4, "error", "title", 1, "\"Atlantis\"");
	message(&r, 5, "error", "title/id", 1, "\"base.nowhere\"");
	message(&r, 6, "error", "parent_id/.id", 1, "\"99999999\"");
	message(&r, 7, "error", "type", 1, "Wrong value");
	message(&r, 8, "error", "parent_id/.id", 2, "\"x\"");
	message(&r, 9, "error", "name", 3, "mandatory");
	assert_int_equal(value_get(&r, "messages")->u.list->n, 10);
	assert_int_equal(count(c, "res.partner", "[]"), before);
	assert_int_equal(count(c, "ir.model.data", "[('name', '=', 'ok')]"),
	    0);
	/* and the transaction goes on */
	add(c, "res.partner", "{'name': 'after'}");
}

/* What only the store refuses is told of its row too. */
static void
test_unique(void **state)
{
	struct base_case	*c = *state;
	struct value		 r;

	r = load(c, "res.lang", "['name', 'code']", "[['One', 'x1'],"
	    " ['Two', 'x1'], ['Three', 'x3'], ['One', 'x4'], ['', 'x5']]");
	message(&r, 0, "error", "code", 1, "same");
	message(&r, 1, "error", "name", 3, "same");
	message(&r, 2, "error", "name", 4, "mandatory");
	assert_int_equal(count(c, "res.lang", "[('code', '=like', 'x_'),"
	    " ('active', 'in', [True, False])]"), 0);
}

static void
test_refusals(void **state)
{
	struct base_case	*c = *state;
	struct value		 r;

	refused(c, try(c, "res.partner", "['nonsuch']", "[]", &r), ERR_VALUE,
	    "nonsuch");
	refused(c, try(c, "res.users", "['password']", "[]", &r), ERR_VALUE,
	    "password");
	refused(c, try(c, "res.partner", "['name/id']", "[]", &r), ERR_VALUE,
	    "only a relation");
	refused(c, try(c, "res.partner", "['title/name']", "[]", &r),
	    ERR_VALUE, "many2one takes");
	refused(c, try(c, "res.partner", "[]", "[]", &r), ERR_VALUE,
	    "at least one");
	refused(c, try(c, "res.partner", "['name', 'ref']", "[['a']]", &r),
	    ERR_VALUE, "row 0");
	refused(c, try(c, "res.partner", "['name']", "['a']", &r), ERR_VALUE,
	    "row 0");
}

static void
test_rights(void **state)
{
	struct base_case	*c = *state;
	struct value		 r;

	as(c, "demo");
	r = load(c, "res.partner", "['name']", "[['a'], ['b']]");
	message(&r, 0, "error", NULL, 0, "not allowed to create");
	message(&r, 1, "error", NULL, 1, "not allowed to create");
	as(c, "editor");
	r = load(c, "res.partner", "['id', 'name']", "[['mine', 'a']]");
	assert_int_equal(loaded(&r)->n, 1);
}

static const char *
exported(struct base_case *c, const char *name, const struct ids *ids,
    const char *columns)
{
	struct value	 head = literal(c, columns), rows;
	struct names	 names = { 0 };
	struct buf	*b = buf_new(c->a);

	names.v = arena_array(c->a, head.u.list->n, sizeof *names.v);
	for (size_t i = 0; i < head.u.list->n; i++)
		names.v[names.n++] = head.u.list->v[i].u.text.p;
	done(c, export_rows(&c->env, model(c, name), ids, &names, &rows));
	literal_write(b, &rows);
	return b->p;
}

static void
test_export(void **state)
{
	struct base_case	*c = *state;
	int64_t			 v[3];
	struct ids		 ids = { v, 3 };
	struct value		 r;
	const char		*text;

	r = load(c, "res.partner", "['id', 'name', 'title/id',"
	    " 'parent_id/id', 'active']", "[['a', 'A', 'base.res_partner_title_doctor', '', '1'],"
	    " ['b', 'B', '', 'a', '0']]");
	v[0] = loaded(&r)->v[1].u.i;
	v[1] = loaded(&r)->v[0].u.i;
	v[2] = 999999;
	assert_string_equal(exported(c, "res.partner", &ids, "['id', 'name',"
	    " 'title', 'title/id', 'title/shortcut',"
	    " 'parent_id/name', 'active']"),
	    "[['__import__.b', 'B', '', '', '', 'A', False], "
	    "['__import__.a', 'A', 'Doctor', 'base.res_partner_title_doctor', 'Dr.', '', True]]");
	v[0] = add(c, "res.partner", "{'name': 'C'}");
	ids.n = 1;
	text = exported(c, "res.partner", &ids, "['id']");
	assert_memory_equal(text, "[['__export__.res_partner_", 26);
	assert_string_equal(text, exported(c, "res.partner", &ids, "['id']"));
	r = load(c, "res.partner", "['id', 'name']", arena_printf(c->a,
	    "[[%.*s, 'D']]", (int)strlen(text) - 4, text + 2));
	assert_int_equal(loaded(&r)->v[0].u.i, v[0]);
}

/* Each row changes the models; one of them is refused in the middle. */
static void
test_models(void **state)
{
	struct base_case	*c = *state;
	const char		*columns = "['name', 'model', 'field_id/name',"
				    " 'field_id/ttype']";
	struct value		 r;

	r = load(c, "ir.model", columns, "[['A', 'x_a', 'x_name', 'char'],"
	    " ['', '', 'x_n', 'integer'], ['B', 'x_b', 'x_n', 'nonsuch'],"
	    " ['C', 'x_c', 'x_n', 'integer']]");
	message(&r, 0, "error", "field_id/ttype", 2, "nonsuch");
	assert_null(registry_model(c->env.reg, "x_a"));
	r = load(c, "ir.model", columns, "[['A', 'x_a', 'x_name', 'char'],"
	    " ['', '', 'x_n', 'integer'], ['C', 'x_c', 'x_n', 'integer']]");
	assert_int_equal(loaded(&r)->n, 2);
	add(c, "x_a", "{'x_name': 'a', 'x_n': 1}");
}

int
main(void)
{
#define case(test)							\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_plain), case(test_relations), case(test_messages),
		case(test_unique), case(test_refusals), case(test_rights),
		case(test_export), case(test_models),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("import", tests, base_case_make,
	    base_case_drop);
}
