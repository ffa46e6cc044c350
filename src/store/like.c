#include "store/like.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

static bool
like_sign(char c)
{
	return c == '%' || c == '_' || c == '\\';
}

char
like_next(struct span *pattern, struct buf *run)
{
	const char	*p = pattern->p, *end = p + pattern->n;
	char		 sign = '\0';

	buf_clear(run);
	for (; p < end && (!like_sign(*p) || *p == '\\'); p++) {
		if (*p == '\\' && ++p == end) {
			sign = '\\';
			break;
		}
		buf_char(run, *p);
	}
	if (p < end)
		sign = *p++;
	*pattern = (struct span){ p, (size_t)(end - p) };
	return sign;
}

/*
 * Run by run: an accent goes together with the \ before it, which would else
 * escape what comes next.
 */
struct span
like_flat(struct arena *a, struct span pattern)
{
	struct buf	*out = buf_new(a), *run = buf_new(a);
	struct span	 flat;
	char		 sign;

	do {
		sign = like_next(&pattern, run);
		flat = utf8_flat(a, buf_text(run));
		for (size_t i = 0; i < flat.n; i++) {
			if (like_sign(flat.p[i]))
				buf_char(out, '\\');
			buf_char(out, flat.p[i]);
		}
		if (sign != '\0')
			buf_char(out, sign);
	} while (sign == '%' || sign == '_');
	return buf_text(out);
}
