#include "worker/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

bool
file_read(struct arena *a, const char *path, struct span *out, struct err *err)
{
	struct buf	*b = buf_new(a);
	FILE		*f;
	char		 block[8192];
	size_t		 n;
	bool		 failed;

	f = fopen(path, "re");
	if (f == NULL)
		return err_set(err, ERR_NOT_FOUND, "%s: %s", path,
		    strerror(errno));
	while ((n = fread(block, 1, sizeof block, f)) > 0)
		buf_add(b, block, n);
	failed = ferror(f) != 0;
	fclose(f);
	if (failed)
		return err_set(err, ERR_NOT_FOUND, "%s: cannot be read", path);
	*out = buf_text(b);
	return true;
}
