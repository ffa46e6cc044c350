/* Archives as libarchive writes and reads them. */

#include <sys/stat.h>

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/progress.h"
#include "orm/backup_private.h"

#define BLOCK		(128 << 10)

struct pack {
	struct archive	*tar;
	struct digest	*digest;	/* of the file that is under way */
	char		*block;		/* of it */
};

struct unpack {
	struct archive	*tar;
	struct arena	*arena;
	struct digest	*digest;
	char		*block;
};

static bool
backup_write_failed(int error, struct err *err)
{
	if (error == ENOSPC || error == EDQUOT)
		return err_set(err, ERR_FULL, "there is no room left");
	return err_set(err, ERR_UNAVAILABLE, "what is restored or backed up "
	    "cannot be written: %s", strerror(error));
}

static bool
pack_failed(struct pack *p, struct err *err)
{
	int	 error = archive_errno(p->tar);

	err_cause(err, "%s", archive_error_string(p->tar));
	return backup_write_failed(error, err);
}

static void
pack_free(void *arg)
{
	struct pack	*p = arg;

	archive_write_free(p->tar);
}

bool
pack_open(struct arena *a, int fd, struct pack **out, struct err *err)
{
	struct pack	*p = arena_alloc(a, sizeof *p);

	p->digest = digest_new(a);
	p->block = arena_room(a, BLOCK, 1);
	if ((p->tar = archive_write_new()) == NULL)
		return err_set(err, ERR_UNAVAILABLE, "no archive can be made");
	arena_defer(a, pack_free, p);
	if (archive_write_set_format_pax_restricted(p->tar) != ARCHIVE_OK ||
	    archive_write_add_filter_zstd(p->tar) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(p->tar, 1) != ARCHIVE_OK ||
	    archive_write_open_fd(p->tar, fd) != ARCHIVE_OK)
		return pack_failed(p, err);
	*out = p;
	return true;
}

static bool
pack_head(struct pack *p, const char *name, int64_t size, struct err *err)
{
	struct archive_entry	*e = archive_entry_new();
	int			 rc;

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_perm(e, 0600);
	archive_entry_set_size(e, size);
	archive_entry_set_mtime(e, (time_t)clock_now(), 0);
	rc = archive_write_header(p->tar, e);
	archive_entry_free(e);
	return rc == ARCHIVE_OK || pack_failed(p, err);
}

static bool
pack_data(struct pack *p, struct span s, struct err *err)
{
	return archive_write_data(p->tar, s.p, s.n) == (la_ssize_t)s.n ||
	    pack_failed(p, err);
}

bool
pack_file(struct pack *p, const char *name, int fd, struct progress *progress,
    char sha256[SHA256_HEX], int64_t *size, struct err *err)
{
	struct stat	 st;
	int64_t		 left;
	ssize_t		 n;

	if (fstat(fd, &st) == -1)
		return err_set(err, ERR_UNAVAILABLE, "%s cannot be read: %s",
		    name, strerror(errno));
	if (!pack_head(p, name, st.st_size, err))
		return false;
	for (left = *size = st.st_size; left > 0; left -= n) {
		n = read(fd, p->block, left < BLOCK ? (size_t)left : BLOCK);
		if (n <= 0)
			return err_set(err, ERR_UNAVAILABLE,
			    "%s cannot be read: %s", name,
			    n == 0 ? "it has shrunk" : strerror(errno));
		digest_add(p->digest, (struct span){ p->block, (size_t)n });
		if (!pack_data(p, (struct span){ p->block, (size_t)n }, err))
			return false;
		progress_add(progress, n);
	}
	digest_hex(p->digest, sha256);
	return true;
}

bool
pack_text(struct pack *p, const char *name, struct span text, struct err *err)
{
	return pack_head(p, name, (int64_t)text.n, err) &&
	    pack_data(p, text, err);
}

bool
pack_finish(struct pack *p, struct err *err)
{
	return archive_write_close(p->tar) == ARCHIVE_OK ||
	    pack_failed(p, err);
}

static bool
unpack_failed(struct unpack *u, struct err *err)
{
	err_set(err, ERR_VALUE, "the archive is damaged or no archive of "
	    "cardfile backup");
	err_cause(err, "%s", archive_error_string(u->tar));
	return false;
}

static void
unpack_free(void *arg)
{
	struct unpack	*u = arg;

	archive_read_free(u->tar);
}

bool
unpack_open(struct arena *a, int fd, struct unpack **out, struct err *err)
{
	struct unpack	*u = arena_alloc(a, sizeof *u);

	u->arena = a;
	u->digest = digest_new(a);
	u->block = arena_room(a, BLOCK, 1);
	if ((u->tar = archive_read_new()) == NULL)
		return err_set(err, ERR_UNAVAILABLE, "no archive can be read");
	arena_defer(a, unpack_free, u);
	if (archive_read_support_format_tar(u->tar) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(u->tar) != ARCHIVE_OK ||
	    archive_read_support_filter_gzip(u->tar) != ARCHIVE_OK ||
	    archive_read_open_fd(u->tar, fd, BLOCK) != ARCHIVE_OK)
		return unpack_failed(u, err);
	*out = u;
	return true;
}

/* Links, directories, devices and files with holes are nothing of ours. */
static bool
unpack_plain(struct archive_entry *e)
{
	return archive_entry_filetype(e) == AE_IFREG &&
	    archive_entry_hardlink(e) == NULL &&
	    archive_entry_symlink(e) == NULL &&
	    archive_entry_sparse_count(e) == 0 &&
	    archive_entry_size_is_set(e) && archive_entry_size(e) >= 0;
}

bool
unpack_next(struct unpack *u, const char **name, int64_t *size,
    struct err *err)
{
	struct archive_entry	*e;
	const char		*path;
	int			 rc = archive_read_next_header(u->tar, &e);

	*name = NULL;
	if (rc == ARCHIVE_EOF)
		return true;
	if (rc != ARCHIVE_OK || (path = archive_entry_pathname(e)) == NULL)
		return unpack_failed(u, err);
	if (!unpack_plain(e))
		return err_set(err, ERR_VALUE, "the archive holds \"%.80s\", "
		    "which is no plain file", path);
	*name = arena_strdup(u->arena, path);
	*size = archive_entry_size(e);
	return true;
}

static bool
unpack_write(int fd, const char *p, size_t n, struct err *err)
{
	while (n > 0) {
		ssize_t	 done = write(fd, p, n);

		if (done == -1 && errno == EINTR)
			continue;
		if (done == -1)
			return backup_write_failed(errno, err);
		p += done;
		n -= (size_t)done;
	}
	return true;
}

bool
unpack_file(struct unpack *u, int64_t size, int fd, struct progress *progress,
    char sha256[SHA256_HEX], struct err *err)
{
	int64_t		 left = size;
	la_ssize_t	 n;

	while ((n = archive_read_data(u->tar, u->block, BLOCK)) > 0 &&
	    n <= left) {
		digest_add(u->digest, (struct span){ u->block, (size_t)n });
		if (!unpack_write(fd, u->block, (size_t)n, err))
			return false;
		left -= n;
		progress_add(progress, n);
	}
	if (n != 0 || left != 0)
		return unpack_failed(u, err);
	if (fsync(fd) == -1)
		return backup_write_failed(errno, err);
	digest_hex(u->digest, sha256);
	return true;
}
