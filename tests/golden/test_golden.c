/* Runs the cases of tests/golden and tests/manual (exchange.h, compare.h)
 * through dispatch(), each over a fresh copy of the fixture's database. */

#include <sys/stat.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/dispatch.h"
#include "base/arena.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "compare.h"
#include "exchange.h"
#include "fixture.h"
#include "models/models.h"
#include "orm/database.h"

#define NOW	"2017-07-14 09:00:00"

static const struct form {
	const char	*suffix;
	const char	*accept;
} forms[] = {
	{ ".json", "application/json" },
	{ ".xml", "application/xml" },
};

struct run {
	struct arena	*a;		/* of one case */
	const char	*fixture;	/* directories */
	const char	*work;
	const char	*only;		/* part of a case's path, or NULL */
	struct keys	 keys;
	int		 n, failed;
};

static bool
copy_file(const char *from, const char *to)
{
	char	 buf[65536];
	FILE	*in = fopen(from, "r"), *out = fopen(to, "w");
	size_t	 n;
	bool	 ok = in != NULL && out != NULL;

	while (ok && (n = fread(buf, 1, sizeof buf, in)) > 0)
		ok = fwrite(buf, 1, n, out) == n;
	if (in != NULL)
		fclose(in);
	if (out != NULL)
		ok = fclose(out) == 0 && ok;
	chmod(to, 0600);
	return ok;
}

/* Empties a directory of files, or fills it from another. */
static bool
each_file(struct arena *a, const char *dir, const char *to)
{
	DIR		*d = opendir(dir);
	struct dirent	*e;
	bool		 ok = d != NULL;

	while (ok && (e = readdir(d)) != NULL) {
		const char	*path = arena_printf(a, "%s/%s", dir,
				    e->d_name);

		if (e->d_name[0] == '.')
			continue;
		ok = to == NULL ? unlink(path) == 0 : copy_file(path,
		    arena_printf(a, "%s/%s", to, e->d_name));
	}
	if (d != NULL)
		closedir(d);
	return ok;
}

/* The lines with # before the first request. */
static void
case_settings(struct arena *a, const char *text, bool set)
{
	if (set)
		setenv("CARDFILE_NOW", NOW, 1);
	for (; *text == '#'; text += *text == '\n') {
		size_t	 n = strcspn(text, "\n");
		char	*line = arena_strndup(a, text, n), *key = line + 6;
		char	*value = strncmp(line, "#conf ", 6) == 0 ?
			    strchr(key, ' ') : NULL;

		text += n;
		if (strncmp(line, "#now ", 5) == 0 && set)
			setenv("CARDFILE_NOW", line + 5, 1);
		if (value == NULL)
			continue;
		*value++ = '\0';
		key = arena_printf(a, "CARDFILE_%s", key);
		for (char *p = key; *p != '\0'; p++)
			*p -= *p >= 'a' && *p <= 'z' ? 'a' - 'A' : 0;
		if (set)
			setenv(key, value, 1);
		else
			unsetenv(key);
	}
}

static bool
case_exchanges(struct run *r, const struct site *site, char **requests,
    char **answers, const char *accept, const char **why)
{
	for (; *requests != NULL && *answers != NULL; requests++, answers++) {
		struct answer	 got;

		exchange_run(r->a, site, &r->keys, *requests, accept, &got);
		if (!compare(r->a, *answers, &got, why)) {
			*why = arena_printf(r->a, "%.*s\n%s",
			    (int)strcspn(*requests, "\n"), *requests, *why);
			return false;
		}
	}
	*why = "not as many answers as requests";
	return *requests == NULL && *answers == NULL;
}

static bool
case_run(struct run *r, char *requests, char *answers, const char *accept,
    const char **why)
{
	struct arena	*process = arena_new();
	struct conf	 conf;
	struct err	 err = { 0 };
	struct site	 site = { .conf = &conf };
	bool		 ok;

	case_settings(r->a, requests, true);
	*why = "the fixture cannot be copied";
	ok = each_file(r->a, r->work, NULL) &&
	    each_file(r->a, r->fixture, r->work);
	if (ok && !conf_load(process, NULL, "/nonexistent", &conf, &err)) {
		*why = arena_strdup(r->a, err.msg);
		ok = false;
	}
	if (ok) {
		conf.data_dir = r->work;
		site.dbs = databases_new(process, &conf,
		    &models_behaviour);
		ok = case_exchanges(r, &site, exchange_split(r->a, requests),
		    exchange_split(r->a, answers), accept, why);
		databases_close(site.dbs);
	}
	case_settings(r->a, requests, false);
	arena_free(process);
	return ok;
}

static void
case_forms(struct run *r, const char *path)
{
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		char		*requests = exchange_file(r->a, path);
		char		*answers;
		const char	*name = arena_printf(r->a, "%.*s%s",
				    (int)(strlen(path) - 4), path,
				    forms[i].suffix);
		const char	*why = NULL;
		bool		 ok;

		answers = exchange_file(r->a, name);
		if (answers == NULL)
			continue;
		ok = case_run(r, requests, answers, forms[i].accept, &why);
		r->n++;
		r->failed += !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", r->n, name);
		for (const char *p = ok ? "" : why; *p != '\0'; ) {
			size_t	 n = strcspn(p, "\n");

			printf("# %.*s\n", (int)n, p);
			p += n + (p[n] == '\n');
		}
	}
	arena_reset(r->a);
}

static int
is_case(const struct dirent *e)
{
	size_t	 n = strlen(e->d_name);

	return n > 4 && strcmp(e->d_name + n - 4, ".req") == 0;
}

static void
run_directory(struct run *r, const char *dir)
{
	struct dirent	**names;
	int		  n = scandir(dir, &names, is_case, alphasort);

	if (n <= 0) {
		printf("not ok %d - %s: no cases\n", ++r->n, dir);
		r->failed++;
		return;
	}
	for (int i = 0; i < n; i++) {
		char	 path[4096];

		snprintf(path, sizeof path, "%s/%s", dir, names[i]->d_name);
		if (r->only == NULL || strstr(path, r->only) != NULL)
			case_forms(r, path);
		free(names[i]);
	}
	free(names);
}

/* With an argument: the cases alone whose path has it in it. */
int
main(int argc, char **argv)
{
	const char	*top = getenv("TOP_SRCDIR");
	char		 fixture[] = "/tmp/golden-fixture-XXXXXX";
	char		 work[] = "/tmp/golden-work-XXXXXX";
	struct arena	*a = arena_new();
	struct run	 r = {
		.a = arena_new(), .only = argc > 1 ? argv[1] : NULL,
	};

	crypto_init();
	r.fixture = mkdtemp(fixture);
	r.work = mkdtemp(work);
	setenv("CARDFILE_NOW", NOW, 1);
	if (r.fixture == NULL || r.work == NULL ||
	    !fixture_make(r.fixture, r.keys.admin, r.keys.demo)) {
		printf("1..1\nnot ok 1 - the fixture cannot be made\n");
		return 1;
	}
	top = top == NULL ? "." : top;
	run_directory(&r, arena_printf(a, "%s/tests/golden/odoo", top));
	run_directory(&r, arena_printf(a, "%s/tests/manual", top));
	printf("1..%d\n", r.n);
	each_file(r.a, r.work, NULL);
	each_file(r.a, r.fixture, NULL);
	rmdir(r.work);
	rmdir(r.fixture);
	arena_free(r.a);
	arena_free(a);
	return r.failed != 0;
}
