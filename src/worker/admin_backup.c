/* cardfile backup, restore. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "orm/backup.h"
#include "orm/database.h"
#include "worker/admin_private.h"

static bool
backup_failed(struct admin *a, const char *file)
{
	return err_set(&a->err, ERR_UNAVAILABLE, "%s: %s", file,
	    strerror(errno));
}

static bool
backup_write(struct admin *a, int fd)
{
	struct database	*db = databases_named(a->app.dbs, a->args[0], &a->err);
	enum backup_key	 key;

	if (db == NULL || !backup_make(db, fd,
	    a->options[ADMIN_WITH_KEY] != NULL, admin_progress(a), &key,
	    &a->err))
		return false;
	if (key == BACKUP_KEY_OMITTED)
		admin_note(a, "the key file %s.key is not in the archive: "
		    "keep it elsewhere, or use --with-key", db->name);
	return true;
}

/* The old file stays until the new one is whole. */
static bool
backup_file(struct admin *a, const char *file)
{
	const char	*part = arena_printf(a->arena, "%s.part", file);
	int		 fd;
	bool		 ok;

	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1)
		return backup_failed(a, part);
	ok = backup_write(a, fd) && (fsync(fd) == 0 || backup_failed(a, part));
	close(fd);
	if (ok && rename(part, file) == 0)
		return true;
	if (ok)
		backup_failed(a, file);
	unlink(part);
	return false;
}

bool
admin_backup(struct admin *a)
{
	const char	*file = a->args[1];

	if (strcmp(file, "-") != 0)
		return backup_file(a, file);
	if (isatty(STDOUT_FILENO))
		return err_set(&a->err, ERR_BAD_REQUEST,
		    "an archive is nothing for a terminal");
	return backup_write(a, STDOUT_FILENO);
}

static void
restore_put(struct admin *a, const struct backup_restored *r)
{
	struct value	 v = value_dict(a->arena);

	value_set(a->arena, &v, "database", value_text(r->db->name));
	value_set(a->arena, &v, "tag", value_text(r->db->tag));
	value_set(a->arena, &v, "deployment_id",
	    value_text(r->db->deployment_id));
	admin_put(a, &v, NULL);
}

static bool
restore_read(struct admin *a, int fd)
{
	struct backup_restored	 r;
	bool			 fresh = a->options[ADMIN_NEW_IDENTITY] != NULL;

	if (!backup_restore(a->app.dbs, fd, a->args[1], fresh,
	    admin_progress(a), &r, &a->err))
		return false;
	if (r.key == BACKUP_KEY_OMITTED)
		admin_note(a, "the archive has no key file: secrets that were "
		    "kept with it (of OAuth 1 applications) cannot be read "
		    "again; put the old key in %s.key, or make those "
		    "credentials anew", r.db->name);
	if (fresh)
		admin_note(a, "keys and tokens of the archive carry its tag "
		    "and are of no use here: make new ones");
	if (r.version != DATABASE_VERSION)
		admin_note(a, "it is of an older version: run cardfile "
		    "migrate %s", r.db->name);
	restore_put(a, &r);
	return true;
}

bool
admin_restore(struct admin *a)
{
	const char	*file = a->args[0];
	int		 fd;
	bool		 ok;

	if (strcmp(file, "-") == 0)
		return restore_read(a, STDIN_FILENO);
	if ((fd = open(file, O_RDONLY | O_CLOEXEC)) == -1)
		return backup_failed(a, file);
	ok = restore_read(a, fd);
	close(fd);
	return ok;
}
