/* Semantics 1.7, 1.8, 1.9: one2many and many2many in a domain. */

#include "orm_case.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/domain.h"
#include "orm/operator.h"
#include "orm/rule.h"

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
refuse(struct orm_case *c, const char *domain, enum err_code code,
    const char *why)
{
	struct value		 v = literal(c, domain);
	const struct domain	*d;
	const struct expr	*e;

	refused(c, domain_parse(&c->env, &v, &d) &&
	    domain_compile(&c->env, &c->partner, d, &e), code, why);
}

/* 1 has 2 and 3 (archived), 4 has 5 (archived), 6 has none. */
static void
family(struct orm_case *c)
{
	add(c, &c->country, "{'name': 'Belgium'}");
	add(c, &c->country, "{'name': 'Brazil'}");
	add(c, &c->tag, "{'name': 'A', 'display_name': 'A'}");
	add(c, &c->tag, "{'name': 'B', 'parent_id': 1,"
	    " 'display_name': 'A / B'}");
	add(c, &c->tag, "{'name': 'C', 'display_name': 'C'}");
	add(c, &c->partner, "{'display_name': 'one', 'active': True,"
	    " 'country_id': 1}");
	add(c, &c->partner, "{'display_name': 'two', 'active': True,"
	    " 'parent_id': 1, 'age': 20, 'country_id': 2}");
	add(c, &c->partner, "{'display_name': 'three', 'active': False,"
	    " 'parent_id': 1, 'age': 30}");
	add(c, &c->partner, "{'display_name': 'four', 'active': True}");
	add(c, &c->partner, "{'display_name': 'five', 'active': False,"
	    " 'parent_id': 4, 'age': 20}");
	add(c, &c->partner, "{'display_name': 'six', 'active': True}");
	link_tag(c, 1, 1);
	link_tag(c, 1, 2);
	link_tag(c, 2, 3);
	link_tag(c, 4, 1);
}

static void
holds_ids(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('child_ids','=',2)]", "1" },
		{ "[('child_ids','=',3)]", "1" },
		{ "[('child_ids','in',[2,5])]", "1,4" },
		{ "[('child_ids','in',[2,False,0,99])]", "1" },
		{ "[('child_ids','!=',2)]", "2,3,4,5,6" },
		{ "[('child_ids','not in',[2,5])]", "2,3,5,6" },
		{ "['!',('child_ids','in',[2,5])]", "2,3,5,6" },
		{ "[('child_ids','in',[])]", "" },
		{ "[('child_ids','not in',[])]", "1,2,3,4,5,6" },
		{ "[('child_ids','in',[False])]", "" },
		{ "[('child_ids','=',[2])]", "1" },
		{ "[('tag_ids','=',1)]", "1,4" },
		{ "[('tag_ids','in',[2,3])]", "1,2" },
		{ "[('tag_ids','not in',[2,3])]", "3,4,5,6" },
		{ "[('tag_ids','in',[])]", "" },
		{ "[('tag_ids','=?',False)]", "1,2,3,4,5,6" },
		{ "[('tag_ids','=?',3)]", "2" },
		{ "['!',('tag_ids','=?',3)]", "1,3,4,5,6" },
		/* two terms may mean two lines */
		{ "[('tag_ids','=',1),('tag_ids','=',2)]", "1" },
	};

	family(c);
	CHECK(leaves);
}

static void
is_empty(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('child_ids','=',False)]", "2,3,5,6" },
		{ "[('child_ids','=',None)]", "2,3,5,6" },
		{ "[('child_ids','!=',False)]", "1,4" },
		{ "['!',('child_ids','!=',False)]", "2,3,5,6" },
		{ "[('tag_ids','=',False)]", "3,5,6" },
		{ "[('tag_ids','!=',False)]", "1,2,4" },
		{ "[('tag_ids','in',False)]", "3,5,6" },
	};

	family(c);
	CHECK(leaves);
}

static void
finds_names(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('tag_ids','=','A')]", "1,4" },
		{ "[('tag_ids','ilike','b')]", "1" },
		{ "[('tag_ids','like','b')]", "" },
		{ "[('tag_ids','in','C')]", "2" },
		{ "[('tag_ids','!=','A')]", "2,3,5,6" },
		{ "[('tag_ids','not ilike','b')]", "2,3,4,5,6" },
		{ "[('tag_ids','not in','C')]", "1,3,4,5,6" },
		{ "['!',('tag_ids','ilike','b')]", "2,3,4,5,6" },
		{ "[('tag_ids','=like','A%')]", "1,4" },
		{ "['!',('tag_ids','=like','A%')]", "2,3,5,6" },
		{ "[('tag_ids','ilike','')]", "1,2,4" },
		{ "[('tag_ids','<','C')]", "2" },
		/* by name active lines alone are found */
		{ "[('child_ids','=','two')]", "1" },
		{ "[('child_ids','=','three')]", "" },
		{ "[('child_ids','!=','three')]", "1,2,3,4,5,6" },
		{ "[('child_ids','ilike','')]", "1" },
	};

	family(c);
	CHECK(leaves);
}

static void
follows_paths(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('child_ids.age','=',20)]", "1" },
		{ "[('child_ids.age','!=',20)]", "" },
		{ "[('child_ids.age','=',30)]", "" },
		{ "[('child_ids.active','=',False)]", "1,4" },
		{ "[('child_ids.active','=',True)]", "1" },
		{ "[('child_ids.country_id.name','=','Brazil')]", "1" },
		{ "[('child_ids.parent_id.active','=',True)]", "1" },
		{ "[('parent_id.child_ids','in',[3])]", "2,3" },
		{ "[('parent_id.child_ids','not in',[3])]", "5" },
		{ "[('parent_id.child_ids','=',False)]", "" },
		{ "[('country_id.partner_ids.age','=',20)]", "2" },
		{ "[('country_id.partner_ids','any',[('age','=',20)])]", "2" },
		{ "[('tag_ids.name','=','A')]", "1,4" },
		{ "[('tag_ids.name','!=','A')]", "1,2" },
		{ "['!',('tag_ids.name','=','A')]", "1,2" },
		{ "['!',('tag_ids.name','=like','A')]", "2,3,5,6" },
		{ "[('tag_ids.parent_id.name','=','A')]", "1" },
		{ "[('tag_ids.id','=',3)]", "2" },
		{ "[('child_ids.tag_ids.name','=','C')]", "1" },
		{ "[('child_ids.tag_ids','=',False)]", "" },
		{ "['!',('child_ids.child_ids.name','=like','x')]",
		    "1,2,3,4,5,6" },
	};
	struct value	 context = literal(c, "{'active_test': False}");

	family(c);
	CHECK(leaves);
	c->env.context = &context;
	assert_string_equal(found(c, &c->partner, "[('child_ids.age','=',20)]"),
	    "1,4");
}

static void
any_line(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('child_ids','any',[('age','=',20)])]", "1" },
		{ "[('child_ids','any',[('age','=',30)])]", "" },
		{ "[('child_ids','any',[('active','=',False),('age','=',30)])]",
		    "1" },
		{ "[('child_ids','any',['|',('active','=',False),"
		    "('active','=',True)])]", "1,4" },
		{ "[('child_ids','any',[])]", "1" },
		{ "[('child_ids','not any',[])]", "2,3,4,5,6" },
		{ "[('child_ids','not any',[('age','=',20)])]", "2,3,4,5,6" },
		{ "['!',('child_ids','not any',[('age','=',20)])]", "1" },
		/* one line must meet it all */
		{ "[('tag_ids','any',[('name','=','A'),('id','=',2)])]", "" },
		{ "[('tag_ids.name','=','A'),('tag_ids.id','=',2)]", "1" },
		{ "[('tag_ids','any',[('parent_id','any',[('name','=','A')])"
		    "])]", "1" },
		{ "[('tag_ids','child_of',1)]", "1,4" },
		{ "[('tag_ids','child_of',2)]", "1" },
		{ "[('tag_ids','parent_of','B')]", "1,4" },
		{ "['!',('tag_ids','child_of',1)]", "2,3,5,6" },
		{ "[('child_ids','parent_of',[2])]", "1" },
	};

	family(c);
	CHECK(leaves);
}

/* The field's own domain counts where names are looked up, nowhere else. */
static void
own_domain(void **state)
{
	CASE;
	struct field	*f;

	family(c);
	f = &c->partner.fields[model_field(&c->partner, "child_ids") -
	    c->partner.fields];
	f->domain = literal(c, "[('age','>',25)]");
	assert_string_equal(found(c, &c->partner, "[('child_ids','=','two')]"),
	    "");
	assert_string_equal(found(c, &c->partner, "[('child_ids','=',2)]"),
	    "1");
	assert_string_equal(found(c, &c->partner, "[('child_ids.age','=',20)]"
	    ), "1");
}

static void
related_lines(void **state)
{
	CASE;
	static const struct leaf	 leaves[] = {
		{ "[('note','=',1)]", "2,3" },
		{ "[('note','!=',1)]", "1,4,5,6" },
		{ "[('note','=',False)]", "1,4,5,6" },
		{ "[('note.name','=','B')]", "2,3" },
		{ "[('note','not any',[('name','=','B')])]", "1,4,5,6" },
	};
	struct field	*f, all;

	family(c);
	set(c, &c->partner, 5, "{'parent_id': 6}");
	f = &c->partner.fields[model_field(&c->partner, "note") -
	    c->partner.fields];
	all = c->partner.fields[model_field(&c->partner, "tag_ids") -
	    c->partner.fields];
	f->type = all.type;
	f->target = all.target;
	f->related = "parent_id.tag_ids";
	CHECK(leaves);
}

/* What the user may not read counts as not there. */
static void
rules_apply(void **state)
{
	CASE;
	static const struct access_row	 open = { .allow = { true } };
	static const struct rule	 rule = { .id = 1, .name = "young",
	    .domain = "['|',('age','=',False),('age','<',25)]",
	    .allow = { true } };
	static const struct leaf	 leaves[] = {
		{ "[('child_ids','in',[3])]", "" },
		{ "[('child_ids','in',[2,3])]", "1" },
		{ "[('child_ids','not in',[3])]", "1,2,3,4,5,6" },
		{ "[('child_ids.active','=',False)]", "4" },
		{ "[('child_ids','any',[('active','=',False)])]", "4" },
		{ "[('parent_id','=','three')]", "" },
		{ "[('parent_id','child_of','three')]", "" },
	};

	family(c);
	set(c, &c->partner, 6, "{'parent_id': 3}");
	c->partner.access = c->tag.access = &open;
	c->partner.naccess = c->tag.naccess = 1;
	c->partner.rules = &rule;
	c->partner.nrules = 1;
	c->env.su = false;
	c->env.uid = 2;
	c->env.groups = &(struct ids){ 0 };
	CHECK(leaves);
	assert_string_equal(found(c, &c->partner, "[('child_ids','!=',False)]"
	    ), "1,3,4");
	refuse(c, "[('country_id.name','=','x')]", ERR_ACCESS, "country (");
	refuse(c, "[('country_id','=','x')]", ERR_ACCESS, "of country");
	refuse(c, "[('country_id','any',[])]", ERR_ACCESS, "country");
	c->tag.naccess = 0;
	refuse(c, "[('tag_ids','=',1)]", ERR_ACCESS, "tag");
	refuse(c, "[('tag_ids','=',False)]", ERR_ACCESS, "tag");
	refuse(c, "[('tag_ids','child_of',1)]", ERR_ACCESS, "tag");
}

static void
refuses(void **state)
{
	CASE;
	struct field	*f;

	refuse(c, "[('child_ids','in',['a'])]", ERR_VALUE, "item 1, "
	    "\"child_ids\": child_ids of partner wants a list of ids");
	refuse(c, "[('child_ids','in',5)]", ERR_VALUE, "wants a list for in");
	refuse(c, "[('child_ids','not in',5)]", ERR_VALUE, "wants a list for");
	refuse(c, "[('child_ids','=',True)]", ERR_VALUE, "wants an id, a list");
	refuse(c, "[('child_ids','=',{})]", ERR_VALUE, "wants an id, a list");
	refuse(c, "[('child_ids','in',[1.5])]", ERR_VALUE, "a list of ids");
	refuse(c, "[('tag_ids.nme','=',1)]", ERR_VALUE, "does not exist");
	refuse(c, "[('tag_ids','any',[('nme','=',1)])]", ERR_VALUE,
	    "item 1.1, \"nme\"");
	f = &c->tag.fields[model_field(&c->tag, "name") - c->tag.fields];
	f->group_ids = &(struct ids){ 0 };
	c->tag.access = c->partner.access =
	    &(struct access_row){ .allow = { true } };
	c->tag.naccess = c->partner.naccess = 1;
	c->env.su = false;
	c->env.uid = 2;
	c->env.groups = &(struct ids){ 0 };
	refuse(c, "[('tag_ids.name','=','A')]", ERR_VALUE, "does not exist");
	refuse(c, "[('tag_ids','any',[('name','=','A')])]", ERR_VALUE,
	    "does not exist");
}

static void
many_ids(void **state)
{
	CASE;
	struct buf	*b = buf_new(c->a);

	family(c);
	buf_char(b, '[');
	for (int i = 2; i <= 100000; i++)
		buf_printf(b, "%d,", i);
	buf_char(b, ']');
	assert_string_equal(found(c, &c->partner, arena_printf(c->a,
	    "[('child_ids','in',%s)]", b->p)), "1,4");
	assert_string_equal(found(c, &c->partner, arena_printf(c->a,
	    "[('tag_ids','not in',%s)]", b->p)), "3,4,5,6");
	c->conf.max_ids = 5;
	refuse(c, "[('tag_ids','in',[1,2,3,4,5,6])]", ERR_VALUE,
	    "more than 5 members");
}

/* However deep it goes, the store can read it or it is refused before. */
static void
as_deep_as_may_be(void **state)
{
	CASE;
	static const char *const	 steps[] = {
		"('parent_id','any',[%s])", "('child_ids','not any',[%s])",
		"'|',('age','=',5),('child_ids.parent_id','any',[%s])",
		"'!','&',('age','>',5),('tag_ids.partner_ids','any',[%s])",
	};
	static const char *const	 ends[] = {
		"('id','child_of','o')", "('tag_ids','parent_of',['A','B'])",
		"('parent_id.label','ilike','x')", "('tag_ids','=',False)",
	};
	struct field	*back;

	family(c);
	back = &c->tag.fields[model_field(&c->tag, "name") -
	    c->tag.fields];
	*back = c->partner.fields[model_field(&c->partner, "tag_ids") -
	    c->partner.fields];
	back->name = "partner_ids";
	back->key = span_of(back->name);
	back->model = &c->tag;
	back->target = &c->partner;
	back->link_own = "tag_id";
	back->link_other = "partner_id";
	map_put(c->tag.by_name, back->key, back);
	for (size_t i = 0; i < 4 * 4 * 8; i++) {
		const char		*text = ends[i % 4];
		const struct domain	*d;
		struct value		 v;
		struct query		*q = query_new(c->a, "partner", 0);
		struct rows		 rows;

		for (size_t deep = 0; deep <= i / 16; deep++) {
			char	 step[4096];

			snprintf(step, sizeof step, steps[i / 4 % 4], text);
			text = arena_strdup(c->a, step);
		}
		v = literal(c, arena_printf(c->a, "[%s]", text));
		done(c, store_mark(c->env.store, &c->err));
		if (!domain_parse(&c->env, &v, &d) ||
		    !domain_compile(&c->env, &c->partner, d, &q->where) ||
		    !store_select(c->env.store, q, c->a, &rows, &c->err))
			refused(c, false, ERR_VALUE, "nested too deeply");
		done(c, store_mark_end(c->env.store, false, &c->err));
	}
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, \
	orm_case_open, orm_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(holds_ids),
		TEST(is_empty),
		TEST(finds_names),
		TEST(follows_paths),
		TEST(any_line),
		TEST(own_domain),
		TEST(related_lines),
		TEST(rules_apply),
		TEST(refuses),
		TEST(many_ids),
		TEST(as_deep_as_may_be),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
