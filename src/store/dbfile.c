#include "store/dbfile.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"

struct dbfile {
	const char	*path;
	const char	*directory;
	const char	*lock_path;
	int		 fd;		/* of the lock file; -1 until needed */
};

struct dbfile *
dbfile_new(struct arena *a, const char *path)
{
	struct dbfile	*f = arena_alloc(a, sizeof *f);

	f->path = arena_strdup(a, path);
	f->directory = dirname(arena_strdup(a, path));
	f->lock_path = arena_printf(a, "%s-lock", path);
	f->fd = -1;
	return f;
}

void
dbfile_close(struct dbfile *f)
{
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
}

static bool
dbfile_fail(const char *what, const char *path, struct err *err)
{
	int	 error = errno;

	if (error == ENOSPC || error == EDQUOT)
		err_set(err, ERR_FULL, "There is no room left to store this");
	else
		err_set(err, ERR_UNAVAILABLE, "The database cannot be opened");
	err_cause(err, "%s %s: %s", what, path, strerror(error));
	return false;
}

/* -1 and errno if there is one already, or none can be made. */
static int
dbfile_make(const struct dbfile *f)
{
	int	 fd;

	fd = open(f->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd != -1)
		close(fd);
	return fd;
}

bool
dbfile_create(const struct dbfile *f, struct err *err)
{
	return dbfile_make(f) != -1 || errno == EEXIST ||
	    dbfile_fail("create", f->path, err);
}

bool
dbfile_create_new(const struct dbfile *f, struct err *err)
{
	if (dbfile_make(f) != -1)
		return true;
	if (errno == EEXIST)
		return err_set(err, ERR_VALIDATION,
		    "There is a file of this name already");
	return dbfile_fail("create", f->path, err);
}

void
dbfile_remove(const struct dbfile *f)
{
	static const char *const	 ends[] = {
		"", "-journal", "-wal", "-shm",
	};
	char				 path[PATH_MAX];

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(path, sizeof path, "%s%s", f->path, ends[i]);
		unlink(path);
	}
}

bool
dbfile_sync_directory(const struct dbfile *f, struct err *err)
{
	int	 fd, rc;

	fd = open(f->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return dbfile_fail("open", f->directory, err);
	if ((rc = fsync(fd)) == -1)
		dbfile_fail("sync", f->directory, err);
	close(fd);
	return rc == 0;
}

bool
dbfile_remote(const struct dbfile *f)
{
	static const uint32_t	 types[] = {
		0x00006969,	/* NFS */
		0xff534d42,	/* CIFS */
		0xfe534d42,	/* SMB 2 */
		0x0000517b,	/* SMB */
		0x01021997,	/* 9P */
		0x5346414f,	/* AFS */
		0x00c36400,	/* Ceph */
		0x0bd00bd0,	/* Lustre */
	};
	struct statfs		 fs;

	if (statfs(f->directory, &fs) == -1)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if ((uint32_t)fs.f_type == types[i])
			return true;
	return false;
}

bool
dbfile_lock(struct dbfile *f, struct err *err)
{
	if (f->fd == -1)
		f->fd = open(f->lock_path,
		    O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (f->fd == -1)
		return dbfile_fail("open", f->lock_path, err);
	while (flock(f->fd, LOCK_EX) == -1)
		if (errno != EINTR)
			return dbfile_fail("lock", f->lock_path, err);
	return true;
}

void
dbfile_unlock(struct dbfile *f)
{
	flock(f->fd, LOCK_UN);
}
