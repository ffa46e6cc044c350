/* cardfile backup: a database and its files as one archive. */

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/progress.h"
#include "orm/backup.h"
#include "orm/backup_private.h"
#include "orm/database.h"
#include "orm/database_private.h"
#include "orm/workdir.h"
#include "store/store.h"

/* A backup under way. */
struct making {
	struct database		*db;
	struct arena		*arena;
	struct workdir		 work;
	struct pack		*pack;
	struct buf		*manifest;
	struct progress		*progress;
	struct err		*err;
};

const char *const	 backup_keys[BACKUP_KEY__MAX] = {
	[BACKUP_KEY_NONE] = "none",
	[BACKUP_KEY_INCLUDED] = "included",
	[BACKUP_KEY_OMITTED] = "omitted",
};

static void
making_told(struct making *m, int64_t version, enum backup_key key)
{
	const struct database	*db = m->db;

	buf_str(m->manifest, arena_printf(m->arena, BACKUP_FIRST "\nname %s\n"
	    "version %lld\ntag %s\ndeployment_id %s\nkey %s\n", db->name,
	    (long long)version, db->tag, db->deployment_id,
	    backup_keys[key]));
}

/* want: the checksum that the file must have, or NULL. */
static bool
making_file(struct making *m, const char *path, const char *name,
    const char *want)
{
	char	 sha256[SHA256_HEX];
	int64_t	 size;
	int	 fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool	 ok;

	if (fd == -1)
		return err_set(m->err, ERR_UNAVAILABLE,
		    "%s cannot be read: %s", name, strerror(errno));
	ok = pack_file(m->pack, name, fd, m->progress, sha256, &size, m->err);
	close(fd);
	if (!ok)
		return false;
	if (want != NULL && strcmp(want, sha256) != 0)
		return err_set(m->err, ERR_UNAVAILABLE, "the file %s of "
		    "database %s is damaged: see cardfile check %s", want,
		    m->db->name, m->db->name);
	buf_str(m->manifest, arena_printf(m->arena, "%s %lld %s\n", sha256,
	    (long long)size, name));
	return true;
}

/* Files are named by their checksum; others are not ours. */
bool
backup_is_file(const char *name)
{
	return strlen(name) == SHA256_HEX - 1 &&
	    strspn(name, "0123456789abcdef") == SHA256_HEX - 1;
}

static bool
making_files_in(struct making *m, DIR *dir, const char *path)
{
	struct dirent	*entry;

	while ((entry = readdir(dir)) != NULL)
		if (backup_is_file(entry->d_name) && !making_file(m,
		    arena_printf(m->arena, "%s/%s", path, entry->d_name),
		    arena_printf(m->arena, BACKUP_FILES "%s", entry->d_name),
		    entry->d_name))
			return false;
	return true;
}

static bool
making_files(struct making *m, DIR *dir, const char *path)
{
	bool	 ok;

	ok = making_file(m, arena_printf(m->arena, "%s/%s.db", m->work.path,
	    m->db->name), BACKUP_DATABASE, NULL);
	return ok && making_files_in(m, dir, path);
}

/* Bytes to come: what is in the directory, and the copy of the database. */
static int64_t
making_size(DIR *dir, const char *copy)
{
	struct dirent	*entry;
	struct stat	 st;
	int64_t		 sum = stat(copy, &st) == 0 ? st.st_size : 0;

	while ((entry = readdir(dir)) != NULL)
		if (backup_is_file(entry->d_name) && fstatat(dirfd(dir),
		    entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			sum += st.st_size;
	rewinddir(dir);
	return sum;
}

static bool
making_copy(struct making *m, DIR *dir)
{
	const char	*copy = arena_printf(m->arena, "%s/%s.db",
			    m->work.path, m->db->name);

	progress_start(m->progress, "copying the database", 0);
	if (!store_backup(m->db->store, copy, m->err))
		return false;
	progress_start(m->progress, "writing the archive",
	    making_size(dir, copy));
	return true;
}

static bool
making_key(struct making *m, bool with_key, enum backup_key *key)
{
	const char	*path = database_path(m->arena, m->db, ".key");
	struct stat	 st;

	*key = stat(path, &st) == -1 ? BACKUP_KEY_NONE :
	    with_key ? BACKUP_KEY_INCLUDED : BACKUP_KEY_OMITTED;
	return *key != BACKUP_KEY_INCLUDED ||
	    making_file(m, path, BACKUP_KEY, NULL);
}

static bool
making_archive(struct making *m, int fd, DIR *dir, const char *path,
    bool with_key, enum backup_key *key, int64_t version)
{
	struct buf	*files = m->manifest;

	if (!making_copy(m, dir) ||
	    !pack_open(m->arena, fd, &m->pack, m->err) ||
	    !making_files(m, dir, path) || !making_key(m, with_key, key))
		return false;
	m->manifest = buf_new(m->arena);
	making_told(m, version, *key);
	buf_span(m->manifest, buf_text(files));
	return pack_text(m->pack, BACKUP_MANIFEST, buf_text(m->manifest),
	    m->err) && pack_finish(m->pack, m->err);
}

/* The database's files, locked against their collector; NULL: failed. */
static DIR *
making_open(struct making *m, const char *path)
{
	DIR	*dir;

	if ((mkdir(path, 0700) == -1 && errno != EEXIST) ||
	    (dir = opendir(path)) == NULL) {
		err_set(m->err, ERR_UNAVAILABLE, "the files of %s cannot be "
		    "read: %s", m->db->name, strerror(errno));
		return NULL;
	}
	flock(dirfd(dir), LOCK_SH);
	return dir;
}

static bool
making_run(struct making *m, int fd, bool with_key, enum backup_key *key)
{
	const char		*path;
	struct database_state	 state;
	DIR			*dir;
	bool			 ok;

	path = database_path(m->arena, m->db, ".files");
	if (!database_identify(m->db, &state, m->err) ||
	    (dir = making_open(m, path)) == NULL)
		return false;
	ok = workdir_open(m->arena, m->db->all, "backup", m->db->name,
	    &m->work, m->err);
	if (ok) {
		ok = making_archive(m, fd, dir, path, with_key, key,
		    state.version);
		workdir_close(&m->work);
	}
	closedir(dir);
	return ok;
}

bool
backup_make(struct database *db, int fd, bool with_key,
    struct progress *progress, enum backup_key *key, struct err *err)
{
	struct arena	*a = arena_new();
	struct making	 m = { .db = db, .arena = a, .manifest = buf_new(a),
			    .progress = progress, .err = err };
	bool		 ok;

	ok = making_run(&m, fd, with_key, key);
	arena_free(a);
	return ok;
}
