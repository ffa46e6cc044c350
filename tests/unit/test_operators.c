/* Semantics 1.2 to 1.5, one leaf at a time, on real rows. */

#include "orm_case.h"

#include <string.h>

#include "orm/domain.h"
#include "orm/operator.h"

#define CASE	struct orm_case *c = *state

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

#define CHECK(leaves)	check(c, leaves, sizeof leaves / sizeof leaves[0])

static void
refuse(struct orm_case *c, const char *domain, const char *why)
{
	struct value		 v = literal(c, domain);
	const struct domain	*d;
	const struct expr	*e;

	refused(c, domain_parse(&c->env, &v, &d) &&
	    domain_compile(&c->env, &c->partner, d, &e), ERR_VALUE, why);
}

static void
table(void **state)
{
	static const char *const	 names[] = {
		"=", "!=", "<>", "<", "<=", ">", ">=", "in", "not in", "like",
		"not like", "ilike", "not ilike", "=like", "=ilike",
		"=?", "any", "not any", "child_of", "parent_of",
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const struct operator	*op = operator_named(span_of(names[i]));
		const struct operator	*back;

		assert_non_null(op);
		if (op->opposite[0] == '\0')
			continue;
		back = operator_named(span_of(op->opposite));
		assert_non_null(back);
		back = operator_named(span_of(back->opposite));
		assert_true(back->op == op->op && back->negate == op->negate);
		assert_true(back->operand == op->operand);
	}
	assert_null(operator_named(span_of("ILIKE")));
	assert_null(operator_named(span_of("")));
	assert_null(operator_named(span_of("==")));
}

static void
text(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('city','=',False)]", "4" },
		{ "[('city','=',None)]", "4" },
		{ "[('city','!=',False)]", "1,2,3,5,6" },
		{ "[('city','=','Köln')]", "1" },
		{ "[('city','!=','Köln')]", "2,3,4,5,6" },
		{ "[('city','<>','Köln')]", "2,3,4,5,6" },
		{ "[('city','=','')]", "3" },
		{ "[('city','!=','')]", "1,2,5,6" },
		{ "[('city','=',5)]", "5" },
		{ "[('city','like','ö')]", "1" },
		{ "[('city','like','KÖ')]", "" },
		{ "[('city','ilike','KÖ')]", "1" },
		{ "[('city','not ilike','KÖ')]", "2,3,4,5,6" },
		{ "[('city','ilike','')]", "1,2,3,4,5,6" },
		{ "[('city','ilike',False)]", "1,2,3,4,5,6" },
		{ "[('city','not ilike','')]", "4" },
		{ "[('city','not like',False)]", "4" },
		{ "[('city','like','ö_n')]", "1" },
		{ "[('city','like','5%x')]", "6" },
		{ "[('city','like','5\\\\%')]", "6" },
		{ "[('city','like','x\\\\')]", "" },
		{ "[('city','=like','K%')]", "1" },
		{ "[('city','=like','k%')]", "" },
		{ "[('city','=ilike','k%N')]", "1" },
		{ "[('city','=like','K')]", "" },
		{ "[('city','=like',False)]", "" },
		{ "['!',('city','=like','K%')]", "2,3,5,6" },
		{ "[('city','<','L')]", "1,3,5,6" },
		{ "[('city','>=','L')]", "2" },
		{ "['!',('city','<','L')]", "2" },
		{ "[('city','<',False)]", "" },
	};

	add(c, &c->partner, "{'city': 'Köln'}");
	add(c, &c->partner, "{'city': 'Rome'}");
	add(c, &c->partner, "{'city': ''}");
	add(c, &c->partner, "{}");
	add(c, &c->partner, "{'city': '5'}");
	add(c, &c->partner, "{'city': '5%x'}");
	CHECK(leaves);
	refuse(c, "[('city','=',{'a': 1})]", "city of partner wants a text");
	refuse(c, "[('city','ilike',[1])]", "got list");
}

static void
numbers(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('age','=',False)]", "3" },
		{ "[('age','=',0)]", "2" },
		{ "[('age','!=',0)]", "1,4" },
		{ "[('age','!=',5)]", "2,3,4" },
		{ "[('age','=','5')]", "1" },
		{ "[('age','=',5.9)]", "1" },
		{ "[('age','=',True)]", "" },
		{ "[('age','>',-3.9)]", "1,2" },
		{ "[('age','<',5)]", "2,4" },
		{ "['!',('age','<',5)]", "1" },
		{ "[('age','<',False)]", "4" },
		{ "[('age','ilike','5')]", "1" },
		{ "[('age','=like','-_')]", "4" },
		{ "[('age','not in',[5])]", "2,3,4" },
		{ "[('credit','=',2.5)]", "1" },
		{ "[('credit','=','2.50')]", "1" },
		{ "[('credit','=',2.501)]", "" },
		{ "[('credit','!=',2.501)]", "1,2,3,4" },
		{ "[('credit','<',2.501)]", "1,2" },
		{ "[('credit','<=',2.501)]", "1,2" },
		{ "[('credit','>',2.499)]", "1,4" },
		{ "[('credit','>=',2.501)]", "4" },
		{ "[('credit','<',-0.001)]", "" },
		{ "[('credit','>',-0.001)]", "1,2,4" },
		{ "[('credit','in',[2.501, 2.51, False])]", "3,4" },
		{ "[('credit','like','.5')]", "1,4" },
		{ "[('weight','=',0.1)]", "1" },
		{ "[('weight','!=',0)]", "1" },
		{ "[('weight','>','0.05')]", "1" },
		{ "[('id','in',[1, 3, 99])]", "1,3" },
		{ "[('id','not in',[1, 3, 99])]", "2,4" },
		{ "[('id','=',False)]", "" },
		{ "[('id','like','1')]", "1" },
	};

	add(c, &c->partner, "{'age': 5, 'credit': 2.5, 'weight': 0.1}");
	add(c, &c->partner, "{'age': 0, 'credit': 0, 'weight': 0}");
	add(c, &c->partner, "{}");
	add(c, &c->partner, "{'age': -4, 'credit': 2.51}");
	CHECK(leaves);
	refuse(c, "[('age','=','abc')]", "wants an integer");
	refuse(c, "[('age','=','3.9')]", "wants an integer");
	refuse(c, "[('age','=','99999999999999999999')]", "wants an integer");
	refuse(c, "[('weight','=','0x10')]", "wants a number");
	refuse(c, "[('weight','=','nan')]", "wants a number");
	refuse(c, "[('credit','=','1e30')]", "18 digits");
	refuse(c, "[('id','=','1')]", "id of partner wants an id");
	refuse(c, "[('id','in',['1'])]", "wants an id");
}

static void
booleans(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('is_company','=',True)]", "1" },
		{ "[('is_company','!=',True)]", "2,3" },
		{ "[('is_company','=',False)]", "2,3" },
		{ "[('is_company','!=',False)]", "1" },
		{ "[('is_company','=',None)]", "3" },
		{ "[('is_company','!=',None)]", "1,2" },
		{ "[('is_company','=',0)]", "2" },
		{ "[('is_company','=','x')]", "1" },
		{ "[('is_company','in',[True])]", "1" },
		{ "[('is_company','in',[False])]", "2,3" },
		{ "[('is_company','in',[True, False])]", "1,2,3" },
		{ "[('is_company','in',[None])]", "" },
		{ "[('is_company','in',['x'])]", "" },
		{ "[('is_company','in',[1])]", "1" },
		{ "[('is_company','not in',[True])]", "2,3" },
		{ "[('is_company','not in',[False])]", "1" },
		{ "[('is_company','not in',[True, False])]", "" },
		{ "[('is_company','not in',[])]", "1,2,3" },
		{ "['!',('is_company','=',True)]", "2,3" },
		{ "[('is_company','in',True)]", "1" },
		{ "[('is_company','not in',True)]", "2,3" },
		{ "[('is_company','like','tr')]", "1" },
	};

	add(c, &c->partner, "{'is_company': True}");
	add(c, &c->partner, "{'is_company': False}");
	add(c, &c->partner, "{}");
	CHECK(leaves);
}

static void
dates(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('born','=','2017-07-12')]", "1" },
		{ "[('born','=','2017-07-12 10:00:00')]", "1" },
		{ "[('born','<','2017-07-13')]", "1" },
		{ "[('born','!=','2017-07-12')]", "2,3,4" },
		{ "[('born','like','2017-07')]", "1,2" },
		{ "[('seen','=','2017-07-12')]", "1" },
		{ "[('seen','>=','2017-07-12')]", "1,2,3" },
		{ "[('seen','<=','2017-07-12')]", "1,2" },
		{ "[('seen','>','2017-07-12')]", "3" },
		{ "[('seen','<','2017-07-12')]", "" },
		{ "['!',('seen','<=','2017-07-12')]", "3" },
		{ "['!',('seen','<','2017-07-12')]", "1,2,3" },
		{ "[('seen','=','2017-07-12 23:59:59')]", "2" },
		{ "[('seen','>','2017-07-12 23:59:58')]", "2,3" },
		{ "[('seen','in',['2017-07-12', False])]", "1,4" },
		{ "[('seen','=like','2017-07-12 %')]", "1,2" },
	};

	add(c, &c->partner,
	    "{'born': '2017-07-12', 'seen': '2017-07-12 00:00:00'}");
	add(c, &c->partner,
	    "{'born': '2017-07-13', 'seen': '2017-07-12 23:59:59'}");
	add(c, &c->partner, "{'born': '2018-01-01', 'seen': '2017-07-13'}");
	add(c, &c->partner, "{}");
	CHECK(leaves);
	refuse(c, "[('born','=','2017-7-12')]", "wants a date");
	refuse(c, "[('born','=','2017-02-30')]", "wants a date");
	refuse(c, "[('born','=',5)]", "wants a date");
	refuse(c, "[('seen','<','2017-07-12T10:00:00')]", "wants a date and");
	refuse(c, "[('seen','<','2017-07-12 10:00')]", "wants a date and");
}

static void
others(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('kind','=','a')]", "1" },
		{ "[('kind','!=','z')]", "1,2" },
		{ "[('photo','=',False)]", "2" },
		{ "[('photo','!=',False)]", "1" },
		{ "[('photo','=','aGk=')]", "1" },
		{ "[('country_id','=',1)]", "1" },
		{ "[('country_id','!=',1)]", "2" },
		{ "[('country_id','=',False)]", "2" },
		{ "[('country_id','in',[1, False])]", "1,2" },
		{ "[('country_id','not in',[1])]", "2" },
		{ "[('country_id','in',[])]", "" },
		{ "[('label','=','x (BE)')]", "1" },
		{ "[('label','ilike','be')]", "1" },
	};

	add(c, &c->country, "{'code': 'BE'}");
	add(c, &c->partner, "{'name': 'x', 'kind': 'a', 'photo': 'aGk=',"
	    " 'country_id': 1}");
	add(c, &c->partner, "{'kind': 'b'}");
	CHECK(leaves);
	refuse(c, "[('photo','like','x')]", "is binary");
	refuse(c, "[('country_id','=',True)]", "wants an id");
	refuse(c, "[('country_id','in',[1,'x'])]", "wants an id");
	refuse(c, "[('age','in',5)]", "wants a list");
	c->conf.max_ids = 2;
	refuse(c, "[('id','in',[1,2,3])]", "more than 2 members");
}

/* in and not in part all records, whatever the list. */
static void
sets_part_all(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('city','in',['a'])]", "1" },
		{ "[('city','not in',['a'])]", "2,3" },
		{ "[('city','in',['a', False])]", "1,3" },
		{ "[('city','not in',['a', None])]", "2" },
		{ "[('city','in',[])]", "" },
		{ "[('city','not in',[])]", "1,2,3" },
		{ "[('city','in',[False])]", "3" },
		{ "[('city','not in',[False])]", "1,2" },
		{ "[('city','=',['a'])]", "1" },
		{ "[('city','!=',['a'])]", "2,3" },
		{ "['!',('city','=',['a', False])]", "2" },
		{ "['!',('city','in',['a'])]", "2,3" },
	};

	add(c, &c->partner, "{'city': 'a'}");
	add(c, &c->partner, "{'city': ''}");
	add(c, &c->partner, "{}");
	CHECK(leaves);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(table),
		TEST(text),
		TEST(numbers),
		TEST(booleans),
		TEST(dates),
		TEST(others),
		TEST(sets_part_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
