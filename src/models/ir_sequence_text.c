/* Parts of the date in the prefix and suffix of a sequence. */

#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "models/ir_sequence.h"

#define WRONG_SHOWN	20	/* bytes of what is no part */

static const struct {
	const char	*name;
	const char	*format;	/* of strftime */
}	 parts[] = {
	{ "year", "%Y" }, { "y", "%y" }, { "month", "%m" }, { "day", "%d" },
	{ "doy", "%j" }, { "woy", "%W" }, { "weekday", "%w" },
	{ "h24", "%H" }, { "h12", "%I" }, { "min", "%M" }, { "sec", "%S" },
};

/* The moment that a name means by how it begins; what is left of it. */
static int64_t
sequence_moment(struct span *name, const struct sequence_times *t)
{
	static const char	 current[] = "current_", range[] = "range_";
	size_t			 skip = 0;
	int64_t			 moment = t->effective;

	if (span_starts(*name, current)) {
		skip = strlen(current);
		moment = t->now;
	} else if (span_starts(*name, range)) {
		skip = strlen(range);
		moment = t->range;
	}
	*name = (struct span){ name->p + skip, name->n - skip };
	return moment;
}

static bool
sequence_part(struct buf *b, struct span name, const struct sequence_times *t)
{
	time_t		 moment = (time_t)sequence_moment(&name, t);
	struct tm	 tm;
	char		 text[16];

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (!span_is(name, parts[i].name))
			continue;
		gmtime_r(&moment, &tm);
		buf_add(b, text, strftime(text, sizeof text, parts[i].format,
		    &tm));
		return true;
	}
	return false;
}

/* What begins with a percent sign; its bytes, 0 if it is no part. */
static size_t
sequence_percent(struct buf *b, struct span rest,
    const struct sequence_times *t)
{
	const char	*end;
	struct span	 name;

	if (span_starts(rest, "%%")) {
		buf_char(b, '%');
		return 2;
	}
	end = memchr(rest.p, ')', rest.n);
	if (!span_starts(rest, "%(") || end == NULL ||
	    (size_t)(end - rest.p) + 1 == rest.n || end[1] != 's')
		return 0;
	name = (struct span){ rest.p + 2, (size_t)(end - rest.p) - 2 };
	return sequence_part(b, name, t) ? (size_t)(end - rest.p) + 2 : 0;
}

bool
sequence_text(struct buf *b, struct span text, const struct sequence_times *t,
    struct span *wrong)
{
	for (size_t i = 0; i < text.n;) {
		struct span	 rest = { text.p + i, text.n - i };
		size_t		 n = 1;

		if (text.p[i] != '%')
			buf_char(b, text.p[i]);
		else if ((n = sequence_percent(b, rest, t)) == 0) {
			*wrong = rest;
			if (wrong->n > WRONG_SHOWN)
				wrong->n = WRONG_SHOWN;
			return false;
		}
		i += n;
	}
	return true;
}
