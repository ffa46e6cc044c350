/* cardfile restore: an archive as a new database. */

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/map.h"
#include "base/progress.h"
#include "orm/backup.h"
#include "orm/backup_private.h"
#include "orm/database.h"
#include "orm/database_private.h"
#include "orm/files.h"
#include "orm/workdir.h"
#include "store/store.h"

#define KEY_MAX		65536	/* bytes of a key file */
#define MANIFEST_MAX	(256 << 20)

/* A file that came out of the archive. */
struct part {
	char	 sha256[SHA256_HEX];
	int64_t	 size;
	bool	 named;			/* by the manifest */
};

/* A restore under way.  Its database lies in the working directory. */
struct restoring {
	struct databases	*all;
	const char		*name;
	struct arena		*arena;
	struct workdir		 work;
	struct map		*parts;		/* name -> struct part */
	const char		*manifest;
	struct conf		 conf;		/* data_dir: work.path */
	struct database		*db;
	struct progress		*progress;
	struct err		*err;
};

/* Where a file of the archive goes; NULL: no name of ours. */
static const char *
restoring_path(struct restoring *r, const char *name, int64_t *most)
{
	size_t	 n = strlen(BACKUP_FILES);

	*most = INT64_MAX;
	if (strcmp(name, BACKUP_DATABASE) == 0)
		return arena_printf(r->arena, "%s/%s.db", r->work.path,
		    r->name);
	if (strncmp(name, BACKUP_FILES, n) == 0 && backup_is_file(name + n))
		return arena_printf(r->arena, "%s/%s.files/%s", r->work.path,
		    r->name, name + n);
	*most = strcmp(name, BACKUP_KEY) == 0 ? KEY_MAX : MANIFEST_MAX;
	if (strcmp(name, BACKUP_KEY) == 0 ||
	    strcmp(name, BACKUP_MANIFEST) == 0)
		return arena_printf(r->arena, "%s/%s", r->work.path, name);
	return NULL;
}

static bool
restoring_room(struct restoring *r, int64_t size)
{
	struct statvfs	 vfs;

	if (statvfs(r->work.path, &vfs) == 0 && (uint64_t)size >
	    (uint64_t)vfs.f_bavail * (uint64_t)vfs.f_frsize)
		return err_set(r->err, ERR_FULL, "there is no room left for "
		    "what the archive holds");
	return true;
}

/* One file out of the archive. */
static bool
restoring_part(struct restoring *r, struct unpack *u, const char *name,
    int64_t size)
{
	struct part	*part = arena_alloc(r->arena, sizeof *part);
	int64_t		 most;
	const char	*path = restoring_path(r, name, &most);
	int		 fd;
	bool		 ok;

	if (path == NULL || size > most ||
	    map_get(r->parts, span_of(name)) != NULL)
		return err_set(r->err, ERR_VALUE, "the archive holds "
		    "\"%.80s\", which no backup does", name);
	if (!restoring_room(r, size))
		return false;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return err_set(r->err, ERR_UNAVAILABLE, "the data directory "
		    "cannot be written: %s", strerror(errno));
	part->size = size;
	ok = unpack_file(u, size, fd, r->progress, part->sha256, r->err);
	close(fd);
	map_put(r->parts, span_of(name), part);
	return ok;
}

static bool
restoring_parts(struct restoring *r, struct unpack *u)
{
	const char	*name;
	int64_t		 size;

	for (;;) {
		if (!unpack_next(u, &name, &size, r->err))
			return false;
		if (name == NULL)
			return true;
		if (!restoring_part(r, u, name, size))
			return false;
	}
}

static bool
restoring_unpack(struct restoring *r, int fd)
{
	const char	*files = arena_printf(r->arena, "%s/%s.files",
			    r->work.path, r->name);
	struct unpack	*u;
	int		 dir;
	bool		 ok;

	dir = mkdir(files, 0700) == -1 ? -1 :
	    open(files, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return err_set(r->err, ERR_UNAVAILABLE, "the data directory "
		    "cannot be written: %s", strerror(errno));
	progress_start(r->progress, "reading the archive", 0);
	ok = unpack_open(r->arena, fd, &u, r->err) && restoring_parts(r, u);
	if (ok && fsync(dir) == -1)
		ok = err_set(r->err, ERR_UNAVAILABLE, "the files cannot be "
		    "written: %s", strerror(errno));
	close(dir);
	return ok;
}

static bool
restoring_damaged(struct restoring *r, const char *name)
{
	return err_set(r->err, ERR_VALUE, "the archive is damaged: \"%.80s\" "
	    "is not what its manifest says", name);
}

/* A line of a file: checksum, size, name. */
static bool
restoring_line(struct restoring *r, const char *line)
{
	char		 sha256[SHA256_HEX], name[128];
	long long	 size;
	struct part	*part;
	int		 end = 0;

	if (sscanf(line, "%64s %lld %127s%n", sha256, &size, name, &end) != 3 ||
	    line[end] != '\n')
		return restoring_damaged(r, BACKUP_MANIFEST);
	part = map_get(r->parts, span_of(name));
	if (part == NULL || part->named || part->size != size ||
	    strcmp(part->sha256, sha256) != 0 ||
	    (strncmp(name, BACKUP_FILES, strlen(BACKUP_FILES)) == 0 &&
	    strcmp(name + strlen(BACKUP_FILES), sha256) != 0))
		return restoring_damaged(r, name);
	part->named = true;
	return true;
}

/* All that is there was named, and the database is there. */
static bool
restoring_complete(struct restoring *r)
{
	for (size_t i = 0; i < map_count(r->parts); i++) {
		const struct part	*part = map_at(r->parts, i);
		const char		*name = map_key(r->parts, i).p;

		if (!part->named && strcmp(name, BACKUP_MANIFEST) != 0)
			return restoring_damaged(r, name);
	}
	return map_get(r->parts, span_of(BACKUP_DATABASE)) != NULL ||
	    restoring_damaged(r, BACKUP_DATABASE);
}

static bool
restoring_key(const char *text, enum backup_key *key)
{
	for (int i = 0; i < BACKUP_KEY__MAX; i++)
		if (strcmp(backup_keys[i], text) == 0) {
			*key = (enum backup_key)i;
			return true;
		}
	return false;
}

static bool
restoring_manifest(struct restoring *r, FILE *f, enum backup_key *key)
{
	char		 line[512], name[DATABASE_NAME_MAX + 1], tag[8];
	char		 id[32], said[16];
	long long	 version;

	if (fgets(line, sizeof line, f) == NULL ||
	    strcmp(line, BACKUP_FIRST "\n") != 0 ||
	    fscanf(f, "name %63s\nversion %lld\ntag %7s\ndeployment_id %31s\n"
	    "key %15s\n", name, &version, tag, id, said) != 5 ||
	    !restoring_key(said, key))
		return err_set(r->err, ERR_VALUE, "the archive's manifest is "
		    "none of this program");
	while (fgets(line, sizeof line, f) != NULL)
		if (!restoring_line(r, line))
			return false;
	if ((*key == BACKUP_KEY_INCLUDED) !=
	    (map_get(r->parts, span_of(BACKUP_KEY)) != NULL))
		return restoring_damaged(r, BACKUP_KEY);
	return restoring_complete(r);
}

static bool
restoring_compare(struct restoring *r, enum backup_key *key)
{
	FILE	*f = fopen(arena_printf(r->arena, "%s/" BACKUP_MANIFEST,
		    r->work.path), "re");
	bool	 ok;

	if (f == NULL)
		return err_set(r->err, ERR_VALUE, "the archive is damaged or "
		    "cut off: it has no manifest");
	ok = restoring_manifest(r, f, key);
	fclose(f);
	return ok;
}

/* The database in the working directory, with the identity it is to have. */
static bool
restoring_identify(struct restoring *r, bool new_identity, int64_t *version)
{
	struct database_state	 state;
	struct databases	*own;

	r->conf = *r->all->conf;
	r->conf.data_dir = r->work.path;
	own = databases_new(r->arena, &r->conf, r->all->behaviour);
	r->db = arena_alloc(r->arena, sizeof *r->db);
	r->db->all = own;
	snprintf(r->db->name, sizeof r->db->name, "%s", r->name);
	if (!database_identify(r->db, &state, r->err))
		return false;
	*version = state.version;
	if (state.generation == 0)
		return err_set(r->err, ERR_VALUE,
		    "the archive's database was never finished");
	if (state.version > DATABASE_VERSION)
		return err_set(r->err, ERR_VALUE, "the archive's database is "
		    "of version %lld and this program of version %d: a newer "
		    "program is needed", (long long)state.version,
		    DATABASE_VERSION);
	if (new_identity)
		database_draw(r->all, r->db);
	else if (databases_identity_taken(r->all, r->db))
		return err_set(r->err, ERR_USER, "a database here has the tag "
		    "or the deployment id of the archive's: with "
		    "--new-identity it gets its own");
	return database_rename(r->db, r->err);
}

/* Every file that a row names is there. */
static bool
restoring_files(struct restoring *r, int64_t version)
{
	struct value	 faults = value_list(r->arena, 0);
	bool		 ok;

	if (version < FILES_VERSION)
		return true;
	ok = store_begin(r->db->store, TXN_READ, r->err) &&
	    files_check(r->db, r->arena, &faults, r->err);
	store_rollback(r->db->store);
	if (!ok || faults.u.list->n == 0)
		return ok;
	return err_set(r->err, ERR_VALUE, "the archive lacks a %s",
	    faults.u.list->v[0].u.text.p);
}

static bool
restoring_check(struct restoring *r, int64_t version)
{
	struct rows	 rows;

	progress_start(r->progress, "checking the database", 0);
	store_set_budget(r->db->store, 0);
	if (!store_check(r->db->store, r->arena, &rows, r->err))
		return false;
	if (rows.n != 0)
		return err_set(r->err, ERR_VALUE, "the archive's database is "
		    "damaged: %s", rows.cells[0].u.text.p);
	return restoring_files(r, version);
}

/* Nothing of the name may be there. */
static bool
restoring_free(struct restoring *r)
{
	static const char *const	 suffixes[] = {
		".db", ".db-wal", ".db-journal", ".files", ".key", ".side",
	};
	struct database			 db = { .all = r->all };
	struct stat			 st;

	snprintf(db.name, sizeof db.name, "%s", r->name);
	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
		if (lstat(database_path(r->arena, &db, suffixes[i]), &st) == 0)
			return err_set(r->err, ERR_USER, "there is a file %s%s "
			    "already", r->name, suffixes[i]);
	return true;
}

static bool
restoring_move(struct restoring *r, const char *from, const char *suffix,
    int (*move)(const char *, const char *))
{
	struct database	 db = { .all = r->all };

	snprintf(db.name, sizeof db.name, "%s", r->name);
	return move(arena_printf(r->arena, "%s/%s", r->work.path, from),
	    database_path(r->arena, &db, suffix)) == 0 ||
	    err_set(r->err, ERR_UNAVAILABLE, "%s%s cannot be made: %s",
	    r->name, suffix, strerror(errno));
}

/* The database first, and as a link: see workdir_clean. */
static bool
restoring_publish(void *arg)
{
	struct restoring	*r = arg;
	bool			 key;

	key = map_get(r->parts, span_of(BACKUP_KEY)) != NULL;
	return restoring_free(r) &&
	    restoring_move(r, arena_printf(r->arena, "%s.db", r->name), ".db",
	    link) &&
	    restoring_move(r, arena_printf(r->arena, "%s.files", r->name),
	    ".files", rename) &&
	    (!key || restoring_move(r, BACKUP_KEY, ".key", rename));
}

static bool
restoring_run(struct restoring *r, int fd, bool new_identity,
    struct backup_restored *out)
{
	if (!restoring_unpack(r, fd) || !restoring_compare(r, &out->key) ||
	    !restoring_identify(r, new_identity, &out->version) ||
	    !restoring_check(r, out->version))
		return false;
	database_close(r->db);
	return databases_publish_made(r->all, r->db, restoring_publish, r,
	    r->err);
}

bool
backup_restore(struct databases *all, int fd, const char *name,
    bool new_identity, struct progress *progress, struct backup_restored *out,
    struct err *err)
{
	struct arena		*a = arena_new();
	struct restoring	 r = { .all = all, .name = name, .arena = a,
				    .parts = map_new(a), .progress = progress,
				    .err = err };
	struct err		 none = { 0 };
	bool			 ok = false;

	if (!database_name_valid(name))
		err_set(err, ERR_VALUE, "\"%.80s\" cannot name a database: "
		    "1 to %d of a-z 0-9 _ - are wanted", name,
		    DATABASE_NAME_MAX);
	else if (databases_named(all, name, &none) != NULL)
		err_set(err, ERR_USER, "there is a database %s already", name);
	else if (restoring_free(&r) &&
	    workdir_open(a, all, "restore", name, &r.work, err)) {
		ok = restoring_run(&r, fd, new_identity, out);
		if (r.db != NULL)
			database_close(r.db);
		workdir_close(&r.work);
	}
	if (ok)
		out->db = databases_named(all, name, err);
	arena_free(a);
	return ok;
}
