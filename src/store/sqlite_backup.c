#include "store/sqlite.h"
#include "store/sqlite_private.h"

/*
 * In one step, so that what others write meanwhile is not waited for and not
 * in it.  The copy is flushed when it is whole.
 */
static int
copy_pages(sqlite3 *from, sqlite3 *to)
{
	sqlite3_backup	*backup;
	int		 rc;

	if ((backup = sqlite3_backup_init(to, "main", from, "main")) == NULL)
		return sqlite3_errcode(to);
	rc = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

bool
sqlite_copy(struct sqlite *c, const char *path, struct err *err)
{
	struct sqlite	 to = { .db = NULL };
	int		 rc;

	rc = sqlite3_open_v2(path, &to.db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (rc == SQLITE_OK)
		rc = copy_pages(c->db, to.db);
	if (rc != SQLITE_OK)
		sqlite_fail(&to, rc, err);
	sqlite3_close(to.db);
	return rc == SQLITE_OK;
}
