#ifndef ORM_BACKUP_H
#define ORM_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct database;
struct databases;
struct progress;

/* Whether an archive has the key file (NAME.key). */
enum backup_key {
	BACKUP_KEY_NONE,		/* the database had none */
	BACKUP_KEY_INCLUDED,
	BACKUP_KEY_OMITTED,
	BACKUP_KEY__MAX
};

/*
 * Writes one archive (tar, zstd) to fd: the database as of one moment,
 * NAME.files/ and a manifest with checksums; the key file only if with_key.
 * Others go on reading and writing.
 */
bool	 backup_make(struct database *, int fd, bool with_key,
	    struct progress *, enum backup_key *, struct err *) MUST_CHECK;

struct backup_restored {
	const struct database	*db;
	enum backup_key		 key;
	int64_t			 version;	/* as in the archive */
};

/*
 * Makes the database name of such an archive, once all of it is read and
 * checked.  Tag and deployment id are the archive's, which no other database
 * here may have, or new ones.  A failure leaves nothing behind.
 */
bool	 backup_restore(struct databases *, int fd, const char *name,
	    bool new_identity, struct progress *, struct backup_restored *,
	    struct err *) MUST_CHECK;

#endif
