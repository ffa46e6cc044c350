#include "store/trigram.h"

#include <stdlib.h>

#include "base/arena.h"

/* The bytes of the first letters of a text, or 0 if there are fewer. */
static size_t
letters_size(struct span text, size_t letters)
{
	size_t	 n = 0;

	for (; letters > 0 && n < text.n; letters--)
		do
			n++;
		while (n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80);
	return letters == 0 ? n : 0;
}

bool
trigram_next(struct span *text, struct span *trigram)
{
	size_t	 step = letters_size(*text, 1);

	*trigram = (struct span){ text->p, letters_size(*text, 3) };
	*text = (struct span){ text->p + step, text->n - step };
	return trigram->n != 0;
}

static uint64_t
trigram_hash(struct span trigram)
{
	uint64_t	 hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < trigram.n; i++)
		hash = (hash ^ (unsigned char)trigram.p[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static int
hash_compare(const void *a, const void *b)
{
	const uint64_t	*l = a, *r = b;

	return (*l > *r) - (*l < *r);
}

uint64_t
trigram_sum(struct arena *a, struct span text, int64_t row)
{
	uint64_t	*hashes = arena_array(a, text.n + 1, sizeof *hashes);
	uint64_t	 sum = 0;
	struct span	 trigram;
	size_t		 n = 0;

	while (trigram_next(&text, &trigram))
		hashes[n++] = trigram_hash(trigram);
	qsort(hashes, n, sizeof *hashes, hash_compare);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || hashes[i] != hashes[i - 1])
			sum += mix(hashes[i] ^ mix((uint64_t)row));
	return sum;
}
