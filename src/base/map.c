#include "base/map.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "base/arena.h"

#define MAP_SMALL	8	/* up to here a linear look is as quick */

struct entry {
	struct span	 key;
	void		*value;
	uint64_t	 hash;
};

struct map {
	struct arena	*arena;
	struct entry	*entries;
	size_t		 n, cap;
	uint32_t	*slots;		/* entry number + 1, or 0 */
	size_t		 nslots;	/* a power of two, or 0: no hashes */
	uint64_t	 seed;
};

/* The kernel draws a value for each process. */
static uint64_t
map_seed(void)
{
	uint64_t	 h = 14695981039346656037u;
	const void	*seed = (const void *)(uintptr_t)getauxval(AT_RANDOM);

	if (seed != NULL)
		memcpy(&h, seed, sizeof h);
	return h;
}

/* FNV-1a; a small map does without. */
static uint64_t
map_hash(const struct map *m, struct span key)
{
	uint64_t	 h = m->seed;

	if (m->nslots == 0)
		return 0;
	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
	return h ^ h >> 29;
}

struct map *
map_new(struct arena *a)
{
	struct map	*m = arena_alloc(a, sizeof *m);

	m->arena = a;
	return m;
}

static struct entry *
map_find(const struct map *m, struct span key, uint64_t hash)
{
	if (m->nslots == 0) {
		for (size_t i = 0; i < m->n; i++)
			if (span_equal(m->entries[i].key, key))
				return &m->entries[i];
		return NULL;
	}
	for (size_t i = hash & (m->nslots - 1); m->slots[i] != 0;
	    i = (i + 1) & (m->nslots - 1)) {
		struct entry	*e = &m->entries[m->slots[i] - 1];

		if (e->hash == hash && span_equal(e->key, key))
			return e;
	}
	return NULL;
}

static void
map_index(struct map *m, size_t entry)
{
	struct entry	*e = &m->entries[entry];
	size_t		 i;

	e->hash = map_hash(m, e->key);
	i = e->hash & (m->nslots - 1);
	while (m->slots[i] != 0)
		i = (i + 1) & (m->nslots - 1);
	m->slots[i] = (uint32_t)entry + 1;
}

static void
map_grow(struct map *m)
{
	struct entry	*old = m->entries;

	m->cap = m->cap == 0 ? MAP_SMALL : m->cap * 2;
	assert(m->cap < UINT32_MAX / 4);
	m->entries = arena_array(m->arena, m->cap, sizeof *old);
	if (m->n != 0)
		memcpy(m->entries, old, m->n * sizeof *old);
	if (m->cap == MAP_SMALL)
		return;
	if (m->nslots == 0)
		m->seed = map_seed();
	m->nslots = m->cap * 2;
	m->slots = arena_array(m->arena, m->nslots, sizeof *m->slots);
	for (size_t i = 0; i < m->n; i++)
		map_index(m, i);
}

void
map_put(struct map *m, struct span key, void *value)
{
	struct entry	*e = map_find(m, key, map_hash(m, key));

	if (e != NULL) {
		e->value = value;
		return;
	}
	if (m->n == m->cap)
		map_grow(m);
	e = &m->entries[m->n++];
	e->key = (struct span){ arena_strndup(m->arena, key.p, key.n), key.n };
	e->value = value;
	if (m->nslots != 0)
		map_index(m, m->n - 1);
}

void *
map_get(const struct map *m, struct span key)
{
	struct entry	*e = map_find(m, key, map_hash(m, key));

	return e == NULL ? NULL : e->value;
}

size_t
map_count(const struct map *m)
{
	return m->n;
}

struct span
map_key(const struct map *m, size_t i)
{
	assert(i < m->n);
	return m->entries[i].key;
}

void *
map_at(const struct map *m, size_t i)
{
	assert(i < m->n);
	return m->entries[i].value;
}
