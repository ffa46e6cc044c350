/*
 * Models at random, with stored computed fields that follow each other, and
 * changes at random: each stored value must be what the formula gives anew.
 * test_formula_random [SEEDS [STEPS]]
 */
#include "base_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "orm/formula.h"
#include "store/store.h"

#define N(array)	(sizeof array / sizeof array[0])
#define MODELS		4
#define RELATIONS	3	/* of each kind from each model */
#define COMPUTED	6	/* of each model */
#define LEVELS		3	/* of computed fields */
#define FIELDS		64
#define MOST		25	/* records of a model */

enum kind { NUMBER, TEXT, ONE, MANY };

struct made_field {
	char		 name[16];
	enum kind	 kind;
	int		 target;
	int		 level;		/* 0: is written */
};

struct made_model {
	struct made_field	 fields[FIELDS];
	size_t			 n;
	struct buf		*text;
};

struct made {
	struct base_case	*c;
	struct made_model	 models[MODELS];
	uint64_t		 seed;
	const char		*last;		/* what was done */
	int			 done, refused;
};

static int
pick(struct made *m, int n)
{
	m->seed = m->seed * 6364136223846793005U + 1442695040888963407U;
	return (int)((m->seed >> 33) % (uint64_t)n);
}

static void
new_field(struct made *m, int model, enum kind kind, int target, int level,
    const char *prefix, int number)
{
	struct made_model	*mm = &m->models[model];
	struct made_field	*f = &mm->fields[mm->n++];

	assert_true(mm->n <= FIELDS);
	snprintf(f->name, sizeof f->name, "%s%d", prefix, number);
	f->kind = kind;
	f->target = target;
	f->level = level;
}

/* One of that kind, computed at most at that level; NULL if there is none. */
static const struct made_field *
any_field(struct made *m, int model, enum kind kind, int level)
{
	const struct made_model	*mm = &m->models[model];
	size_t			 at = (size_t)pick(m, (int)mm->n);

	for (size_t i = 0; i < mm->n; i++, at++) {
		const struct made_field	*f = &mm->fields[at % mm->n];

		if (f->kind == kind && f->level <= level)
			return f;
	}
	return NULL;
}

static void
base_fields(struct made *m, int i)
{
	struct buf	*b = m->models[i].text;

	new_field(m, i, NUMBER, 0, 0, "n", 0);
	new_field(m, i, NUMBER, 0, 0, "n", 1);
	new_field(m, i, TEXT, 0, 0, "c", 0);
	buf_printf(b, "{'model': 'r.m%d', 'name': 'M', 'fields': {"
	    "'name': {'type': 'char'}, 'active': {'type': 'boolean',"
	    " 'default': True}, 'n0': {'type': 'integer'},"
	    "'n1': {'type': 'monetary'}, 'c0': {'type': 'char'},"
	    "'parent_id': {'type': 'many2one', 'relation': 'r.m%d'},"
	    "'child_ids': {'type': 'one2many', 'relation': 'r.m%d',"
	    " 'relation_field': 'parent_id'%s},"
	    "'path': {'type': 'char', 'store': True, 'compute':"
	    " \"if(parent_id, parent_id.path + '/', '') + c0\"},"
	    "'deep': {'type': 'monetary', 'store': True, 'compute':"
	    " 'n1 + sum(child_ids.deep)'}", i, i, i,
	    pick(m, 2) ? "" : ", 'domain': [('n0', '>', 2)]");
}

static void
relation_fields(struct made *m, int i)
{
	for (int j = 0; j < RELATIONS; j++) {
		int	 to = pick(m, MODELS), number = i * RELATIONS + j;

		buf_printf(m->models[i].text, ", 'o%d': {'type': 'many2one',"
		    " 'relation': 'r.m%d', 'ondelete': '%s'}", number, to,
		    pick(m, 3) == 0 ? "cascade" : "set null");
		new_field(m, i, ONE, to, 0, "o", number);
		buf_printf(m->models[to].text, ", 'l%d': {'type': 'one2many',"
		    " 'relation': 'r.m%d', 'relation_field': 'o%d'%s}", number,
		    i, number, pick(m, 3) ? "" :
		    ", 'domain': ['|', ('active', '=', False),"
		    " ('n0', '<', 7)]");
		new_field(m, to, MANY, i, 0, "l", number);
	}
}

static void
link_field(struct made *m, int i, int to, int number, const char *prefix,
    const char *own, const char *other)
{
	buf_printf(m->models[i].text, ", '%s%d': {'type': 'many2many',"
	    " 'relation': 'r.m%d', 'relation_table': 'r_link%d',"
	    " 'column1': '%s', 'column2': '%s'}", prefix, number, to, number,
	    own, other);
	new_field(m, i, MANY, to, 0, prefix, number);
}

/* A path to a list of records, of up to three relations; its end. */
static const char *
list_path(struct made *m, int model, int *end)
{
	const char	*path = "";
	int		 steps = 1 + pick(m, 3);

	*end = model;
	for (int i = 0; i < steps; i++) {
		const struct made_field	*f = any_field(m, *end,
		    i + 1 == steps || pick(m, 3) ? MANY : ONE, 0);

		if (f == NULL)
			continue;
		path = arena_printf(m->c->a, "%s%s%s", path,
		    *path == '\0' ? "" : ".", f->name);
		*end = f->target;
	}
	return path;
}

static const char *
sum_formula(struct made *m, int model, int level)
{
	struct arena	*a = m->c->a;
	int		 end;
	const char	*path = list_path(m, model, &end);
	const char	*x = any_field(m, end, NUMBER, level)->name;
	const char	*c = any_field(m, end, TEXT, level)->name;

	switch (pick(m, 7)) {
	case 0:
		return arena_printf(a, "count(%s)", path);
	case 1:
		return arena_printf(a, "count(%s, %s > 3 or %s)", path, x, c);
	case 2:
		return arena_printf(a, "max(%s.%s)", path, x);
	case 3:
		return arena_printf(a, "avg(%s.%s) - min(%s.%s)", path, x,
		    path, x);
	case 4:
		return arena_printf(a, "sum(%s, %s * n1 - n0)", path,
		    any_field(m, end, NUMBER, 0)->name);
	default:
		return arena_printf(a, "sum(%s.%s)", path, x);
	}
}

static const char *
plain_formula(struct made *m, int model, int level)
{
	struct arena			*a = m->c->a;
	const struct made_field		*one = any_field(m, model, ONE, 0);
	const char			*x, *y;

	x = any_field(m, model, NUMBER, level)->name;
	if (one == NULL)
		return arena_printf(a, "%s - 1", x);
	y = any_field(m, one->target, NUMBER, level)->name;
	switch (pick(m, 4)) {
	case 0:
		return arena_printf(a, "%s.%s", one->name, y);
	case 1:
		return arena_printf(a, "%s / n0 + %s.%s", x, one->name, y);
	case 2:
		return arena_printf(a, "if(%s, %s, -%s.%s)", one->name, x,
		    one->name, y);
	default:
		return arena_printf(a, "round(%s / 7) + %s.deep", x,
		    one->name);
	}
}

static const char *
text_formula(struct made *m, int model, int level)
{
	struct arena			*a = m->c->a;
	const struct made_field		*one = any_field(m, model, ONE, 0);
	const char			*x, *path;
	int				 end;

	x = any_field(m, model, TEXT, level)->name;
	if (one == NULL || pick(m, 2)) {
		path = list_path(m, model, &end);
		return arena_printf(a, "upper(%s) + max(%s.%s)", x, path,
		    any_field(m, end, TEXT, level)->name);
	}
	return arena_printf(a, "if(%s.n0 in [1, 2, 3], %s.%s, %s.path) + %s",
	    one->name, one->name,
	    any_field(m, one->target, TEXT, level)->name, one->name, x);
}

/* Those of a level see the levels below alone, so there is no circle. */
static void
computed_fields(struct made *m, int level)
{
	const char	*text[MODELS][COMPUTED / LEVELS];

	for (int i = 0; i < MODELS; i++)
		for (int j = 0; j < COMPUTED / LEVELS; j++)
			text[i][j] = j == 1 && pick(m, 2) ?
			    text_formula(m, i, level - 1) : pick(m, 3) ?
			    sum_formula(m, i, level - 1) :
			    plain_formula(m, i, level - 1);
	for (int i = 0; i < MODELS; i++)
		for (int j = 0; j < COMPUTED / LEVELS; j++) {
			bool	 is_text = strstr(text[i][j], "upper") ||
			    strstr(text[i][j], " in [");
			bool	 stored = level == LEVELS || pick(m, 4);
			int	 number = level * 10 + j;

			buf_printf(m->models[i].text, ", '%s%d': {'type':"
			    " '%s', 'store': %s, 'compute': '%s'}",
			    is_text ? "c" : "n", number,
			    is_text ? "char" : "monetary",
			    stored ? "True" : "False", text[i][j]);
			new_field(m, i, is_text ? TEXT : NUMBER, 0, level,
			    is_text ? "c" : "n", number);
		}
}

/* False: more nested than the database can ask. */
static bool
install(struct made *m)
{
	struct value	 files[MODELS];

	for (int i = 0; i < MODELS; i++) {
		m->models[i].n = 0;
		m->models[i].text = buf_new(m->c->a);
		base_fields(m, i);
	}
	for (int i = 0; i < MODELS; i++) {
		int	 to = pick(m, MODELS);

		relation_fields(m, i);
		link_field(m, i, to, i, "t", "a", "b");
		link_field(m, to, i, i, "u", "b", "a");
	}
	for (int level = 1; level <= LEVELS; level++)
		computed_fields(m, level);
	for (int i = 0; i < MODELS; i++) {
		buf_str(m->models[i].text, "}}");
		files[i] = literal(m->c, buf_text(m->models[i].text).p);
	}
	if (database_install(&m->c->env, "random", files, MODELS))
		return true;
	refused(m->c, false, ERR_VALUE, "nested too deeply");
	return false;
}

static const struct ids *
records(struct made *m, int model)
{
	struct ids	*ids = arena_alloc(m->c->a, sizeof *ids);

	context(m->c, "{'active_test': False}");
	done(m->c, find(m->c, arena_printf(m->c->a, "r.m%d", model), NULL,
	    "id", ids));
	context(m->c, NULL);
	return ids;
}

/* One of the model's records, or (sometimes) 0. */
static int64_t
any_record(struct made *m, int model)
{
	const struct ids	*ids = records(m, model);

	if (ids->n == 0 || pick(m, 6) == 0)
		return 0;
	return ids->v[pick(m, (int)ids->n)];
}

static const char *
any_one(struct made *m, int model)
{
	int64_t	 id = any_record(m, model);

	return id == 0 ? "False" : arena_printf(m->c->a, "%lld",
	    (long long)id);
}

/* A command on a list, or several. */
static const char *
any_commands(struct made *m, const struct made_field *f)
{
	struct arena	*a = m->c->a;
	const char	*one = any_one(m, f->target);
	const char	*two = any_one(m, f->target);
	bool		 some = strcmp(one, "False") && strcmp(two, "False");

	switch (some ? pick(m, 6) : 0) {
	case 0:
		return arena_printf(a, "[(0, 0, {'n0': %d, 'c0': 'x%d'})]",
		    pick(m, 10), pick(m, 10));
	case 1:
		return arena_printf(a, "[(4, %s), (4, %s)]", one, two);
	case 2:
		return arena_printf(a, "[(3, %s), (1, %s, {'n1': %d})]", one,
		    two, pick(m, 10));
	case 3:
		return arena_printf(a, "[(6, 0, [%s, %s])]", one, two);
	case 4:
		return "[(5,)]";
	default:
		return arena_printf(a, "[(2, %s), (4, %s)]", one,
		    strcmp(one, two) ? two : one);
	}
}

static void
any_value(struct made *m, int model, struct buf *b)
{
	const struct made_field	*f;

	switch (pick(m, 7)) {
	case 0:
		buf_printf(b, "'n0': %d,", pick(m, 10));
		break;
	case 1:
		buf_printf(b, "'n1': %d.%02d,", pick(m, 10), pick(m, 100));
		break;
	case 2:
		buf_printf(b, "'c0': '%c',", 'a' + pick(m, 26));
		break;
	case 3:
		buf_printf(b, "'active': %s,", pick(m, 3) ? "True" : "False");
		break;
	default:
		f = any_field(m, model, ONE, 0);
		if (f != NULL)
			buf_printf(b, "'%s': %s,", f->name,
			    any_one(m, f->target));
	}
}

static void
any_list(struct made *m, int model, struct buf *b)
{
	const struct made_field	*f = any_field(m, model, MANY, 0);

	if (f != NULL)
		buf_printf(b, "'%s': %s,", f->name, any_commands(m, f));
}

/* A record may go by a cascade while it is written, which is refused: then
 * nothing of it was. */
static void
allowed(struct made *m, bool ok)
{
	const struct err	*err = &m->c->err;

	if (!ok && (err_http(err->code) >= 500 || ++m->refused > m->done / 4 + 5))
		fail_msg("%s: %s (%s)", m->last, err->msg, err->cause);
	m->done++;
	if (!env_mark_end(&m->c->env, ok))
		fail_msg("%s: %s (%s)", m->last, err->msg, err->cause);
	err_clear(&m->c->err);
}

static void
step_create(struct made *m, int model)
{
	struct buf	*b = buf_new(m->c->a);
	int64_t		 parent = any_record(m, model), id;

	buf_printf(b, "{'n0': %d, 'n1': %d, 'c0': 'y',", pick(m, 10),
	    pick(m, 10));
	if (parent != 0)
		buf_printf(b, "'parent_id': %lld,", (long long)parent);
	for (int i = 0; i < 3; i++)
		any_value(m, model, b);
	if (pick(m, 2))
		any_list(m, model, b);
	buf_char(b, '}');
	m->last = arena_printf(m->c->a, "create r.m%d %s", model,
	    buf_text(b).p);
	done(m->c, env_mark(&m->c->env));
	allowed(m, create(m->c, arena_printf(m->c->a, "r.m%d", model),
	    buf_text(b).p, &id));
}

/* Above is what is older, so that nothing comes to stand above itself. */
static void
step_write(struct made *m, int model)
{
	const struct ids	*all = records(m, model);
	struct buf		*b = buf_new(m->c->a);
	struct ids		 ids = { 0 };
	int			 at;

	if (all->n == 0)
		return;
	at = pick(m, (int)all->n);
	for (int i = 0; i <= pick(m, 3); i++)
		ids_add(&m->c->env, &ids, all->v[(at + i) % (int)all->n]);
	buf_char(b, '{');
	if (pick(m, 4) == 0 && all->v[0] < ids.v[0] && ids.n == 1)
		buf_printf(b, "'parent_id': %lld,",
		    (long long)all->v[pick(m, at)]);
	for (int i = 0; i <= pick(m, 2); i++)
		any_value(m, model, b);
	if (pick(m, 2))
		any_list(m, model, b);
	buf_char(b, '}');
	m->last = arena_printf(m->c->a, "write r.m%d %lld (%zu) %s", model,
	    (long long)ids.v[0], ids.n, buf_text(b).p);
	done(m->c, env_mark(&m->c->env));
	allowed(m, change(m->c, arena_printf(m->c->a, "r.m%d", model), ids,
	    buf_text(b).p));
}

static void
step_unlink(struct made *m, int model)
{
	int64_t		 id = any_record(m, model);
	struct ids	 ids = one(m->c, id);

	m->last = arena_printf(m->c->a, "unlink r.m%d %lld", model,
	    (long long)id);
	if (id != 0)
		done(m->c, model_unlink(&m->c->env, registry_model(
		    m->c->env.reg, arena_printf(m->c->a, "r.m%d", model)),
		    &ids));
}

static void
checked(struct made *m, int seed, int step)
{
	struct value	 faults = value_list(m->c->a, 0);

	done(m->c, formula_check(&m->c->env, &faults));
	if (faults.u.list->n == 0)
		return;
	for (int i = 0; i < MODELS; i++)
		print_message("# %s\n", buf_text(m->models[i].text).p);
	fail_msg("seed %d, step %d, %s: %s", seed, step, m->last,
	    faults.u.list->v[0].u.text.p);
}

static void
step(struct made *m)
{
	int	 model = pick(m, MODELS);

	switch (pick(m, 8)) {
	case 0:
	case 1:
		if (records(m, model)->n < MOST) {
			step_create(m, model);
			break;
		}
		step_unlink(m, model);
		break;
	case 2:
		step_unlink(m, model);
		break;
	default:
		step_write(m, model);
	}
}

static bool
run(struct base_case *c, int seed, int steps)
{
	struct made	*m = arena_alloc(c->a, sizeof *m);

	m->c = c;
	m->seed = (uint64_t)seed * 7919;
	m->last = "install";
	if (!install(m))
		return false;
	for (int i = 0; i < MODELS * 4; i++)
		step_create(m, i % MODELS);
	for (int i = 0; i < steps; i++) {
		step(m);
		checked(m, seed, i);
	}
	return true;
}

static void
follows(void **state)
{
	struct base_case	*c = *state;
	const char		*seeds = getenv("FORMULA_SEEDS");
	const char		*steps = getenv("FORMULA_STEPS");
	int			 n = seeds == NULL ? 4 : atoi(seeds);
	int			 ran = 0;

	for (int seed = 1; ran < n; seed++) {
		assert_true(seed < 2 * n + 10);
		/* one transaction of many questions, on slow machines too */
		store_set_budget(c->env.store, 0);
		ran += run(c, seed, steps == NULL ? 120 : atoi(steps));
		base_case_close(state);
		base_case_open(state);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(follows, base_case_open,
		    base_case_close),
	};

	if (argc > 1)
		setenv("FORMULA_SEEDS", argv[1], 1);
	if (argc > 2)
		setenv("FORMULA_STEPS", argv[2], 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("formula_random", tests,
	    base_case_make, base_case_drop);
}
