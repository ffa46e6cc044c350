#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/literal.h"
#include "base/value.h"
#include "ser/parse.h"

static struct arena	*arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static bool
parse(const char *text, struct value *v, struct err *err)
{
	memset(err, 0, sizeof *err);
	return parse_xml(arena, span_of(text), &parse_limits_default, v, err);
}

/* The XML means the literal. */
static void
same(const char *text, const char *literal)
{
	struct value	 v, w;
	struct err	 err;

	if (!parse(text, &v, &err))
		fail_msg("%s: %s", text, err.msg);
	assert_true(literal_parse(arena, span_of(literal),
	    &parse_limits_default, &w, &err));
	if (!value_equal(&v, &w))
		fail_msg("%s is not %s", text, literal);
}

static void
refused(const char *text, const char *message)
{
	struct value	 v;
	struct err	 err;

	if (parse(text, &v, &err))
		fail_msg("%s was accepted", text);
	assert_int_equal(err.code, ERR_BAD_REQUEST);
	if (strstr(err.msg, message) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", err.msg, message);
}

static void
test_leaves(void **state)
{
	(void)state;
	same("<vals><a>1</a><b>x y</b><c>'q'</c><d/><e> True\n</e>"
	    "<f>[1, (2,)]</f><g>1 2</g><h></h></vals>",
	    "{'vals': {'a': 1, 'b': 'x y', 'c': 'q', 'd': '', 'e': True,"
	    "'f': [1, [2]], 'g': '1 2', 'h': ''}}");
	same("<?xml version='1.0'?>\n<!-- <x> -->\n<kwargs>\n <a>"
	    "caf\xc3\xa9 &lt;&#233;<![CDATA[<b>]]><!-- c --> d</a>\n"
	    "</kwargs>\n",
	    "{'kwargs': {'a': 'caf\xc3\xa9 <\xc3\xa9<b> d'}}");
	same("<args>7</args>", "{'args': 7}");
	same("<vals/>", "{'vals': ''}");
}

static void
test_lists(void **state)
{
	(void)state;
	same("<args><item>1</item><item>a</item></args>",
	    "{'args': [1, 'a']}");
	same("<args><items><item>1</item></items></args>",
	    "{'args': [1]}");
	same("<vals><f><items><item>a</item><item><b>2</b></item></items></f>"
	    "<g><items/></g></vals>",
	    "{'vals': {'f': ['a', {'b': 2}], 'g': []}}");
	same("<args><ids><item>17</item><item>20</item></ids></args>",
	    "{'args': {'ids': [17, 20]}}");
	same("<vals><c><ids><item>1</item></ids></c></vals>",
	    "{'vals': {'c': [1]}}");
	same("<vals><ids>17,20</ids></vals>", "{'vals': {'ids': '17,20'}}");
	refused("<args><item>1</item><b/></args>", "b stands where an item");
	refused("<args><b/><item>1</item><item>1</item></args>",
	    "item is given twice");
}

static void
test_types(void **state)
{
	(void)state;
	same("<vals type='dict'><a type='str'>106</a><b type='int'> 7 </b>"
	    "<c type='float'>2</c><d type='bool'>false</d>"
	    "<e type='null'/><f type='list'><item type='int'>1</item></f>"
	    "<g type='list'/><h type='dict'/><i type='bool'>1</i>"
	    "<j type='str'>None</j></vals>",
	    "{'vals': {'a': '106', 'b': 7, 'c': 2.0, 'd': False, 'e': None,"
	    "'f': [1], 'g': [], 'h': {}, 'i': True, 'j': 'None'}}");
	refused("<vals><a type='int'>x</a></vals>", "a is no integer");
	refused("<vals><a type='int'>1.5</a></vals>", "a is no integer");
	refused("<vals><a type='int'>9223372036854775808</a></vals>",
	    "a is no integer");
	refused("<vals><a type='float'>x</a></vals>", "a is no number");
	refused("<vals><a type='bool'>2</a></vals>", "neither true nor false");
	refused("<vals><a type='null'>x</a></vals>", "must be empty");
	refused("<vals><a type='int'><b/></a></vals>", "text only");
	refused("<vals><a type='list'>x</a></vals>", "text beside");
	refused("<vals><a type='odd'>x</a></vals>", "type that is not known");
}

static void
test_refused(void **state)
{
	(void)state;
	refused("", "");
	refused("<other/>", "Bad Request");
	refused("<vals>", "line 1: ");
	refused("<vals>\n<a></b></vals>", "line 2: ");
	refused("<vals/><vals/>", "line 1: ");
	refused("<vals><a>1</a><a>2</a></vals>", "line 1: a is given twice");
	refused("<vals>x<a>1</a></vals>", "vals has text beside");
	refused("<vals>&nbsp;</vals>", "line 1: ");
	refused("<vals>&#0;</vals>", "line 1: ");
	refused("<vals>\xff</vals>", "is not UTF-8");
	refused("<vals a='1' a='2'/>", "line 1: ");
	refused("<vals><!-- </vals>", "does not end");
	refused("text", "line 1: ");
	/* Another encoding is not believed. */
	refused("<?xml version='1.0' encoding='iso-8859-1'?><vals>\xe9</vals>",
	    "is not UTF-8");
}

static void
test_no_dtd(void **state)
{
	(void)state;
	refused("<!DOCTYPE vals><vals/>", "DOCTYPE");
	refused("<!DOCTYPE vals [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
	    "<vals>&x;</vals>", "DOCTYPE");
	refused("<!-- --><?p ?> <!DOCTYPE a [<!ENTITY a 'aa'>"
	    "<!ENTITY b '&a;&a;'>]><vals>&b;</vals>", "DOCTYPE");
	refused("<vals><!ENTITY x 'y'></vals>", "DOCTYPE");
}

/* n times the text, between begin and end. */
static void
refused_many(const char *begin, const char *text, size_t n, const char *end,
    const char *message)
{
	size_t	 size = strlen(text);
	char	*all = malloc(strlen(begin) + n * size + strlen(end) + 1);
	char	*to = stpcpy(all, begin);

	while (n-- > 0)
		to = stpcpy(to, text);
	strcpy(to, end);
	refused(all, message);
	free(all);
}

static void
test_limits(void **state)
{
	char	 attributes[4096] = "<vals", *to = attributes + 5;

	(void)state;
	for (int i = 0; i < 64; i++)
		to += sprintf(to, " a%d='='", i);
	strcpy(to, ">1</vals>");
	same(attributes, "{'vals': 1}");
	strcpy(to, " b=''>1</vals>");
	refused(attributes, "too many attributes");
	refused_many("<vals", " a='1'", 1000000, "/>", "too many attributes");
	refused_many("<vals>", "<item/>", 200000, "</vals>",
	    "too many elements");
	refused_many("<vals>", "<a>", 100, "", "line 1: ");
	refused_many("<vals type='list'>", "<item>[0,0,0,0,0,0,0,0,0]</item>",
	    20001, "</vals>", "too many values");
	refused_many("<vals>", "<a><b><c><d><e><f>", 6,
	    "</f></e></d></c></b></a></f></e></d></c></b></a></f></e></d>"
	    "</c></b></a></f></e></d></c></b></a></f></e></d></c></b></a>"
	    "</f></e></d></c></b></a></vals>", "nested too deep");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_dtd),
		cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
