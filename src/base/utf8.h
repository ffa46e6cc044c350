#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct arena;

/* Well-formed (RFC 3629: no surrogates, no overlong forms) without NUL. */
bool		 utf8_valid(struct span);
size_t		 utf8_length(struct span);	/* code points, of valid text */
/* Full case folding (ASCII takes a short way). */
struct span	 utf8_fold(struct arena *, struct span);
/* Folded, and without accents and other marks: "É" is "e". */
struct span	 utf8_flat(struct arena *, struct span);
struct span	 utf8_lower(struct arena *, struct span);
struct span	 utf8_upper(struct arena *, struct span);
/* Writes one code point, 1 to 4 bytes; 0 if it is none. */
size_t		 utf8_put(unsigned long code, char out[4]);

#endif
