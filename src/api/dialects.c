#include <stddef.h>
#include <string.h>

#include "api/dialect.h"

static const struct dialect *const dialects[] = {
#define DIALECT(name)	&dialect_##name,
#include "api/dialects.def"
#undef DIALECT
};

/* How many of the path's segments the prefix takes; 0 if it is another. */
static size_t
prefix_segments(const char *prefix, const struct request *req)
{
	size_t	 n = 0;

	while (*prefix == '/') {
		size_t	 len = strcspn(++prefix, "/");

		if (n == req->nsegments || !span_equal(req->segments[n],
		    (struct span){ prefix, len }))
			return 0;
		prefix += len;
		n++;
	}
	return n;
}

const struct dialect *
dialect_find(const struct request *req, size_t *skip)
{
	for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
		*skip = prefix_segments(dialects[i]->prefix, req);
		if (*skip != 0)
			return dialects[i];
	}
	return NULL;
}
