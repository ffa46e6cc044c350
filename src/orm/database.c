/* One database: open, create, throw away, its registry. */

#include "orm/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/codec.h"
#include "base/conf.h"
#include "base/crypto.h"
#include "orm/behaviour.h"
#include "orm/database_private.h"
#include "orm/registry.h"
#include "orm/workdir.h"
#include "store/query.h"
#include "store/store.h"

#define IDENTITY	"cardfile_identity"

/* Files of a database beside NAME.db; design 8.10. */
static const char *const	 database_suffixes[] = {
	".db", ".db-wal", ".db-shm", ".db-lock", ".db-journal",
};

static const struct column_def	 identity_columns[] = {
	{ .name = "name", .type = COL_TEXT, .not_null = true },
	{ .name = "tag", .type = COL_TEXT, .not_null = true },
	{ .name = "deployment_id", .type = COL_TEXT, .not_null = true },
	{ .name = "version", .type = COL_INT, .not_null = true },
};

#define IDENTITY_COLUMNS	4

bool
database_name_valid(const char *name)
{
	size_t	 n = strlen(name);

	return n >= 1 && n <= DATABASE_NAME_MAX &&
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

const char *
database_path(struct arena *a, const struct database *db, const char *suffix)
{
	return arena_printf(a, "%s/%s%s", db->all->conf->data_dir, db->name,
	    suffix);
}

static bool
database_store(struct database *db, bool create, struct err *err)
{
	const struct conf	*conf = db->all->conf;
	struct store_options	 options = {
		.sync = strcmp(conf->durability, "full") == 0 ?
		    STORE_SYNC_FULL : STORE_SYNC_SHARED,
		.mmap_bytes = conf->mmap_size,
		.budget_ms = conf->request_ms,
		.create = create,
	};
	struct arena		*a = arena_new();
	bool			 ok;

	ok = store_open(arena_printf(a, "sqlite:%s",
	    database_path(a, db, ".db")), &options, &db->store, err);
	arena_free(a);
	return ok;
}

void
database_close(struct database *db)
{
	if (db->store != NULL)
		store_close(db->store);
	db->store = NULL;
	database_forget(db);
	database_bury(db);
}

static bool
database_read_identity(struct database *db, struct arena *a,
    struct database_state *state, struct err *err)
{
	struct query	*q = query_new(a, IDENTITY, IDENTITY_COLUMNS);
	struct rows	 rows;

	for (size_t i = 0; i < IDENTITY_COLUMNS; i++)
		q->columns[i] = expr_column(a, identity_columns[i].name,
		    identity_columns[i].type, 0);
	if (!store_begin(db->store, TXN_READ, err) ||
	    !store_select(db->store, q, a, &rows, err) ||
	    !store_generation(db->store, &state->generation, err) ||
	    !store_commit(db->store, err))
		return false;
	if (rows.n != 1)
		return err_set(err, ERR_UNAVAILABLE,
		    "%s.db is not a database of Cardfile", db->name);
	state->version = rows.cells[3].u.i;
	snprintf(db->tag, sizeof db->tag, "%s", rows.cells[1].u.text.p);
	snprintf(db->deployment_id, sizeof db->deployment_id, "%s",
	    rows.cells[2].u.text.p);
	return true;
}

bool
database_identify(struct database *db, struct database_state *state,
    struct err *err)
{
	struct arena	*a;
	bool		 ok;

	if (db->store == NULL && !database_store(db, false, err))
		return false;
	a = arena_new();
	if (!(ok = database_read_identity(db, a, state, err)))
		database_close(db);
	arena_free(a);
	return ok;
}

bool
database_open(struct database *db, struct err *err)
{
	struct database_state	 state;

	if (db->store != NULL)
		return true;
	if (!database_identify(db, &state, err))
		return false;
	if (state.version == DATABASE_VERSION && state.generation != 0)
		return true;
	database_close(db);
	if (state.version != DATABASE_VERSION)
		return err_set(err, ERR_UNAVAILABLE, "the database %s is of "
		    "version %lld and this program of version %d: run "
		    "cardfile migrate %s", db->name, (long long)state.version,
		    DATABASE_VERSION, db->name);
	return err_set(err, ERR_UNAVAILABLE, "the database %s was never "
	    "finished: remove it and run cardfile init %s", db->name,
	    db->name);
}

bool
database_registry(struct database *db, struct err *err)
{
	struct registry	*reg;
	struct arena	*a;
	int64_t		 generation;

	if (!store_generation(db->store, &generation, err))
		return false;
	if (generation == 0)
		return true;
	if (db->reg != NULL && registry_generation(db->reg) == generation)
		return true;
	a = arena_new();
	if (!registry_load(a, db->store, db->all->behaviour->observers,
	    db->all->behaviour->nobservers, generation, &reg, err)) {
		arena_free(a);
		return false;
	}
	arena_free(db->generation);
	db->generation = a;
	db->reg = reg;
	return true;
}

void
database_forget(struct database *db)
{
	arena_free(db->generation);
	db->generation = NULL;
	db->reg = NULL;
	db->tentative = false;
	db->retired = 0;
}

void
database_bury(struct database *db)
{
	arena_free(db->left);
	db->left = NULL;
}

void
database_draw(struct databases *all, struct database *db)
{
	unsigned char	 random[12];

	do {
		crypto_token(db->tag, DATABASE_TAG);
		crypto_random(random, sizeof random);
		hex_encode(random, sizeof random, db->deployment_id);
	} while (databases_identity_taken(all, db));
}

/* The version comes last. */
static void
database_identity(const struct database *db,
    struct assign row[IDENTITY_COLUMNS])
{
	row[0] = (struct assign){ "name", value_text(db->name), NULL };
	row[1] = (struct assign){ "tag", value_text(db->tag), NULL };
	row[2] = (struct assign){ "deployment_id",
	    value_text(db->deployment_id), NULL };
	row[3] = (struct assign){ "version", value_int(DATABASE_VERSION),
	    NULL };
}

bool
database_rename(struct database *db, struct err *err)
{
	struct assign	 row[IDENTITY_COLUMNS];
	struct arena	*a = arena_new();
	int64_t		 changed;
	bool		 ok;

	database_identity(db, row);
	ok = store_begin(db->store, TXN_WRITE, err) &&
	    store_update(db->store, IDENTITY, expr_bool(a, true), row,
	    IDENTITY_COLUMNS - 1, &changed, err) &&
	    store_commit(db->store, err);
	arena_free(a);
	return ok;
}

bool
database_set_version(struct database *db, struct err *err)
{
	struct assign	 row[IDENTITY_COLUMNS];
	struct arena	*a = arena_new();
	int64_t		 changed;
	bool		 ok;

	database_identity(db, row);
	ok = store_update(db->store, IDENTITY, expr_bool(a, true),
	    &row[IDENTITY_COLUMNS - 1], 1, &changed, err);
	arena_free(a);
	return ok;
}

static bool
database_write_identity(struct database *db, struct err *err)
{
	const struct table_def	 table = { .name = IDENTITY,
	    .columns = identity_columns, .ncolumns = IDENTITY_COLUMNS };
	struct assign		 row[IDENTITY_COLUMNS];
	int64_t			 id;

	database_identity(db, row);
	return store_begin(db->store, TXN_WRITE, err) &&
	    store_change(db->store, &table, 1, err) &&
	    store_insert(db->store, IDENTITY, row, IDENTITY_COLUMNS, &id,
	    err) &&
	    store_commit(db->store, err);
}

/* The file is made here, so that of two who want the name one gets it. */
static bool
database_claim(struct database *db, struct err *err)
{
	struct arena	*a = arena_new();
	int		 fd;

	fd = open(database_path(a, db, ".db"),
	    O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	arena_free(a);
	if (fd == -1 && errno == EEXIST)
		return err_set(err, ERR_USER, "there is a file %s.db that is "
		    "not in the index: remove it, or run cardfile list "
		    "--rebuild", db->name);
	if (fd == -1)
		return err_set(err, ERR_UNAVAILABLE, "the data directory "
		    "cannot be written: %s", strerror(errno));
	close(fd);
	return true;
}

bool
database_create(struct databases *all, const char *name,
    struct database **out, struct err *err)
{
	struct database	*db;
	struct err	 none = { 0 };

	if (!database_name_valid(name))
		return err_set(err, ERR_VALUE, "\"%s\" cannot name a database: "
		    "1 to %d of a-z 0-9 _ - are wanted", name,
		    DATABASE_NAME_MAX);
	workdir_clean(all);
	if (databases_named(all, name, &none) != NULL)
		return err_set(err, ERR_USER,
		    "there is a database %s already", name);
	db = arena_alloc(all->arena, sizeof *db);
	snprintf(db->name, sizeof db->name, "%s", name);
	db->all = all;
	database_draw(all, db);
	if (!database_claim(db, err))
		return false;
	if (!database_store(db, true, err) ||
	    !database_write_identity(db, err)) {
		database_discard(db);
		return false;
	}
	*out = db;
	return true;
}

void
database_discard(struct database *db)
{
	struct arena	*a = arena_new();

	database_close(db);
	for (size_t i = 0; i < sizeof database_suffixes /
	    sizeof database_suffixes[0]; i++)
		unlink(database_path(a, db, database_suffixes[i]));
	arena_free(a);
}
