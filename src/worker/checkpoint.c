#include <sys/stat.h>

#include <signal.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "orm/database.h"
#include "orm/files.h"
#include "store/store.h"
#include "worker/app.h"
#include "worker/worker.h"

#define TICK_MS		200
/* after a write the log is looked after so long */
#define QUIET_SECONDS	2

/* Whether something was written lately, or is left from before. */
static bool
checkpoint_due(struct arena *a, const struct database *db, bool first)
{
	struct stat	 st;

	if (stat(database_path(a, db, ".db-wal"), &st) == -1 ||
	    st.st_size == 0)
		return false;
	return first || time(NULL) - st.st_mtime <= QUIET_SECONDS;
}

/* Files that no row names any more. */
static void
checkpoint_files(struct app *app)
{
	struct err	 err = { .code = ERR_OK };
	size_t		 n = databases_count(app->dbs, &err), removed;

	for (size_t i = 0; i < n; i++) {
		struct database	*db = databases_at(app->dbs, i);

		err_clear(&err);
		if (!database_open(db, &err) ||
		    !files_collect(db, &removed, &err))
			log_line(LOG_WARNING, NULL, "%s: files: %s (%s)",
			    db->name, err.msg, err.cause);
		else if (removed != 0)
			log_line(LOG_INFO, NULL, "%s: %zu files removed that "
			    "nothing refers to", db->name, removed);
	}
}

static void
checkpoint_all(struct app *app, struct arena *a, bool first)
{
	struct err	 err = { .code = ERR_OK };
	size_t		 n = databases_count(app->dbs, &err);

	for (size_t i = 0; i < n; i++) {
		struct database	*db = databases_at(app->dbs, i);

		err_clear(&err);
		if (checkpoint_due(a, db, first) &&
		    (!database_open(db, &err) ||
		    !store_maintain(db->store, &err)))
			log_line(LOG_WARNING, NULL, "%s: checkpoint: %s (%s)",
			    db->name, err.msg, err.cause);
	}
	arena_reset(a);
}

int
checkpoint_run(struct app *app)
{
	struct arena		*a = arena_new();
	struct timespec		 tick = { 0, TICK_MS * 1000000 };
	sigset_t		 stop;
	bool			 first = true;
	time_t			 collect = time(NULL) + FILES_GRACE;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGHUP);
	sigaddset(&stop, SIGUSR1);
	sigprocmask(SIG_SETMASK, &stop, NULL);
	do {
		checkpoint_all(app, a, first);
		first = false;
		if (time(NULL) >= collect) {
			checkpoint_files(app);
			collect = time(NULL) + FILES_GRACE;
		}
	} while (sigtimedwait(&stop, NULL, &tick) == -1);
	checkpoint_all(app, a, true);
	arena_free(a);
	return databases_broken(app->dbs) ? 1 : 0;
}
