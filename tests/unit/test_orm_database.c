#include "base_case.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

static const char *
path(struct base_case *c, const char *file)
{
	return arena_printf(c->a, "%s/%s", c->data, file);
}

static void
put(struct base_case *c, const char *file, const char *text)
{
	FILE	*f = fopen(path(c, file), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static const char *
contents(struct base_case *c, const char *file)
{
	char	*text = arena_text(c->a, 65535);
	FILE	*f = fopen(path(c, file), "r");

	assert_non_null(f);
	text[fread(text, 1, 65535, f)] = '\0';
	fclose(f);
	return text;
}

static void
copy(struct base_case *c, const char *from, const char *to)
{
	char	 command[256];

	snprintf(command, sizeof command, "cp '%s' '%s'", path(c, from),
	    path(c, to));
	assert_int_equal(system(command), 0);
}

/* The same directory as another process sees it. */
static void
other(struct base_case *c, struct app *app)
{
	done(c, app_open(app, "/dev/null", c->data, &c->err));
}

/* A database without modules, which is entered nevertheless. */
static bool
make(struct databases *dbs, const char *name, struct err *err)
{
	struct database	*db;

	if (!database_create(dbs, name, &db, err))
		return false;
	if (!databases_publish(dbs, db, err)) {
		database_discard(db);
		return false;
	}
	store_close(db->store);
	db->store = NULL;
	return true;
}

static void
test_names(void **state)
{
	static const char *const	 wrong[] = {
		"", "A", "a b", "../a", "a.db", "a/b", "\xc3\xa9",
		"0123456789012345678901234567890123456789"
		"012345678901234567890123",
	};
	struct base_case		*c = *state;
	struct database			*db;

	assert_true(database_name_valid("a-b_0"));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(database_name_valid(wrong[i]));
		refused(c, database_create(c->app.dbs, wrong[i], &db,
		    &c->err), ERR_VALUE, "cannot name a database");
	}
	refused(c, database_create(c->app.dbs, "shelf", &db, &c->err),
	    ERR_USER, "there is a database shelf already");
	put(c, "stray.db", "");
	refused(c, database_create(c->app.dbs, "stray", &db, &c->err),
	    ERR_USER, "stray.db that is not in the index");
	assert_int_equal(access(path(c, "stray.db"), F_OK), 0);
	assert_int_equal(unlink(path(c, "stray.db")), 0);
}

static void
test_find(void **state)
{
	struct base_case	*c = *state;
	struct databases	*dbs = c->app.dbs;
	struct database		*db = c->env.db;

	assert_ptr_equal(databases_named(dbs, "shelf", &c->err), db);
	assert_ptr_equal(databases_default(dbs, &c->err), db);
	assert_ptr_equal(databases_tagged(dbs, arena_printf(c->a,
	    "%sand more", db->tag), &c->err), db);
	refused(c, databases_named(dbs, "nonsuch", &c->err) != NULL,
	    ERR_NOT_FOUND, "no such database");
	refused(c, databases_tagged(dbs, "", &c->err) != NULL, ERR_AUTH, "");
	refused(c, databases_tagged(dbs, arena_strndup(c->a, db->tag, 5),
	    &c->err) != NULL, ERR_AUTH, "");
	refused(c, databases_tagged(dbs, "??????123", &c->err) != NULL,
	    ERR_AUTH, "Authentication required");
	assert_int_equal(strlen(db->deployment_id), 24);
}

/* An index out of order is told; what is open goes on being served. */
static void
test_damaged(void **state)
{
	static const char *const	 wrong[] = {
		"shelf\n", "shelf abcdef 012345678901234567890123",
		"shelf abcde 012345678901234567890123\n",
		"shelf abcdef 01234567890123456789012\n",
		"shelf abcdef 01234567890123456789012g\n",
		"SHELF abcdef 012345678901234567890123\n",
		"shelf abcdef 012345678901234567890123 more\n", "\n",
		"a abcdef 012345678901234567890123\n"
		"b abcdef 012345678901234567890124\n",
		"a abcdef 012345678901234567890123\n"
		"a abcdeg 012345678901234567890124\n",
	};
	struct base_case		*c = *state;
	const char			*good = contents(c, "databases");
	struct app			 app;
	struct database			*db;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		put(c, "databases", wrong[i]);
		other(c, &app);
		refused(c, databases_named(app.dbs, "shelf", &c->err) !=
		    NULL, ERR_UNAVAILABLE, "cardfile list --rebuild");
		assert_int_equal(databases_count(app.dbs, &c->err), 0);
		err_clear(&c->err);
		app_close(&app);
		assert_ptr_equal(databases_named(c->app.dbs, "shelf",
		    &c->err), c->env.db);
		refused(c, make(c->app.dbs, "fresh", &c->err),
		    ERR_UNAVAILABLE, "damaged");
		assert_int_equal(access(path(c, "fresh.db"), F_OK), -1);
	}
	done(c, databases_rebuild(c->app.dbs, &c->err));
	assert_string_equal(contents(c, "databases"), good);
	db = databases_named(c->app.dbs, "shelf", &c->err);
	assert_ptr_equal(db, c->env.db);
	assert_ptr_equal(db->store, c->env.store);
}

/* What is no database, or was never finished, does not stop the others. */
static void
test_rebuild(void **state)
{
	struct base_case	*c = *state;
	const char		*good = contents(c, "databases");

	put(c, "text.db", "this is no database of any kind, only some text\n");
	put(c, "empty.db", "");
	done(c, make(c->app.dbs, "bare", &c->err));
	assert_non_null(strstr(contents(c, "databases"), "bare "));
	assert_int_equal(unlink(path(c, "databases")), 0);
	done(c, databases_rebuild(c->app.dbs, &c->err));
	assert_string_equal(contents(c, "databases"), good);

	copy(c, "shelf.db", "twin.db");
	refused(c, databases_rebuild(c->app.dbs, &c->err), ERR_UNAVAILABLE,
	    "is a copy of another database");
	assert_string_equal(contents(c, "databases"), good);
	unlink(path(c, "text.db"));
	unlink(path(c, "empty.db"));
	unlink(path(c, "twin.db"));
	assert_int_equal(unlink(path(c, "bare.db")), 0);
	done(c, databases_rebuild(c->app.dbs, &c->err));
}

static void
test_unfinished(void **state)
{
	struct base_case	*c = *state;
	struct database		*db;

	done(c, make(c->app.dbs, "bare", &c->err));
	db = databases_named(c->app.dbs, "bare", &c->err);
	assert_non_null(db);
	refused(c, database_open(db, &c->err), ERR_UNAVAILABLE,
	    "was never finished");
	assert_null(db->store);
	database_discard(db);
	assert_int_equal(access(path(c, "bare.db"), F_OK), -1);
	done(c, databases_rebuild(c->app.dbs, &c->err));
	assert_null(databases_named(c->app.dbs, "bare", &c->err));
	err_clear(&c->err);
}

/* How many of n processes at once could make theirs. */
static int
race(struct base_case *c, int n, bool same)
{
	int	 made = 0, status;

	for (int i = 0; i < n; i++) {
		struct app	 app;
		struct err	 err = { 0 };
		char		 name[16];

		if (fork() != 0)
			continue;
		snprintf(name, sizeof name, "race%d", same ? 0 : i);
		if (!app_open(&app, "/dev/null", c->data, &err))
			_exit(2);
		_exit(make(app.dbs, name, &err) ? 0 : 1);
	}
	for (int i = 0; i < n; i++) {
		assert_true(wait(&status) > 0);
		made += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	return made;
}

static void
test_two_processes(void **state)
{
	struct base_case	*c = *state;
	struct database		*db;
	struct err		 err = { 0 };

	env_rollback(&c->env);
	assert_int_equal(race(c, 6, false), 6);
	assert_int_equal(databases_count(c->app.dbs, &c->err), 7);
	for (size_t i = 6; i > 0; i--) {
		db = databases_at(c->app.dbs, i);
		assert_true(strncmp(db->name, "race", 4) == 0);
		database_discard(db);
	}
	done(c, databases_rebuild(c->app.dbs, &c->err));
	assert_int_equal(databases_count(c->app.dbs, &c->err), 1);

	/* The name goes to one, who keeps his file. */
	assert_int_equal(race(c, 6, true), 1);
	db = databases_named(c->app.dbs, "race0", &c->err);
	assert_non_null(db);
	assert_false(database_open(db, &err));
	assert_non_null(strstr(err.msg, "never finished"));
	database_discard(db);
	done(c, databases_rebuild(c->app.dbs, &c->err));
	done(c, env_begin(&c->env, ENV_WRITE));
}

/* Removed and made anew under the same name: nobody writes to the old file. */
static void
test_replaced(void **state)
{
	struct base_case	*c = *state;
	struct database		*db, *fresh;
	struct app		 app;

	done(c, make(c->app.dbs, "bare", &c->err));
	db = databases_named(c->app.dbs, "bare", &c->err);
	other(c, &app);
	database_discard(databases_named(app.dbs, "bare", &c->err));
	done(c, databases_rebuild(app.dbs, &c->err));
	done(c, make(app.dbs, "bare", &c->err));
	app_close(&app);
	fresh = databases_named(c->app.dbs, "bare", &c->err);
	assert_non_null(fresh);
	assert_ptr_not_equal(fresh, db);
	assert_string_not_equal(fresh->tag, db->tag);
	assert_null(databases_tagged(c->app.dbs, db->tag, &c->err));
	err_clear(&c->err);
	database_discard(fresh);
	done(c, databases_rebuild(c->app.dbs, &c->err));
}

static bool
install(struct base_case *c, const char *module, const char *text)
{
	struct value	 file = literal(c, text);

	c->env.loading = true;
	return database_install(&c->env, module, &file, 1);
}

static void
begin(struct base_case *c, struct env *env, struct app *app)
{
	*env = (struct env){ .conf = &app->conf, .arena = c->a,
	    .err = &c->err, .uid = SUPERUSER };
	env->db = databases_named(app->dbs, "shelf", &c->err);
	done(c, env->db != NULL && database_open(env->db, &c->err) &&
	    env_begin(env, ENV_READ));
}

/* The schema that one has committed is the other's at his next request. */
static void
test_generation(void **state)
{
	struct base_case	*c = *state;
	struct app		 app;
	struct env		 env;
	int64_t			 old = registry_generation(c->env.reg);

	other(c, &app);
	begin(c, &env, &app);
	done(c, install(c, "more", "{'model': 't.more', 'name': 'More',"
	    " 'fields': {'name': {'type': 'char'}}}"));
	assert_true(registry_generation(c->env.reg) > old);
	assert_non_null(registry_model(c->env.reg, "t.more"));
	done(c, env_commit(&c->env));
	assert_null(registry_model(env.reg, "t.more"));
	env_rollback(&env);
	done(c, env_begin(&env, ENV_READ));
	assert_non_null(registry_model(env.reg, "t.more"));
	env_rollback(&env);
	app_close(&app);
	done(c, env_begin(&c->env, ENV_WRITE));
	add(c, "t.more", "{'name': 'x'}");
}

/* Of two that make the same generation, the one rolled back is forgotten. */
static void
test_rolled_back(void **state)
{
	struct base_case	*c = *state;
	struct app		 app;
	struct env		 env;
	int64_t			 generation;

	done(c, install(c, "mine", "{'model': 't.mine', 'name': 'Mine',"
	    " 'fields': {'name': {'type': 'char'}}}"));
	add(c, "t.mine", "{'name': 'x'}");
	generation = registry_generation(c->env.reg);
	env_rollback(&c->env);
	assert_null(c->env.db->reg);

	other(c, &app);
	begin(c, &env, &app);
	env_rollback(&env);
	done(c, env_begin(&env, ENV_WRITE));
	done(c, env_generation_next(&env));
	done(c, env_commit(&env));
	app_close(&app);

	done(c, env_begin(&c->env, ENV_WRITE));
	assert_int_equal(registry_generation(c->env.reg), generation);
	assert_null(registry_model(c->env.reg, "t.mine"));
}

static void
test_definitions(void **state)
{
	static const struct {
		const char	*file, *text;
	}	 wrong[] = {
		{ "{'model': 'T', 'name': 'x', 'fields': {}}",
		    "\"T\" is no model name" },
		{ "{'model': 't.x', 'fields': {}}", "name is missing" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {}, 'oops': 1}",
		    "unknown attribute \"oops\"" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'uuid':"
		    " {'type': 'char'}}}", "not a name for a field" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'id':"
		    " {'type': 'char'}}}", "not a name for a field" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'text9'}}}", "unknown type \"text9\"" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'char', 'relation': 't.shelf'}}}",
		    "relation is for relations alone" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2one'}}}", "relation is missing" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2one', 'relation': 't.none'}}}",
		    "there is no model t.none" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2one', 'relation': 't.shelf',"
		    " 'ondelete': 'casade'}}}", "\"casade\" is not possible" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2one', 'relation': 't.shelf',"
		    " 'required': True, 'ondelete': 'set null'}}}",
		    "\"set null\" is not possible" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'char', 'store': False}}}",
		    "neither stored nor computed" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'char', 'size': -1}}}", "size" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'char', 'compute': 'nonsuch.name'}}}",
		    "nonsuch" },
		{ "{'model': 't.shelf', 'fields': {}, 'links': {}}",
		    "unknown attribute \"links\"" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'one2many', 'relation': 't.shelf'}}}",
		    "relation_field is missing" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'one2many', 'relation': 't.shelf',"
		    " 'relation_field': 'parent_id'}}}",
		    "parent_id of t.shelf is no stored many2one to it" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.shelf',"
		    " 'index': True}}}", "a many2many has no index" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.shelf',"
		    " 'compute': 'a', 'store': True}}}",
		    "a computed many2many cannot be stored" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.shelf'}, 'b':"
		    " {'type': 'many2many', 'relation': 't.shelf'}}}",
		    "give another relation_table" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.book',"
		    " 'relation_table': 't_seen_rel'}}}",
		    "t_seen_rel exists already, without a column" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.book',"
		    " 'relation_table': 't_shelf'}}}", "of another kind" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.book',"
		    " 'column1': 'u', 'column2': 'u'}}}", "the columns two" },
		{ "{'model': 't.x', 'name': 'x', 'fields': {'a':"
		    " {'type': 'many2many', 'relation': 't.book',"
		    " 'relation_table': 'a b'}}}", "must be names" },
		{ "{'model': 't.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',"
		    " 'name': 'x', 'fields': {'a': {'type': 'many2many',"
		    " 'relation': 't.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
		    "}}}", "give a relation_table" },
	};
	struct base_case	*c = *state;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(install(c, "wrong", wrong[i].file));
		if (strstr(c->err.msg, wrong[i].text) == NULL)
			fail_msg("%s: %s", wrong[i].file, c->err.msg);
		err_clear(&c->err);
		again(c);
		assert_null(registry_model(c->env.reg, "t.x"));
	}
	c->env.loading = false;
}

/* Files are loaded again without doubling anything. */
static void
test_load_again(void **state)
{
	struct base_case	*c = *state;
	struct value		 once = literal(c,
	    "[{'id': 'first', 'values': {'name': 'a'}},"
	    " {'id': 'second', 'values': {'name': 'b',"
	    "  'parent_id': {'ref': 'first'}}}]");
	struct value		 twice = literal(c,
	    "[{'id': 'first', 'values': {'name': 'z'}}]");
	struct value		 wrong = literal(c,
	    "[{'id': 'third', 'values': {'parent_id': {'ref': 'x.y'}}}]");
	struct value		 clash = literal(c,
	    "[{'id': 'first', 'values': {}}]");
	int64_t			 id;

	c->env.loading = true;
	done(c, database_load(&c->env, "shelf", "t.shelf", &once, false));
	id = database_ref(&c->env, "shelf", "first");
	assert_int_equal(id, database_ref(&c->env, "none", "shelf.first"));
	assert_text(c, "t.shelf", database_ref(&c->env, "shelf", "second"),
	    "path", "a/b");
	done(c, database_load(&c->env, "shelf", "t.shelf", &twice, false));
	assert_text(c, "t.shelf", id, "name", "z");
	assert_int_equal(changes(c, "t.shelf", 0, "create"), 2);
	refused(c, database_load(&c->env, "shelf", "t.shelf", &wrong, false),
	    ERR_VALUE, "there is no record \"x.y\"");
	refused(c, database_load(&c->env, "shelf", "t.note", &clash, false),
	    ERR_VALUE, "\"first\" names a record of t.shelf, not of t.note");
	refused(c, database_load(&c->env, "shelf", "t.none", &clash, false),
	    ERR_VALUE, "there is no model t.none");
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, base_case_open, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_names),
		case(test_find),
		case(test_damaged),
		case(test_rebuild),
		case(test_unfinished),
		case(test_two_processes),
		case(test_replaced),
		case(test_generation),
		case(test_rolled_back),
		case(test_definitions),
		case(test_load_again),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("orm_database", tests,
	    base_case_make, base_case_drop);
}
