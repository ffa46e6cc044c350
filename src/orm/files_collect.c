/* Files that no row names, and rows whose file is missing. */

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/value.h"
#include "orm/backup_private.h"
#include "orm/database.h"
#include "orm/files.h"
#include "orm/files_private.h"
#include "store/query.h"
#include "store/store.h"

#define BLOCK	(64 << 10)

/* The names that rows keep, as the keys of a map. */
static bool
collect_named(struct store *st, struct arena *a, struct map **out,
    struct err *err)
{
	struct query	*q = query_new(a, "ir_attachment", 1);
	struct rows	 rows;

	q->columns[0] = expr_column(a, "store_fname", COL_TEXT, 0);
	q->where = expr_unary(a, EXPR_NOT, expr_unary(a, EXPR_IS_NULL,
	    q->columns[0]));
	if (!store_select(st, q, a, &rows, err))
		return false;
	*out = map_new(a);
	for (size_t i = 0; i < rows.n; i++)
		map_put(*out, rows.cells[i].u.text, q);
	return true;
}

static bool
collect_old(int dir, const char *name)
{
	struct stat	 st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) && st.st_mtime + FILES_GRACE < time(NULL);
}

/* Removes them, or (removed NULL) only tells whether there are any. */
static bool
collect_pass(DIR *dir, const struct map *named, size_t *removed)
{
	struct dirent	*entry;
	bool		 any = false;

	rewinddir(dir);
	while ((entry = readdir(dir)) != NULL) {
		const char	*name = entry->d_name;

		if ((!backup_is_file(name) &&
		    strncmp(name, FILES_NEW, strlen(FILES_NEW)) != 0) ||
		    map_get(named, span_of(name)) != NULL ||
		    !collect_old(dirfd(dir), name))
			continue;
		any = true;
		if (removed != NULL && unlinkat(dirfd(dir), name, 0) == 0)
			(*removed)++;
	}
	return any;
}

/* One transaction; writers, who alone make files, wait while it writes. */
static bool
collect_run(struct database *db, DIR *dir, enum txn txn, size_t *removed,
    bool *any, struct err *err)
{
	struct arena	*a = arena_new();
	struct map	*named;
	bool		 ok;

	ok = store_begin(db->store, txn, err) &&
	    collect_named(db->store, a, &named, err);
	if (ok)
		*any = collect_pass(dir, named, removed);
	store_rollback(db->store);
	arena_free(a);
	return ok;
}

bool
files_collect(struct database *db, size_t *removed, struct err *err)
{
	struct arena	*a = arena_new();
	DIR		*dir = opendir(database_path(a, db, ".files"));
	bool		 any = false, ok = true;

	arena_free(a);
	*removed = 0;
	if (dir == NULL)
		return true;
	if (flock(dirfd(dir), LOCK_EX | LOCK_NB) == 0)
		ok = collect_run(db, dir, TXN_READ, NULL, &any, err) &&
		    (!any || collect_run(db, dir, TXN_WRITE, removed, &any,
		    err));
	closedir(dir);
	return ok;
}

/* Why a file is not what it is named; NULL: it is. */
static const char *
check_file(struct arena *a, const char *path, const char *name)
{
	struct digest	*digest = digest_new(a);
	char		*block = arena_room(a, BLOCK, 1);
	char		 sum[SHA256_HEX];
	ssize_t		 n;
	int		 fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd == -1)
		return strerror(errno);
	while ((n = read(fd, block, BLOCK)) > 0)
		digest_add(digest, (struct span){ block, (size_t)n });
	close(fd);
	digest_hex(digest, sum);
	return n == 0 && strcmp(sum, name) == 0 ? NULL :
	    "its contents are others";
}

bool
files_check(const struct database *db, struct arena *a, struct value *faults,
    struct err *err)
{
	struct map	*named;

	if (!collect_named(db->store, a, &named, err))
		return false;
	for (size_t i = 0; i < map_count(named); i++) {
		struct arena	*scratch = arena_new();
		const char	*name = map_key(named, i).p, *why;

		why = check_file(scratch, files_path(scratch, db, name), name);
		if (why != NULL)
			value_push(a, faults, value_text(arena_printf(a,
			    "file %s of an attachment: %s", name, why)));
		arena_free(scratch);
	}
	return true;
}
