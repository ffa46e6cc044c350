#ifndef TESTS_FAULT_DISK_H
#define TESTS_FAULT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A disk that remembers.  As SQLite's default VFS it notes each write,
 * truncation and sync of the files of one directory, and makes from that
 * what could be found there after the power had failed at any moment.
 * Other files pass through.
 */
struct disk;

enum crash {
	CRASH_NONE_KEPT,	/* all that was not synced is gone */
	CRASH_SECTORS,		/* each 512 bytes of it by chance */
	CRASH_PREFIX,		/* the oldest part of it is there */
	CRASH__MAX
};

/* wal false: no shared memory, so that the engine cannot use a log.  The
 * hook runs before each sync of the log that is no part of a statement. */
struct disk	*disk_new(const char *directory, bool wal,
		    void (*hook)(void *), void *arg);
void		 disk_free(struct disk *);

/* Only so many more bytes can be written; -1: as many as you like. */
void		 disk_leave(struct disk *, int64_t room);

/* Notes that the world has been told of this transaction. */
void		 disk_acknowledge(struct disk *, int64_t txn);
/* The directory has been synced, past the VFS: what is removed stays so. */
void		 disk_sync_names(struct disk *);
size_t		 disk_length(const struct disk *);	/* steps noted */

/* Goes on to a step; never back. */
void		 disk_forward(struct disk *, size_t step);
int64_t		 disk_acknowledged(const struct disk *);
/* What a crash at the present step leaves, into another directory. */
bool		 disk_crash(struct disk *, enum crash, uint64_t *random,
		    const char *directory);

static inline uint64_t
random_next(uint64_t *r)
{
	*r ^= *r << 13;
	*r ^= *r >> 7;
	*r ^= *r << 17;
	return *r;
}

#endif
