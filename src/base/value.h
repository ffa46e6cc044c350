#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct arena;
struct map;

enum value_type {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_FLOAT,		/* always finite */
	VALUE_DECIMAL,		/* u.i / 10^scale, exact */
	VALUE_TEXT,		/* UTF-8 without NUL */
	VALUE_BYTES,
	VALUE_DATE,		/* u.i days since 1970-01-01 */
	VALUE_DATETIME,		/* u.i seconds since then, UTC */
	VALUE_LIST,
	VALUE_DICT,		/* u.dict: key -> struct value * */
	VALUE__MAX
};

/*
 * The one value that passes between wire, ORM and store.  What it points to
 * belongs to the arena that the maker names.
 */
struct value {
	enum value_type	 type;
	unsigned int	 scale;		/* DECIMAL: digits after the point */
	union {
		bool			 b;
		int64_t			 i;
		double			 f;
		struct span		 text;	/* also BYTES */
		struct value_list	*list;
		struct map		*dict;
	} u;
};

struct value_list {
	struct value	*v;
	size_t		 n;
	size_t		 cap;
};

static inline struct value
value_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

static inline struct value
value_bool(bool b)
{
	return (struct value){ .type = VALUE_BOOL, .u.b = b };
}

static inline struct value
value_int(int64_t i)
{
	return (struct value){ .type = VALUE_INT, .u.i = i };
}

static inline struct value
value_float(double f)
{
	return (struct value){ .type = VALUE_FLOAT, .u.f = f };
}

static inline struct value
value_decimal(int64_t i, unsigned int scale)
{
	return (struct value){ VALUE_DECIMAL, scale, { .i = i } };
}

/* The text is not copied. */
static inline struct value
value_span(struct span s)
{
	return (struct value){ .type = VALUE_TEXT, .u.text = s };
}

static inline struct value
value_text(const char *s)
{
	return value_span(span_of(s));
}

static inline struct value
value_date(int64_t days)
{
	return (struct value){ .type = VALUE_DATE, .u.i = days };
}

static inline struct value
value_datetime(int64_t seconds)
{
	return (struct value){ .type = VALUE_DATETIME, .u.i = seconds };
}

struct value	 value_list(struct arena *, size_t room);
struct value	 value_dict(struct arena *);

/* Appends to a list; sets a key of a dict (the value is copied). */
void		 value_push(struct arena *, struct value *list, struct value);
void		 value_set(struct arena *, struct value *dict,
		    const char *key, struct value);
/* The member of a dict, or NULL; NULL too if v is NULL or no dict. */
const struct value *value_get(const struct value *v, const char *key);

/* Deep copy, so that it lives as long as the arena. */
struct value	 value_copy(struct arena *, const struct value *);
bool		 value_equal(const struct value *, const struct value *);
/* NULL, false, 0, "" and empty lists and dicts are falsy, as in Python. */
bool		 value_truthy(const struct value *);
bool		 value_is_text(const struct value *, const char *);
const char	*value_type_name(enum value_type);	/* "text", "list" */

#endif
