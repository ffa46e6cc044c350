#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/codec.h"
#include "base/date.h"
#include "base/span.h"
#include "base/utf8.h"

#define LOG_LINE	4096	/* what one write to a pipe keeps together */
#define LOG_TEXT	3072

/* A line as it is built; what does not fit is cut. */
struct line {
	char	 p[LOG_LINE];
	size_t	 n;
};

/*
 * How many bytes at p are one harmless character: printable ASCII, or a
 * whole UTF-8 sequence that is neither a C1 control nor a line separator.
 */
static size_t
log_plain(const char *p)
{
	const unsigned char	*c = (const unsigned char *)p;
	size_t			 n;

	if (c[0] < 0x80)
		return c[0] >= ' ' && c[0] != 0x7f;
	n = c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : 4;
	if (strnlen(p, n) < n || !utf8_valid((struct span){ p, n }))
		return 0;
	if (n == 2 && c[0] == 0xc2 && c[1] < 0xa0)
		return 0;
	if (n == 3 && c[0] == 0xe2 && c[1] == 0x80 && (c[2] & 0xfe) == 0xa8)
		return 0;
	return n;
}

/* Most of a line is ASCII, which takes no thought. */
static const char *
log_ascii(struct line *line, const char *s)
{
	for (; *s >= ' ' && *s < 0x7f && line->n + 1 < sizeof line->p; s++)
		line->p[line->n++] = *s;
	return s;
}

static void
log_add(struct line *line, const char *s)
{
	while (*(s = log_ascii(line, s)) != '\0') {
		char	 hex[5] = "\\x";
		size_t	 n = log_plain(s), width = n == 0 ? 4 : n;

		if (line->n + width >= sizeof line->p)
			return;
		if (n == 0)
			hex_encode(s, 1, hex + 2);
		memcpy(line->p + line->n, n == 0 ? hex : s, width);
		line->n += width;
		s += n == 0 ? 1 : n;
	}
}

void
log_line(enum log_level level, const char *request_id, const char *fmt, ...)
{
	static const char *const	 names[LOG__MAX] = {
		[LOG_DEBUG] = " debug ", [LOG_INFO] = " info ",
		[LOG_WARNING] = " warning ", [LOG_ERROR] = " error "
	};
	struct line	 line = { .n = 0 };
	char		 now[DATETIME_SIZE], text[LOG_TEXT];
	va_list		 ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	datetime_format(clock_now(), now);
	log_add(&line, now);
	log_add(&line, names[level]);
	log_add(&line, request_id == NULL ? "-" : request_id);
	log_add(&line, " ");
	log_add(&line, text);
	line.p[line.n++] = '\n';
	/* Nobody is left to tell if standard error cannot be written. */
	if (write(STDERR_FILENO, line.p, line.n) < 0)
		return;
}
