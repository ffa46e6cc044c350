#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

#include "base/span.h"

struct arena;

/*
 * String -> pointer in an arena; insertion order is kept.  Hashing is
 * seeded per process, so that keys from outside cannot be made to collide.
 */
struct map;

struct map	*map_new(struct arena *);
/* Adds or replaces; the key is copied.  NULL is no value. */
void		 map_put(struct map *, struct span key, void *value);
void		*map_get(const struct map *, struct span key);
size_t		 map_count(const struct map *);
/* The i-th key and value in the order of insertion, i < map_count. */
struct span	 map_key(const struct map *, size_t i);
void		*map_at(const struct map *, size_t i);

#endif
