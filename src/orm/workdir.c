#include "orm/workdir.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "orm/database.h"
#include "orm/database_private.h"

#define BACKUP	".backup-"	/* what names of their kind begin with */
#define RESTORE	".restore-"
#define OPEN	3		/* directories that one removal keeps open */
#define TRIES	5

static int
workdir_remove_one(const char *path, const struct stat *st, int type,
    struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void
workdir_remove(const char *path)
{
	nftw(path, workdir_remove_one, OPEN, FTW_DEPTH | FTW_PHYS);
}

/* Locked, and still the directory of that name; -1 if not. */
static int
workdir_lock(const char *path)
{
	struct stat	 st, now;
	int		 fd;

	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    lstat(path, &now) == 0 && st.st_dev == now.st_dev &&
	    st.st_ino == now.st_ino)
		return fd;
	close(fd);
	return -1;
}


static bool
workdir_same(const char *path, const char *other)
{
	struct stat	 a, b;

	return lstat(path, &a) == 0 && lstat(other, &b) == 0 &&
	    a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/*
 * The database was put in place as a second name of the file in the working
 * directory, before all else: so it is told from one that somebody made.
 */
static void
workdir_undo(struct workdir *w)
{
	struct database	 db = { .all = w->all };
	struct arena	*a = arena_new();
	struct err	 none = { 0 };

	snprintf(db.name, sizeof db.name, "%s", w->restores);
	if (workdir_same(arena_printf(a, "%s/%s.db", w->path, w->restores),
	    database_path(a, &db, ".db")) &&
	    databases_named(w->all, w->restores, &none) == NULL &&
	    none.code == ERR_NOT_FOUND) {
		workdir_remove(database_path(a, &db, ".files"));
		unlink(database_path(a, &db, ".key"));
		database_discard(&db);
	}
	arena_free(a);
}

void
workdir_close(struct workdir *w)
{
	if (w->restores != NULL)
		workdir_undo(w);
	workdir_remove(w->path);
	close(w->fd);
}

static void
workdir_clean_one(struct databases *all, const char *entry,
    const char *restores)
{
	struct arena	*a = arena_new();
	struct workdir	 w = { .all = all, .restores = restores };

	w.path = arena_printf(a, "%s/%s", all->conf->data_dir, entry);
	if ((w.fd = workdir_lock(w.path)) != -1)
		workdir_close(&w);
	arena_free(a);
}

void
workdir_clean(struct databases *all)
{
	DIR		*dir = opendir(all->conf->data_dir);
	struct dirent	*entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char	*name = entry->d_name;

		if (strncmp(name, BACKUP, strlen(BACKUP)) == 0)
			workdir_clean_one(all, name, NULL);
		else if (strncmp(name, RESTORE, strlen(RESTORE)) == 0 &&
		    database_name_valid(name + strlen(RESTORE)))
			workdir_clean_one(all, name, name + strlen(RESTORE));
	}
	closedir(dir);
}

/* Another's workdir_clean may take a new one away before it is locked. */
bool
workdir_open(struct arena *a, struct databases *all, const char *kind,
    const char *name, struct workdir *w, struct err *err)
{
	workdir_clean(all);
	w->all = all;
	w->restores = strcmp(kind, "restore") == 0 ? name : NULL;
	w->path = arena_printf(a, "%s/.%s-%s", all->conf->data_dir, kind, name);
	for (int i = 0; i < TRIES; i++) {
		bool	 made = mkdir(w->path, 0700) == 0;

		if (!made && errno != EEXIST)
			return err_set(err, ERR_UNAVAILABLE, "the data "
			    "directory cannot be written: %s",
			    strerror(errno));
		if ((w->fd = workdir_lock(w->path)) == -1)
			continue;
		if (made)
			return true;
		workdir_close(w);	/* another left it just now */
	}
	return err_set(err, ERR_USER, "another %s of %s is under way", kind,
	    name);
}
