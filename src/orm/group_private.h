#ifndef ORM_GROUP_PRIVATE_H
#define ORM_GROUP_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"
#include "store/query.h"

struct arena;
struct env;
struct field;
struct group_request;
struct map;
struct model;

/* One of groupby. */
struct group_key {
	const char		*item;		/* as given */
	const struct field	*field;
	const char		*unit;		/* of a date; or NULL */
	const struct expr	*expr;		/* over a row of the model */
	/* of a relation: id, as bytes -> struct value of its name */
	struct map		*names;
};

/* One of fields. */
struct group_sum {
	const char		*alias;
	enum expr_op		 op;
	enum col_type		 type;		/* of the result */
	const struct expr	*expr;
};

enum group_what { GROUP_KEY, GROUP_SUM, GROUP_COUNT };

/* One of orderby. */
struct group_by {
	enum group_what	 what;
	size_t		 at;		/* of the keys or sums */
	bool		 desc;
};

#define GROUP_KEYS	16
#define GROUP_SUMS	200

/* A read_group on its way; lives as long as the request. */
struct grouping {
	struct env			*env;
	const struct model		*model;
	const struct group_request	*asked;
	struct group_key		 keys[GROUP_KEYS];
	size_t				 nkeys;
	struct group_sum		 sums[GROUP_SUMS];
	size_t				 nsums;
	struct group_by			 order[GROUP_KEYS + GROUP_SUMS + 1];
	size_t				 norder;
	/* the many2many among them; or NULL */
	const struct group_key		*links;
	const char			*count;		/* name of the count */
};

/* Takes what is asked apart: group_parse.c. */
bool	 group_parse(struct grouping *);

/* The groups as rows: a cell for each key, the count, one for each sum;
 * sorted, cut to the page: group_rows.c. */
bool	 group_rows(struct grouping *, struct rows *);

/* The first day of the next period, in the field's type; nothing after the
 * last day that there is: group_date.c. */
struct value	 group_date_next(const struct field *, const char *unit,
		    int64_t days);
/* "January 2020", "Q1 2020", "W3 2020", "15 Jan 2020", "2020". */
struct value	 group_date_label(struct arena *, const char *unit,
		    int64_t days);
/* Its first second or day, as the field has it. */
struct value	 group_date_value(const struct field *, int64_t days);

#endif
