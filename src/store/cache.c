#include "store/cache.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_SETS	64
#define CACHE_WAYS	4

struct slot {
	uint64_t	 hash;
	uint64_t	 used;		/* when, by the cache's clock */
	size_t		 n;
	char		*text;
	void		*handle;	/* NULL: free */
};

struct cache {
	uint64_t	 clock;
	struct slot	 slots[CACHE_SETS][CACHE_WAYS];
};

struct cache *
cache_new(void)
{
	struct cache	*c = calloc(1, sizeof *c);

	if (c == NULL)
		abort();
	return c;
}

void
cache_free(struct cache *c)
{
	free(c);
}

/* Eight bytes at a time: the text is long and hashed at every statement. */
static uint64_t
text_hash(const char *p, size_t n)
{
	uint64_t	 h = n * 0x9e3779b97f4a7c15u, word;

	for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
		memcpy(&word, p, sizeof word);
		h = (h ^ word) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, p, n);
	h = (h ^ word) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 29;
}

void *
cache_get(struct cache *c, const char *text, size_t n)
{
	uint64_t	 hash = text_hash(text, n);
	struct slot	*set = c->slots[hash % CACHE_SETS];

	for (size_t i = 0; i < CACHE_WAYS; i++) {
		if (set[i].handle == NULL || set[i].hash != hash ||
		    set[i].n != n || memcmp(set[i].text, text, n) != 0)
			continue;
		set[i].used = ++c->clock;
		return set[i].handle;
	}
	return NULL;
}

void *
cache_put(struct cache *c, const char *text, size_t n, void *handle)
{
	uint64_t	 hash = text_hash(text, n);
	struct slot	*set = c->slots[hash % CACHE_SETS], *oldest = set;
	void		*old;

	for (size_t i = 1; i < CACHE_WAYS; i++)
		if (set[i].used < oldest->used)
			oldest = &set[i];
	old = oldest->handle;
	free(oldest->text);
	if ((oldest->text = malloc(n + 1)) == NULL)
		abort();
	memcpy(oldest->text, text, n);
	oldest->hash = hash;
	oldest->n = n;
	oldest->handle = handle;
	oldest->used = ++c->clock;
	return old;
}

void *
cache_pop(struct cache *c)
{
	struct slot	*all = &c->slots[0][0];

	for (size_t i = 0; i < CACHE_SETS * CACHE_WAYS; i++) {
		void	*handle = all[i].handle;

		if (handle == NULL)
			continue;
		free(all[i].text);
		memset(&all[i], 0, sizeof all[i]);
		return handle;
	}
	return NULL;
}
