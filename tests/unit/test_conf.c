#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"

/* A configuration file for one test, and what is read from it. */
struct fixture {
	struct arena	*arena;
	struct conf	 conf;
	struct err	 err;
	char		 file[32];
};

static int
setup(void **state)
{
	struct fixture	*f = calloc(1, sizeof *f);

	unsetenv("CARDFILE_CONF");
	f->arena = arena_new();
	strcpy(f->file, "/tmp/test_conf.XXXXXX");
	close(mkstemp(f->file));
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture	*f = *state;

	unlink(f->file);
	arena_free(f->arena);
	free(f);
	return 0;
}

static bool
load(struct fixture *f, const char *text)
{
	FILE	*to = fopen(f->file, "w");

	fputs(text, to);
	fclose(to);
	err_clear(&f->err);
	return conf_load(f->arena, f->file, NULL, &f->conf, &f->err);
}

/* The text is refused with a message that has both parts in it. */
static void
refused(struct fixture *f, const char *text, const char *where,
    const char *what)
{
	assert_false(load(f, text));
	assert_int_equal(f->err.code, ERR_VALUE);
	if (strstr(f->err.msg, where) == NULL ||
	    strstr(f->err.msg, what) == NULL)
		fail_msg("\"%s\" lacks \"%s\" or \"%s\"", f->err.msg, where,
		    what);
}

static void
test_defaults(void **state)
{
	struct fixture	*f = *state;

	assert_true(load(f, ""));
	assert_string_equal(f->conf.data_dir, "");
	assert_string_equal(f->conf.json_key, "model");
	assert_int_equal(f->conf.workers, 4);
	assert_int_equal(f->conf.max_body, 16777216);
	assert_false(f->conf.unwrap_single);
	assert_int_equal(map_count(f->conf.hosts), 0);
	assert_string_equal(f->conf.file, f->file);
}

static void
test_file(void **state)
{
	struct fixture	*f = *state;

	assert_true(load(f, "# a comment\n"
	    "data_dir = /srv/cards ; another\n"
	    "workers=8\n\n"
	    "[cardfile]\n"
	    "json_key = description\n"
	    "unwrap_single = yes\n"
	    "max_body = 64k\n"
	    "[hosts]\n"
	    "Example.org = demo\n"
	    "b.example.org = other-1\n"));
	assert_string_equal(f->conf.data_dir, "/srv/cards");
	assert_int_equal(f->conf.workers, 8);
	assert_string_equal(f->conf.json_key, "description");
	assert_true(f->conf.unwrap_single);
	assert_int_equal(f->conf.max_body, 65536);
	assert_string_equal(map_get(f->conf.hosts, span_of("example.org")),
	    "demo");
	assert_string_equal(map_get(f->conf.hosts, span_of("b.example.org")),
	    "other-1");
}

static void
test_sizes(void **state)
{
	struct fixture	*f = *state;

	assert_true(load(f, "max_memory = 1G\nmax_body = 2M\n"
	    "max_query = 1024\n"));
	assert_int_equal(f->conf.max_memory, 1 << 30);
	assert_int_equal(f->conf.max_body, 2 << 20);
	assert_int_equal(f->conf.max_query, 1024);
	refused(f, "workers = 65\n", ":1:", "workers must be between 1 and 64");
	refused(f, "workers = 0\n", ":1:", "between 1 and 64");
	refused(f, "max_body = 99999999999G\n", ":1:", "max_body");
	refused(f, "max_body = 99999999999999999999\n", ":1:", "max_body");
	refused(f, "max_body = 1MB\n", ":1:", "max_body");
	refused(f, "max_body = M\n", ":1:", "max_body");
	refused(f, "max_body =\n", ":1:", "max_body");
	refused(f, "max_body = 1.5M\n", ":1:", "max_body");
}

static void
test_refused(void **state)
{
	struct fixture	*f = *state;

	refused(f, "workers = 2\nworker = 3\n", ":2:", "\"worker\"");
	refused(f, "Workers = 2\n", ":1:", "\"Workers\"");
	refused(f, "\n[other]\nworkers = 2\n", ":3:", "[other]");
	refused(f, "workers = 2\nworkers = 3\n", ":2:", "twice");
	refused(f, "data_dir = /a\n  workers = 3\n", ":2:", "twice");
	refused(f, "workers\n", ":1:", "key = value");
	refused(f, "[hosts\n", ":1:", "key = value");
	refused(f, "unwrap_single = maybe\n", ":1:", "true or false");
	refused(f, "durability = none\n", ":1:", "shared full");
	refused(f, "durability = shared full\n", ":1:", "shared full");
	refused(f, "json_key =\n", ":1:", "model description");
	refused(f, "[hosts]\na = B\n", ":2:", "database");
	refused(f, "[hosts]\na = ../b\n", ":2:", "database");
	refused(f, "[hosts]\na = b\nA = c\n", ":3:", "twice");
}

static void
test_long_line_is_not_cut(void **state)
{
	struct fixture	*f = *state;
	char		 text[400];

	memset(text, 'x', sizeof text);
	memcpy(text, "workers = 2\ndata_dir = ", 23);
	strcpy(text + 390, "\n");
	refused(f, text, ":2:", "too long");
	strcpy(text + 100, "\n");
	assert_true(load(f, text));
	assert_int_equal(strlen(f->conf.data_dir), 77);
}

static void
test_which_file(void **state)
{
	struct fixture	*f = *state;

	assert_true(load(f, "workers = 7\n"));
	assert_true(conf_load(f->arena, NULL, "/nonexistent", &f->conf,
	    &f->err));
	assert_int_equal(f->conf.workers, 4);
	assert_null(f->conf.file);
	assert_true(conf_load(f->arena, NULL, NULL, &f->conf, &f->err));
	assert_true(conf_load(f->arena, NULL, f->file, &f->conf, &f->err));
	assert_int_equal(f->conf.workers, 7);
	setenv("CARDFILE_CONF", f->file, 1);
	assert_true(conf_load(f->arena, NULL, "/nonexistent", &f->conf,
	    &f->err));
	assert_int_equal(f->conf.workers, 7);
	setenv("CARDFILE_CONF", "/nonexistent", 1);
	assert_false(conf_load(f->arena, NULL, f->file, &f->conf, &f->err));
	assert_non_null(strstr(f->err.msg, "/nonexistent"));
	unsetenv("CARDFILE_CONF");
	err_clear(&f->err);
	assert_false(conf_load(f->arena, "/nonexistent", f->file, &f->conf,
	    &f->err));
	err_clear(&f->err);
	assert_false(conf_load(f->arena, "/tmp", NULL, &f->conf, &f->err));
}

/* One variable is set; refused if message is not NULL. */
static void
with_variable(struct fixture *f, const char *name, const char *text,
    const char *message)
{
	setenv(name, text, 1);
	assert_int_equal(load(f, "workers = 7\n"), message == NULL);
	unsetenv(name);
	if (message == NULL)
		return;
	assert_non_null(strstr(f->err.msg, name));
	assert_non_null(strstr(f->err.msg, message));
}

static void
test_environment(void **state)
{
	struct fixture	*f = *state;

	with_variable(f, "CARDFILE_WORKERS", "9", NULL);
	assert_int_equal(f->conf.workers, 9);
	with_variable(f, "CARDFILE_BASE_URL", "https://a/b", NULL);
	assert_string_equal(f->conf.base_url, "https://a/b");
	with_variable(f, "CARDFILE_NOW", "2017-07-12 13:34:22", NULL);
	with_variable(f, "CARDFIL", "x", NULL);
	with_variable(f, "CARDFILE_WORKERS", "99", "between 1 and 64");
	with_variable(f, "CARDFILE_WORKER", "9", "no key");
	with_variable(f, "CARDFILE_workers", "9", "no key");
	with_variable(f, "CARDFILE_", "9", "no key");
	with_variable(f, "CARDFILE_NOW", "now", "YYYY-MM-DD");
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sizes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line_is_not_cut,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(test_which_file, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_environment, setup,
		    teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
