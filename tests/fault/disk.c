#include "disk.h"

#include <sqlite3.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR		512
#define FILES		4
#define PENDING_MAX	65536

enum kind {
	STEP_WRITE, STEP_CUT, STEP_GONE, STEP_SYNC, STEP_NAMES, STEP_ACK
};

struct step {
	enum kind	 kind;
	int		 file;
	int64_t		 offset;	/* CUT: size; ACK: transaction */
	size_t		 n;
	unsigned char	*data;
};

/* A file as the disk has it for sure, and what came since. */
struct image {
	char		 name[32];
	unsigned char	*data;
	size_t		 size;
	size_t		 cap;
};

struct disk {
	sqlite3_vfs	 vfs;
	sqlite3_vfs	*real;
	char		 directory[256];
	bool		 wal;
	int64_t		 room;		/* bytes; -1: without end */
	void		 (*hook)(void *);
	void		*arg;
	struct step	*steps;
	size_t		 nsteps;
	size_t		 cap;
	struct image	 images[FILES];
	int		 nimages;
	size_t		 pending[PENDING_MAX];
	size_t		 npending;
	size_t		 now;
	int64_t		 acknowledged;		/* -1: none yet */
};

struct noted {
	sqlite3_file	 base;
	struct disk	*disk;
	int		 file;			/* -1: passes through */
	sqlite3_io_methods methods;
	sqlite3_file	*real;
};

static void *
grow(void *p, size_t size)
{
	if ((p = realloc(p, size)) == NULL)
		abort();
	return p;
}

static void
disk_note(struct disk *d, struct step s, const void *data)
{
	if (d->nsteps == d->cap) {
		d->cap = d->cap == 0 ? 1024 : d->cap * 2;
		d->steps = grow(d->steps, d->cap * sizeof *d->steps);
	}
	if (data != NULL) {
		s.data = grow(NULL, s.n);
		memcpy(s.data, data, s.n);
	}
	d->steps[d->nsteps++] = s;
}

void
disk_acknowledge(struct disk *d, int64_t txn)
{
	disk_note(d, (struct step){ .kind = STEP_ACK, .offset = txn }, NULL);
}

void
disk_sync_names(struct disk *d)
{
	disk_note(d, (struct step){ .kind = STEP_NAMES }, NULL);
}

void
disk_leave(struct disk *d, int64_t room)
{
	d->room = room;
}

/* The number of a file of the directory, or -1. */
static int
disk_file(struct disk *d, const char *path)
{
	size_t		 n = strlen(d->directory);
	const char	*name;

	if (path == NULL || strncmp(path, d->directory, n) != 0)
		return -1;
	name = path + n + 1;
	for (int i = 0; i < d->nimages; i++)
		if (strcmp(d->images[i].name, name) == 0)
			return i;
	if (d->nimages == FILES)
		abort();
	snprintf(d->images[d->nimages].name, sizeof d->images[0].name, "%s",
	    name);
	return d->nimages++;
}

#define REAL(f)		(((struct noted *)(f))->real)
#define PASS(f, fn, ...)	REAL(f)->pMethods->fn(REAL(f), __VA_ARGS__)

static int
note_close(sqlite3_file *f)
{
	struct noted	*n = (struct noted *)f;
	int		 rc = REAL(f)->pMethods->xClose(REAL(f));

	free(n->real);
	return rc;
}

static int
note_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return PASS(f, xRead, p, n, at);
}

static int
note_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	struct noted	*file = (struct noted *)f;

	if (file->file != -1 && file->disk->room >= 0) {
		if (file->disk->room < n)
			return SQLITE_FULL;
		file->disk->room -= n;
	}
	if (file->file != -1)
		disk_note(file->disk, (struct step){ STEP_WRITE, file->file,
		    at, (size_t)n, NULL }, p);
	return PASS(f, xWrite, p, n, at);
}

static int
note_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	struct noted	*file = (struct noted *)f;

	if (file->file != -1)
		disk_note(file->disk, (struct step){ STEP_CUT, file->file,
		    size, 0, NULL }, NULL);
	return PASS(f, xTruncate, size);
}

/* A sync of the log by the store itself asks for the data only. */
static int
note_sync(sqlite3_file *f, int flags)
{
	struct noted	*file = (struct noted *)f;
	struct disk	*d = file->disk;

	if (file->file == -1)
		return PASS(f, xSync, flags);
	if ((flags & SQLITE_SYNC_DATAONLY) != 0 && d->hook != NULL)
		d->hook(d->arg);
	disk_note(d, (struct step){ STEP_SYNC, file->file, 0, 0, NULL }, NULL);
	return SQLITE_OK;
}

static int
note_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return PASS(f, xFileSize, size);
}

#define PASS_INT(name, fn)	\
	static int name(sqlite3_file *f, int i) { return PASS(f, fn, i); }
PASS_INT(note_lock, xLock)
PASS_INT(note_unlock, xUnlock)
PASS_INT(note_shm_unmap, xShmUnmap)

static int
note_reserved(sqlite3_file *f, int *out)
{
	return PASS(f, xCheckReservedLock, out);
}

static int
note_control(sqlite3_file *f, int op, void *arg)
{
	return PASS(f, xFileControl, op, arg);
}

static int
note_sector(sqlite3_file *f)
{
	return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int
note_device(sqlite3_file *f)
{
	return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int
note_shm_map(sqlite3_file *f, int page, int size, int extend,
    void volatile **out)
{
	return PASS(f, xShmMap, page, size, extend, out);
}

static int
note_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return PASS(f, xShmLock, offset, n, flags);
}

static void
note_shm_barrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int
note_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **out)
{
	return PASS(f, xFetch, at, n, out);
}

static int
note_unfetch(sqlite3_file *f, sqlite3_int64 at, void *p)
{
	return PASS(f, xUnfetch, at, p);
}

static const sqlite3_io_methods	 noting = {
	3, note_close, note_read, note_write, note_truncate, note_sync,
	note_size, note_lock, note_unlock, note_reserved, note_control,
	note_sector, note_device, note_shm_map, note_shm_lock,
	note_shm_barrier, note_shm_unmap, note_fetch, note_unfetch,
};

static int
disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags,
    int *out)
{
	struct disk	*d = vfs->pAppData;
	struct noted	*n = (struct noted *)f;
	int		 rc;

	memset(n, 0, sizeof *n);
	n->real = grow(NULL, (size_t)d->real->szOsFile);
	memset(n->real, 0, (size_t)d->real->szOsFile);
	rc = d->real->xOpen(d->real, path, n->real, flags, out);
	if (rc != SQLITE_OK) {
		free(n->real);
		return rc;
	}
	n->disk = d;
	n->file = disk_file(d, path);
	n->methods = noting;
	n->methods.iVersion = d->wal ? n->real->pMethods->iVersion : 1;
	n->base.pMethods = &n->methods;
	return SQLITE_OK;
}

/* A removed file is an empty one; gone for sure only if that is asked. */
static int
disk_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
	struct disk	*d = vfs->pAppData;
	int		 file = disk_file(d, path);

	if (file != -1)
		disk_note(d, (struct step){ STEP_GONE, file, 0, 0, NULL },
		    NULL);
	if (file != -1 && sync)
		disk_note(d, (struct step){ STEP_SYNC, file, 0, 0, NULL },
		    NULL);
	return d->real->xDelete(d->real, path, sync);
}

struct disk *
disk_new(const char *directory, bool wal, void (*hook)(void *), void *arg)
{
	struct disk	*d = grow(NULL, sizeof *d);

	memset(d, 0, sizeof *d);
	snprintf(d->directory, sizeof d->directory, "%s", directory);
	d->wal = wal;
	d->acknowledged = -1;
	d->room = -1;
	d->hook = hook;
	d->arg = arg;
	d->real = sqlite3_vfs_find(NULL);
	d->vfs = *d->real;
	d->vfs.zName = "disk";
	d->vfs.szOsFile = sizeof(struct noted);
	d->vfs.pAppData = d;
	d->vfs.xOpen = disk_open;
	d->vfs.xDelete = disk_delete;
	sqlite3_vfs_register(&d->vfs, 1);
	return d;
}

void
disk_free(struct disk *d)
{
	sqlite3_vfs_unregister(&d->vfs);
	sqlite3_vfs_register(d->real, 1);
	for (size_t i = 0; i < d->nsteps; i++)
		free(d->steps[i].data);
	for (int i = 0; i < d->nimages; i++)
		free(d->images[i].data);
	free(d->steps);
	free(d);
}

size_t
disk_length(const struct disk *d)
{
	return d->nsteps;
}

int64_t
disk_acknowledged(const struct disk *d)
{
	return d->acknowledged;
}

static void
image_size(struct image *im, size_t size)
{
	if (size > im->cap) {
		im->cap = size * 2;
		im->data = grow(im->data, im->cap);
	}
	if (size > im->size)
		memset(im->data + im->size, 0, size - im->size);
	im->size = size;
}

static void
image_put(struct image *im, int64_t at, const unsigned char *p, size_t n)
{
	if ((size_t)at + n > im->size)
		image_size(im, (size_t)at + n);
	memcpy(im->data + at, p, n);
}

static void
image_apply(struct image *im, const struct step *s)
{
	if (s->kind == STEP_WRITE)
		image_put(im, s->offset, s->data, s->n);
	else
		image_size(im, (size_t)s->offset);
}

static void
image_apply_sectors(struct image *im, const struct step *s, uint64_t *random)
{
	size_t	 at = 0;

	if (s->kind != STEP_WRITE) {
		if (random_next(random) >> 40 & 1)
			image_apply(im, s);
		return;
	}
	while (at < s->n) {
		size_t	 n = SECTOR - ((size_t)s->offset + at) % SECTOR;

		if (n > s->n - at)
			n = s->n - at;
		if (random_next(random) >> 40 & 1)
			image_put(im, s->offset + (int64_t)at, s->data + at, n);
		at += n;
	}
}

/* What waited for this file's sync is there for good. */
static void
disk_settle(struct disk *d, int file)
{
	size_t	 kept = 0;

	for (size_t i = 0; i < d->npending; i++) {
		const struct step	*s = &d->steps[d->pending[i]];

		if (s->file == file)
			image_apply(&d->images[file], s);
		else
			d->pending[kept++] = d->pending[i];
	}
	d->npending = kept;
}

/* Of each file, what came up to its removal. */
static void
disk_settle_names(struct disk *d)
{
	bool	 gone[FILES] = { false };

	for (size_t i = 0; i < d->npending; i++) {
		const struct step	*s = &d->steps[d->pending[i]];

		gone[s->file] = s->kind == STEP_GONE;
	}
	for (int i = 0; i < d->nimages; i++)
		if (gone[i])
			disk_settle(d, i);
}

void
disk_forward(struct disk *d, size_t to)
{
	for (; d->now < to; d->now++) {
		const struct step	*s = &d->steps[d->now];

		if (s->kind == STEP_SYNC)
			disk_settle(d, s->file);
		else if (s->kind == STEP_NAMES)
			disk_settle_names(d);
		else if (s->kind == STEP_ACK) {
			if (s->offset > d->acknowledged)
				d->acknowledged = s->offset;
		} else if (d->npending == PENDING_MAX)
			abort();
		else
			d->pending[d->npending++] = d->now;
	}
}

static bool
image_write(const struct image *im, const char *directory)
{
	char	 path[512];
	FILE	*f;
	bool	 ok;

	snprintf(path, sizeof path, "%s/%s", directory, im->name);
	unlink(path);
	if (im->size == 0 && strstr(im->name, "-") != NULL)
		return true;
	if ((f = fopen(path, "w")) == NULL)
		return false;
	ok = fwrite(im->data, 1, im->size, f) == im->size;
	return fclose(f) == 0 && ok;
}

bool
disk_crash(struct disk *d, enum crash crash, uint64_t *random,
    const char *directory)
{
	size_t	 keep = 0;
	bool	 ok = true;

	if (crash == CRASH_PREFIX && d->npending != 0)
		keep = random_next(random) % (d->npending + 1);
	for (int i = 0; i < d->nimages; i++) {
		struct image	 im = d->images[i];

		im.cap = im.size;
		im.data = grow(NULL, im.size + 1);
		if (im.size != 0)
			memcpy(im.data, d->images[i].data, im.size);
		for (size_t k = 0; k < d->npending; k++) {
			const struct step	*s = &d->steps[d->pending[k]];

			if (s->file != i)
				continue;
			if (crash == CRASH_SECTORS)
				image_apply_sectors(&im, s, random);
			else if (k < keep)
				image_apply(&im, s);
		}
		ok = image_write(&im, directory) && ok;
		free(im.data);
	}
	return ok;
}
