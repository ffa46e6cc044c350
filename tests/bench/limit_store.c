#include "limit.h"

#include <sys/file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char	 joins[] =
    " FROM res_partner p"
    " LEFT JOIN res_partner_title title ON title.id = p.title"
    " LEFT JOIN res_partner parent ON parent.id = p.parent_id"
    " LEFT JOIN res_users seller ON seller.id = p.user_id"
    " LEFT JOIN res_country_state state ON state.id = p.state_id"
    " LEFT JOIN res_country land ON land.id = state.country_id"
    " LEFT JOIN res_country country ON country.id = p.country_id"
    " LEFT JOIN res_company company ON company.id = p.company_id"
    " LEFT JOIN res_partner above ON above.id = p.commercial_parent_id"
    " LEFT JOIN res_partner entity"
    " ON entity.id = coalesce(p.commercial_parent_id, p.id)"
    " LEFT JOIN res_users maker ON maker.id = p.create_uid"
    " LEFT JOIN res_users changer ON changer.id = p.write_uid";

static const char	 domain[] =
    " WHERE p.country_id = ?1 AND p.is_company = ?2 AND p.active = 1";

void
limit_die(struct limit *l, const char *what)
{
	fprintf(stderr, "limit_api: %s: %s\n", what, sqlite3_errmsg(l->db));
	exit(1);
}

void
limit_open(struct limit *l)
{
	static const char	 settings[] =
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
	    "PRAGMA mmap_size=1073741824; PRAGMA wal_autocheckpoint=0;"
	    "PRAGMA foreign_keys=ON";
	char			 lock[4096];

	if (sqlite3_open_v2(l->path, &l->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(l->db, 5000) != SQLITE_OK ||
	    sqlite3_exec(l->db, settings, NULL, NULL, NULL) != SQLITE_OK)
		limit_die(l, l->path);
	snprintf(lock, sizeof lock, "%s-lock", l->path);
	l->lock = open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (l->lock == -1)
		limit_die(l, lock);
}

static void
prepare(struct limit *l, enum statement i, const char *fmt, ...)
{
	char	 text[32768];
	va_list	 ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (sqlite3_prepare_v3(l->db, text, -1, SQLITE_PREPARE_PERSISTENT,
	    &l->stmt[i], NULL) != SQLITE_OK)
		limit_die(l, text);
}

void
limit_prepare(struct limit *l)
{
	char	 columns[16384] = "", set[IDS * 4 + 1] = "";
	size_t	 n = 0;

	for (size_t i = 0; i < NFIELDS; i++)
		n += (size_t)snprintf(columns + n, sizeof columns - n,
		    "%s%s", i == 0 ? "" : ", ", limit_fields[i].sql);
	for (size_t i = 0, m = 0; i < IDS; i++)
		m += (size_t)snprintf(set + m, sizeof set - m, "%s?",
		    i == 0 ? "" : ",");
	limit_texts(l);
	prepare(l, BEGIN_READ, "BEGIN");
	prepare(l, BEGIN_WRITE, "BEGIN IMMEDIATE");
	prepare(l, COMMIT, "COMMIT");
	prepare(l, USER, "SELECT k.user_id FROM res_users_apikeys k"
	    " JOIN res_users u ON u.id = k.user_id WHERE k.key = ?1"
	    " AND k.revoked IS NOT 1 AND u.active"
	    " AND (k.expires IS NULL OR k.expires > ?2)");
	prepare(l, READ_ONE, "SELECT %s%s WHERE p.id = ?1", columns, joins);
	prepare(l, READ_SET, "SELECT %s%s WHERE p.id IN (%s)", columns, joins,
	    set);
	prepare(l, SEARCH, "SELECT p.id FROM res_partner p%s"
	    " ORDER BY p.name LIMIT 80", domain);
	prepare(l, SEARCH_READ, "SELECT %s%s%s ORDER BY p.name LIMIT 80",
	    columns, joins, domain);
	prepare(l, COUNT, "SELECT count(*) FROM res_partner p%s", domain);
	prepare(l, UPDATE, "UPDATE res_partner SET phone = ?2, write_uid = ?3,"
	    " write_date = ?4 WHERE id = ?1");
	prepare(l, CREATE, "INSERT INTO res_partner (name, display_name,"
	    " country_id, is_company, uuid, create_uid, create_date,"
	    " write_uid, write_date, active, customer, supplier, employee,"
	    " type, color) VALUES (?1, ?1, ?2, 1, ?3, ?4, ?5, ?4, ?5,"
	    " 1, 1, 0, 0, 'contact', 0)");
	prepare(l, LOG, "INSERT INTO ir_change (model, operation, time,"
	    " user_id, res_id, res_uuid) SELECT 'res.partner', ?1, ?2, ?3,"
	    " id, uuid FROM res_partner WHERE id = ?4");
}

void
limit_run(struct limit *l, enum statement i)
{
	if (sqlite3_step(l->stmt[i]) != SQLITE_DONE)
		limit_die(l, sqlite3_sql(l->stmt[i]));
	sqlite3_reset(l->stmt[i]);
}

void
limit_begin(struct limit *l, bool write)
{
	l->wrote = write;
	while (write && flock(l->lock, LOCK_EX) == -1 && errno == EINTR)
		continue;
	limit_run(l, write ? BEGIN_WRITE : BEGIN_READ);
}

/* The log is flushed after the next writer was let in: one for several. */
void
limit_commit(struct limit *l)
{
	sqlite3_file	*log = NULL;

	limit_run(l, COMMIT);
	if (!l->wrote)
		return;
	flock(l->lock, LOCK_UN);
	sqlite3_file_control(l->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (log->pMethods->xSync(log, SQLITE_SYNC_NORMAL |
	    SQLITE_SYNC_DATAONLY) != SQLITE_OK)
		limit_die(l, "sync");
}

void
limit_checkpoints(void *arg)
{
	struct limit	*l = arg;

	limit_open(l);
	for (;;) {
		usleep(200000);
		sqlite3_wal_checkpoint_v2(l->db, NULL,
		    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	}
}
