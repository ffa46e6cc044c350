/* The data directory, its file system and its databases. */

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/conf.h"
#include "orm/database.h"
#include "store/store.h"
#include "worker/doctor.h"

#define SPACE_MIN	(64LL << 20)	/* bytes that should be free */

/* File systems on which databases do not belong; see statfs(2). */
static const struct {
	unsigned long	 type;
	const char	*name;
	const char	*why;
}	 strange[] = {
	{ 0x6969, "NFS", "is slow there, for one machine only" },
	{ 0x517b, "SMB", "is slow there, for one machine only" },
	{ 0xff534d42, "CIFS", "is slow there, for one machine only" },
	{ 0xfe534d42, "SMB2", "is slow there, for one machine only" },
	{ 0x65735546, "FUSE", "may be lost there: locks and flushes are "
	    "not sure" },
	{ 0x01021997, "9p", "may be lost there: locks are not sure" },
	{ 0x01021994, "tmpfs", "is gone after a restart of the machine" },
	{ 0x858458f6, "ramfs", "is gone after a restart of the machine" },
};

static void
data_file_system(struct doctor *d, const char *dir)
{
	struct statfs	 fs;
	struct statvfs	 vfs;

	if (statfs(dir, &fs) != 0 || statvfs(dir, &vfs) != 0)
		return;
	for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
		if ((unsigned long)fs.f_type == strange[i].type)
			doctor_problem(d, "data_dir = a directory on a local "
			    "disk, in cardfile.conf", "the data directory is "
			    "on %s: data %s", strange[i].name,
			    strange[i].why);
	if ((long long)vfs.f_bavail * (long long)vfs.f_frsize < SPACE_MIN)
		doctor_problem(d, "free some space, or move data_dir to a "
		    "larger disk", "less than %lld MiB are free for data",
		    SPACE_MIN >> 20);
}

/* A file or directory of ours that others may look into. */
static void
data_rights(struct doctor *d, const char *path, const struct stat *st)
{
	struct arena	*a = d->admin->arena;

	if ((st->st_mode & 077) != 0)
		doctor_problem(d, arena_printf(a, "chmod %s '%s'",
		    S_ISDIR(st->st_mode) ? "700" : "600", path),
		    "others may look into %s (mode %03o)", path,
		    (unsigned int)st->st_mode & 0777);
	if (st->st_uid != geteuid())
		doctor_problem(d, arena_printf(a, "chown %ld '%s' (or run as "
		    "the user %ld)", (long)geteuid(), path, (long)st->st_uid),
		    "%s belongs to the user %ld, and this is the user %ld",
		    path, (long)st->st_uid, (long)geteuid());
}

static void
data_faults(struct doctor *d, const char *name)
{
	struct admin	*a = d->admin;
	struct rows	 rows = { 0 };
	bool		 ok;

	ok = admin_begin(a, name, ENV_READ) &&
	    store_check(a->env.store, a->arena, &rows, &a->err) &&
	    admin_end(a, true);
	if (!ok) {
		doctor_problem(d, "restore a backup, or look at the message",
		    "database %s: %s%s%s", name, a->err.msg,
		    a->err.cause[0] == '\0' ? "" : ": ", a->err.cause);
		err_clear(&a->err);
		return;
	}
	for (size_t i = 0; i < rows.n; i++)
		doctor_problem(d, "restore the last good backup",
		    "database %s: %s", name, rows.cells[i].u.text.p);
	if (rows.n == 0)
		doctor_well(d, "database %s", name);
}

static void
data_database(struct doctor *d, const struct database *db)
{
	struct arena	*a = d->admin->arena;
	const char	*path = database_path(a, db, ".db");
	struct stat	 st;

	if (stat(path, &st) != 0) {
		doctor_problem(d, "cardfile list --rebuild", "%s: %s", path,
		    strerror(errno));
		return;
	}
	data_rights(d, path, &st);
	data_faults(d, db->name);
}

static void
data_databases(struct doctor *d)
{
	struct admin	*a = d->admin;
	size_t		 n = databases_count(a->app.dbs, &a->err);

	if (a->err.code != ERR_OK) {
		doctor_problem(d, "cardfile list --rebuild", "%s",
		    a->err.msg);
		err_clear(&a->err);
	} else if (n == 0)
		doctor_problem(d, "cardfile init NAME", "there is no database "
		    "in %s", a->app.conf.data_dir);
	for (size_t i = 0; i < n; i++)
		data_database(d, databases_at(a->app.dbs, i));
}

void
doctor_data(struct doctor *d)
{
	const char	*dir = d->admin->app.conf.data_dir;
	struct stat	 st;

	if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
		doctor_problem(d, arena_printf(d->admin->arena,
		    "mkdir -m 700 '%s'", dir), "there is no data directory %s",
		    dir);
		return;
	}
	data_rights(d, dir, &st);
	if (access(dir, R_OK | W_OK | X_OK) != 0) {
		doctor_problem(d, arena_printf(d->admin->arena,
		    "chmod u+rwx '%s'", dir), "%s cannot be written", dir);
		return;
	}
	doctor_well(d, "data directory: %s", dir);
	data_file_system(d, dir);
	data_databases(d);
}
