#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/stat.h>

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "worker/app.h"
#include "worker/csv.h"
#include "worker/loader.h"
#include "worker/user.h"

/* A data directory and a schema directory of the test's own. */
struct place {
	struct app		 app;
	struct err		 err;
	char			 dir[64];
	struct loader_passwords	 passwords;
};

static const char *
top(void)
{
	const char	*dir = getenv("TOP_SRCDIR");

	return dir == NULL ? "." : dir;
}

static void
put(struct place *p, const char *path, const char *text)
{
	char	 name[PATH_MAX];
	FILE	*f;

	snprintf(name, sizeof name, "%s/%s", p->dir, path);
	f = fopen(name, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
folder(struct place *p, const char *path)
{
	char	 name[PATH_MAX];

	snprintf(name, sizeof name, "%s/%s", p->dir, path);
	assert_int_equal(mkdir(name, 0700), 0);
}

static int
setup(void **state)
{
	static const char *const	 folders[] = {
		"data", "iso", "schema", "schema/mod", "schema/mod/models",
	};
	struct place			*p = calloc(1, sizeof *p);
	char				 base[PATH_MAX], real[PATH_MAX];
	char				 link[PATH_MAX];

	assert_non_null(p);
	strcpy(p->dir, "/tmp/test_loader-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
		folder(p, folders[i]);
	put(p, "iso/iso_3166-1.json", "{\"3166-1\": ["
	    "{\"alpha_2\": \"GB\", \"name\": \"United Kingdom\"},"
	    "{\"alpha_2\": \"TW\", \"name\": \"Taiwan, Province of China\","
	    " \"common_name\": \"Taiwan\"}]}");
	put(p, "iso/iso_3166-2.json", "{\"3166-2\": ["
	    "{\"code\": \"GB-SCT\", \"name\": \"Scotland\"}]}");
	put(p, "iso/iso_4217.json", "{\"4217\": ["
	    "{\"alpha_3\": \"EUR\", \"name\": \"Euro\"},"
	    "{\"alpha_3\": \"XAU\", \"name\": \"Gold\"}]}");
	put(p, "iso/iso_639-2.json", "{\"639-2\": ["
	    "{\"alpha_2\": \"el\", \"name\": \"Greek\"},"
	    "{\"alpha_3\": \"ace\", \"name\": \"Achinese\"}]}");
	snprintf(base, sizeof base, "%s/schema/base", top());
	assert_non_null(realpath(base, real));
	snprintf(link, sizeof link, "%s/schema/base", p->dir);
	assert_int_equal(symlink(real, link), 0);
	snprintf(link, sizeof link, "%s/data", p->dir);
	assert_true(app_open(&p->app, "/dev/null", link, &p->err));
	p->app.conf.iso_codes_dir = arena_printf(p->app.arena, "%s/iso",
	    p->dir);
	p->app.conf.schema_dir = arena_printf(p->app.arena, "%s/schema",
	    p->dir);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place	*p = *state;
	char		 command[128];

	app_close(&p->app);
	snprintf(command, sizeof command, "rm -rf '%s'", p->dir);
	assert_int_equal(system(command), 0);
	free(p);
	return 0;
}

static bool
init(struct place *p, const char *name, const char *module)
{
	err_clear(&p->err);
	return loader_init(&p->app, name, &module, module == NULL ? 0 : 1,
	    &p->passwords, &p->err);
}

static size_t
files(struct place *p)
{
	char		 name[PATH_MAX];
	struct dirent	*entry;
	size_t		 n = 0;
	DIR		*dir;

	snprintf(name, sizeof name, "%s/data", p->dir);
	dir = opendir(name);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += strstr(entry->d_name, ".db") != NULL;
	closedir(dir);
	return n;
}

/* A module "mod" with one data file, and what the refusal must tell. */
static void
refused(struct place *p, const char *file, const char *text, const char *why)
{
	char	 module[256], path[PATH_MAX];

	snprintf(module, sizeof module, "{\"name\": \"Mod\", \"depends\": "
	    "[\"base\"], \"models\": [], \"data\": [\"%s\"]}", file);
	put(p, "schema/mod/module.json", module);
	snprintf(path, sizeof path, "schema/mod/%s", file);
	put(p, path, text);
	assert_false(init(p, "bad", "mod"));
	if (strstr(p->err.msg, why) == NULL)
		fail_msg("\"%s\" does not tell \"%s\"", p->err.msg, why);
	assert_int_equal(files(p), 0);
	err_clear(&p->err);
	assert_int_equal(databases_count(p->app.dbs, &p->err), 0);
}

static struct env
begin(struct place *p, const char *name, enum env_txn txn)
{
	struct env	 env = { .arena = p->app.arena, .err = &p->err,
	    .conf = &p->app.conf, .uid = SUPERUSER, .su = true };

	err_clear(&p->err);
	env.db = databases_named(p->app.dbs, name, &p->err);
	assert_non_null(env.db);
	assert_true(database_open(env.db, &p->err));
	assert_true(env_begin(&env, txn));
	return env;
}

static struct value
read_text(struct env *env, const char *model, const char *xmlid,
    const char *field)
{
	const struct names	 names = { &field, 1 };
	struct records		 rec;
	int64_t			 id = database_ref(env, "base", xmlid);
	struct ids		 ids = { &id, 1 };

	assert_true(id != 0);
	assert_true(model_read(env, registry_model(env->reg, model), &ids,
	    &names, &rec));
	assert_int_equal(rec.n, 1);
	return rec.rows[0][1];
}

static void
check_text(struct env *env, const char *model, const char *xmlid,
    const char *field, const char *want)
{
	struct value	 v = read_text(env, model, xmlid, field);

	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, want);
}

static void
test_csv(void **state)
{
	struct arena	*a = arena_new();
	struct err	 err = { 0 };
	struct value	 rows;
	const char	*text = "id,name\r\n1,\"a \"\"b\"\", c\nd\"\r\n\n2,\n3,x";

	(void)state;
	assert_true(csv_parse(a, span_of(text), &rows, &err));
	assert_int_equal(rows.u.list->n, 4);
	assert_true(value_is_text(&rows.u.list->v[1].u.list->v[1],
	    "a \"b\", c\nd"));
	assert_true(value_is_text(&rows.u.list->v[2].u.list->v[1], ""));
	assert_true(value_is_text(&rows.u.list->v[3].u.list->v[1], "x"));
	assert_true(csv_parse(a, span_of(""), &rows, &err));
	assert_int_equal(rows.u.list->n, 0);
	arena_free(a);
}

static void
test_csv_refused(void **state)
{
	static const struct {
		const char	*text, *why;
	}		 cases[] = {
		{ "a,b\n1", "line 2: not as many" },
		{ "a,b\n1,2,3", "line 2: not as many" },
		{ "a\n\"x", "line 2: a quote is not closed" },
		{ "a\n\"x\"y", "line 2: text after" },
		{ "a\nx\"y\"", "line 2: a quote inside" },
		{ "a\rb", "line 1: a carriage return" },
		{ "a\n\"1\n2\"\n3,4", "line 4: not as many" },
		{ "a\n\xff", "not UTF-8" },
	};
	struct arena	*a = arena_new();
	struct value	 rows;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct err	 err = { 0 };

		assert_false(csv_parse(a, span_of(cases[i].text), &rows,
		    &err));
		if (strstr(err.msg, cases[i].why) == NULL)
			fail_msg("\"%s\", not \"%s\"", err.msg, cases[i].why);
	}
	arena_free(a);
}

static void
test_init(void **state)
{
	struct place	*p = *state;
	struct database	*db;

	assert_true(init(p, "one", NULL));
	assert_int_equal(strlen(p->passwords.admin), 24);
	assert_string_equal(p->passwords.demo, "");
	assert_int_equal(databases_count(p->app.dbs, &p->err), 1);
	db = databases_named(p->app.dbs, "one", &p->err);
	assert_non_null(db);
	assert_int_equal(strlen(db->tag), DATABASE_TAG);
	assert_int_equal(strlen(db->deployment_id), 24);
	assert_false(init(p, "one", NULL));
	assert_non_null(strstr(p->err.msg, "already"));
	assert_true(init(p, "two", NULL));
	assert_int_equal(databases_count(p->app.dbs, &p->err), 2);
	assert_false(init(p, "No", NULL));
	assert_false(init(p, "../x", NULL));
	assert_int_equal(databases_count(p->app.dbs, &p->err), 2);
}

static void
test_records(void **state)
{
	struct place	*p = *state;
	struct env	 env;

	assert_true(init(p, "one", NULL));
	env = begin(p, "one", ENV_READ);
	check_text(&env, "res.country", "uk", "code", "GB");
	check_text(&env, "res.country", "tw", "name", "Taiwan");
	check_text(&env, "res.country.state", "state_gb_sct", "display_name",
	    "Scotland (GB)");
	check_text(&env, "res.currency", "EUR", "symbol", "€");
	check_text(&env, "res.currency", "XAU", "symbol", "XAU");
	check_text(&env, "res.currency", "XAU", "full_name", "Gold");
	check_text(&env, "res.lang", "lang_el", "name", "Greek");
	check_text(&env, "res.lang", "lang_en", "code", "en_US");
	check_text(&env, "res.users", "user_root", "name", "Administrator");
	check_text(&env, "res.groups", "group_system", "display_name",
	    "Administration / Settings");
	check_text(&env, "ir.module.module", "module_base", "state",
	    "installed");
	env_rollback(&env);
}

static void
test_main_records(void **state)
{
	struct place	*p = *state;
	struct env	 env;
	int64_t		 uid;

	assert_true(init(p, "one", NULL));
	env = begin(p, "one", ENV_READ);
	assert_true(user_find(&env, "admin", &uid));
	assert_int_equal(uid, SUPERUSER);
	assert_int_equal(database_ref(&env, "base", "user_root"), 1);
	assert_int_equal(database_ref(&env, "base", "base.main_company"), 1);
	assert_int_equal(database_ref(&env, "base", "main_partner"), 1);
	assert_true(database_ref(&env, "base", "model_res_partner") != 0);
	assert_int_equal(database_ref(&env, "base", "nobody"), 0);
	env_rollback(&env);
}

static void
test_users(void **state)
{
	struct place	*p = *state;
	struct env	 env;
	int64_t		 uid;

	assert_true(init(p, "one", NULL));
	env = begin(p, "one", ENV_WRITE);
	assert_true(user_create(&env, "lisa", "Lisa É", &uid));
	assert_true(user_join(&env, uid, "base.group_partner_manager"));
	assert_true(user_join(&env, uid, "group_partner_manager"));
	assert_true(user_join(&env, uid, "Settings"));
	assert_true(user_set_password(&env, uid, span_of("long enough")));
	assert_true(env_commit(&env));
	env = begin(p, "one", ENV_WRITE);
	assert_true(user_find(&env, "lisa", &uid));
	assert_false(user_create(&env, "lisa", "Again", &uid));
	err_clear(&p->err);
	assert_false(user_create(&env, "a:b", "Colon", &uid));
	err_clear(&p->err);
	assert_false(user_set_password(&env, uid, span_of("short")));
	err_clear(&p->err);
	assert_false(user_join(&env, uid, "Nobody's"));
	err_clear(&p->err);
	assert_false(user_find(&env, "LISA", &uid));
	err_clear(&p->err);
	assert_false(user_disable(&env, SUPERUSER));
	env_rollback(&env);
}

static void
test_module(void **state)
{
	struct place	*p = *state;
	struct env	 env;

	put(p, "schema/mod/module.json", "{\"name\": \"Mod\", \"depends\": "
	    "[\"base\"], \"models\": [\"x.thing\"], \"data\": "
	    "[\"x.thing.csv\", \"more.json\"]}");
	put(p, "schema/mod/models/x.thing.json", "{\"model\": \"x.thing\", "
	    "\"name\": \"Thing\", \"fields\": {"
	    "\"name\": {\"type\": \"char\", \"string\": \"Name\"},"
	    "\"n\": {\"type\": \"integer\", \"string\": \"N\"},"
	    "\"good\": {\"type\": \"boolean\", \"string\": \"Good\"},"
	    "\"of\": {\"type\": \"many2one\", \"relation\": \"res.users\","
	    " \"string\": \"Of\"}}}");
	put(p, "schema/mod/x.thing.csv", "id,name,n,good,of:id\n"
	    "a,\"A, first\",7,1,base.user_root\nb,12,,False,\n");
	put(p, "schema/mod/more.json", "{\"model\": \"x.thing\", "
	    "\"records\": [{\"id\": \"c\", \"dbid\": 40, \"values\": "
	    "{\"name\": \"C\", \"of\": {\"ref\": \"base.user_root\"}}},"
	    "{\"id\": \"a\", \"values\": {\"n\": 8}}]}");
	assert_true(init(p, "one", "mod"));
	env = begin(p, "one", ENV_READ);
	check_text(&env, "x.thing", "mod.a", "name", "A, first");
	check_text(&env, "x.thing", "mod.b", "name", "12");
	assert_int_equal(read_text(&env, "x.thing", "mod.a", "n").u.i, 7);
	assert_true(read_text(&env, "x.thing", "mod.a", "good").u.b);
	assert_false(read_text(&env, "x.thing", "mod.b", "good").u.b);
	assert_int_equal(database_ref(&env, "mod", "c"), 40);
	check_text(&env, "ir.module.module", "module_mod", "shortdesc",
	    "Mod");
	env_rollback(&env);
}

static void
test_data_refused(void **state)
{
	struct place	*p = *state;

	refused(p, "d.json", "{\"model\": \"res.partner\"", "mod/d.json");
	refused(p, "d.json", "{\"model\": \"res.partner\"}", "section");
	refused(p, "d.json", "{\"model\": \"no.such\", \"records\": []}",
	    "no.such");
	refused(p, "d.json", "{\"model\": \"res.partner\", \"records\": "
	    "[{\"id\": \"x\", \"values\": {\"nmae\": \"X\"}}]}", "nmae");
	refused(p, "d.json", "{\"model\": \"res.partner\", \"records\": "
	    "[{\"id\": \"x\", \"values\": {\"name\": \"X\", \"country_id\": "
	    "{\"ref\": \"base.nowhere\"}}}]}", "base.nowhere");
	refused(p, "d.json", "{\"model\": \"res.partner\", \"records\": "
	    "[{\"id\": \"x\", \"values\": {\"name\": \"X\","
	    " \"category_id\": [[4, {\"ref\": \"base.nowhere\"}]]}}]}",
	    "base.nowhere");
	refused(p, "res.partner.csv", "id,name,category_id:id\n"
	    "x,X,\"base.main_partner,base.nowhere\"\n", "base.nowhere");
	refused(p, "res.partner.csv", "id,nmae\nx,X\n", "nmae");
	refused(p, "res.partner.csv", "id,name\nx\n", "line 2");
	refused(p, "res.partner.csv", "id,name,color\nx,X,red\n",
	    "res.partner.csv");
	refused(p, "res.partner.csv", "id,city\nx,Rome\n", "name");
	refused(p, "no.such.csv", "id,name\nx,X\n", "no.such");
	refused(p, "d.txt", "x", "neither");
}

static void
test_module_refused(void **state)
{
	struct place	*p = *state;

	assert_false(init(p, "bad", "nothing"));
	assert_false(init(p, "bad", "../schema/base"));
	put(p, "schema/mod/module.json", "{\"name\": \"Mod\", \"depends\": "
	    "[\"mod\"], \"models\": [], \"data\": []}");
	assert_false(init(p, "bad", "mod"));
	assert_non_null(strstr(p->err.msg, "depends on itself"));
	put(p, "schema/mod/module.json", "{\"name\": \"Mod\", \"depends\": "
	    "[], \"models\": [\"x.none\"], \"data\": []}");
	assert_false(init(p, "bad", "mod"));
	assert_non_null(strstr(p->err.msg, "x.none.json"));
	put(p, "schema/mod/module.json", "{\"name\": \"Mod\", \"depends\": "
	    "[], \"data\": []}");
	assert_false(init(p, "bad", "mod"));
	assert_non_null(strstr(p->err.msg, "models"));
	put(p, "iso/iso_4217.json", "{\"4218\": []}");
	assert_false(init(p, "bad", NULL));
	assert_non_null(strstr(p->err.msg, "4217"));
	assert_int_equal(files(p), 0);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_refused),
		cmocka_unit_test_setup_teardown(test_init, setup, teardown),
		cmocka_unit_test_setup_teardown(test_records, setup, teardown),
		cmocka_unit_test_setup_teardown(test_main_records, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_users, setup, teardown),
		cmocka_unit_test_setup_teardown(test_module, setup, teardown),
		cmocka_unit_test_setup_teardown(test_data_refused, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_module_refused, setup,
		    teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
