/* Semantics 1.1, 1.6, 1.8, 1.11, 1.12. */

#include "orm_case.h"

#include <string.h>

#include "base/buf.h"
#include "orm/domain.h"
#include "orm/operator.h"

#define CASE	struct orm_case *c = *state

static const struct domain *
parsed(struct orm_case *c, const char *text)
{
	struct value		 v = literal(c, text);
	const struct domain	*d;

	done(c, domain_parse(&c->env, &v, &d));
	return d;
}

/* The tree in brackets: "(& a=, (! b=like))". */
static void
write_tree(struct buf *b, const struct domain *d)
{
	static const char *const	 words[] = {
		[DOMAIN_TRUE] = "T", [DOMAIN_FALSE] = "F", [DOMAIN_AND] = "&",
		[DOMAIN_OR] = "|", [DOMAIN_NOT] = "!",
	};

	if (d->kind == DOMAIN_TERM) {
		buf_printf(b, "%s%s", d->path.p, d->op->name);
		return;
	}
	if (d->kind == DOMAIN_TRUE || d->kind == DOMAIN_FALSE) {
		buf_str(b, words[d->kind]);
		return;
	}
	buf_printf(b, "(%s ", words[d->kind]);
	write_tree(b, d->a);
	if (d->b != NULL) {
		buf_char(b, ' ');
		write_tree(b, d->b);
	}
	buf_char(b, ')');
}

static void
tree_is(struct orm_case *c, const char *domain, const char *want)
{
	struct buf	*b = buf_new(c->a);

	write_tree(b, parsed(c, domain));
	assert_string_equal(b->p, want);
}

#define A	"('a','=',1)"
#define B	"('b','<',1)"
#define C	"('c','in',[1])"

static void
parses(void **state)
{
	CASE;

	tree_is(c, "[]", "T");
	tree_is(c, "[" A "]", "a=");
	tree_is(c, "[" A "," B "," C "]", "(& (& a= b<) cin)");
	tree_is(c, "['|'," A "," B "," C "]", "(& (| a= b<) cin)");
	tree_is(c, "[" A ",'|'," B "," C "]", "(& a= (| b< cin))");
	tree_is(c, "['&','|'," A "," B "," C "]", "(& (| a= b<) cin)");
	tree_is(c, "['|'," A ",'&'," B "," C "]", "(| a= (& b< cin))");
	tree_is(c, "[(1,'=',1)]", "T");
	tree_is(c, "[(0,'=',1)]", "F");
	tree_is(c, "[(True,'=',1)]", "T");
	tree_is(c, "[['a','<>',2]]", "a<>");
	assert_int_equal(parsed(c, "['|'," A "," B "]")->b->at, 3);
}

static void
negates(void **state)
{
	CASE;

	tree_is(c, "['!'," A "]", "a!=");
	tree_is(c, "['!','!'," A "]", "a=");
	tree_is(c, "['!'," B "]", "b>=");
	tree_is(c, "['!'," C "]", "cnot in");
	tree_is(c, "['!',('a','not ilike','x')]", "ailike");
	tree_is(c, "['!',('a','=like','x')]", "(! a=like)");
	tree_is(c, "['!','!',('a','=like','x')]", "a=like");
	tree_is(c, "['!','|'," A "," B "]", "(& a!= b>=)");
	tree_is(c, "['!','&'," A ",'!'," B "]", "(| a!= b<)");
	tree_is(c, "['!'," A "," B "]", "(& a!= b<)");
	tree_is(c, "['!',(1,'=',1)]", "F");
	tree_is(c, "['!',('a','<>',1)]", "a=");
}

static void
repairs(void **state)
{
	CASE;

	tree_is(c, "[('a','in',True)]", "a=");
	tree_is(c, "[('a','not in',False)]", "a!=");
	tree_is(c, "['!',('a','in',True)]", "a!=");
	tree_is(c, "[('a','=',[1])]", "ain");
	tree_is(c, "[('a','!=',[1])]", "anot in");
	tree_is(c, "[('a','<>',[1])]", "anot in");
	tree_is(c, "['!',('a','=',[1])]", "anot in");
	tree_is(c, "[('a','=?',1)]", "a=");
	tree_is(c, "[('a','=?',0)]", "a=");
	tree_is(c, "[('a','=?',[1])]", "ain");
	tree_is(c, "[('a','=?',False)]", "a=?");
	tree_is(c, "['!',('a','=?',1)]", "(! a=)");
	tree_is(c, "['!',('a','=?',None)]", "(! a=?)");
	tree_is(c, "['!',('a','any',[])]", "anot any");
}

static void
refuses_to_parse(void **state)
{
	CASE;
	static const struct {
		const char	*text, *why;
	}			 bad[] = {
		{ "False", "must be a list" }, { "None", "must be a list" },
		{ "{}", "must be a list of terms, not a dictionary" },
		{ "'x'", "not a text" },
		{ "['&'," A "]", "1 more term is" },
		{ "['|']", "2 more terms are" }, { "['!']", "1 more term" },
		{ "[" A ",'&'," B "]", "1 more term" },
		{ "[" A ",'!']", "1 more term" },
		{ "['a','=',1]", "item 1 is neither" },
		{ "[" A ",5]", "item 2 is neither" },
		{ "['and'," A "," B "]", "item 1 is neither" },
		{ "[" A ",('a','=')]", "item 2 has 2 parts" },
		{ "[('a','=',1,2)]", "item 1 has 4 parts" },
		{ "[()]", "item 1 has 0 parts" },
		{ "[" A ",('a','ILIKE','x')]", "item 2 has an unknown operator"
		    " \"ILIKE\"" },
		{ "[('a',5,'x')]", "item 1 has an unknown operator" },
		{ "[('','=',1)]", "item 1 must begin with a field" },
		{ "[" A ",('a','any',5)]", "item 2: any wants a domain, got" },
		{ "[" A ",('a','any',[" A ",('b','=')])]",
		    "item 2.2 has 2 parts" },
		{ "[('a','any',['&'," A "])]", "the domain in item 1 ends" },
		{ "[('a','not any',[('b','any',[5])])]",
		    "item 1.1.1 is neither" },
		{ "[('a','any',[('a','any',[('a','any',[('a','any',["
		    "('a','any',[('a','any',[('a','any',[('a','any',["
		    "('a','any',[])])])])])])])])])]", "more than 8 deep" },
		{ "[(1,'=',0)]", "item 1 must begin" },
		{ "[(2,'=',1)]", "item 1 must begin" },
		{ "[(1,'!=',1)]", "item 1 must begin" },
		{ "[(None,'=',1)]", "item 1 must begin" },
	};
	const struct domain	*d;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct value	 v = literal(c, bad[i].text);

		refused(c, domain_parse(&c->env, &v, &d), ERR_VALUE,
		    bad[i].why);
	}
}

static const char *
chain(struct orm_case *c, size_t n, const char *word)
{
	struct buf	*b = buf_new(c->a);

	buf_char(b, '[');
	for (size_t i = 1; i < n && word[0] != '\0'; i++)
		buf_printf(b, "'%s',", word);
	for (size_t i = 1; i <= n; i++)
		buf_printf(b, "('age','=',%zu),", i);
	buf_char(b, ']');
	return buf_text(b).p;
}

/* As many terms as are allowed, in any chain, reach the store whole. */
static void
terms_are_limited(void **state)
{
	CASE;
	struct value		 v = literal(c, chain(c, 1001, ""));
	struct buf		*b = buf_new(c->a);
	const struct domain	*d;

	add(c, &c->partner, "{'age': 700}");
	refused(c, domain_parse(&c->env, &v, &d), ERR_VALUE, "1000 terms");
	assert_string_equal(found(c, &c->partner, chain(c, 1000, "|")), "1");
	assert_string_equal(found(c, &c->partner, chain(c, 1000, "&")), "");
	assert_string_equal(found(c, &c->partner, chain(c, 1000, "")), "");
	buf_char(b, '[');
	for (int i = 0; i < 100001; i++)
		buf_str(b, "'!',");
	buf_str(b, "('age','=',5)]");
	assert_string_equal(found(c, &c->partner, buf_text(b).p), "1");
}

static void
names_fields(void **state)
{
	CASE;

	assert_true(domain_names(parsed(c, "['|'," A ",('active','=',1)]"),
	    "active"));
	assert_true(domain_names(parsed(c, "['!',('active','=like','x')]"),
	    "active"));
	assert_false(domain_names(parsed(c, "[('parent_id.active','=',1)]"),
	    "active"));
	assert_false(domain_names(parsed(c, "[]"), "active"));
}

static void
joins(void **state)
{
	CASE;
	const struct domain	*a, *b;

	a = domain_term(&c->env, "age", ">=", value_int(5));
	b = parsed(c, "[('age','<',9)]");
	assert_ptr_equal(domain_and(&c->env, NULL, a), a);
	assert_ptr_equal(domain_and(&c->env, a, NULL), a);
	assert_null(domain_and(&c->env, NULL, NULL));
	a = domain_and(&c->env, a, b);
	assert_int_equal(a->kind, DOMAIN_AND);
	assert_ptr_equal(a->b, b);
}

static void
true_is_no_condition(void **state)
{
	CASE;
	const struct expr	*e = &(struct expr){ .op = EXPR_FALSE };

	done(c, domain_compile(&c->env, &c->partner, parsed(c, "[]"), &e));
	assert_null(e);
	done(c, domain_compile(&c->env, &c->partner,
	    parsed(c, "['|',(1,'=',1),('age','=',1)]"), &e));
	assert_null(e);
	done(c, domain_compile(&c->env, &c->partner,
	    parsed(c, "[(0,'=',1)]"), &e));
	assert_int_equal(e->op, EXPR_FALSE);
}

static void
family(struct orm_case *c)
{
	add(c, &c->country, "{'name': 'Belgium', 'code': 'BE'}");
	add(c, &c->country, "{'name': 'Brazil', 'code': 'BR'}");
	add(c, &c->country, "{'code': 'XX'}");
	add(c, &c->partner, "{'name': 'Boss', 'country_id': 1,"
	    " 'display_name': 'Boss', 'active': False}");
	add(c, &c->partner, "{'name': 'Ann', 'parent_id': 1,"
	    " 'country_id': 2, 'display_name': 'Boss, Ann'}");
	add(c, &c->partner, "{'name': 'Bob', 'parent_id': 2,"
	    " 'display_name': 'Ann, Bob'}");
	add(c, &c->partner, "{'country_id': 3}");
}

struct leaf {
	const char	*domain, *ids;
};

static void
check(struct orm_case *c, const struct leaf *leaves, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char	*ids = found(c, &c->partner, leaves[i].domain);

		if (strcmp(ids, leaves[i].ids) != 0)
			fail_msg("%s: %s, not %s", leaves[i].domain, ids,
			    leaves[i].ids);
	}
}

static void
names_are_looked_up(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('country_id','=','Belgium')]", "1" },
		{ "[('country_id','=','belgium')]", "" },
		{ "[('country_id','!=','Belgium')]", "2,3,4" },
		{ "[('country_id','ilike','b')]", "1,2" },
		{ "[('country_id','like','b')]", "" },
		{ "[('country_id','not ilike','bel')]", "2,3,4" },
		{ "[('country_id','ilike','')]", "1,2,4" },
		{ "[('country_id','not ilike','')]", "3,4" },
		{ "[('country_id','=like','B%m')]", "1" },
		{ "['!',('country_id','=like','B%m')]", "2,4" },
		{ "['!',('country_id','=like','Q%')]", "1,2,4" },
		{ "[('country_id','in',['Belgium','Brazil'])]", "1,2" },
		{ "[('country_id','=',['Belgium'])]", "1" },
		{ "[('country_id','not in',['Belgium'])]", "2,3,4" },
		{ "[('country_id','in','Brazil')]", "2" },
		{ "[('country_id','not in','Brazil')]", "1,3,4" },
		{ "[('country_id','<','Brazil')]", "2" },
		{ "[('country_id','>=',['Brazil'])]", "2" },
		{ "['!',('country_id','=','Belgium')]", "2,3,4" },
		/* archived ones too, by the stored display name */
		{ "[('parent_id','=','Boss')]", "2" },
		{ "[('parent_id','=','Boss, Ann')]", "3" },
		{ "[('country_id','ilike',False)]", "1,2,3,4" },
		{ "[('country_id.display_name','=','Brazil')]", "2" },
		/* on a plain text field nothing of all this */
		{ "[('display_name','ilike','ann')]", "2,3" },
	};

	family(c);
	check(c, leaves, sizeof leaves / sizeof leaves[0]);
}

static void
paths_are_followed(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('country_id.code','=','BE')]", "1" },
		{ "[('country_id.code','!=','BE')]", "2,4" },
		{ "['!',('country_id.code','=','BE')]", "2,4" },
		{ "[('country_id.name','=',False)]", "4" },
		{ "[('parent_id.country_id.code','=','BE')]", "2" },
		{ "[('parent_id.parent_id.name','=','Boss')]", "3" },
		{ "[('parent_id.country_id','=','Brazil')]", "3" },
		{ "[('parent_id.country_id','=',2)]", "3" },
		{ "[('parent_id.id','=',1)]", "2" },
		{ "[('parent_id.id','not in',[1])]", "3" },
		{ "[('parent_id.label','=','Boss (BE)')]", "2" },
		{ "[('parent_id.active','=',False)]", "2,3" },
		{ "['!',('parent_id.name','=like','B%')]", "3" },
		{ "['|',('country_id.code','=','XX'),('name','=','Bob')]",
		    "3,4" },
	};

	family(c);
	check(c, leaves, sizeof leaves / sizeof leaves[0]);
}

static void
refuses_to_compile(void **state)
{
	CASE;
	static const struct {
		const char	*text, *why;
	}			 bad[] = {
		{ "[('nme','=',1)]", "item 1, \"nme\": field \"nme\" of "
		    "partner does not exist" },
		{ "[('age','=',1),('parent_id.nme','=',1)]", "item 2, "
		    "\"parent_id.nme\": field \"nme\" of partner" },
		{ "[('name.x','=',1)]", "\"name\" of partner is no relation" },
		{ "[('country_id.code.x','=',1)]", "\"code\" of country is" },
		{ "[('parent_id.','=',1)]", "field \"\" of partner" },
		{ "[('.name','=',1)]", "field \"\" of partner" },
		{ "[('password','=','x')]", "\"password\" of partner does" },
		{ "[('parent_id.password','like','x')]", "does not exist" },
		{ "[('parent_id.id','=','x')]", "item 1, \"parent_id.id\": "
		    "id of partner wants an id" },
		{ "[('age','=',1),('born','<','x')]", "item 2, \"born\": born "
		    "of partner wants" },
		{ "[('parent_id','any',[('age','=',1),('nme','=',1)])]",
		    "the domain's item 1.2, \"nme\": field \"nme\" of" },
		{ "[('age','any',[])]", "age of partner is no relation" },
		{ "[('parent_id.parent_id.parent_id.parent_id.parent_id."
		    "parent_id.parent_id.parent_id.name','=','x')]",
		    "more than 8 models" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const struct domain	*d = parsed(c, bad[i].text);
		const struct expr	*e;

		refused(c, domain_compile(&c->env, &c->partner, d, &e),
		    ERR_VALUE, bad[i].why);
	}
	found(c, &c->partner, "[('parent_id.parent_id.parent_id.parent_id."
	    "parent_id.parent_id.parent_id.name','=','x')]");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(parses),
		TEST(negates),
		TEST(repairs),
		TEST(refuses_to_parse),
		TEST(terms_are_limited),
		TEST(names_fields),
		TEST(joins),
		TEST(true_is_no_condition),
		TEST(names_are_looked_up),
		TEST(paths_are_followed),
		TEST(refuses_to_compile),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
