/*
 * A process that makes, changes and drops models and fields is killed at any
 * moment: afterwards the database opens, its tables are what its meta-models
 * say, and what was acknowledged is there.
 * Usage: custom [kills [seed]]
 */
#include <sys/mman.h>
#include <sys/wait.h>

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/literal.h"
#include "orm/custom.h"
#include "orm/database.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "store/store.h"
#include "worker/app.h"
#include "worker/loader.h"

#define MODELS		4	/* names that models take turns to have */
#define FIELDS		6

/* Shared with the process that is killed. */
struct board {
	atomic_long	 acknowledged;	/* steps */
	atomic_long	 refused;
};

struct run {
	struct app	 app;
	struct env	 env;
	struct err	 err;
	struct arena	*a;
	const char	*data;
	unsigned int	 seed;
};

static void
must(struct run *r, bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s (%s)\n", r->err.msg, r->err.cause);
	fflush(stdout);
	_exit(1);
}

static unsigned int
draw(struct run *r, unsigned int n)
{
	return (unsigned int)rand_r(&r->seed) / 7 % n;
}

static void
run_open(struct run *r, enum env_txn txn)
{
	r->a = arena_new();
	r->err = (struct err){ 0 };
	must(r, app_open(&r->app, "/dev/null", r->data, &r->err));
	r->env = (struct env){ .conf = &r->app.conf, .arena = r->a,
	    .err = &r->err, .uid = SUPERUSER };
	r->env.db = databases_named(r->app.dbs, "custom", &r->err);
	must(r, r->env.db != NULL && database_open(r->env.db, &r->err) &&
	    env_begin(&r->env, txn));
}

static void
run_close(struct run *r)
{
	env_rollback(&r->env);
	app_close(&r->app);
	arena_free(r->a);
}

static bool
make(struct run *r, const char *model, const char *vals)
{
	struct value	 dict;
	int64_t		 id;

	must(r, literal_parse(r->a, span_of(vals), &parse_limits_default,
	    &dict, &r->err));
	return model_create(&r->env, registry_model(r->env.reg, model), &dict,
	    &id);
}

/* The records that a term finds. */
static struct ids
found(struct run *r, const char *model, const char *field, const char *text)
{
	struct page	 page = { "id", 0, 0 };
	struct ids	 ids = { 0 };

	must(r, model_search(&r->env, registry_model(r->env.reg, model),
	    domain_term(&r->env, field, "like", value_text(text)), &page,
	    &ids));
	return ids;
}

static bool
change(struct run *r, const char *vals)
{
	struct ids	 ids = found(r, "ir.model.fields", "name", "x\\_f");
	struct ids	 one = { .n = 1 };
	struct value	 dict;

	if (ids.n == 0)
		return true;
	one.v = &ids.v[draw(r, (unsigned int)ids.n)];
	if (vals == NULL)
		return model_unlink(&r->env, registry_model(r->env.reg,
		    "ir.model.fields"), &one);
	must(r, literal_parse(r->a, span_of(vals), &parse_limits_default,
	    &dict, &r->err));
	return model_write(&r->env, registry_model(r->env.reg,
	    "ir.model.fields"), &one, &dict);
}

static bool
step_field(struct run *r)
{
	static const char *const	 types[] = {
		"'char', 'index': True", "'integer'", "'boolean'", "'date'",
		"'char', 'text_index': True",
		"'many2one', 'relation': 'res.partner'",
		"'many2many', 'relation': 'res.users'",
		"'char', 'compute': \"display_name + '!'\"",
	};
	unsigned int			 m = draw(r, MODELS + 1);

	return make(r, "ir.model.fields", arena_printf(r->a, "{'model': '%s',"
	    " 'name': 'x_f%u', 'ttype': %s}", m == MODELS ? "res.partner" :
	    arena_printf(r->a, "x_m%u", m), draw(r, FIELDS),
	    types[draw(r, 8)]));
}

static bool
step_drop(struct run *r)
{
	struct ids	 ids = found(r, "ir.model", "model", arena_printf(r->a,
			    "x\\_m%u", draw(r, MODELS)));

	return ids.n == 0 || model_unlink(&r->env, registry_model(r->env.reg,
	    "ir.model"), &ids);
}

static bool
step_record(struct run *r)
{
	const char	*name = arena_printf(r->a, "x_m%u", draw(r, MODELS));

	return registry_model(r->env.reg, name) == NULL ||
	    make(r, name, "{}");
}

static bool
step(struct run *r)
{
	unsigned int	 f = draw(r, FIELDS);

	switch (draw(r, 8)) {
	case 0:
		return make(r, "ir.model", arena_printf(r->a, "{'name': 'M',"
		    " 'model': 'x_m%u', 'field_id': [(0, 0, {'name':"
		    " 'x_name', 'ttype': 'char'})]}", draw(r, MODELS)));
	case 1:
		return step_drop(r);
	case 2:
		return change(r, NULL);
	case 3:
		return change(r, arena_printf(r->a, "{'name': 'x_f%u'}", f));
	case 4:
		return change(r, f % 2 == 0 ? "{'index': True}" :
		    "{'index': False}");
	case 5:
		return step_record(r);
	default:
		return step_field(r);
	}
}

/* Steps until it is killed, each in a transaction with a mark of its own. */
static void
steps(struct run *r, struct board *b)
{
	run_open(r, ENV_WRITE);
	for (;;) {
		long	 n = atomic_load(&b->acknowledged) + 1;

		if (step(r) && make(r, "x_step", arena_printf(r->a,
		    "{'x_n': %ld}", n))) {
			must(r, env_commit(&r->env));
			atomic_store(&b->acknowledged, n);
		} else {
			if (err_http(r->err.code) >= 500)
				must(r, false);
			env_rollback(&r->env);
			atomic_fetch_add(&b->refused, 1);
		}
		err_clear(&r->err);
		arena_reset(r->a);
		must(r, env_begin(&r->env, ENV_WRITE));
	}
}

static long
faults(struct run *r, long acknowledged)
{
	struct value	 list = value_list(r->a, 8);
	struct rows	 rows;
	struct value	 v;
	struct ids	 ids;
	long		 n;

	must(r, custom_check(&r->env, &list) && formula_check(&r->env, &list) &&
	    store_check(r->env.store, r->a, &rows, &r->err));
	for (size_t i = 0; i < list.u.list->n; i++)
		printf("# %s\n", list.u.list->v[i].u.text.p);
	for (size_t i = 0; i < rows.n; i++)
		printf("# %s\n", rows.cells[i].u.text.p);
	n = (long)(list.u.list->n + rows.n);
	v = value_int(acknowledged);
	must(r, model_search(&r->env, registry_model(r->env.reg, "x_step"),
	    domain_term(&r->env, "x_n", "=", v), &(struct page){ "id", 0, 1 },
	    &ids));
	if (acknowledged != 0 && ids.n != 1)
		printf("# step %ld is lost\n", acknowledged);
	return n + (acknowledged != 0 && ids.n != 1);
}

static void
prepare(struct run *r, const char *schema)
{
	static const char *const	 modules[] = { "base" };
	struct loader_passwords		 passwords;

	must(r, app_open(&r->app, "/dev/null", r->data, &r->err));
	r->app.conf.schema_dir = arena_printf(r->app.arena, "%s/schema",
	    schema);
	r->app.conf.iso_codes_dir = arena_printf(r->app.arena,
	    "%s/tests/data/iso-codes", schema);
	must(r, loader_init(&r->app, "custom", modules, 1, &passwords,
	    &r->err));
	app_close(&r->app);
	run_open(r, ENV_WRITE);
	must(r, make(r, "ir.model", "{'name': 'Step', 'model': 'x_step',"
	    " 'field_id': [(0, 0, {'name': 'x_n', 'ttype': 'integer',"
	    " 'index': True})]}") && env_commit(&r->env));
	run_close(r);
}

/* Kills it at a moment, and looks at what it has left. */
static long
round_of(struct run *r, struct board *b)
{
	unsigned int	 us = 1000 + draw(r, 120000);
	unsigned int	 seed = r->seed;
	long		 wrong;
	int		 status;
	pid_t		 child = fork();

	if (child == 0) {
		r->seed = seed;
		steps(r, b);
	}
	usleep(us);
	kill(child, SIGKILL);
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status)) {
		printf("# the process ended by itself\n");
		return 1;
	}
	run_open(r, ENV_READ);
	wrong = faults(r, atomic_load(&b->acknowledged));
	run_close(r);
	return wrong;
}

int
main(int argc, char **argv)
{
	int		 kills = argc > 1 ? atoi(argv[1]) : 30;
	const char	*top = getenv("TOP_SRCDIR");
	char		 directory[] = "/tmp/custom-XXXXXX", command[64];
	struct board	*b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct run	 r = { .seed = argc > 2 ?
			    (unsigned int)atoi(argv[2]) : 1 };
	long		 wrong = 0;

	r.data = mkdtemp(directory);
	if (r.data == NULL || b == MAP_FAILED)
		return 1;
	prepare(&r, top == NULL ? "." : top);
	for (int i = 0; i < kills && wrong == 0; i++)
		wrong += round_of(&r, b);
	printf("# %d kills, %ld steps acknowledged, %ld refused\n", kills,
	    atomic_load(&b->acknowledged), atomic_load(&b->refused));
	printf("1..2\n%sok 1 - the tables are what the meta-models say\n",
	    wrong == 0 ? "" : "not ");
	printf("%sok 2 - steps were carried out\n",
	    atomic_load(&b->acknowledged) > kills ? "" : "not ");
	snprintf(command, sizeof command, "rm -rf '%s'", directory);
	return system(command) != 0 || wrong != 0;
}
