#ifndef SER_SER_H
#define SER_SER_H

#include <stdbool.h>

#include "base/value.h"

struct arena;
struct buf;

enum ser_form { SER_JSON, SER_XML, SER__MAX };

#define SER_NULL_FALSE	1u	/* nothing is written as false, not null */
#define SER_XML_BARE	2u	/* several top keys stay siblings in XML */

/*
 * Writes an answer straight into one buffer.  A handler says what it has;
 * the form was chosen when the writer was made.  Keys are NULL in a list and
 * for the outermost value, and only there (asserted); they are copied.
 *
 * XML has no declaration and no root element if there is one outermost key,
 * nothing at all if there is none.  Characters that XML 1.0 cannot hold
 * become U+FFFD there.
 */
struct ser;

struct ser	*ser_new(struct arena *, enum ser_form, unsigned int flags,
		    struct buf *);
void		 ser_object_open(struct ser *, const char *key);
void		 ser_object_close(struct ser *);
void		 ser_array_open(struct ser *, const char *key);
void		 ser_array_close(struct ser *);
/*
 * Any value, lists and dictionaries too.  type is what XML shows as the
 * type, NULL for the usual one of the value ("str", "int", "list"...); it
 * does not count for nothing (nor for the false that stands for it).
 * Dates are text; BYTES are base64 text.  A float that is not finite is
 * nothing.
 */
void		 ser_put(struct ser *, const char *key, const char *type,
		    const struct value *);
/* NULL is nothing. */
/* The same for a name of [a-z0-9_] that begins with no digit. */
void		 ser_put_field(struct ser *, struct span name,
		    const struct value *);
void		 ser_text(struct ser *, const char *key, const char *);
void		 ser_int(struct ser *, const char *key, int64_t);
void		 ser_bool(struct ser *, const char *key, bool);
/* All scopes are closed (asserted); the buffer holds the whole document. */
void		 ser_finish(struct ser *);
const char	*ser_content_type(enum ser_form);

#endif
