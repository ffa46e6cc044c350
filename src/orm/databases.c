/* The databases of a data directory and their index file. */

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "base/map.h"
#include "orm/database.h"
#include "orm/database_private.h"
#include "orm/workdir.h"
#include "store/store.h"

#define INDEX_FILE	"databases"
#define INDEX_HEX	24	/* digits of a deployment id */

/* What an index holds; those of a file read are not the ones in use. */
struct index {
	struct arena	 *arena;
	struct database	**v;
	size_t		  n;
	struct map	 *names, *tags;
};

struct databases *
databases_new(struct arena *a, const struct conf *conf,
    const struct behaviour *behaviour)
{
	struct databases	*all = arena_alloc(a, sizeof *all);

	all->arena = a;
	all->conf = conf;
	all->behaviour = behaviour;
	all->file = arena_printf(a, "%s/" INDEX_FILE, conf->data_dir);
	return all;
}

const struct behaviour *
databases_behaviour(const struct databases *all)
{
	return all->behaviour;
}

void
databases_close(struct databases *all)
{
	for (size_t i = 0; i < all->n; i++)
		database_close(all->v[i]);
	arena_free(all->lookup);
	all->lookup = NULL;
	all->by_name = all->by_tag = NULL;
	all->v = NULL;
	all->n = 0;
	all->mark = (struct stat){ 0 };
}

static struct database *
databases_find(const struct map *by, const char *key, size_t n)
{
	return by == NULL ? NULL : map_get(by, (struct span){ key, n });
}

static struct index
index_new(struct arena *a)
{
	return (struct index){ a, NULL, 0, map_new(a), map_new(a) };
}

/* False if another has the name or the tag. */
static bool
index_add(struct index *x, struct database *db)
{
	struct database	**old = x->v;

	if (databases_find(x->names, db->name, strlen(db->name)) != NULL ||
	    databases_find(x->tags, db->tag, strlen(db->tag)) != NULL)
		return false;
	if ((x->n & (x->n - 1)) == 0) {
		x->v = arena_array(x->arena, x->n == 0 ? 1 : 2 * x->n,
		    sizeof *x->v);
		if (x->n != 0)
			memcpy(x->v, old, x->n * sizeof *x->v);
	}
	x->v[x->n++] = db;
	map_put(x->names, span_of(db->name), db);
	map_put(x->tags, span_of(db->tag), db);
	return true;
}

static bool
index_line(struct index *x, const char *line)
{
	struct database	*db = arena_alloc(x->arena, sizeof *db);
	int		 end = 0;

	return sscanf(line, "%63s %6s %24s%n", db->name, db->tag,
	    db->deployment_id, &end) == 3 && strcmp(line + end, "\n") == 0 &&
	    database_name_valid(db->name) &&
	    strlen(db->tag) == DATABASE_TAG &&
	    strspn(db->deployment_id, "0123456789abcdef") == INDEX_HEX &&
	    index_add(x, db);
}

static bool
index_read(struct index *x, FILE *f)
{
	char	 line[256];

	while (fgets(line, sizeof line, f) != NULL)
		if (!index_line(x, line))
			return false;
	return !ferror(f);
}

/* Writes the index whole, beside the old one, and puts it in its place. */
static bool
index_write(const struct databases *all, const struct index *x,
    struct err *err)
{
	const char	*temp = arena_printf(x->arena, "%s.new", all->file);
	FILE		*f = fopen(temp, "we");
	bool		 ok = f != NULL;
	int		 fd;

	for (size_t i = 0; ok && i < x->n; i++)
		ok = fprintf(f, "%s %s %s\n", x->v[i]->name, x->v[i]->tag,
		    x->v[i]->deployment_id) > 0;
	if (f != NULL) {
		ok = ok && fflush(f) == 0 && fsync(fileno(f)) == 0;
		ok = fclose(f) == 0 && ok;
	}
	ok = ok && rename(temp, all->file) == 0;
	fd = open(all->conf->data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok = ok && fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return ok || err_set(err, ERR_UNAVAILABLE,
	    "the index of databases cannot be written: %s", strerror(errno));
}

static struct database *
databases_keep(struct databases *all, const struct database *read)
{
	struct database	*db;

	db = databases_find(all->by_name, read->name, strlen(read->name));
	if (db != NULL && strcmp(db->tag, read->tag) == 0)
		return db;
	db = arena_alloc(all->arena, sizeof *db);
	*db = *read;
	db->all = all;
	return db;
}

/* What is open stays open; what left the index is closed. */
static void
databases_use(struct databases *all, const struct index *read)
{
	struct index	 x = index_new(arena_new());

	for (size_t i = 0; i < read->n; i++)
		index_add(&x, databases_keep(all, read->v[i]));
	for (size_t i = 0; i < all->n; i++) {
		struct database	*db = all->v[i];

		if (databases_find(x.names, db->name, strlen(db->name)) != db)
			database_close(db);
	}
	arena_free(all->lookup);
	all->lookup = x.arena;
	all->v = x.v;
	all->n = x.n;
	all->by_name = x.names;
	all->by_tag = x.tags;
}

static bool
databases_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    memcmp(&a->st_mtim, &b->st_mtim, sizeof a->st_mtim) == 0;
}

static bool
databases_read(struct databases *all, FILE *f, struct err *err)
{
	struct arena	*a = arena_new();
	struct index	 x = index_new(a);
	struct stat	 st;
	bool		 ok;

	ok = fstat(fileno(f), &st) == 0 && index_read(&x, f);
	if (ok) {
		databases_use(all, &x);
		all->mark = st;
	}
	arena_free(a);
	return ok || err_set(err, ERR_UNAVAILABLE, "the index of databases is "
	    "damaged: cardfile list --rebuild makes it anew");
}

/* Reads the index again if its file is another than last time. */
static bool
databases_refresh(struct databases *all, struct err *err)
{
	struct stat	 st;
	FILE		*f;
	bool		 ok;

	if (stat(all->file, &st) == 0 && databases_same(&st, &all->mark))
		return true;
	if ((f = fopen(all->file, "re")) == NULL) {
		if (errno != ENOENT)
			return err_set(err, ERR_UNAVAILABLE,
			    "the index of databases cannot be read");
		databases_close(all);
		return true;
	}
	ok = databases_read(all, f, err);
	fclose(f);
	return ok;
}

bool
databases_broken(const struct databases *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i]->store != NULL &&
		    store_broken(all->v[i]->store))
			return true;
	return false;
}

size_t
databases_count(struct databases *all, struct err *err)
{
	return databases_refresh(all, err) ? all->n : 0;
}

struct database *
databases_at(struct databases *all, size_t i)
{
	return i < all->n ? all->v[i] : NULL;
}

/* What is known goes on being served while the index is out of order. */
struct database *
databases_named(struct databases *all, const char *name, struct err *err)
{
	struct err	 bad = { 0 };
	bool		 ok = databases_refresh(all, &bad);
	struct database	*db = databases_find(all->by_name, name, strlen(name));

	if (db == NULL && !ok)
		err_set(err, bad.code, "%s", bad.msg);
	else if (db == NULL)
		err_set(err, ERR_NOT_FOUND, "There is no such database.");
	return db;
}

static struct database *
databases_of_tag(const struct databases *all, const char *credential)
{
	if (strlen(credential) < DATABASE_TAG)
		return NULL;
	return databases_find(all->by_tag, credential, DATABASE_TAG);
}

/* A tag is never given twice, so one that is known is looked up no more than
 * once a second: that is how long a database that went may be served. */
struct database *
databases_tagged(struct databases *all, const char *credential,
    struct err *err)
{
	struct err	 bad = { 0 };
	struct database	*db = databases_of_tag(all, credential);
	int64_t		 second = clock_ticks() / 1000000;
	bool		 ok;

	if (db != NULL && second == all->looked)
		return db;
	all->looked = second;
	ok = databases_refresh(all, &bad);
	db = databases_of_tag(all, credential);
	if (db == NULL && !ok)
		err_set(err, bad.code, "%s", bad.msg);
	else if (db == NULL)
		err_set(err, ERR_AUTH, "Authentication required");
	return db;
}

struct database *
databases_default(struct databases *all, struct err *err)
{
	if (all->conf->default_database[0] != '\0')
		return databases_named(all, all->conf->default_database, err);
	if (!databases_refresh(all, err))
		return NULL;
	if (all->n == 1)
		return all->v[0];
	err_set(err, ERR_NOT_FOUND, all->n == 0 ? "There is no database yet." :
	    "The request does not tell which database it means.");
	return NULL;
}

/* One changer of the index at a time; -1 on failure, else to be closed. */
static int
databases_lock(struct databases *all, struct err *err)
{
	struct arena	*a = arena_new();
	int		 fd;

	fd = open(arena_printf(a, "%s.lock", all->file),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	arena_free(a);
	while (fd >= 0)
		if (flock(fd, LOCK_EX) == 0)
			return fd;
		else if (errno != EINTR)
			break;
	err_set(err, ERR_UNAVAILABLE, "the data directory cannot be written: "
	    "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
databases_enter(struct databases *all, const struct database *db,
    struct index *x, struct err *err)
{
	struct database	*copy = arena_alloc(x->arena, sizeof *copy);

	if (!databases_refresh(all, err))
		return false;
	for (size_t i = 0; i < all->n; i++)
		index_add(x, all->v[i]);
	*copy = *db;
	if (!index_add(x, copy))
		return err_set(err, ERR_USER,
		    "there is a database %s already", db->name);
	return index_write(all, x, err) && databases_refresh(all, err);
}

bool
databases_publish_made(struct databases *all, const struct database *db,
    bool (*make)(void *), void *arg, struct err *err)
{
	int		 fd = databases_lock(all, err);
	struct arena	*a;
	struct index	 x;
	bool		 ok;

	if (fd < 0)
		return false;
	a = arena_new();
	x = index_new(a);
	ok = make(arg) && databases_enter(all, db, &x, err);
	arena_free(a);
	close(fd);
	return ok;
}

static bool
databases_made(void *arg)
{
	(void)arg;
	return true;
}

bool
databases_publish(struct databases *all, const struct database *db,
    struct err *err)
{
	return databases_publish_made(all, db, databases_made, NULL, err);
}

bool
databases_identity_taken(struct databases *all, const struct database *db)
{
	struct err	 none = { 0 };
	size_t		 n = databases_count(all, &none);

	for (size_t i = 0; i < n; i++)
		if (strcmp(all->v[i]->tag, db->tag) == 0 ||
		    strcmp(all->v[i]->deployment_id, db->deployment_id) == 0)
			return true;
	return false;
}

/* Puts a file into the index, unless it is no whole database. */
static bool
index_file(struct databases *all, struct index *x, const char *name,
    struct err *err)
{
	struct database		*db = arena_alloc(x->arena, sizeof *db);
	struct database_state	 state;
	struct err		 bad = { 0 };
	bool			 whole;

	snprintf(db->name, sizeof db->name, "%s", name);
	db->all = all;
	whole = database_identify(db, &state, &bad) && state.generation != 0;
	database_close(db);
	if (!whole)
		log_line(LOG_WARNING, NULL, "%s.db is left out: %s", name,
		    bad.code == ERR_OK ? "it was never finished" : bad.msg);
	return !whole || index_add(x, db) || err_set(err, ERR_UNAVAILABLE,
	    "%s.db is a copy of another database here, which cannot be told "
	    "from it: one of the two must go", name);
}

static bool
index_scan(struct databases *all, struct index *x, DIR *dir, struct err *err)
{
	struct dirent	*entry;

	while ((entry = readdir(dir)) != NULL) {
		size_t	 n = strlen(entry->d_name);
		char	 name[DATABASE_NAME_MAX + 1];

		if (n < 4 || n - 3 > DATABASE_NAME_MAX ||
		    strcmp(entry->d_name + n - 3, ".db") != 0)
			continue;
		snprintf(name, sizeof name, "%.*s", (int)(n - 3),
		    entry->d_name);
		if (database_name_valid(name) &&
		    !index_file(all, x, name, err))
			return false;
	}
	return true;
}

static bool
databases_scan(struct databases *all, struct err *err)
{
	struct arena	*a;
	struct index	 x;
	DIR		*dir = opendir(all->conf->data_dir);
	bool		 ok;

	if (dir == NULL)
		return err_set(err, ERR_UNAVAILABLE,
		    "the data directory cannot be read: %s", strerror(errno));
	a = arena_new();
	x = index_new(a);
	ok = index_scan(all, &x, dir, err) && index_write(all, &x, err);
	arena_free(a);
	closedir(dir);
	return ok && databases_refresh(all, err);
}

bool
databases_rebuild(struct databases *all, struct err *err)
{
	int	 fd = databases_lock(all, err);
	bool	 ok;

	if (fd < 0)
		return false;
	workdir_clean(all);
	ok = databases_scan(all, err);
	close(fd);
	return ok;
}
