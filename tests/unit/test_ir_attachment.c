#include "base_case.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/codec.h"
#include "base/crypto.h"
#include "models/ir_attachment.h"
#include "orm/files.h"

#define LARGE	((1 << 20) + 1)
#define MODEL	"ir.attachment"

static struct span
bytes(struct base_case *c, size_t n, char with)
{
	char	*p = arena_text(c->a, n);

	memset(p, with, n);
	return (struct span){ p, n };
}

static struct value
contents(struct base_case *c, struct span s)
{
	struct buf	*b = buf_new(c->a);

	base64_encode(b, s);
	return value_span(buf_text(b));
}

static bool
attach(struct base_case *c, const char *more, struct span s, int64_t *id)
{
	struct value	 vals = literal(c, more);

	value_set(c->a, &vals, "datas", contents(c, s));
	return model_create(&c->env, model(c, MODEL), &vals, id);
}

static int64_t
attached(struct base_case *c, const char *more, struct span s)
{
	int64_t	 id = 0;

	done(c, attach(c, more, s, &id));
	return id;
}

static bool
replace(struct base_case *c, int64_t id, struct span s)
{
	struct value	 vals = value_dict(c->a);

	value_set(c->a, &vals, "datas", contents(c, s));
	return model_write(&c->env, model(c, MODEL),
	    &(struct ids){ &id, 1 }, &vals);
}

static void
shows(struct base_case *c, int64_t id, struct span s)
{
	struct value	 v = get(c, MODEL, id, "datas");
	struct value	 want = contents(c, s);

	assert_int_equal(v.type, VALUE_TEXT);
	assert_true(span_equal(v.u.text, want.u.text));
}

static void
says(struct base_case *c, int64_t id, const char *field, const char *want)
{
	struct value	 v = get(c, MODEL, id, field);

	assert_int_equal(v.type, VALUE_TEXT);
	assert_string_equal(v.u.text.p, want);
}

static const char *
path(struct base_case *c, const char *name)
{
	return arena_printf(c->a, "%s/shelf.files/%s", c->data, name);
}

/* Files that there are. */
static size_t
files(struct base_case *c)
{
	DIR		*dir = opendir(path(c, ""));
	struct dirent	*entry;
	size_t		 n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL)
		n += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return n;
}

/* As if nobody had touched them for so long. */
static void
age(struct base_case *c, time_t seconds)
{
	DIR			*dir = opendir(path(c, ""));
	struct dirent		*entry;
	const struct timespec	 times[2] = {
		{ time(NULL) - seconds, 0 }, { time(NULL) - seconds, 0 },
	};

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		if (strlen(entry->d_name) > 2)
			assert_int_equal(utimensat(dirfd(dir), entry->d_name,
			    times, 0), 0);
	closedir(dir);
}

/* Commits, collects and begins anew; how many files went. */
static size_t
collect(struct base_case *c)
{
	size_t	 removed;

	done(c, env_commit(&c->env));
	done(c, files_collect(c->env.db, &removed, &c->err));
	done(c, env_begin(&c->env, ENV_WRITE));
	return removed;
}

/* What other cases left behind goes. */
static int
open_empty(void **state)
{
	struct base_case	*c;

	base_case_open(state);
	c = *state;
	if (files(c) != 0) {
		age(c, 2 * FILES_GRACE);
		collect(c);
	}
	assert_int_equal(files(c), 0);
	return 0;
}

static void
test_row(void **state)
{
	struct base_case	*c = *state;
	struct span		 s = bytes(c, 1 << 20, 'x');
	int64_t			 id;

	id = attached(c, "{'name': 'a.bin', 'file_size': 7, 'checksum': 'x',"
	    "'res_name': 'y'}", span_of("abc"));
	shows(c, id, span_of("abc"));
	assert_int_equal(get(c, MODEL, id, "file_size").u.i, 3);
	says(c, id, "checksum", "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_int_equal(get(c, MODEL, id, "res_name").type, VALUE_NULL);
	done(c, replace(c, id, s));
	shows(c, id, s);
	assert_int_equal(files(c), 0);
	done(c, change(c, MODEL, one(c, id), "{'datas': False}"));
	assert_int_equal(get(c, MODEL, id, "datas").type, VALUE_NULL);
	assert_int_equal(get(c, MODEL, id, "file_size").u.i, 0);
	done(c, replace(c, id, span_of("")));
	shows(c, id, span_of(""));
	context(c, "{'default_file_size': 7, 'default_checksum': 'x',"
	    " 'default_res_name': 'y'}");
	id = add(c, MODEL, "{'name': 'b'}");
	assert_int_equal(get(c, MODEL, id, "file_size").u.i, 0);
	assert_int_equal(get(c, MODEL, id, "checksum").type, VALUE_NULL);
	assert_int_equal(get(c, MODEL, id, "res_name").type, VALUE_NULL);
}

static void
test_file(void **state)
{
	struct base_case	*c = *state;
	struct span		 s = bytes(c, LARGE, 'f');
	char			 name[SHA256_HEX];
	struct ids		 found;
	int64_t			 a, b;
	struct stat		 st;

	crypto_sha256_hex(s, name);
	a = attached(c, "{'name': 'a'}", s);
	b = attached(c, "{'name': 'b'}", s);
	assert_int_equal(files(c), 1);
	assert_int_equal(stat(path(c, name), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, LARGE);
	shows(c, a, s);
	shows(c, b, s);
	assert_int_equal(get(c, MODEL, a, "file_size").u.i, LARGE);
	context(c, "{'bin_size': True}");
	says(c, a, "datas", "1.00 Mb");
	context(c, NULL);
	done(c, find(c, MODEL, "[('datas', '!=', False)]", NULL, &found));
	assert_true(ids_has(&found, a) && ids_has(&found, b));
	done(c, replace(c, a, span_of("small")));
	shows(c, a, span_of("small"));
	shows(c, b, s);
	refused(c, change(c, MODEL, one(c, a), "{'datas': 'no base64!'}"),
	    ERR_VALUE, "base64");
	as(c, "demo");
	refused(c, change(c, MODEL, one(c, a), "{'store_fname': 'x'}"),
	    ERR_ACCESS, "");
	refused(c, create(c, MODEL, "{'name': 'x', 'store_fname': 'x'}", &a),
	    ERR_VALUE, "store_fname");
}

static void
test_copy(void **state)
{
	struct base_case	*c = *state;
	struct span		 s = bytes(c, LARGE, 'c');
	struct value		 none = value_dict(c->a);
	int64_t			 id = attached(c, "{'name': 'a'}", s), copy;

	done(c, model_copy(&c->env, model(c, MODEL), id, &none, &copy));
	shows(c, copy, s);
	done(c, replace(c, id, span_of("new")));
	shows(c, copy, s);
	assert_int_equal(files(c), 1);
}

static void
test_damage(void **state)
{
	struct base_case	*c = *state;
	struct value		 faults = value_list(c->a, 0);
	struct span		 s = bytes(c, LARGE, 'd');
	char			 name[SHA256_HEX];
	struct records		 r;
	int64_t			 id = attached(c, "{'name': 'a'}", s);
	struct ids		 ids = { &id, 1 };

	crypto_sha256_hex(s, name);
	done(c, files_check(c->env.db, c->a, &faults, &c->err));
	assert_int_equal(faults.u.list->n, 0);
	assert_int_equal(truncate(path(c, name), 5), 0);
	done(c, files_check(c->env.db, c->a, &faults, &c->err));
	assert_int_equal(faults.u.list->n, 1);
	done(c, replace(c, id, s));
	shows(c, id, s);
	assert_int_equal(unlink(path(c, name)), 0);
	done(c, files_check(c->env.db, c->a, &faults, &c->err));
	assert_int_equal(faults.u.list->n, 2);
	refused(c, model_read(&c->env, model(c, MODEL), &ids, NULL, &r),
	    ERR_DATABASE, "cannot be kept or found");
	assert_int_equal(symlink("/etc/passwd", path(c, name)), 0);
	refused(c, model_read(&c->env, model(c, MODEL), &ids, NULL, &r),
	    ERR_DATABASE, "cannot be kept or found");
	assert_int_equal(unlink(path(c, name)), 0);
}

static void
test_collect(void **state)
{
	struct base_case	*c = *state;
	struct span		 s = bytes(c, LARGE, 'k');
	struct span		 t = bytes(c, LARGE, 'l');
	int64_t			 kept, gone;
	int			 fd;

	kept = attached(c, "{'name': 'kept'}", s);
	gone = attached(c, "{'name': 'gone'}", t);
	assert_int_equal(collect(c), 0);
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 0);
	done(c, model_unlink(&c->env, model(c, MODEL),
	    &(struct ids){ &gone, 1 }));
	assert_int_equal(collect(c), 0);	/* somebody may still read it */
	assert_int_equal(files(c), 2);
	age(c, FILES_GRACE / 2);
	assert_int_equal(collect(c), 0);
	age(c, 2 * FILES_GRACE);
	fd = open(path(c, ".new-1"), O_CREAT | O_WRONLY, 0600);
	close(fd);
	fd = open(path(c, "notes"), O_CREAT | O_WRONLY, 0600);
	close(fd);
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 2);
	assert_int_equal(files(c), 2);		/* notes are not ours */
	shows(c, kept, s);
	done(c, replace(c, kept, t));		/* the old one is let go */
	assert_int_equal(collect(c), 0);
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 1);
	shows(c, kept, t);
	done(c, model_unlink(&c->env, model(c, MODEL),
	    &(struct ids){ &kept, 1 }));
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 1);
	assert_int_equal(unlink(path(c, "notes")), 0);
}

/* An old file that nothing names yet is taken by a writer: it stays. */
static void
test_taken(void **state)
{
	struct base_case	*c = *state;
	struct span		 s = bytes(c, LARGE, 't');
	int64_t			 id;

	attached(c, "{'name': 'never'}", s);
	again(c);
	assert_int_equal(files(c), 1);
	age(c, 2 * FILES_GRACE);
	id = attached(c, "{'name': 'later'}", s);
	assert_int_equal(collect(c), 0);
	shows(c, id, s);
	done(c, model_unlink(&c->env, model(c, MODEL), &(struct ids){ &id,
	    1 }));
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 1);
}

/* Killed after the file is written and before the commit. */
static void
test_killed(void **state)
{
	struct base_case	*c = *state;
	struct value		 faults = value_list(c->a, 0);
	struct ids		 found;
	int			 status;
	pid_t			 pid;

	env_rollback(&c->env);
	databases_close(c->app.dbs);
	if ((pid = fork()) == 0) {
		void	*child = c;
		int64_t	 id;

		base_case_open(&child);
		if (!attach(c, "{'name': 'killed'}", bytes(c, LARGE, 'K'),
		    &id))
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	arena_free(c->a);
	base_case_open(state);
	assert_int_equal(files(c), 1);
	done(c, find(c, MODEL, "[('name', '=', 'killed')]", NULL, &found));
	assert_int_equal(found.n, 0);
	faults = value_list(c->a, 0);
	done(c, files_check(c->env.db, c->a, &faults, &c->err));
	assert_int_equal(faults.u.list->n, 0);
	age(c, 2 * FILES_GRACE);
	assert_int_equal(collect(c), 1);
}

static bool
may(struct base_case *c, const char *login, int64_t id, const char *what)
{
	struct ids	 ids = { &id, 1 }, found;
	struct records	 r;
	bool		 ok;

	as(c, login);
	if (strcmp(what, "read") == 0)
		ok = model_read(&c->env, model(c, MODEL), &ids, NULL, &r);
	else
		ok = change(c, MODEL, ids, "{'description': 'x'}");
	if (!ok) {
		assert_int_equal(c->err.code, ERR_ACCESS);
		err_clear(&c->err);
	}
	if (strcmp(what, "read") == 0) {
		done(c, find(c, MODEL, arena_printf(c->a, "[('id', '=', %d)]",
		    (int)id), NULL, &found));
		assert_int_equal(found.n, ok);
	}
	return ok;
}

static void
test_rights(void **state)
{
	struct base_case	*c = *state;
	int64_t			 of_book, of_parameter, of_user, loose, open;
	int64_t			 mine, id, shelf, book;
	struct ids		 ids;

	shelf = add(c, "t.shelf", "{'name': 's'}");
	book = add(c, "t.book", arena_printf(c->a, "{'name': 'b', 'shelf_id':"
	    "%d}", (int)shelf));
	of_book = add(c, MODEL, arena_printf(c->a, "{'name': 'a', 'res_model':"
	    "'t.book', 'res_id': %d}", (int)book));
	of_parameter = add(c, MODEL, "{'name': 'a', 'res_model':"
	    "'ir.config_parameter', 'res_id': 1}");
	of_user = add(c, MODEL, "{'name': 'a', 'res_model': 'res.users',"
	    "'res_id': 1}");
	loose = add(c, MODEL, "{'name': 'a'}");
	open = add(c, MODEL, "{'name': 'a', 'public': True}");
	says(c, of_user, "res_name", "Administrator");
	assert_true(may(c, "demo", of_book, "read"));
	assert_false(may(c, "demo", of_book, "write"));
	assert_true(may(c, "editor", of_book, "write"));
	assert_false(may(c, "demo", of_parameter, "read"));
	assert_false(may(c, "editor", of_parameter, "write"));
	assert_true(may(c, "demo", of_user, "read"));
	assert_false(may(c, "demo", of_user, "write"));
	assert_false(may(c, "demo", loose, "read"));
	assert_true(may(c, "demo", open, "read"));
	assert_false(may(c, "demo", open, "write"));
	as(c, "demo");
	mine = add(c, MODEL, "{'name': 'mine'}");
	assert_true(may(c, "demo", mine, "write"));
	assert_false(may(c, "editor", mine, "read"));
	/* neither made for, nor moved to, what is not his to change */
	as(c, "demo");
	refused(c, change(c, MODEL, one(c, mine), arena_printf(c->a,
	    "{'res_model': 't.book', 'res_id': %d}", (int)book)), ERR_ACCESS,
	    "not allowed");
	as(c, "demo");
	ids = one(c, of_book);
	refused(c, model_unlink(&c->env, model(c, MODEL), &ids), ERR_ACCESS,
	    "");
	refused(c, create(c, MODEL, arena_printf(c->a, "{'name': 'x',"
	    "'res_model': 't.book', 'res_id': %d}", (int)book), &id),
	    ERR_ACCESS, "not allowed");
	again(c);
	as(c, "editor");
	refused(c, create(c, MODEL, "{'name': 'x', 'res_model': 'no.such'}",
	    &id), ERR_ACCESS, "not allowed");
}

/* Record rules of the record are those of its attachments. */
static void
test_rules(void **state)
{
	struct base_case	*c = *state;
	int64_t			 shelf, seen, hidden, a, b, whole;

	add(c, "ir.rule", arena_printf(c->a, "{'name': 'r', 'model_id': %d,"
	    "'domain_force': \"[('name', '=', 'seen')]\"}",
	    (int)model(c, "t.book")->id));
	done(c, env_reload(&c->env));
	shelf = add(c, "t.shelf", "{'name': 's'}");
	seen = add(c, "t.book", arena_printf(c->a, "{'name': 'seen',"
	    "'shelf_id': %d}", (int)shelf));
	hidden = add(c, "t.book", arena_printf(c->a, "{'name': 'hidden',"
	    "'shelf_id': %d}", (int)shelf));
	a = add(c, MODEL, arena_printf(c->a, "{'name': 'a', 'res_model':"
	    "'t.book', 'res_id': %d}", (int)seen));
	b = add(c, MODEL, arena_printf(c->a, "{'name': 'b', 'res_model':"
	    "'t.book', 'res_id': %d}", (int)hidden));
	whole = add(c, MODEL, "{'name': 'c', 'res_model': 't.book'}");
	assert_true(may(c, "demo", a, "read"));
	assert_false(may(c, "demo", b, "read"));
	assert_true(may(c, "editor", a, "write"));
	assert_false(may(c, "editor", b, "write"));
	assert_true(may(c, "editor", whole, "write"));
	as(c, "admin");
	done(c, model_unlink(&c->env, model(c, "t.book"),
	    &(struct ids){ &hidden, 1 }));
	assert_false(there(c, MODEL, b));
	assert_true(there(c, MODEL, a));
}

static void
test_mimetype(void **state)
{
	static const struct {
		const char	*contents, *name, *type;
	}	 cases[] = {
		{ "%PDF-1.4", "a.txt", "application/pdf" },
		{ "GIF89a..", "", "image/gif" },
		{ "a,b\n", "list.CSV", "text/csv" },
		{ "PK\3\4..", "sheet.xlsx", "application/vnd.openxmlformats-"
		    "officedocument.spreadsheetml.sheet" },
		{ "PK\3\4..", "", "application/zip" },
		{ "h\xc3\xa9llo\n", "readme", "text/plain" },
		{ "\xff\xfe", "readme", "application/octet-stream" },
		{ "a\x01", "", "application/octet-stream" },
		{ "", ".csv", "application/octet-stream" },
	};
	struct base_case	*c = *state;
	int64_t			 id;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(attachment_mimetype(
		    span_of(cases[i].contents), span_of(cases[i].name)),
		    cases[i].type);
	id = attached(c, "{'name': 'a', 'datas_fname': 'b.json'}",
	    span_of("{}"));
	says(c, id, "mimetype", "application/json");
	id = attached(c, "{'name': 'a', 'mimetype': 'text/x-own'}",
	    span_of("{}"));
	says(c, id, "mimetype", "text/x-own");
}

int
main(void)
{
#define case(test)	\
	cmocka_unit_test_setup_teardown(test, open_empty, base_case_close)
	const struct CMUnitTest	 tests[] = {
		case(test_row),
		case(test_file),
		case(test_copy),
		case(test_damage),
		case(test_collect),
		case(test_taken),
		case(test_killed),
		case(test_rights),
		case(test_rules),
		case(test_mimetype),
	};
#undef case

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("ir_attachment", tests,
	    base_case_make, base_case_drop);
}
