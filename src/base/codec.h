#ifndef BASE_CODEC_H
#define BASE_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct arena;
struct buf;

void		 base64_encode(struct buf *, struct span);
/* Strict RFC 4648 alphabet and padding; white space between is skipped. */
bool		 base64_decode(struct arena *, struct span, struct span *out);
/* Lower case; out has room for 2 * n + 1. */
void		 hex_encode(const void *, size_t n, char *out);
/*
 * Percent-decoding once.  A % that two hex digits do not follow stays as it
 * is (front servers let it pass); plus makes + a space.
 */
struct span	 percent_decode(struct arena *, struct span, bool plus);
/* RFC 3986 unreserved characters stay, all other bytes become %XX. */
void		 percent_encode(struct buf *, struct span);

#endif
