/* one2many, many2many, reference: reading, commands, refusals. */

#include "base_case.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "orm/formula.h"

#define CASE	struct base_case *c = *state

/* The ids that a read shows, as "1,2". */
static const char *
ids_of(struct base_case *c, const char *name, int64_t id, const char *field)
{
	struct value	 v = get(c, name, id, field);
	struct buf	*b = buf_new(c->a);

	assert_int_equal(v.type, VALUE_LIST);
	for (size_t i = 0; i < v.u.list->n; i++) {
		if (i != 0)
			buf_char(b, ',');
		buf_int(b, v.u.list->v[i].u.i);
	}
	return buf_text(b).p;
}

static const char *
vals(struct base_case *c, const char *format, ...)
{
	char	 text[512];
	va_list	 ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return arena_strdup(c->a, text);
}

static void
wrote(struct base_case *c, const char *name, int64_t id, const char *text)
{
	done(c, change(c, name, one(c, id), text));
}

/* What is computed of lines and links follows every command. */
static int
computed(void **state)
{
	CASE;
	struct value	 faults = value_list(c->a, 1);

	c->env.uid = SUPERUSER;
	done(c, formula_check(&c->env, &faults));
	if (faults.u.list->n != 0)
		fail_msg("%s", faults.u.list->v[0].u.text.p);
	return base_case_close(state);
}

/* Shelves 1 to 3 and a book on the first. */
static void
shelves(struct base_case *c)
{
	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.shelf", "{'name': 'b'}");
	add(c, "t.shelf", "{'name': 'c'}");
	add(c, "t.book", "{'name': 'x', 'shelf_id': 1}");
}

static void
test_one2many_create(void **state)
{
	CASE;
	struct ids	 both = { 0 };

	shelves(c);
	assert_int_equal(add(c, "t.book", "{'name': 'y', 'shelf_id': 2,"
	    " 'page_ids': [(0, 0, {'name': 'p'}), [0, 'virtual', {'name':"
	    " 'q', 'book_id': 1}], [0]]}"), 2);
	assert_string_equal(ids_of(c, "t.book", 2, "page_ids"), "1,2,3");
	assert_string_equal(ids_of(c, "t.book", 1, "page_ids"), "");
	assert_text(c, "t.page", 2, "name", "q");
	ids_add(&c->env, &both, 1);
	ids_add(&c->env, &both, 2);
	done(c, change(c, "t.book", both, "{'page_ids': [(0, 0, {})]}"));
	assert_string_equal(ids_of(c, "t.book", 1, "page_ids"), "4");
	assert_string_equal(ids_of(c, "t.book", 2, "page_ids"), "1,2,3,5");
	assert_int_equal(changes(c, "t.page", 0, "create"), 5);
	/* itself, and the number of its pages */
	assert_int_equal(changes(c, "t.book", 1, "write"), 2);
}

static void
test_one2many_commands(void **state)
{
	CASE;

	shelves(c);
	wrote(c, "t.shelf", 1, "{'child_ids': [(4, 2), (4, 3)]}");
	assert_string_equal(ids_of(c, "t.shelf", 1, "child_ids"), "2,3");
	assert_text(c, "t.shelf", 3, "path", "a/c");
	wrote(c, "t.shelf", 1, "{'child_ids': [(1, 2, {'name': 'bb'})]}");
	assert_text(c, "t.shelf", 2, "path", "a/bb");
	wrote(c, "t.shelf", 1, "{'child_ids': [(2, 3)]}");
	assert_false(there(c, "t.shelf", 3));

	/* parent_id cascades: what is let go goes; shelf_id is required */
	wrote(c, "t.shelf", 1, "{'child_ids': [(3, 2)]}");
	assert_false(there(c, "t.shelf", 2));
	refused(c, change(c, "t.shelf", one(c, 1), "{'book_ids': [(5,)]}"),
	    ERR_VALIDATION, "A mandatory field is not set: Shelf");
	again(c);
	shelves(c);
	refused(c, change(c, "t.shelf", one(c, 1), "{'book_ids': False}"),
	    ERR_VALIDATION, "A mandatory field is not set: Shelf");
}

/* res.partner.parent_id does not cascade: the line stays. */
static void
test_one2many_set(void **state)
{
	CASE;
	int64_t	 firm, a, b, d;

	firm = add(c, "res.partner", "{'name': 'Firm', 'child_ids':"
	    " [(0, 0, {'name': 'A'}), (0, 0, {'name': 'B'})]}");
	a = firm + 1;
	b = firm + 2;
	d = add(c, "res.partner", "{'name': 'D'}");
	wrote(c, "res.partner", firm, vals(c, "{'child_ids': [(3, %d)]}",
	    (int)a));
	assert_true(there(c, "res.partner", a));
	assert_text(c, "res.partner", a, "parent_name", NULL);
	wrote(c, "res.partner", firm, vals(c, "{'child_ids': [(3, %d)]}",
	    (int)d));
	wrote(c, "res.partner", firm, vals(c, "{'child_ids': [(6, 0, [%d,"
	    " %d])]}", (int)a, (int)d));
	assert_string_equal(ids_of(c, "res.partner", firm, "child_ids"),
	    vals(c, "%d,%d", (int)a, (int)d));
	assert_text(c, "res.partner", b, "parent_name", NULL);
	wrote(c, "res.partner", firm, "{'child_ids': []}");
	wrote(c, "res.partner", firm, vals(c, "{'child_ids': [%d]}", (int)b));
	assert_string_equal(ids_of(c, "res.partner", firm, "child_ids"),
	    vals(c, "%d", (int)b));
	wrote(c, "res.partner", firm, "{'child_ids': False}");
	assert_string_equal(ids_of(c, "res.partner", firm, "child_ids"), "");
	assert_true(there(c, "res.partner", b));
	wrote(c, "res.partner", a, vals(c, "{'child_ids': [(6, 0, [%d])]}",
	    (int)b));
	refused(c, change(c, "res.partner", one(c, b), vals(c,
	    "{'child_ids': [(4, %d)]}", (int)a)), ERR_VALIDATION,
	    "cannot be above itself");
}

/* The field's domain hides archived children; they are no lines of it. */
static void
test_one2many_domain(void **state)
{
	CASE;
	int64_t	 firm;

	firm = add(c, "res.partner", "{'name': 'Firm', 'child_ids':"
	    " [(0, 0, {'name': 'B'}), (0, 0, {'name': 'A'}),"
	    " (0, 0, {'name': 'C', 'active': False})]}");
	assert_string_equal(ids_of(c, "res.partner", firm, "child_ids"),
	    vals(c, "%d,%d", (int)firm + 2, (int)firm + 1));
	wrote(c, "res.partner", firm, "{'child_ids': [(5,)]}");
	assert_text(c, "res.partner", firm + 3, "parent_name", "Firm");
	context(c, "{'active_test': False}");
	assert_string_equal(ids_of(c, "res.partner", firm, "child_ids"), "");
	shelves(c);
	wrote(c, "t.shelf", 2, "{'parent_id': 1, 'active': False}");
	assert_string_equal(ids_of(c, "t.shelf", 1, "child_ids"), "2");
	context(c, NULL);
	assert_string_equal(ids_of(c, "t.shelf", 1, "child_ids"), "");
	wrote(c, "t.shelf", 1, "{'child_ids': [(5,)]}");
	assert_false(there(c, "t.shelf", 2));
}

static void
test_many2many(void **state)
{
	CASE;
	struct ids	 both = { 0 };

	shelves(c);
	wrote(c, "t.book", 1, "{'seen_ids': [(4, 3), (4, 2), (4, 3)]}");
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "2,3");
	assert_string_equal(ids_of(c, "t.shelf", 3, "seen_by_ids"), "1");
	wrote(c, "t.shelf", 1, "{'seen_by_ids': [(4, 1)]}");
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "1,2,3");
	wrote(c, "t.book", 1, "{'seen_ids': [(3, 1), (1, 2, {'name':"
	    " 'bb'})]}");
	assert_text(c, "t.shelf", 2, "name", "bb");
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "2,3");
	wrote(c, "t.book", 1, "{'seen_ids': [(6, 0, [1, 2])]}");
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "1,2");
	wrote(c, "t.book", 1, "{'seen_ids': [(2, 2, 0)]}");
	assert_false(there(c, "t.shelf", 2));
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "1");
	assert_int_equal(add(c, "t.book", "{'name': 'y', 'shelf_id': 1,"
	    " 'seen_ids': [3, 1]}"), 2);
	ids_add(&c->env, &both, 2);
	ids_add(&c->env, &both, 1);
	done(c, change(c, "t.book", both, "{'seen_ids':"
	    " [(0, 0, {'name': 'new'})]}"));
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "1,4");
	assert_string_equal(ids_of(c, "t.book", 2, "seen_ids"), "1,3,4");
	wrote(c, "t.book", 1, "{'seen_ids': [(5,)]}");
	assert_string_equal(ids_of(c, "t.shelf", 4, "seen_by_ids"), "2");
	done(c, change(c, "t.book", both, "{'seen_ids': [(6, 0, [3])]}"));
	assert_string_equal(ids_of(c, "t.shelf", 3, "seen_by_ids"), "1,2");
	wrote(c, "t.book", 2, "{'seen_ids': False}");
	assert_string_equal(ids_of(c, "t.shelf", 3, "seen_by_ids"), "1");
}

static void
test_refusals(void **state)
{
	static const struct {
		const char	*vals, *why;
		enum err_code	 code;
	}	 cases[] = {
		{ "5", "a list of commands or of ids", ERR_VALUE },
		{ "'x'", "a list of commands or of ids", ERR_VALUE },
		{ "{}", "a list of commands or of ids", ERR_VALUE },
		{ "True", "a list of commands or of ids", ERR_VALUE },
		{ "[(7, 1, 0)]", "command 1: there are commands 0 to 6 only",
		    ERR_VALUE },
		{ "[(5,), (-1,)]", "command 2", ERR_VALUE },
		{ "[()]", "a list of a number", ERR_VALUE },
		{ "[(4, 1, 0, 0)]", "a list of a number", ERR_VALUE },
		{ "[('4', 1)]", "a list of a number", ERR_VALUE },
		{ "['x']", "a list of a number", ERR_VALUE },
		{ "[(4, 1), 2]", "command 2", ERR_VALUE },
		{ "[1, (4, 2)]", "a list of ids", ERR_VALUE },
		{ "[1, 0]", "a list of ids", ERR_VALUE },
		{ "[(4,)]", "an id is wanted", ERR_VALUE },
		{ "[(3, 0)]", "an id is wanted", ERR_VALUE },
		{ "[(2, 'x')]", "an id is wanted", ERR_VALUE },
		{ "[(1, False, {})]", "an id is wanted", ERR_VALUE },
		{ "[(0, 0, [])]", "a dictionary of values", ERR_VALUE },
		{ "[(1, 1, 5)]", "a dictionary of values", ERR_VALUE },
		{ "[(6, 0, 5)]", "a list of ids", ERR_VALUE },
		{ "[(6, 0, ['x'])]", "a list of ids", ERR_VALUE },
		{ "[(4, 99)]", "there is no record 99 of", ERR_VALIDATION },
		{ "[(1, 99, {})]", "there is no record 99", ERR_VALIDATION },
		{ "[(2, 99)]", "there is no record 99 of", ERR_VALIDATION },
		{ "[(3, 99)]", "there is no record 99 of", ERR_VALIDATION },
		{ "[(6, 0, [1, 99])]", "there is no record 99",
		    ERR_VALIDATION },
		{ "[99]", "there is no record 99 of", ERR_VALIDATION },
		{ "[(0, 0, {'nonsuch': 1})]", "nonsuch", ERR_VALUE },
	};
	static const char *const	 fields[] = { "seen_ids", "page_ids" };
	CASE;

	shelves(c);
	wrote(c, "t.book", 1, "{'page_ids': [(0, 0, {})]}");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (size_t j = 0; j < 2; j++)
			refused(c, change(c, "t.book", one(c, 1), vals(c,
			    "{'%s': %s}", fields[j], cases[i].vals)),
			    cases[i].code, cases[i].why);
}

/* Nine records one inside the other are too many; nothing stays of them. */
static void
test_depth(void **state)
{
	CASE;
	const char	*text = "{'name': 'x'}";
	int64_t		 id;

	for (int i = 0; i < 8; i++)
		text = arena_printf(c->a,
		    "{'name': 'x%d', 'child_ids': [(0, 0, %s)]}", i, text);
	done(c, create(c, "t.shelf", text, &id));
	assert_text(c, "t.shelf", id + 8, "path",
	    "x7/x6/x5/x4/x3/x2/x1/x0/x");
	assert_int_equal(c->env.depth, 0);
	text = arena_printf(c->a, "{'name': 'x9', 'child_ids': [(0, 0, %s)]}",
	    text);
	refused(c, create(c, "t.shelf", text, &id), ERR_VALUE,
	    "more than 8 records one inside the other");
	assert_int_equal(c->env.depth, 0);
	again(c);
	refused(c, create(c, "t.shelf", "{'name': 'a', 'child_ids': [(0, 0,"
	    " {'name': 'b'}), (0, 0, {'name': 'c', 'seen_by_ids':"
	    " [(0, 0, {'name': 'd', 'shelf_id': 77})]})]}", &id),
	    ERR_VALIDATION, "there is no record 77");
	again(c);
	assert_int_equal(changes(c, "t.shelf", 0, "create"), 0);
}

/* What the context presets is of the record itself, not of its lines. */
static void
test_defaults(void **state)
{
	CASE;
	int64_t	 id;

	shelves(c);
	context(c, "{'default_name': 'z', 'default_shelf_id': 3,"
	    " 'default_page_ids': [(0, 0, {})], 'default_seen_ids': [2]}");
	id = add(c, "t.book", "{}");
	assert_text(c, "t.book", id, "name", "z");
	assert_text(c, "t.page", 1, "name", NULL);
	assert_string_equal(ids_of(c, "t.book", id, "page_ids"), "1");
	assert_string_equal(ids_of(c, "t.book", id, "seen_ids"), "2");
	id = add(c, "t.book", "{'page_ids': False, 'seen_ids': []}");
	assert_string_equal(ids_of(c, "t.book", id, "page_ids"), "");
	assert_string_equal(ids_of(c, "t.book", id, "seen_ids"), "");
	refused(c, create(c, "t.shelf", "{'book_ids': [(0, 0, {})]}", &id),
	    ERR_VALIDATION, "A mandatory field is not set: Title");
}

/* Each record under the rights on its own model. */
static void
test_rights(void **state)
{
	CASE;
	int64_t	 id;

	shelves(c);
	as(c, "demo");
	refused(c, change(c, "t.book", one(c, 1), "{'seen_ids': [(4, 1)]}"),
	    ERR_ACCESS, "t.book");
	assert_string_equal(ids_of(c, "t.book", 1, "page_ids"), "");
	as(c, "editor");
	wrote(c, "t.book", 1, "{'seen_ids': [(4, 1), (4, 2)]}");
	wrote(c, "t.book", 1, "{'seen_ids': [(3, 1)]}");
	refused(c, change(c, "t.book", one(c, 1), "{'seen_ids': [(0, 0,"
	    " {'name': 'x'})]}"), ERR_ACCESS, "t.shelf");
	refused(c, change(c, "t.book", one(c, 1), "{'seen_ids': [(2, 2)]}"),
	    ERR_ACCESS, "t.shelf");
	refused(c, change(c, "t.book", one(c, 1), "{'seen_ids': [(1, 2,"
	    " {'name': 'x'})]}"), ERR_ACCESS, "t.shelf");
	refused(c, create(c, "t.book", "{'name': 'y', 'shelf_id': 1,"
	    " 'page_ids': [(0, 0, {})]}", &id), ERR_ACCESS, "t.page");
	/* t.page can be written by him, and not read */
	refused(c, change(c, "t.book", one(c, 1), "{'page_ids': [(5,)]}"),
	    ERR_ACCESS, "t.page");
	assert_string_equal(ids_of(c, "t.book", 1, "page_ids"), "");
	assert_string_equal(ids_of(c, "t.book", 1, "seen_ids"), "2");
}

static void
test_reference(void **state)
{
	CASE;
	static const char *const	 bad[] = {
		"5", "'t.shelf'", "'t.shelf,'", "'t.shelf,x'", "'t.shelf,-1'",
		"'t.shelf,0'", "'t.book,1'", "'nonsuch,1'", "['t.shelf', 1]",
	};

	shelves(c);
	assert_text(c, "t.book", 1, "about", NULL);
	wrote(c, "t.book", 1, "{'about': 't.shelf,2'}");
	assert_text(c, "t.book", 1, "about", "t.shelf,2");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused(c, change(c, "t.book", one(c, 1), vals(c,
		    "{'about': %s}", bad[i])), ERR_VALUE, "about of t.book");
	refused(c, change(c, "t.book", one(c, 1), "{'about': 't.shelf,99'}"),
	    ERR_VALIDATION, "About (about): there is no record 99 of t.shelf");
	wrote(c, "t.book", 1, "{'about': False}");
	assert_text(c, "t.book", 1, "about", NULL);
}

static const char *
attribute(struct base_case *c, const char *name, const char *field,
    const char *word)
{
	struct names		 fields = { &field, 1 };
	const struct value	*v;
	struct value		 all;

	done(c, model_describe(&c->env, model(c, name), &fields, NULL, &all));
	v = value_get(value_get(&all, field), word);
	return v == NULL || v->type != VALUE_TEXT ? "" :
	    arena_strndup(c->a, v->u.text.p, v->u.text.n);
}

static void
test_describe(void **state)
{
	CASE;
	struct value	 all;

	assert_string_equal(attribute(c, "t.book", "page_ids", "type"),
	    "one2many");
	assert_string_equal(attribute(c, "t.book", "page_ids",
	    "relation_field"), "book_id");
	assert_string_equal(attribute(c, "t.book", "seen_ids", "relation"),
	    "t.shelf");
	assert_string_equal(attribute(c, "t.book", "seen_ids",
	    "relation_field"), "");
	done(c, model_describe(&c->env, model(c, "res.partner"), NULL, NULL,
	    &all));
	assert_int_equal(value_get(value_get(&all, "child_ids"),
	    "domain")->u.list->n, 1);
	assert_true(value_get(value_get(&all, "child_ids"), "store")->u.b);
	assert_false(value_get(value_get(&all, "child_ids"),
	    "sortable")->u.b);
	assert_int_equal(value_get(value_get(&all, "category_id"),
	    "domain")->u.list->n, 0);
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, base_case_open,	\
		    computed)
	const struct CMUnitTest	 commands[] = {
		TEST(test_one2many_create), TEST(test_one2many_commands),
		TEST(test_one2many_set), TEST(test_one2many_domain),
		TEST(test_many2many), TEST(test_refusals), TEST(test_depth),
		TEST(test_defaults), TEST(test_rights), TEST(test_reference),
		TEST(test_describe),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(commands, base_case_make,
	    base_case_drop);
}
