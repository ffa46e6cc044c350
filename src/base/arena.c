#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BLOCK	(64 * 1024)
#define ARENA_ALIGN	(sizeof(max_align_t))

/* One piece of memory from malloc; data follows the head. */
struct block {
	struct block	*next;
	size_t		 size;
	size_t		 used;
	_Alignas(max_align_t) char data[];
};

struct cleanup {
	struct cleanup	*next;
	void		(*fn)(void *);
	void		*arg;
};

struct arena {
	struct block	*blocks;	/* the one being filled comes first */
	struct cleanup	*cleanups;
	size_t		 used;
};

static struct block *
block_new(size_t size)
{
	struct block	*b;

	if (size > SIZE_MAX - sizeof *b ||
	    (b = malloc(sizeof *b + size)) == NULL)
		abort();
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

struct arena *
arena_new(void)
{
	struct arena	*a = calloc(1, sizeof *a);

	if (a == NULL)
		abort();
	return a;
}

static void
arena_cleanup(struct arena *a)
{
	while (a->cleanups != NULL) {
		struct cleanup	*c = a->cleanups;

		a->cleanups = c->next;
		c->fn(c->arg);
	}
}

/* Frees every block but, with keep, the oldest of the usual size. */
static void
arena_release(struct arena *a, int keep)
{
	struct block	*b = a->blocks, *next;

	a->blocks = NULL;
	for (; b != NULL; b = next) {
		next = b->next;
		if (keep && next == NULL && b->size == ARENA_BLOCK) {
			b->used = 0;
			a->blocks = b;
		} else
			free(b);
	}
	a->used = 0;
}

void
arena_reset(struct arena *a)
{
	arena_cleanup(a);
	arena_release(a, 1);
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	arena_cleanup(a);
	arena_release(a, 0);
	free(a);
}

#ifdef ARENA_MALLOC
/* A block for each piece, so that valgrind and ASan see its borders. */
static void *
arena_take(struct arena *a, size_t n)
{
	struct block	*b = block_new(n == 0 ? 1 : n);

	b->next = a->blocks;
	a->blocks = b;
	return b->data;
}
#else
static void *
arena_take(struct arena *a, size_t n)
{
	struct block	*b = a->blocks;

	n = (n + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	if (b == NULL || b->size - b->used < n) {
		struct block	*more;

		more = block_new(n > ARENA_BLOCK / 4 && b != NULL ? n :
		    n > ARENA_BLOCK ? n : ARENA_BLOCK);
		if (b != NULL && more->size == n) {
			/* A large piece of its own goes behind the current. */
			more->used = n;
			more->next = b->next;
			b->next = more;
			return more->data;
		}
		more->next = b;
		a->blocks = b = more;
	}
	b->used += n;
	return b->data + b->used - n;
}
#endif

static void *
arena_grab(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		abort();
	a->used += n;
	return arena_take(a, n);
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_grab(a, n), 0, n);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		abort();
	return arena_alloc(a, n * size);
}

void *
arena_room(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		abort();
	return arena_grab(a, n * size);
}

char *
arena_text(struct arena *a, size_t n)
{
	char	*p = arena_grab(a, n + 1);

	p[n] = '\0';
	return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	char	*p = arena_text(a, n);

	if (n != 0)
		memcpy(p, s, n);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list	 again;
	char	*p;
	int	 n;

	va_copy(again, ap);
	if ((n = vsnprintf(NULL, 0, fmt, ap)) < 0)
		abort();
	p = arena_text(a, (size_t)n);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list	 ap;
	char	*p;

	va_start(ap, fmt);
	p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct cleanup	*c = arena_alloc(a, sizeof *c);

	c->fn = fn;
	c->arg = arg;
	c->next = a->cleanups;
	a->cleanups = c;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
