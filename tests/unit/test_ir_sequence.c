#include "base_case.h"

#include <sys/wait.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "models/ir_sequence.h"
#include "models/models.h"
#include "orm/method.h"

#define PROCESSES	8
#define NUMBERS		200	/* that each of them takes */

static bool
call(struct base_case *c, const char *name, int64_t id, const char *named,
    struct value *out)
{
	const struct method	*method;
	struct method_input	 input = { 0 };

	method = method_find(&models_behaviour, "ir.sequence", name);
	assert_non_null(method);
	if (id != 0)
		input.ids = value_int(id);
	input.named = literal(c, named);
	return method_run(&c->env, method, model(c, "ir.sequence"), &input,
	    out);
}

static void
gives(struct base_case *c, const char *name, int64_t id, const char *named,
    const char *want)
{
	struct value	 v;

	done(c, call(c, name, id, named, &v));
	if (want == NULL) {
		assert_true(v.type == VALUE_BOOL && !v.u.b);
		return;
	}
	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, want);
}

static void
next(struct base_case *c, int64_t id, const char *want)
{
	gives(c, "next_by_id", id, "{}", want);
}

static void
expands(struct base_case *c, const char *text, const char *want)
{
	struct buf		*b = buf_new(c->a);
	struct sequence_times	 t;
	struct span		 wrong;

	assert_true(datetime_parse(span_of("2025-12-31 23:59:58"), &t.now));
	assert_true(datetime_parse(span_of("2024-02-29 13:05:09"),
	    &t.effective));
	assert_true(datetime_parse(span_of("2023-01-01 00:00:00"), &t.range));
	if (!sequence_text(b, span_of(text), &t, &wrong)) {
		if (want != NULL)
			fail_msg("%s: wrong at %.*s", text, (int)wrong.n,
			    wrong.p);
		return;
	}
	assert_non_null(want);
	assert_string_equal(buf_text(b).p, want);
}

static void
test_text(void **state)
{
	struct base_case	*c = *state;

	expands(c, "", "");
	expands(c, "INV/", "INV/");
	expands(c, "%(year)s-%(month)s-%(day)s %(y)s", "2024-02-29 24");
	expands(c, "%(doy)s %(woy)s %(weekday)s", "060 09 4");
	expands(c, "%(h24)s %(h12)s %(min)s %(sec)s", "13 01 05 09");
	expands(c, "%(range_year)s %(range_doy)s", "2023 001");
	expands(c, "%(current_year)s/%(current_month)s", "2025/12");
	expands(c, "100%% (a)", "100% (a)");
	expands(c, "%", NULL);
	expands(c, "50% off", NULL);
	expands(c, "%(", NULL);
	expands(c, "%()s", NULL);
	expands(c, "%(year)", NULL);
	expands(c, "%(year)d", NULL);
	expands(c, "%(Year)s", NULL);
	expands(c, "%(range_)s", NULL);
	expands(c, "%(current_range_year)s", NULL);
}

static void
test_next(void **state)
{
	struct base_case	*c = *state;
	int64_t			 id;

	id = add(c, "ir.sequence", "{'name': 'Plain'}");
	next(c, id, "1");
	next(c, id, "2");
	id = add(c, "ir.sequence", "{'name': 'Bills', 'prefix': 'B%(year)s/',"
	    "'suffix': '-x', 'padding': 4, 'number_next': 9998,"
	    "'number_increment': 2}");
	gives(c, "next_by_id", id, "{'sequence_date': '2020-05-01'}",
	    "B2020/9998-x");
	gives(c, "next_by_id", id, "{'sequence_date': '2021-05-01 10:00:00'}",
	    "B2021/10000-x");
	assert_int_equal(get(c, "ir.sequence", id,
	    "number_next_actual").u.i, 10002);
	done(c, change(c, "ir.sequence", one(c, id),
	    "{'number_next_actual': 5}"));
	gives(c, "next_by_id", id, "{'sequence_date': '1969-12-31'}",
	    "B1969/0005-x");
	id = add(c, "ir.sequence", "{'name': 'Down', 'padding': 3,"
	    "'number_increment': -1}");
	next(c, id, "001");
	next(c, id, "000");
	next(c, id, "-01");
}

static void
test_code(void **state)
{
	struct base_case	*c = *state;
	int64_t			 other, company;

	gives(c, "next_by_code", 0, "{'sequence_code': 't'}", NULL);
	company = add(c, "res.company", arena_printf(c->a,
	    "{'name': 'Other', 'partner_id': %d, 'currency_id': %d}",
	    (int)add(c, "res.partner", "{'name': 'Other'}"),
	    (int)database_ref(&c->env, "base", "EUR")));
	other = add(c, "ir.sequence", "{'name': 'o', 'code': 't',"
	    "'prefix': 'other'}");
	done(c, change(c, "ir.sequence", one(c, other), arena_printf(c->a,
	    "{'company_id': %d}", (int)company)));
	gives(c, "next_by_code", 0, "{'sequence_code': 't'}", NULL);
	add(c, "ir.sequence", "{'name': 'all', 'code': 't',"
	    "'prefix': 'all'}");
	gives(c, "next_by_code", 0, "{'sequence_code': 't'}", "all1");
	add(c, "ir.sequence", "{'name': 'own', 'code': 't',"
	    "'prefix': 'own', 'company_id': 1}");
	gives(c, "next_by_code", 0, "{'sequence_code': 't'}", "own1");
	add(c, "ir.sequence", "{'name': 'gone', 'code': 'u',"
	    "'active': False}");
	gives(c, "next_by_code", 0, "{'sequence_code': 'u'}", NULL);
}

static void
test_periods(void **state)
{
	struct base_case	*c = *state;
	struct ids		 ids;
	int64_t			 id;

	id = add(c, "ir.sequence", "{'name': 'Y', 'prefix': "
	    "'%(range_year)s-%(range_month)s/', 'use_date_range': True}");
	gives(c, "next_by_id", id, "{'sequence_date': '2020-05-01'}",
	    "2020-01/1");
	gives(c, "next_by_id", id, "{'sequence_date': '2020-12-31'}",
	    "2020-01/2");
	gives(c, "next_by_id", id, "{'sequence_date': '2021-01-01'}",
	    "2021-01/1");
	gives(c, "next_by_id", id, "{'sequence_date': '2020-01-01'}",
	    "2020-01/3");
	add(c, "ir.sequence.date_range", arena_printf(c->a,
	    "{'sequence_id': %d, 'date_from': '2022-04-01',"
	    "'date_to': '2022-06-30', 'number_next': 70}", (int)id));
	gives(c, "next_by_id", id, "{'sequence_date': '2022-06-30'}",
	    "2022-04/70");
	gives(c, "next_by_id", id, "{'sequence_date': '2022-03-31'}",
	    "2022-01/1");
	gives(c, "next_by_id", id, "{'sequence_date': '2022-07-01'}",
	    "2022-07/1");
	done(c, find(c, "ir.sequence.date_range",
	    "[('date_to', '=', '2022-03-31')]", NULL, &ids));
	assert_int_equal(ids.n, 1);
	done(c, find(c, "ir.sequence.date_range",
	    "[('date_from', '=', '2022-07-01'), ('date_to', '=', "
	    "'2022-12-31')]", NULL, &ids));
	assert_int_equal(ids.n, 1);
	assert_int_equal(get(c, "ir.sequence", id, "number_next").u.i, 1);
}

static void
test_refused(void **state)
{
	struct base_case	*c = *state;
	struct value		 v;
	int64_t			 id;

	refused(c, create(c, "ir.sequence", "{'name': 'x', 'prefix': '%y'}",
	    &id), ERR_VALIDATION, "no part of the date at \"%y\"");
	again(c);
	refused(c, create(c, "ir.sequence",
	    "{'name': 'x', 'suffix': 'a%(nil)s'}", &id), ERR_VALIDATION,
	    "%(nil)s");
	again(c);
	refused(c, create(c, "ir.sequence",
	    "{'name': 'x', 'number_increment': 0}", &id), ERR_VALIDATION,
	    "cannot be 0");
	again(c);
	refused(c, create(c, "ir.sequence", "{'name': 'x', 'padding': 65}",
	    &id), ERR_VALIDATION, "0 to 64 digits");
	again(c);
	id = add(c, "ir.sequence", "{'name': 'x', 'number_next': 2147483647}");
	refused(c, call(c, "next_by_id", id, "{}", &v), ERR_USER,
	    "no number left");
	again(c);
	refused(c, call(c, "next_by_id", 999999, "{}", &v), ERR_MISSING,
	    "does not exist");
	id = add(c, "ir.sequence", "{'name': 'x'}");
	refused(c, call(c, "next_by_id", id, "{'sequence_date': 'soon'}", &v),
	    ERR_VALUE, "YYYY-MM-DD");
	refused(c, call(c, "next_by_id", 0, "{}", &v), ERR_VALUE, "");
	refused(c, call(c, "next_by_code", 0, "{}", &v), ERR_VALUE,
	    "sequence_code");
}

/* Who may read a sequence may take its numbers, and nothing else. */
static void
test_rights(void **state)
{
	struct base_case	*c = *state;
	struct value		 v;
	int64_t			 id;

	id = add(c, "ir.sequence", "{'name': 'x', 'code': 'x',"
	    "'use_date_range': True}");
	as(c, "demo");
	gives(c, "next_by_id", id, "{}", "1");
	gives(c, "next_by_code", 0, "{'sequence_code': 'x'}", "2");
	refused(c, change(c, "ir.sequence", one(c, id), "{'number_next': 1}"),
	    ERR_ACCESS, "");
	as(c, "admin");
	done(c, change(c, "ir.model.access", one(c, database_ref(&c->env,
	    "base", "access_ir_sequence_group_user")),
	    "{'perm_read': False}"));
	done(c, env_reload(&c->env));
	as(c, "demo");
	refused(c, call(c, "next_by_id", id, "{}", &v), ERR_ACCESS, "");
	refused(c, call(c, "next_by_code", 0, "{'sequence_code': 'x'}", &v),
	    ERR_ACCESS, "");
}

/* In a process of its own, where cmocka has no say. */
static void
must(const struct base_case *c, bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "# %s\n", c->err.msg);
	_exit(1);
}

static int32_t
take_one(struct base_case *c, int64_t id, bool keep)
{
	const struct method	*method;
	struct method_input	 input = { .ids = value_int(id) };
	struct value		 v;
	int32_t			 number;

	c->env = (struct env){ .conf = &c->app.conf, .arena = arena_new(),
	    .err = &c->err, .uid = SUPERUSER };
	c->env.db = databases_named(c->app.dbs, "shelf", &c->err);
	must(c, c->env.db != NULL && database_open(c->env.db, &c->err) &&
	    env_begin(&c->env, ENV_WRITE));
	method = method_find(&models_behaviour, "ir.sequence", "next_by_id");
	must(c, method_run(&c->env, method, registry_model(c->env.reg,
	    "ir.sequence"), &input, &v));
	number = (int32_t)strtol(v.u.text.p, NULL, 10);
	if (keep)
		must(c, env_commit(&c->env));
	else
		env_rollback(&c->env);
	arena_free(c->env.arena);
	return number;
}

/* One process of many: takes numbers, and gives every seventh back. */
static void
take(const struct base_case *parent, int64_t id, int fd)
{
	struct base_case	 own = { 0 };

	must(&own, app_open(&own.app, "/dev/null", parent->data, &own.err));
	for (int i = 1, n = 0; n < NUMBERS; i++) {
		int32_t	 number = take_one(&own, id, i % 7 != 0);

		if (i % 7 == 0)
			continue;
		must(&own, write(fd, &number, sizeof number) ==
		    sizeof number);
		n++;
	}
	app_close(&own.app);
}

static void
test_processes(void **state)
{
	struct base_case	*c = *state;
	bool			 seen[PROCESSES * NUMBERS + 1] = { false };
	int64_t			 id;
	int32_t			 number;
	int			 fds[2], status;

	id = add(c, "ir.sequence", "{'name': 'x', 'implementation': 'no_gap'}");
	done(c, env_commit(&c->env));
	databases_close(c->app.dbs);
	assert_int_equal(pipe(fds), 0);
	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			take(c, id, fds[1]);
			_exit(0);
		}
	close(fds[1]);
	for (int i = 0; i < PROCESSES * NUMBERS; i++) {
		assert_int_equal(read(fds[0], &number, sizeof number),
		    sizeof number);
		assert_true(number >= 1 && number <= PROCESSES * NUMBERS);
		assert_false(seen[number]);
		seen[number] = true;
	}
	assert_int_equal(read(fds[0], &number, 1), 0);
	close(fds[0]);
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	arena_free(c->a);
	base_case_open(state);
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_text),
		case(test_next),
		case(test_code),
		case(test_periods),
		case(test_refused),
		case(test_rights),
		case(test_processes),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ir_sequence", tests,
	    base_case_make, base_case_drop);
}
