#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/domain.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define ROWS	6

/* A field of each kind. */
static const struct {
	const char	*name, *type, *formula;
	int		 scale;
}	 fields[] = {
	{ "id", "integer", NULL, -1 },
	{ "t", "char", NULL, -1 },
	{ "n", "integer", NULL, -1 },
	{ "m", "monetary", NULL, 2 },
	{ "f", "float", NULL, -1 },
	{ "active", "boolean", NULL, -1 },
	{ "d", "date", NULL, -1 },
	{ "s", "datetime", NULL, -1 },
	{ "x", "binary", NULL, -1 },
	{ "up", "many2one", NULL, -1 },
	{ "l", "one2many", NULL, -1 },
	{ "k", "many2many", NULL, -1 },
	{ "c", "monetary", "m * n", 2 },
	{ "display_name", "char", NULL, -1 },
};

#define FIELDS	(sizeof fields / sizeof fields[0])

/* One model, related to itself in every way, and its rows. */
struct world {
	struct arena	*arena;
	struct conf	 conf;
	struct err	 err;
	struct model	 model;
	struct store	*store;
	char		 dir[32], path[64];
};

static void
must(struct world *w, bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_domain: %s (%s)\n", w->err.msg, w->err.cause);
	abort();
}

static void
world_field(struct world *w, size_t i)
{
	struct model	*m = &w->model;
	struct field	*f = &m->fields[i];

	f->name = f->string = fields[i].name;
	f->key = span_of(f->name);
	f->type = field_type_named(fields[i].type);
	f->model = m;
	f->scale = fields[i].scale;
	map_put(m->by_name, f->key, f);
	if (fields[i].formula != NULL)
		must(w, formula_parse(w->arena, span_of(fields[i].formula),
		    &f->compute, &w->err));
	else if (f->type->column != COL_NONE && i + 1 != FIELDS)
		f->column = f->name;
	if (f->type == &field_many2one || f->type->column == COL_NONE)
		f->target = m;
	if (f->type == &field_one2many)
		f->inverse = model_field(m, "up");
	if (f->type == &field_many2many) {
		f->link = "links";
		f->link_own = "a";
		f->link_other = "b";
	}
}

static void
world_model(struct world *w)
{
	struct model	*m = &w->model;

	m->name = m->table = m->description = "m";
	m->order = "id";
	m->by_name = map_new(w->arena);
	m->fields = arena_array(w->arena, FIELDS, sizeof *m->fields);
	m->nfields = FIELDS;
	for (size_t i = 0; i < FIELDS; i++)
		world_field(w, i);
	m->display = model_field(m, "display_name");
	m->rec_name = model_field(m, "t");
	m->parent = model_field(m, "up");
	m->active = model_field(m, "active");
}

static void
world_tables(struct world *w)
{
	static const struct column_def	 links[] = {
		{ .name = "a", .type = COL_ID }, { .name = "b", .type = COL_ID },
	};
	struct column_def		 columns[FIELDS];
	struct table_def		 tables[] = {
		{ .name = "m", .columns = columns },
		{ .name = "links", .columns = links, .ncolumns = 2,
		    .link = true },
	};

	for (size_t i = 1; i < FIELDS; i++) {
		const struct field	*f = &w->model.fields[i];

		if (f->column != NULL)
			columns[tables[0].ncolumns++] = (struct column_def){
				.name = f->column,
				.type = field_column_type(f),
				.scale = f->scale < 0 ? 0 :
				    (unsigned int)f->scale,
			};
	}
	must(w, store_change(w->store, tables, 2, &w->err));
}

/* Every third is archived, the first hangs on the last. */
static void
world_row(struct world *w, int64_t i)
{
	struct assign	 row[] = {
		{ .column = "t", .value = value_text(i % 2 == 0 ? "a" : "Ab") },
		{ .column = "n", .value = value_int(i) },
		{ .column = "m", .value = value_decimal(i * 50, 2) },
		{ .column = "active", .value = value_bool(i % 3 != 0) },
		{ .column = "up", .value = value_int(i == 1 ? ROWS : i - 1) },
	};
	struct assign	 link[] = {
		{ .column = "a", .value = value_int(i) },
		{ .column = "b", .value = value_int(ROWS + 1 - i) },
	};
	int64_t		 id;

	must(w, store_insert(w->store, "m", row, 5, &id, &w->err));
	must(w, store_insert(w->store, "links", link, 2, NULL, &w->err));
}

static struct world	*world(void);

static void
world_close(void)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock", "-journal",
	};
	struct world			*w = world();
	char				 name[80];

	store_close(w->store);
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(name, sizeof name, "%s%s", w->path, ends[i]);
		unlink(name);
	}
	rmdir(w->dir);
	arena_free(w->arena);
}

static void
world_open(struct world *w)
{
	const struct store_options	 options = { .create = true };

	w->arena = arena_new();
	w->conf.max_terms = 100;
	w->conf.max_ids = 1000;
	snprintf(w->dir, sizeof w->dir, "/tmp/fuzz-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		abort();
	snprintf(w->path, sizeof w->path, "%s/t.db", w->dir);
	must(w, store_open(arena_printf(w->arena, "sqlite:%s", w->path),
	    &options, &w->store, &w->err));
	world_model(w);
	must(w, store_begin(w->store, TXN_WRITE, &w->err));
	world_tables(w);
	for (int64_t i = 1; i <= ROWS; i++)
		world_row(w, i);
	must(w, store_commit(w->store, &w->err));
	atexit(world_close);
}

static struct world *
world(void)
{
	static struct world	 w;

	if (w.arena == NULL)
		world_open(&w);
	return &w;
}

static bool
search(struct env *env, const struct model *m, struct span text)
{
	const struct page	 page = { .order = "id" };
	const struct domain	*d;
	struct value		 v;
	struct ids		 ids;

	return literal_parse(env->arena, text, &parse_limits_default, &v,
	    env->err) && domain_parse(env, &v, &d) &&
	    model_search(env, m, d, &page, &ids);
}

/* A text is found by, or refused with a reason that is the client's. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world	*w = world();
	struct err	 err = { .code = ERR_OK };
	struct env	 env = { .arena = arena_new(), .err = &err,
			    .conf = &w->conf, .store = w->store, .su = true,
			    .uid = SUPERUSER };

	must(w, store_begin(w->store, TXN_READ, &w->err));
	if (!search(&env, &w->model, (struct span){ (const char *)data, size })
	    && (err.code != ERR_VALUE || err.msg[0] == '\0')) {
		fprintf(stderr, "fuzz_domain: %d %s (%s)\n", err.code, err.msg,
		    err.cause);
		abort();
	}
	store_rollback(w->store);
	arena_free(env.arena);
	return 0;
}
