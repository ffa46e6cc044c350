#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BUF_FIRST	512

static void
buf_release(void *arg)
{
	struct buf	*b = arg;

	free(b->p);
	b->p = NULL;
}

struct buf *
buf_new(struct arena *a)
{
	struct buf	*b = arena_alloc(a, sizeof *b);

	b->arena = a;
	b->cap = BUF_FIRST;
	if ((b->p = malloc(b->cap)) == NULL)
		abort();
	b->p[0] = '\0';
	arena_defer(a, buf_release, b);
	return b;
}

void
buf_reserve(struct buf *b, size_t n)
{
	size_t	 cap = b->cap;

	if (n < cap - b->n)
		return;
	if (n > SIZE_MAX / 4)
		abort();
	while (n >= cap - b->n)
		cap *= 2;
	if ((b->p = realloc(b->p, cap)) == NULL)
		abort();
	b->cap = cap;
}

void
buf_add(struct buf *b, const char *p, size_t n)
{
	if (n >= b->cap - b->n)
		buf_reserve(b, n);
	if (n != 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_span(struct buf *b, struct span s)
{
	buf_add(b, s.p, s.n);
}

void
buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_int(struct buf *b, int64_t i)
{
	char		 digits[24], *p = digits + sizeof digits;
	uint64_t	 u = i < 0 ? -(uint64_t)i : (uint64_t)i;

	do
		*--p = (char)('0' + u % 10);
	while ((u /= 10) != 0);
	if (i < 0)
		*--p = '-';
	buf_add(b, p, (size_t)(digits + sizeof digits - p));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list	 ap, again;
	int	 n;

	va_start(ap, fmt);
	va_copy(again, ap);
	if ((n = vsnprintf(NULL, 0, fmt, ap)) < 0)
		abort();
	buf_reserve(b, (size_t)n);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	b->n += (size_t)n;
	va_end(again);
	va_end(ap);
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	b->p[0] = '\0';
}

struct span
buf_text(const struct buf *b)
{
	return (struct span){ b->p, b->n };
}
