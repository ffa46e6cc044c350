#include "orm/files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/files_private.h"

static bool
files_failed(struct env *env, const char *what, const char *path)
{
	int	 error = errno;

	if (error == ENOSPC || error == EDQUOT)
		env_fail(env, ERR_FULL, "There is no room left to store this");
	else
		env_fail(env, ERR_DATABASE,
		    "The contents of an attachment cannot be kept or found");
	err_cause(env->err, "%s %s: %s", what, path, strerror(error));
	return false;
}

const char *
files_path(struct arena *a, const struct database *db, const char *name)
{
	return arena_printf(a, "%s/%s", database_path(a, db, ".files"), name);
}

static bool
files_sync(struct env *env, const char *directory)
{
	int	 fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool	 ok = fd != -1 && fsync(fd) == 0;

	if (!ok)
		files_failed(env, "sync", directory);
	if (fd != -1)
		close(fd);
	return ok;
}

/* The directory comes with the first file. */
static bool
files_directory(struct env *env, const char *path)
{
	if (mkdir(path, 0700) == 0)
		return files_sync(env, arena_printf(env->arena, "%s/..", path));
	return errno == EEXIST || files_failed(env, "make", path);
}

static bool
files_write(int fd, struct span s)
{
	while (s.n > 0) {
		ssize_t	 n = write(fd, s.p, s.n);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return false;
		s = (struct span){ s.p + n, s.n - (size_t)n };
	}
	return fsync(fd) == 0;
}

/* Under a name that is nobody's until it is whole. */
static bool
files_make(struct env *env, const char *temp, const char *path, struct span s)
{
	int	 fd;
	bool	 ok;

	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd == -1)
		return files_failed(env, "make", temp);
	ok = files_write(fd, s) || files_failed(env, "write", temp);
	close(fd);
	if (ok && rename(temp, path) == 0)
		return true;
	if (ok)
		files_failed(env, "rename", temp);
	unlink(temp);
	return false;
}

bool
files_put(struct env *env, struct span s, char name[SHA256_HEX])
{
	const char	*path, *dir = database_path(env->arena, env->db,
			    ".files");
	struct stat	 st;

	crypto_sha256_hex(s, name);
	path = files_path(env->arena, env->db, name);
	if (lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    (size_t)st.st_size == s.n &&
	    utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	return files_directory(env, dir) &&
	    files_make(env, arena_printf(env->arena, "%s/" FILES_NEW "%ld",
	    dir, (long)getpid()), path, s) &&
	    files_sync(env, dir);
}

static bool
files_read(struct env *env, int fd, const char *path, struct span *out)
{
	struct stat	 st;
	char		*text;
	size_t		 n = 0;

	if (fstat(fd, &st) == -1)
		return files_failed(env, "read", path);
	text = arena_text(env->arena, (size_t)st.st_size);
	while (n < (size_t)st.st_size) {
		ssize_t	 got = read(fd, text + n, (size_t)st.st_size - n);

		if (got <= 0)
			return files_failed(env, "read", path);
		n += (size_t)got;
	}
	*out = (struct span){ text, n };
	return true;
}

bool
files_get(struct env *env, const char *name, struct span *out)
{
	const char	*path = files_path(env->arena, env->db, name);
	int		 fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool		 ok;

	if (fd == -1)
		return files_failed(env, "open", path);
	ok = files_read(env, fd, path, out);
	close(fd);
	return ok;
}

/* Its age begins anew: the collector lets it be for a while. */
void
files_release(struct env *env, const char *name)
{
	utimensat(AT_FDCWD, files_path(env->arena, env->db, name), NULL,
	    AT_SYMLINK_NOFOLLOW);
}

size_t
files_size(struct env *env, const char *name)
{
	struct stat	 st;

	return stat(files_path(env->arena, env->db, name), &st) == 0 ?
	    (size_t)st.st_size : 0;
}
