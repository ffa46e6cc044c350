#ifndef SER_SER_PRIVATE_H
#define SER_SER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

struct arena;
struct value;
struct ser;

/* An object or list that is open; the first one is the document. */
struct ser_scope {
	bool	 array;		/* its members have no keys */
	size_t	 n;		/* members so far */
	size_t	 name;		/* XML: where its name stands in the buffer */
	size_t	 name_n;
};

/*
 * A wire form.  A key whose p is NULL is none.  The scope's n counts the
 * member already; on open and close the scope itself is the innermost.
 */
struct ser_ops {
	const char	*content_type;
	void		(*open)(struct ser *, struct span key,
			    const char *type);
	void		(*close)(struct ser *);
	/* No lists, no dictionaries; floats are finite. */
	void		(*put)(struct ser *, struct span key,
			    const char *type, const struct value *);
	void		(*finish)(struct ser *);
};

extern const struct ser_ops	 ser_json;
extern const struct ser_ops	 ser_xml;

struct ser {
	struct arena		*arena;
	struct buf		*buf;
	const struct ser_ops	*ops;
	unsigned int		 flags;
	size_t			 start;		/* of the document in buf */
	size_t			 members;	/* of the outermost value */
	struct ser_scope	*scopes;
	size_t			 depth;		/* the innermost one */
	size_t			 room;
	bool			 plain;		/* keys need no looking at */
};

/*
 * What looks the same in all forms: booleans, numbers, dates, base64; no
 * quotes.
 */
void	 ser_plain(struct buf *, const struct value *);
/* Room for Python's float: fewest digits that read back the same. */
#define SER_FLOAT_SIZE	40
size_t	 ser_float(double, char out[SER_FLOAT_SIZE]);

/* n repeated in each byte of a word, and whether a byte of w is below c. */
#define SER_BYTES(c)	(~(uint64_t)0 / 255 * (c))

static inline bool
ser_below(uint64_t w, unsigned char c)
{
	return ((w - SER_BYTES(c)) & ~w & SER_BYTES(0x80)) != 0;
}

static inline bool
ser_has(uint64_t w, unsigned char c)
{
	return ser_below(w ^ SER_BYTES(c), 1);
}

/* Room to write n bytes through the pointer, and how far it came. */
static inline char *
ser_room(struct buf *b, size_t n)
{
	if (n >= b->cap - b->n)
		buf_reserve(b, n);
	return b->p + b->n;
}

static inline void
ser_wrote(struct buf *b, char *end)
{
	*end = '\0';
	b->n = (size_t)(end - b->p);
}

#endif
