/* Stored computed fields in a database: who follows what, who sees what. */
#include "base_case.h"

#include <string.h>

#include "base/buf.h"
#include "orm/formula.h"

#define N(array)	(sizeof array / sizeof array[0])
#define CASE		struct base_case *c = *state
#define STORED(formula)	"'type': 'monetary', 'store': True, 'compute': \"" \
			formula "\"}"

/* Customers with orders of lines; tags at both. */
static const char *const	 shop[] = {
	"{'model': 's.customer', 'name': 'Customer', 'fields': {"
	"'name': {'type': 'char'}, 'rate': {'type': 'float',"
	"  'digits': [6, 3]},"
	"'secret_rate': {'type': 'integer', 'groups': 'base.group_system'},"
	"'order_ids': {'type': 'one2many', 'relation': 's.order',"
	"  'relation_field': 'customer_id'},"
	"'line_ids': {'type': 'one2many', 'relation': 's.line',"
	"  'relation_field': 'customer_id'},"
	"'tag_ids': {'type': 'many2many', 'relation': 's.tag'},"
	"'total': {" STORED("sum(order_ids.total)") ","
	"'deep': {" STORED("sum(order_ids.line_ids, price * quantity)") ","
	"'mine': {" STORED("sum(line_ids.price)") ","
	"'open': {'type': 'monetary', 'compute':"
	"  'sum(order_ids.total)'},"
	"'n': {'type': 'integer', 'compute': 'count(order_ids)'},"
	"'seen': {'type': 'integer', 'compute': 'secret_rate + 1'},"
	"'weight': {'type': 'integer', 'store': True, 'compute':"
	"  'sum(tag_ids.weight)'}}}",
	"{'model': 's.order', 'name': 'Order', 'fields': {"
	"'name': {'type': 'char', 'default_compute':"
	"  \"upper('o') + user.login + ' ' + today\"},"
	"'due': {'type': 'date', 'default_compute':"
	"  \"date_add(today, 2, 'months')\"},"
	"'by_id': {'type': 'many2one', 'relation': 'res.users',"
	"  'default_compute': 'user'},"
	"'company_id': {'type': 'many2one', 'relation': 'res.company',"
	"  'default_compute': 'user.company_id'},"
	"'active': {'type': 'boolean', 'default': True},"
	"'customer_id': {'type': 'many2one', 'relation': 's.customer'},"
	"'line_ids': {'type': 'one2many', 'relation': 's.line',"
	"  'relation_field': 'order_id'},"
	"'customer_name': {'type': 'char', 'related': 'customer_id.name'},"
	"'customer_rate': {'type': 'float', 'digits': [6, 3],"
	"  'related': 'customer_id.rate'},"
	"'count': {'type': 'integer', 'store': True, 'compute':"
	"  'count(line_ids)'},"
	"'total': {" STORED("round(sum(line_ids, price * quantity) * "
	    "(100 - customer_id.rate) / 100, 2)") "}}",
	"{'model': 's.line', 'name': 'Line', 'fields': {"
	"'name': {'type': 'char'}, 'price': {'type': 'monetary'},"
	"'kind': {'type': 'selection', 'selection': [['a', 'A'], ['b', 'B']]},"
	"'quantity': {'type': 'float', 'digits': [10, 3], 'default': 1},"
	"'active': {'type': 'boolean', 'default': True},"
	"'order_id': {'type': 'many2one', 'relation': 's.order',"
	"  'ondelete': 'cascade'},"
	"'order2_id': {'type': 'many2one', 'relation': 's.order'},"
	"'customer_id': {'type': 'many2one', 'relation': 's.customer',"
	"  'related': 'order_id.customer_id', 'store': True},"
	"'due': {'type': 'date', 'related': 'order_id.due'},"
	"'for_id': {'type': 'many2one', 'relation': 's.customer',"
	"  'related': 'order_id.customer_id'},"
	"'kind2': {'type': 'selection', 'compute':"
	"  \"if(price > 5, kind, 'b')\","
	"  'selection': [['a', 'A'], ['b', 'B']]}}}",
	"{'model': 's.tag', 'name': 'Tag', 'fields': {"
	"'name': {'type': 'char'}, 'weight': {'type': 'integer'},"
	"'customer_ids': {'type': 'many2many', 'relation': 's.customer'},"
	"'n': {'type': 'integer', 'store': True, 'compute':"
	"  'count(customer_ids)'},"
	"'parent_id': {'type': 'many2one', 'relation': 's.tag'},"
	"'child_ids': {'type': 'one2many', 'relation': 's.tag',"
	"  'relation_field': 'parent_id'},"
	"'path': {'type': 'char', 'store': True, 'compute':"
	"  \"if(parent_id, parent_id.path + '/', '') + name\"},"
	"'below': {'type': 'integer', 'store': True, 'compute':"
	"  'count(child_ids) + sum(child_ids.below)'}}}",
};

static bool
installed(struct base_case *c, const char *const *texts, size_t n)
{
	struct value	 files[8];

	for (size_t i = 0; i < n; i++)
		files[i] = literal(c, texts[i]);
	return database_install(&c->env, "shop", files, n);
}

static int
shop_open(void **state)
{
	struct base_case	*c;

	base_case_open(state);
	c = *state;
	done(c, installed(c, shop, N(shop)));
	return 0;
}

/* What a field holds, as text: numbers without their point. */
static const char *
value(struct base_case *c, const char *name, int64_t id, const char *field)
{
	struct value	 v = get(c, name, id, field);

	if (v.type == VALUE_LIST && v.u.list->n == 2)
		v = v.u.list->v[1];
	switch (v.type) {
	case VALUE_NULL:
		return "-";
	case VALUE_TEXT:
		return v.u.text.p;
	case VALUE_FLOAT:
		return arena_printf(c->a, "%g", v.u.f);
	default:
		return arena_printf(c->a, "%lld", (long long)v.u.i);
	}
}

static void
holds(struct base_case *c, const char *name, int64_t id, const char *field,
    const char *want)
{
	const char	*got = value(c, name, id, field);
	struct value	 faults = value_list(c->a, 0);

	if (strcmp(got, want) != 0)
		fail_msg("%s %lld: %s is %s, not %s", name, (long long)id,
		    field, got, want);
	done(c, formula_check(&c->env, &faults));
	if (faults.u.list->n != 0)
		fail_msg("%s", faults.u.list->v[0].u.text.p);
}

static void
write_to(struct base_case *c, const char *name, int64_t id, const char *vals)
{
	done(c, change(c, name, one(c, id), vals));
}

static void
gone(struct base_case *c, const char *name, int64_t id)
{
	struct ids	 ids = one(c, id);

	done(c, model_unlink(&c->env, model(c, name), &ids));
}

static int64_t
line(struct base_case *c, int64_t order, const char *price,
    const char *quantity)
{
	return add(c, "s.line", arena_printf(c->a, "{'order_id': %lld,"
	    " 'price': %s, 'quantity': %s}", (long long)order, price,
	    quantity));
}

static void
sums_follow_lines(void **state)
{
	CASE;
	int64_t	 ann, bob, first, second, x, y;

	ann = add(c, "s.customer", "{'name': 'Ann', 'rate': 10}");
	bob = add(c, "s.customer", "{'name': 'Bob'}");
	first = add(c, "s.order", arena_printf(c->a, "{'customer_id': %lld}",
	    (long long)ann));
	second = add(c, "s.order", "{}");
	holds(c, "s.order", first, "total", "0");
	holds(c, "s.order", first, "count", "0");
	x = line(c, first, "10.01", "0.333");
	y = line(c, first, "2", "3");
	/* (3.33333 + 6) * 0.9 = 8.399997; 3.33333 + 6 = 9.33333 */
	holds(c, "s.order", first, "total", "840");
	holds(c, "s.order", first, "count", "2");
	holds(c, "s.customer", ann, "total", "840");
	holds(c, "s.customer", ann, "deep", "933");
	holds(c, "s.customer", ann, "mine", "1201");
	write_to(c, "s.line", x, "{'price': 20.02}");
	holds(c, "s.customer", ann, "deep", "1267");
	write_to(c, "s.line", x, arena_printf(c->a, "{'order_id': %lld}",
	    (long long)second));
	holds(c, "s.order", second, "total", "667");
	holds(c, "s.order", first, "total", "540");
	holds(c, "s.customer", ann, "total", "540");
	write_to(c, "s.order", first, arena_printf(c->a,
	    "{'customer_id': %lld}", (long long)bob));
	holds(c, "s.customer", ann, "total", "0");
	holds(c, "s.customer", ann, "mine", "0");
	holds(c, "s.customer", bob, "total", "600");
	holds(c, "s.customer", bob, "mine", "200");
	write_to(c, "s.line", y, "{'active': False}");
	holds(c, "s.customer", bob, "total", "0");
	write_to(c, "s.line", y, "{'active': True}");
	holds(c, "s.customer", bob, "total", "600");
	write_to(c, "s.order", first, "{'active': False}");
	holds(c, "s.customer", bob, "deep", "0");
	holds(c, "s.customer", bob, "mine", "200");
	write_to(c, "s.order", first, "{'active': True}");
	gone(c, "s.line", y);
	holds(c, "s.customer", bob, "deep", "0");
	line(c, first, "1", "1");
	holds(c, "s.customer", bob, "mine", "100");
	gone(c, "s.order", first);
	holds(c, "s.customer", bob, "total", "0");
	holds(c, "s.customer", bob, "mine", "0");
}

/* One entry of the change log and a new date for each that is another. */
static void
followers_are_logged(void **state)
{
	CASE;
	int64_t	 ann, order, other, before = c->env.now;

	ann = add(c, "s.customer", "{}");
	order = add(c, "s.order", arena_printf(c->a, "{'customer_id': %lld}",
	    (long long)ann));
	other = add(c, "s.order", "{}");
	c->env.now += 60;
	line(c, order, "0", "1");
	assert_int_equal(changes(c, "s.order", order, "write"), 1);
	assert_int_equal(changes(c, "s.customer", ann, "write"), 0);
	c->env.now += 60;
	line(c, order, "3", "1");
	assert_int_equal(changes(c, "s.order", order, "write"), 2);
	assert_int_equal(changes(c, "s.customer", ann, "write"), 1);
	assert_int_equal(changes(c, "s.order", other, "write"), 0);
	assert_int_equal(get(c, "s.customer", ann, "write_date").u.i,
	    before + 120);
	assert_int_equal(get(c, "s.order", other, "write_date").u.i, before);
	write_to(c, "s.order", order, "{'customer_id': False}");
	assert_int_equal(changes(c, "s.order", order, "write"), 3);
	assert_int_equal(changes(c, "s.customer", ann, "write"), 2);
}

static void
links_count_from_both_ends(void **state)
{
	CASE;
	int64_t	 ann, red, blue;

	red = add(c, "s.tag", "{'name': 'red', 'weight': 2}");
	blue = add(c, "s.tag", "{'name': 'blue', 'weight': 3}");
	ann = add(c, "s.customer", arena_printf(c->a,
	    "{'tag_ids': [(6, 0, [%lld, %lld])]}", (long long)red,
	    (long long)blue));
	holds(c, "s.customer", ann, "weight", "5");
	holds(c, "s.tag", red, "n", "1");
	write_to(c, "s.customer", ann, arena_printf(c->a,
	    "{'tag_ids': [(3, %lld)]}", (long long)red));
	holds(c, "s.customer", ann, "weight", "3");
	holds(c, "s.tag", red, "n", "0");
	write_to(c, "s.tag", red, arena_printf(c->a,
	    "{'customer_ids': [(4, %lld)]}", (long long)ann));
	holds(c, "s.customer", ann, "weight", "5");
	write_to(c, "s.tag", blue, "{'weight': 7}");
	holds(c, "s.customer", ann, "weight", "9");
	gone(c, "s.tag", blue);
	holds(c, "s.customer", ann, "weight", "2");
	gone(c, "s.customer", ann);
	holds(c, "s.tag", red, "n", "0");
}

static void
hierarchies_follow_both_ways(void **state)
{
	CASE;
	int64_t	 root = add(c, "s.tag", "{'name': 'r'}"), id = root;

	for (int i = 2; i <= 100; i++)
		id = add(c, "s.tag", arena_printf(c->a,
		    "{'name': 'x', 'parent_id': %lld}", (long long)id));
	holds(c, "s.tag", root, "below", "99");
	write_to(c, "s.tag", root, "{'name': 'R'}");
	assert_true(span_starts(get(c, "s.tag", id, "path").u.text, "R/x/"));
	assert_int_equal(get(c, "s.tag", id, "path").u.text.n, 199);
	write_to(c, "s.tag", id, "{'parent_id': False}");
	holds(c, "s.tag", root, "below", "98");
	holds(c, "s.tag", id, "path", "x");
}

static void
hierarchies_end(void **state)
{
	CASE;
	int64_t	 root = add(c, "s.tag", "{'name': 'r'}"), id = root, more;

	for (int i = 2; i <= 101; i++)
		id = add(c, "s.tag", arena_printf(c->a,
		    "{'name': 'x', 'parent_id': %lld}", (long long)id));
	refused(c, change(c, "s.tag", one(c, root), "{'name': 'R'}"),
	    ERR_VALIDATION, "path of s.tag depends on itself, over more than "
	    "100 records");
	refused(c, create(c, "s.tag", arena_printf(c->a,
	    "{'parent_id': %lld}", (long long)id), &more), ERR_VALIDATION,
	    "below of s.tag depends on itself");
}

static void
defaults_are_computed(void **state)
{
	CASE;
	int64_t	 id;

	c->env.now = 1500000000;	/* 2017-07-14 */
	as(c, "editor");
	c->env.su = true;
	id = add(c, "s.order", "{}");
	holds(c, "s.order", id, "name", "Oeditor 2017-07-14");
	assert_int_equal(get(c, "s.order", id, "due").u.i, 17361 + 62);
	assert_int_equal(get(c, "s.order", id, "by_id").u.list->v[0].u.i,
	    c->env.uid);
	assert_int_equal(get(c, "s.order", id, "company_id").u.list->v[0].u.i,
	    1);
	id = add(c, "s.order", "{'name': 'mine', 'by_id': False}");
	holds(c, "s.order", id, "name", "mine");
	holds(c, "s.order", id, "by_id", "-");
	context(c, "{'default_name': 'theirs'}");
	id = add(c, "s.order", "{}");
	holds(c, "s.order", id, "name", "theirs");
}

static void
found(struct base_case *c, const char *name, const char *domain,
    const char *order, const char *want)
{
	struct buf	*b = buf_new(c->a);
	struct ids	 ids;

	done(c, find(c, name, domain, order, &ids));
	for (size_t i = 0; i < ids.n; i++)
		buf_printf(b, "%s%lld", i == 0 ? "" : ",",
		    (long long)ids.v[i]);
	if (strcmp(buf_text(b).p, want) != 0)
		fail_msg("%s by %s: %s, not %s", domain, order,
		    buf_text(b).p, want);
}

/* Whatever its type, the database searches and sorts by it. */
static void
related_fields_are_fields(void **state)
{
	CASE;

	add(c, "s.customer", "{'name': 'Zoe', 'rate': 12.5}");
	add(c, "s.customer", "{'name': 'Abe', 'rate': 2}");
	add(c, "s.order", "{'customer_id': 1, 'due': '2020-01-01'}");
	add(c, "s.order", "{'customer_id': 2, 'due': '2019-01-01'}");
	add(c, "s.line", "{'order_id': 1, 'price': 9, 'kind': 'a'}");
	add(c, "s.line", "{'order_id': 2, 'price': 1, 'kind': 'a'}");
	add(c, "s.line", "{}");
	holds(c, "s.line", 1, "for_id", "Zoe");
	holds(c, "s.line", 1, "customer_id", "Zoe");
	holds(c, "s.line", 3, "for_id", "-");
	holds(c, "s.line", 1, "kind2", "a");
	holds(c, "s.line", 2, "kind2", "b");
	holds(c, "s.order", 1, "customer_rate", "12500");
	found(c, "s.line", "[('for_id', '=', 2)]", "id", "2");
	found(c, "s.line", "[('for_id', '=', 'Zoe')]", "id", "1");
	found(c, "s.line", "[('for_id.rate', '>', 3)]", "id", "1");
	found(c, "s.line", "[('for_id', '=', False)]", "id", "3");
	found(c, "s.line", "[('due', '<', '2019-06-01')]", "id", "2");
	found(c, "s.line", "[('kind2', '=', 'b')]", "id", "2,3");
	found(c, "s.line", "[('for_id', '!=', False)]", "due", "2,1");
	found(c, "s.line", "[('for_id', '!=', False)]", "due desc", "1,2");
	found(c, "s.customer", "[('n', '=', 1)]", "name", "2,1");
	found(c, "s.customer", "[('total', '>', 5)]", "total", "1");
	found(c, "s.order", "[('customer_name', 'ilike', 'zo')]", "id", "1");
}

/* The user's own sums leave out what he may not see; stored ones do not. */
static void
users_see_what_they_may(void **state)
{
	CASE;
	int64_t		 group = database_ref(&c->env, "base", "group_user");

	add(c, "s.customer", "{'name': 'Ann', 'secret_rate': 4}");
	add(c, "s.order", "{'name': 'yes', 'customer_id': 1}");
	add(c, "s.order", "{'name': 'no', 'customer_id': 1}");
	line(c, 1, "1", "1");
	line(c, 2, "10", "1");
	for (size_t i = 0; i < 3; i++) {
		static const char *const	 names[] = {
			"s.customer", "s.order", "s.line",
		};

		add(c, "ir.model.access", arena_printf(c->a, "{'name': 'a',"
		    " 'model_id': %lld, 'group_id': %lld, 'perm_read': %s}",
		    (long long)model(c, names[i])->id, (long long)group,
		    i == 2 ? "False" : "True"));
	}
	add(c, "ir.rule", arena_printf(c->a, "{'name': 'r', 'model_id': %lld,"
	    " 'domain_force': \"[('name', '=', 'yes')]\"}",
	    (long long)model(c, "s.order")->id));
	done(c, env_reload(&c->env));
	found(c, "s.customer", "[('n', '=', 2), ('open', '=', 11),"
	    "('seen', '=', 5)]", "id", "1");
	as(c, "demo");
	c->env.rules = NULL;
	found(c, "s.customer", "[('n', '=', 1)]", "id", "1");
	found(c, "s.customer", "[('open', '=', 1)]", "id", "1");
	found(c, "s.customer", "[('seen', '=', 1)]", "id", "1");
	found(c, "s.customer", "[('total', '=', 11)]", "id", "1");
}

/* A model with these fields. */
static bool
defined(struct base_case *c, const char *fields)
{
	const char	*text = arena_printf(c->a, "{'model': 's.new',"
	    " 'name': 'New', 'fields': {'name': {'type': 'char'},"
	    " 'to_id': {'type': 'many2one', 'relation': 's.new'},"
	    " 'from_ids': {'type': 'one2many', 'relation': 's.new',"
	    " 'relation_field': 'to_id', 'domain': [('u', '>', 1)]},"
	    " 'all_ids': {'type': 'one2many', 'relation': 's.new',"
	    " 'relation_field': 'to_id'},"
	    " 'note': {'type': 'html'}, 'u': {'type': 'integer'}, %s}}",
	    fields);

	return installed(c, &text, 1);
}

static void
refuses_to_define(void **state)
{
	CASE;
#define FIELD(name, type, formula)	"'" name "': {'type': " type \
	", 'compute': \"" formula "\"}"
	static const struct {
		const char	*fields, *why;
		enum err_code	 code;
	}			 bad[] = {
		{ FIELD("a", "'integer'", "b") "," FIELD("b", "'integer'",
		    "a + 1"), "circle: a of s.new -> b of s.new -> a of s.new",
		    ERR_VALIDATION },
		{ FIELD("a", "'integer', 'store': True", "to_id.b") ","
		    FIELD("b", "'integer', 'store': True", "a"), "a circle",
		    ERR_VALIDATION },
		{ FIELD("a", "'integer'", "to_id.a"), "a circle",
		    ERR_VALIDATION },
		{ FIELD("a", "'integer', 'store': True", "a"), "a circle",
		    ERR_VALIDATION },
		{ FIELD("a", "'integer', 'store': True", "sum(all_ids.b)") ","
		    FIELD("b", "'integer'", "a + 1"), "a circle",
		    ERR_VALIDATION },
		{ "'u': {'type': 'integer', 'compute': 'count(from_ids)'}",
		    "a circle", ERR_VALIDATION },
		{ FIELD("a", "'date', 'store': True", "today"),
		    "stored cannot use today", ERR_VALUE },
		{ FIELD("a", "'integer', 'store': True", "user.id"),
		    "stored cannot use user", ERR_VALUE },
		{ FIELD("d", "'date'", "today()") ","
		    FIELD("a", "'date', 'store': True", "d"),
		    "stored cannot use today", ERR_VALUE },
		{ FIELD("a", "'many2one', 'relation': 'res.partner'",
		    "to_id"), "no many2one of res.partner holds",
		    ERR_VALIDATION },
		{ FIELD("a", "'many2one', 'relation': 's.new'",
		    "if(u, to_id, 5)"), "no many2one of s.new holds",
		    ERR_VALIDATION },
		{ FIELD("a", "'selection', 'selection': [['x', 'X']]",
		    "if(u, 'x', 'y')"), "no selection holds",
		    ERR_VALIDATION },
		{ FIELD("a", "'html'", "'<b>' + name"), "no html holds",
		    ERR_VALIDATION },
		{ "'a': {'type': 'char', 'related': 'to_id.u'}",
		    "is a char, but \"to_id.u\" leads to a integer",
		    ERR_VALIDATION },
		{ "'a': {'type': 'char', 'related': 'to_id.name + name'}",
		    "is no path", ERR_VALIDATION },
		{ "'a': {'type': 'integer', 'related': 'all_ids.u'}",
		    "many records", ERR_VALUE },
		{ FIELD("a", "'char'", "user.nope"),
		    "\"nope\" of res.users does not exist", ERR_VALUE },
		{ FIELD("a", "'char'", "user.password"),
		    "\"password\" of res.users does not exist", ERR_VALUE },
		{ "'a': {'type': 'integer', 'default_compute': 'u'}",
		    "has no record", ERR_VALUE },
		{ "'a': {'type': 'selection', 'selection': [['x', 'X']],"
		    " 'default_compute': \"'y'\"}", "no selection holds",
		    ERR_VALIDATION },
		{ FIELD("a", "'integer'", "u / 2"), "a decimal, not an "
		    "integer", ERR_VALUE },
	};

	for (size_t i = 0; i < N(bad); i++) {
		bool	 ok;

		again(c);
		ok = defined(c, bad[i].fields);
		if (ok)
			fail_msg("defined: %s", bad[i].fields);
		refused(c, ok, bad[i].code, bad[i].why);
	}
	again(c);
	done(c, defined(c, FIELD("a", "'html'", "if(u, note, '<b>x</b>')") ","
	    FIELD("b", "'many2one', 'relation': 's.new'",
	    "if(u, to_id.to_id, None)") ","
	    FIELD("d", "'integer', 'store': True", "u + sum(all_ids.d)")));
#undef FIELD
}

/* Few fields, each of which names the one before many times. */
static void
formulas_do_not_explode(void **state)
{
	CASE;
	struct buf	*b = buf_new(c->a);

	for (int i = 0; i < 6; i++) {
		buf_printf(b, "%s'f%d': {'type': 'float', 'compute': '",
		    i == 0 ? "" : ",", i);
		for (int j = 0; j < 30; j++)
			buf_printf(b, "%s%s", j == 0 ? "" : "+", i == 0 ?
			    "u" : arena_printf(c->a, "f%d", i - 1));
		buf_str(b, "'}");
	}
	refused(c, defined(c, buf_text(b).p), ERR_VALUE, "too");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, shop_open, base_case_close)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(sums_follow_lines),
		TEST(followers_are_logged),
		TEST(links_count_from_both_ends),
		TEST(hierarchies_follow_both_ways),
		TEST(hierarchies_end),
		TEST(defaults_are_computed),
		TEST(related_fields_are_fields),
		TEST(users_see_what_they_may),
		TEST(refuses_to_define),
		TEST(formulas_do_not_explode),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("formula_follow", tests,
	    base_case_make, base_case_drop);
}
