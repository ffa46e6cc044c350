#ifndef ORM_BACKUP_PRIVATE_H
#define ORM_BACKUP_PRIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/crypto.h"
#include "base/err.h"
#include "base/span.h"

struct arena;
struct progress;

/* Names in an archive: the database, a file of it, its key, what is in it. */
#define BACKUP_DATABASE	"database.db"
#define BACKUP_FILES	"files/"
#define BACKUP_KEY	"key"
#define BACKUP_MANIFEST	"MANIFEST"
/* The manifest's first line, and a line of it for each file. */
#define BACKUP_FIRST	"cardfile backup 1"

extern const char *const	 backup_keys[];		/* as it says them */

bool	 backup_is_file(const char *name);	/* 64 hex digits */

/* An archive that is being written; the arena closes it. */
struct pack;

bool	 pack_open(struct arena *, int fd, struct pack **, struct err *)
	    MUST_CHECK;
/* The whole of the file, under a name; sha256 is of what was read. */
bool	 pack_file(struct pack *, const char *name, int fd,
	    struct progress *, char sha256[SHA256_HEX], int64_t *size,
	    struct err *) MUST_CHECK;
bool	 pack_text(struct pack *, const char *name, struct span, struct err *)
	    MUST_CHECK;
/* What was promised is written. */
bool	 pack_finish(struct pack *, struct err *) MUST_CHECK;

/* An archive that is being read; the arena closes it. */
struct unpack;

bool	 unpack_open(struct arena *, int fd, struct unpack **, struct err *)
	    MUST_CHECK;
/* The next file, none but a plain one; *name is NULL after the last. */
bool	 unpack_next(struct unpack *, const char **name, int64_t *size,
	    struct err *) MUST_CHECK;
/* Its contents, of size bytes, into fd. */
bool	 unpack_file(struct unpack *, int64_t size, int fd, struct progress *,
	    char sha256[SHA256_HEX], struct err *) MUST_CHECK;

#endif
