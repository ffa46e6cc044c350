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
#include "orm/database.h"
#include "orm/database_private.h"
#include "store/store.h"

#define INDEX_FILE	"databases"

struct databases *
databases_new(struct arena *a, const struct conf *conf,
    const struct observer *observers, size_t nobservers)
{
	struct databases	*all = arena_alloc(a, sizeof *all);

	all->arena = a;
	all->conf = conf;
	all->observers = observers;
	all->nobservers = nobservers;
	return all;
}

void
databases_close(struct databases *all)
{
	for (size_t i = 0; i < all->n; i++)
		database_close(all->v[i]);
}

struct database *
databases_add(struct databases *all, const char *name, const char *tag,
    const char *deployment_id)
{
	struct database	 *db = arena_alloc(all->arena, sizeof *db);
	struct database	**old = all->v;

	snprintf(db->name, sizeof db->name, "%s", name);
	snprintf(db->tag, sizeof db->tag, "%s", tag);
	snprintf(db->deployment_id, sizeof db->deployment_id, "%s",
	    deployment_id);
	db->all = all;
	all->v = arena_array(all->arena, all->n + 1, sizeof db);
	if (all->n != 0)
		memcpy(all->v, old, all->n * sizeof db);
	all->v[all->n++] = db;
	return db;
}

static struct database *
databases_find(const struct databases *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i]->name, name) == 0)
			return all->v[i];
	return NULL;
}

/* What is open stays open; what left the index is closed. */
static void
databases_prune(struct databases *all, const bool *seen)
{
	size_t	 n = 0;

	for (size_t i = 0; i < all->n; i++) {
		if (seen[i])
			all->v[n++] = all->v[i];
		else
			database_close(all->v[i]);
	}
	all->n = n;
}

static bool
databases_line(struct databases *all, char *line, bool *seen, size_t nseen)
{
	struct database	*db;
	char		 name[DATABASE_NAME_MAX + 1], tag[DATABASE_TAG + 1];
	char		 deployment_id[25];

	if (sscanf(line, "%63s %6s %24s", name, tag, deployment_id) != 3 ||
	    !database_name_valid(name))
		return false;
	db = databases_find(all, name);
	if (db != NULL && strcmp(db->tag, tag) == 0) {
		for (size_t i = 0; i < nseen; i++)
			if (all->v[i] == db)
				seen[i] = true;
		return true;
	}
	databases_add(all, name, tag, deployment_id);
	return true;
}

static const char *
databases_file(struct databases *all, struct arena *a, const char *suffix)
{
	return arena_printf(a, "%s/" INDEX_FILE "%s", all->conf->data_dir,
	    suffix);
}

/* Reads the index again if its file is another than last time. */
static bool
databases_refresh(struct databases *all, struct err *err)
{
	struct arena	*a = arena_new();
	struct stat	 st;
	FILE		*f = NULL;
	char		 line[256];
	size_t		 nold = all->n;
	bool		*seen, ok = true;

	if (stat(databases_file(all, a, ""), &st) != 0) {
		all->mark = (struct stat){ 0 };
		databases_prune(all, arena_array(a, nold, sizeof *seen));
	} else if (st.st_ino != all->mark.st_ino ||
	    st.st_size != all->mark.st_size ||
	    memcmp(&st.st_mtim, &all->mark.st_mtim, sizeof st.st_mtim) != 0) {
		seen = arena_array(a, nold + 1, sizeof *seen);
		if ((f = fopen(databases_file(all, a, ""), "re")) == NULL)
			ok = err_set(err, ERR_UNAVAILABLE,
			    "the index of databases cannot be read");
		while (ok && fgets(line, sizeof line, f) != NULL)
			if (!databases_line(all, line, seen, nold))
				ok = err_set(err, ERR_UNAVAILABLE, "the index "
				    "of databases is damaged: cardfile list "
				    "--rebuild makes it anew");
		if (ok) {
			bool	*keep = arena_array(a, all->n, sizeof *keep);

			for (size_t i = 0; i < all->n; i++)
				keep[i] = i >= nold || seen[i];
			databases_prune(all, keep);
			all->mark = st;
		}
		if (f != NULL)
			fclose(f);
	}
	arena_free(a);
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

struct database *
databases_named(struct databases *all, const char *name, struct err *err)
{
	struct database	*db = databases_find(all, name);

	if (db != NULL)
		return db;
	if (!databases_refresh(all, err))
		return NULL;
	if ((db = databases_find(all, name)) == NULL)
		err_set(err, ERR_NOT_FOUND, "There is no such database.");
	return db;
}

static struct database *
databases_tag(const struct databases *all, const char *credential)
{
	for (size_t i = 0; i < all->n; i++)
		if (strncmp(all->v[i]->tag, credential, DATABASE_TAG) == 0)
			return all->v[i];
	return NULL;
}

struct database *
databases_tagged(struct databases *all, const char *credential,
    struct err *err)
{
	struct database	*db = databases_tag(all, credential);

	if (db != NULL)
		return db;
	if (!databases_refresh(all, err))
		return NULL;
	if ((db = databases_tag(all, credential)) == NULL)
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

/* Writes the index whole, beside the old one, and puts it in its place. */
static bool
databases_write(struct databases *all, struct err *err)
{
	struct arena	*a = arena_new();
	const char	*temp = databases_file(all, a, ".new");
	FILE		*f = fopen(temp, "we");
	bool		 ok = f != NULL;

	for (size_t i = 0; ok && i < all->n; i++)
		ok = fprintf(f, "%s %s %s\n", all->v[i]->name,
		    all->v[i]->tag, all->v[i]->deployment_id) > 0;
	if (f != NULL) {
		ok = ok && fflush(f) == 0 && fsync(fileno(f)) == 0;
		ok = fclose(f) == 0 && ok;
	}
	ok = ok && rename(temp, databases_file(all, a, "")) == 0;
	arena_free(a);
	return ok || err_set(err, ERR_UNAVAILABLE,
	    "the index of databases cannot be written: %s", strerror(errno));
}

/* One changer of the index at a time; -1 on failure, else to be closed. */
static int
databases_lock(struct databases *all, struct err *err)
{
	struct arena	*a = arena_new();
	int		 fd;

	fd = open(databases_file(all, a, ".lock"),
	    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	arena_free(a);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	err_set(err, ERR_UNAVAILABLE, "the data directory cannot be written: "
	    "%s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

bool
databases_publish(struct databases *all, const struct database *db,
    struct err *err)
{
	int	 fd = databases_lock(all, err);
	bool	 ok;

	if (fd < 0)
		return false;
	if ((ok = databases_refresh(all, err))) {
		if (databases_find(all, db->name) == NULL)
			databases_add(all, db->name, db->tag,
			    db->deployment_id);
		ok = databases_write(all, err);
	}
	close(fd);
	return ok;
}

static bool
databases_scan(struct databases *all, DIR *dir, struct err *err)
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
		if (!database_name_valid(name))
			continue;
		if (!database_identify(databases_add(all, name, "", ""), err))
			return false;
	}
	return true;
}

bool
databases_rebuild(struct databases *all, struct err *err)
{
	int	 fd = databases_lock(all, err);
	DIR	*dir;
	bool	 ok;

	if (fd < 0)
		return false;
	databases_close(all);
	all->n = 0;
	if ((dir = opendir(all->conf->data_dir)) == NULL)
		ok = err_set(err, ERR_UNAVAILABLE,
		    "the data directory cannot be read: %s", strerror(errno));
	else {
		ok = databases_scan(all, dir, err) &&
		    databases_write(all, err);
		closedir(dir);
	}
	close(fd);
	return ok;
}
