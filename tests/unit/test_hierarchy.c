/* Semantics 1.9, 1.10 and "=?": terms whose right side is no plain value. */

#include "orm_case.h"

#include <string.h>

#include "base/buf.h"
#include "orm/domain.h"
#include "orm/operator.h"

#define CASE	struct orm_case *c = *state

struct leaf {
	const char	*domain, *ids;
};

static void
check(struct orm_case *c, const struct model *m, const struct leaf *leaves,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char	*ids = found(c, m, leaves[i].domain);

		if (strcmp(ids, leaves[i].ids) != 0)
			fail_msg("%s: %s, not %s", leaves[i].domain, ids,
			    leaves[i].ids);
	}
}

#define CHECK(m, leaves)	\
	check(c, (m), leaves, sizeof leaves / sizeof leaves[0])

static void
refuse(struct orm_case *c, const char *domain, const char *why)
{
	struct value		 v = literal(c, domain);
	const struct domain	*d;
	const struct expr	*e;

	refused(c, domain_parse(&c->env, &v, &d) &&
	    domain_compile(&c->env, &c->partner, d, &e), ERR_VALUE, why);
}

/* 1 over 2 over 3 (archived) over 4; 5 over 6; 7. */
static void
family(struct orm_case *c)
{
	add(c, &c->country, "{'name': 'Belgium'}");
	add(c, &c->tag, "{'name': 'A', 'display_name': 'A'}");
	add(c, &c->tag, "{'name': 'B', 'parent_id': 1,"
	    " 'display_name': 'A / B'}");
	add(c, &c->tag, "{'name': 'C', 'parent_id': 2,"
	    " 'display_name': 'A / B / C'}");
	add(c, &c->partner, "{'display_name': 'one', 'active': True}");
	add(c, &c->partner, "{'display_name': 'two', 'parent_id': 1,"
	    " 'active': True, 'tag_id': 1}");
	add(c, &c->partner, "{'display_name': 'three', 'parent_id': 2,"
	    " 'active': False, 'tag_id': 3}");
	add(c, &c->partner, "{'display_name': 'four', 'parent_id': 3,"
	    " 'active': True}");
	add(c, &c->partner, "{'display_name': 'five', 'active': True,"
	    " 'tag_id': 2}");
	add(c, &c->partner, "{'display_name': 'six', 'active': True,"
	    " 'parent_id': 5}");
	add(c, &c->partner, "{'display_name': 'seven', 'active': True}");
}

static void
walks_down(void **state)
{
	CASE;
	static const struct leaf	 partners[] = {
		{ "[('id','child_of',1)]", "1,2" },
		{ "[('id','child_of',3)]", "3,4" },
		{ "[('id','child_of',[5,7])]", "5,6,7" },
		{ "[('id','child_of',[5,False,0,99])]", "5,6" },
		{ "[('id','child_of',99)]", "" },
		{ "[('id','child_of',[])]", "" },
		{ "[('id','child_of',False)]", "" },
		{ "['!',('id','child_of',[])]", "1,2,3,4,5,6,7" },
		{ "['!',('id','child_of',1)]", "3,4,5,6,7" },
		{ "[('id','child_of','fIVe')]", "5,6" },
		/* an archived one is no root by its name */
		{ "[('id','child_of','three')]", "" },
		{ "[('id','child_of',['five','seven'])]", "5,6,7" },
		{ "[('parent_id','child_of',5)]", "5,6" },
		{ "['!',('parent_id','child_of',5)]", "1,2,3,4,7" },
		{ "[('parent_id.id','child_of',1)]", "2,3" },
		{ "[('tag_id','child_of',1)]", "2,3,5" },
		{ "[('tag_id','child_of',3)]", "3" },
		{ "['!',('tag_id','child_of',3)]", "2,5" },
		{ "[('tag_id','child_of','B')]", "3,5" },
		{ "[('tag_id.parent_id','child_of',2)]", "3,5" },
	};
	static const struct leaf	 tags[] = {
		{ "[('id','child_of',1)]", "1,2,3" },
		{ "[('parent_id','child_of',[2])]", "2,3" },
	};

	family(c);
	CHECK(&c->partner, partners);
	CHECK(&c->tag, tags);
}

static void
walks_up(void **state)
{
	CASE;
	static const struct leaf	 partners[] = {
		{ "[('id','parent_of',4)]", "1,2,3,4" },
		{ "[('id','parent_of',1)]", "1" },
		{ "[('id','parent_of',[2,6])]", "1,2,5,6" },
		{ "[('id','parent_of',99)]", "" },
		{ "[('parent_id','parent_of','six')]", "5,6" },
		{ "[('tag_id','parent_of',3)]", "2,3,5" },
		{ "[('tag_id','parent_of',1)]", "2" },
		{ "['!',('tag_id','parent_of',1)]", "3,5" },
	};

	family(c);
	CHECK(&c->partner, partners);
}

/* What a model or the context says of archived ones. */
static void
archived_ones_cut(void **state)
{
	CASE;
	struct value	 context = literal(c, "{'active_test': False}");

	family(c);
	c->env.context = &context;
	assert_string_equal(found(c, &c->partner, "[('id','child_of',1)]"),
	    "1,2,3,4");
	assert_string_equal(found(c, &c->partner, "[('id','child_of','three')]"
	    ), "3,4");
	c->env.context = NULL;
	c->partner.parent_store = true;
	assert_string_equal(found(c, &c->partner, "[('id','child_of',1)]"),
	    "1,2,3,4");
	c->partner.parent_store = false;
	c->partner.parent_archived = true;
	assert_string_equal(found(c, &c->partner, "[('id','child_of',1)]"),
	    "1,2,3,4");
}

static void
circles_end(void **state)
{
	CASE;

	family(c);
	set(c, &c->tag, 1, "{'parent_id': 3}");
	set(c, &c->partner, 7, "{'parent_id': 7}");
	assert_string_equal(found(c, &c->tag, "[('id','child_of',2)]"),
	    "1,2,3");
	assert_string_equal(found(c, &c->tag, "[('id','parent_of',2)]"),
	    "1,2,3");
	assert_string_equal(found(c, &c->partner, "[('id','child_of',7)]"),
	    "7");
	assert_string_equal(found(c, &c->partner, "[('tag_id','child_of',2)]"),
	    "2,3,5");
}

static void
deep_and_wide(void **state)
{
	CASE;
	struct buf	*b = buf_new(c->a);

	for (int i = 1; i <= 3000; i++)
		add(c, &c->tag, i == 1 ? "{}" : i <= 2000 ?
		    arena_printf(c->a, "{'parent_id': %d}", i - 1) :
		    "{'parent_id': 1}");
	buf_char(b, '[');
	for (int i = 1; i <= 100000; i++)
		buf_printf(b, "%d,", i);
	buf_char(b, ']');
	assert_int_equal(strlen(found(c, &c->tag, "[('id','child_of',1)]")),
	    strlen(found(c, &c->tag, "[]")));
	assert_int_equal(strlen(found(c, &c->tag, arena_printf(c->a,
	    "[('id','parent_of',%s)]", b->p))), strlen(found(c, &c->tag,
	    "[]")));
}

static void
refuses(void **state)
{
	CASE;

	refuse(c, "[('age','child_of',1)]", "item 1, \"age\": age of partner "
	    "is no relation: child_of wants one");
	refuse(c, "[('country_id','parent_of',1)]", "records of country have "
	    "no parent");
	refuse(c, "[('country_id.id','child_of',1)]", "records of country");
	refuse(c, "[('id','child_of',[1,'a'])]", "id of partner wants an id, "
	    "a name, or a list of either");
	refuse(c, "[('id','child_of',True)]", "wants an id, a name");
	refuse(c, "[('tag_id','child_of',2.5)]", "wants an id, a name");
	refuse(c, "[('tag_id','child_of',{})]", "wants an id, a name");
	refuse(c, "[('nme','child_of',1)]", "does not exist");
}

static void
any_of_a_many2one(void **state)
{
	CASE;
	static const struct leaf	 partners[] = {
		{ "[('parent_id','any',[('id','<',3)])]", "2,3" },
		{ "[('parent_id','any',[('active','=',False)])]", "4" },
		{ "[('parent_id','any',[])]", "2,3,4,6" },
		{ "[('parent_id','not any',[])]", "1,5,7" },
		{ "[('parent_id','not any',[('id','<',3)])]", "1,4,5,6,7" },
		{ "['!',('parent_id','any',[('id','<',3)])]", "1,4,5,6,7" },
		{ "['!',('parent_id','not any',[('id','<',3)])]", "2,3" },
		{ "[('parent_id','any',['!',('id','<',3)])]", "4,6" },
		{ "[('parent_id','any',[('tag_id','any',"
		    "[('name','=','A')])])]", "3" },
		{ "[('parent_id.tag_id','any',[('name','=','A')])]", "3" },
		{ "[('parent_id.tag_id','not any',[('name','=','A')])]",
		    "2,4,6" },
		{ "[('parent_id','any',[('tag_id','child_of',2)])]", "4,6" },
		{ "[('parent_id','any',[(0,'=',1)])]", "" },
		{ "[('parent_id','not any',[(0,'=',1)])]", "1,2,3,4,5,6,7" },
	};

	family(c);
	CHECK(&c->partner, partners);
}

static void
what_is_not_asked_for(void **state)
{
	CASE;
	static const struct leaf	 partners[] = {
		{ "[('age','=?',False)]", "1,2,3,4,5,6,7" },
		{ "[('age','=?',None)]", "1,2,3,4,5,6,7" },
		{ "['!',('age','=?',None)]", "" },
		{ "[('display_name','=?','one')]", "1" },
		{ "[('display_name','=?','')]", "" },
		{ "[('active','=?',True)]", "1,2,4,5,6,7" },
		{ "[('tag_id','=?','A / B')]", "5" },
		{ "['!',('tag_id','=?','A / B')]", "2,3" },
		{ "[('tag_id','=?',[1,3])]", "2,3" },
		{ "[('tag_id.name','=?',False)]", "2,3,5" },
		{ "['!',('tag_id.name','=?','A')]", "3,5" },
	};

	family(c);
	CHECK(&c->partner, partners);
	refuse(c, "[('nme','=?',False)]", "does not exist");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(walks_down),
		TEST(walks_up),
		TEST(archived_ones_cut),
		TEST(circles_end),
		TEST(deep_and_wide),
		TEST(refuses),
		TEST(any_of_a_many2one),
		TEST(what_is_not_asked_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
