#include "base_case.h"

#include <string.h>

#include "orm/domain.h"

static bool
read(struct base_case *c, const char *name, const struct ids *ids,
    const char *const *fields, size_t n, struct records *rec)
{
	const char	*v[8];
	struct names	 names = { v, n };

	for (size_t i = 0; i < n; i++)
		v[i] = fields[i];
	return model_read(&c->env, model(c, name), ids,
	    fields == NULL ? NULL : &names, rec);
}

static void
test_read(void **state)
{
	static const char *const	 fields[] = {
		"name", "id", "name", "shelf_id",
	};
	struct base_case		*c = *state;
	struct ids			 ids;
	struct records			 rec;

	add(c, "t.shelf", "{'name': 'Top'}");
	ids = one(c, add(c, "t.book", "{'name': 'a', 'shelf_id': 1}"));
	ids_add(&c->env, &ids, 99);
	ids_add(&c->env, &ids, add(c, "t.book",
	    "{'name': 'b', 'shelf_id': 1}"));
	ids_add(&c->env, &ids, ids.v[0]);
	ids.v[0] = ids.v[2];
	done(c, read(c, "t.book", &ids, fields, 4, &rec));
	assert_int_equal(rec.n, 3);
	assert_int_equal(rec.nfields, 3);
	assert_int_equal(rec.rows[0][0].u.i, 2);
	assert_int_equal(rec.rows[1][0].u.i, 2);
	assert_int_equal(rec.rows[2][0].u.i, 1);
	assert_string_equal(rec.rows[2][1].u.text.p, "a");
	assert_string_equal(rec.rows[2][2].u.list->v[1].u.text.p, "Top");
}

static void
test_all_fields(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, add(c, "t.shelf",
	    "{'name': 'a', 'active': False}"));
	struct records		 rec;

	done(c, read(c, "t.shelf", &ids, NULL, 0, &rec));
	assert_int_equal(rec.n, 1);
	assert_string_equal(rec.fields[0]->name, "id");
	for (size_t i = 0; i < rec.nfields; i++)
		assert_string_not_equal(rec.fields[i]->name, "pin");
	assert_int_equal(rec.nfields, model(c, "t.shelf")->nfields - 1);
	ids.n = 0;
	done(c, read(c, "t.shelf", &ids, NULL, 0, &rec));
	assert_int_equal(rec.n, 0);
}

static void
test_refusals(void **state)
{
	static const char *const	 wrong[] = { "nonsuch" };
	static const char *const	 dotted[] = { "parent_id.name" };
	static const char *const	 secret[] = { "pin" };
	static const char *const	 password[] = { "password" };
	struct base_case		*c = *state;
	struct ids			 ids = one(c, 1), none = { 0 };
	struct records			 rec;

	refused(c, read(c, "t.shelf", &ids, wrong, 1, &rec), ERR_VALUE,
	    "Invalid field \"nonsuch\" on model t.shelf");
	refused(c, read(c, "t.shelf", &none, wrong, 1, &rec), ERR_VALUE,
	    "Invalid field");
	refused(c, read(c, "t.shelf", &ids, dotted, 1, &rec), ERR_VALUE,
	    "Invalid field");
	refused(c, read(c, "t.shelf", &ids, secret, 1, &rec), ERR_VALUE,
	    "Invalid field \"pin\"");
	refused(c, read(c, "res.users", &ids, password, 1, &rec), ERR_VALUE,
	    "Invalid field \"password\"");
	c->env.su = true;
	refused(c, read(c, "res.users", &ids, password, 1, &rec), ERR_VALUE,
	    "Invalid field \"password\"");
}

static void
test_too_many(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, add(c, "t.shelf",
	    "{'name': 'a'}"));
	struct records		 rec;

	for (int i = 0; i < 99999; i++)
		ids_add(&c->env, &ids, ids.v[0]);
	c->app.conf.max_answer = 32 << 20;
	refused(c, read(c, "t.shelf", &ids, NULL, 0, &rec) && read(c,
	    "res.partner", &ids, NULL, 0, &rec), ERR_TOO_LARGE, "too many");
	c->app.conf.max_answer = 4 << 20;
	refused(c, read(c, "t.shelf", &ids, NULL, 0, &rec), ERR_TOO_LARGE,
	    "100000 records");
	c->app.conf.max_answer = 32 << 20;
}

/* Secrets are neither searched nor sorted by, on any way to them. */
static void
test_secrets(void **state)
{
	static const struct {
		const char	*model, *domain, *order;
	}			 ways[] = {
		{ "t.shelf", "[('pin', '=', '1')]", NULL },
		{ "t.shelf", "[('pin', '!=', False)]", NULL },
		{ "t.shelf", "[('parent_id.pin', 'like', '1')]", NULL },
		{ "t.shelf", NULL, "pin" },
		{ "t.shelf", "[('create_uid.password', '!=', False)]", NULL },
		{ "res.users", "[('password', 'like', '%')]", NULL },
		{ "res.users", NULL, "password desc" },
		{ "res.users.apikeys", "[('key', '!=', 'x')]", NULL },
		{ "res.users.apikeys", NULL, "key" },
	};
	struct base_case	*c = *state;
	struct ids		 ids;

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		assert_false(find(c, ways[i].model, ways[i].domain,
		    ways[i].order, &ids));
		assert_int_equal(c->err.code, ERR_VALUE);
		err_clear(&c->err);
	}
}

static void
test_archived(void **state)
{
	struct base_case	*c = *state;
	const struct model	*m = model(c, "t.shelf");
	struct ids		 ids;
	int64_t			 n;

	add(c, "t.shelf", "{'name': 'a'}");
	add(c, "t.shelf", "{'name': 'b', 'active': False}");
	add(c, "t.shelf", "{'name': 'c', 'parent_id': 2}");
	done(c, find(c, "t.shelf", NULL, NULL, &ids));
	assert_int_equal(ids.n, 2);
	done(c, model_count(&c->env, m, NULL, &n));
	assert_int_equal(n, 2);
	done(c, find(c, "t.shelf", "[('active', '=', False)]", NULL, &ids));
	assert_int_equal(ids.n, 1);
	done(c, find(c, "t.shelf", "[('active', 'in', [True, False])]", NULL,
	    &ids));
	assert_int_equal(ids.n, 3);
	done(c, find(c, "t.shelf", "[('parent_id.active', '=', False)]", NULL,
	    &ids));
	assert_int_equal(ids.n, 1);
	context(c, "{'active_test': False}");
	done(c, model_count(&c->env, m, NULL, &n));
	assert_int_equal(n, 3);
}

static void
test_pages(void **state)
{
	struct base_case	*c = *state;
	const struct model	*m = model(c, "t.note");
	struct page		 page = { "id desc", 3, 4 };
	struct ids		 ids;

	for (int i = 0; i < 10; i++)
		add(c, "t.note", "{}");
	done(c, model_search(&c->env, m, NULL, &page, &ids));
	assert_int_equal(ids.n, 4);
	assert_int_equal(ids.v[0], 7);
	page = (struct page){ "", 8, 0 };
	done(c, model_search(&c->env, m, NULL, &page, &ids));
	assert_int_equal(ids.n, 2);
	page = (struct page){ NULL, 99, 5 };
	done(c, model_search(&c->env, m, NULL, &page, &ids));
	assert_int_equal(ids.n, 0);
	page = (struct page){ NULL, -1, 0 };
	refused(c, model_search(&c->env, m, NULL, &page, &ids), ERR_VALUE,
	    "cannot be negative");
	page = (struct page){ NULL, 0, -1 };
	refused(c, model_search(&c->env, m, NULL, &page, &ids), ERR_VALUE,
	    "cannot be negative");
	page = (struct page){ "nonsuch", 0, 0 };
	refused(c, model_search(&c->env, m, NULL, &page, &ids), ERR_VALUE,
	    "nonsuch");
	page = (struct page){ "id; drop", 0, 0 };
	refused(c, model_search(&c->env, m, NULL, &page, &ids), ERR_USER,
	    "Invalid order");
}

static void
test_exists(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids = one(c, 99), found;

	ids_add(&c->env, &ids, add(c, "t.note", "{}"));
	ids_add(&c->env, &ids, add(c, "t.note", "{}"));
	ids_add(&c->env, &ids, 1);
	done(c, model_exists(&c->env, model(c, "t.note"), &ids, &found));
	assert_int_equal(found.n, 2);
	assert_int_equal(found.v[0], 1);
	assert_int_equal(found.v[1], 2);
}

static void
assert_decimal(struct base_case *c, int64_t id, int64_t n, unsigned int scale)
{
	struct value	 v = get(c, "t.note", id, "amount");

	assert_int_equal(v.type, VALUE_DECIMAL);
	assert_int_equal(v.u.i, n);
	assert_int_equal(v.scale, scale);
}

/* Shown with the currency's decimal places, stored with all. */
static void
test_monetary(void **state)
{
	struct base_case	*c = *state;
	const char		*field = "amount";
	struct value		 yen, all;
	int64_t			 id;

	yen = value_int(add(c, "res.currency", "{'name': 'Y00', 'symbol': 'Y',"
	    " 'decimal_places': 0}"));
	id = add(c, "t.note", "{'amount': '-12.3450'}");
	assert_decimal(c, id, -123450, 4);
	done(c, change(c, "t.note", one(c, id), "{'currency_id': 1}"));
	assert_decimal(c, id, -1235, 2);
	done(c, change(c, "t.note", one(c, id), arena_printf(c->a,
	    "{'currency_id': %lld, 'amount': 12.5}", (long long)yen.u.i)));
	assert_decimal(c, id, 13, 0);
	done(c, change(c, "t.note", one(c, id), "{'currency_id': False}"));
	assert_decimal(c, id, 125000, 4);
	refused(c, change(c, "t.note", one(c, id), "{'amount': 1e13}"),
	    ERR_VALUE, "at most 16 digits");
	done(c, model_describe(&c->env, model(c, "t.note"),
	    &(struct names){ &field, 1 }, NULL, &all));
	assert_true(value_is_text(value_get(value_get(&all, field),
	    "currency_field"), "currency_id"));
}

static void
test_bin_size(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id = add(c, "t.note", "{'scan': 'aGVsbG8='}");
	struct value		 big = value_dict(c->a);
	char			*text = arena_text(c->a, 2000);

	assert_text(c, "t.note", id, "scan", "aGVsbG8=");
	context(c, "{'bin_size': True}");
	assert_text(c, "t.note", id, "scan", "5.00 bytes");
	context(c, "{'bin_size_scan': True}");
	assert_text(c, "t.note", id, "scan", "5.00 bytes");
	memset(text, 'A', 2000);
	value_set(c->a, &big, "scan", value_span((struct span){ text, 2000 }));
	done(c, model_write(&c->env, model(c, "t.note"), &(struct ids){ &id,
	    1 }, &big));
	assert_text(c, "t.note", id, "scan", "1.46 Kb");
	context(c, "{'bin_size': False, 'bin_size_other': True}");
	assert_int_equal(get(c, "t.note", id, "scan").u.text.n, 2000);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_read),
		case(test_all_fields),
		case(test_refusals),
		case(test_too_many),
		case(test_secrets),
		case(test_archived),
		case(test_pages),
		case(test_exists),
		case(test_monetary),
		case(test_bin_size),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_read", tests, base_case_make,
	    base_case_drop);
}
