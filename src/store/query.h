#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct arena;

/* What a column holds; decides the type of value that comes back. */
enum col_type {
	COL_NONE,		/* no column */
	COL_BOOL,
	COL_INT,
	COL_FLOAT,
	COL_DECIMAL,		/* integer scaled by 10^scale */
	COL_TEXT,
	COL_BYTES,
	COL_DATE,
	COL_DATETIME,
	COL_ID,			/* the id of a row, here or elsewhere */
	COL__MAX
};

enum expr_op {
	EXPR_VALUE,		/* value, always bound */
	EXPR_COLUMN,		/* name: of the innermost query's row */
	EXPR_OUTER,		/* name: of the row of the query around */
	EXPR_LOOKUP,		/* args[1] over the row of table name whose
				 * id is args[0]; NULL if there is none */
	EXPR_TRUE, EXPR_FALSE,
	EXPR_AND, EXPR_OR, EXPR_NOT,
	EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE,
	EXPR_IS_NULL,
	EXPR_IN,		/* args[0] in value (a list without NULL) */
	EXPR_IN_QUERY,		/* args[0] in the one column of query */
	EXPR_EXISTS,		/* query has a row */
	EXPR_LIKE,	/* args[0] like args[1]; \ escapes, case counts */
	EXPR_ILIKE,		/* the same with both sides folded */
	EXPR_TEXT,		/* args[0] as text */
	EXPR_IF,		/* args[1] if args[0] is true, else args[2] */
	EXPR_CONCAT,		/* text of args[0] and args[1], NULL as "" */
	EXPR__MAX
};

/* One node of a condition or a computed column.  Never changed once made. */
struct expr {
	enum expr_op		  op;
	enum col_type		  type;		/* of the result */
	unsigned int		  scale;	/* COL_DECIMAL */
	const char		 *name;
	struct value		  value;
	const struct expr	 *args[3];
	const struct query	 *query;
};

struct order {
	const struct expr	*expr;
	bool			 desc;
	/* NULL counts as the greatest */
	bool			 nullable;
};

/* A question to the store.  Zeroed members mean "none". */
struct query {
	const char		 *table;
	const struct expr	**columns;
	size_t			  ncolumns;
	const struct expr	 *where;
	const struct order	 *orders;
	size_t			  norders;
	int64_t			  limit;	/* 0: all */
	int64_t			  offset;
	/* one row: the number of rows */
	bool			  count;
};

/* n rows of width cells, row after row. */
struct rows {
	struct value	*cells;
	size_t		 n;
	size_t		 width;
};

struct expr	*expr_value(struct arena *, struct value);
struct expr	*expr_column(struct arena *, const char *name, enum col_type,
		    unsigned int scale);
struct expr	*expr_outer(struct arena *, const char *name, enum col_type);
/* The type is that of want. */
struct expr	*expr_lookup(struct arena *, const struct expr *id,
		    const char *table, const struct expr *want);
struct expr	*expr_bool(struct arena *, bool);	/* TRUE, FALSE */
/* NULL stands for TRUE in and, for FALSE in or. */
const struct expr *expr_and(struct arena *, const struct expr *,
		    const struct expr *);
const struct expr *expr_or(struct arena *, const struct expr *,
		    const struct expr *);
struct expr	*expr_unary(struct arena *, enum expr_op, const struct expr *);
struct expr	*expr_binary(struct arena *, enum expr_op, const struct expr *,
		    const struct expr *);
struct expr	*expr_if(struct arena *, const struct expr *cond,
		    const struct expr *yes, const struct expr *no);
/*
 * The expression with each column of its own row replaced by what of gives
 * for it; NULL if of gives NULL or the row is needed otherwise.
 */
const struct expr *expr_bind(struct arena *, const struct expr *,
		    const struct expr *(*of)(void *, const struct expr *),
		    void *);
/* list is a VALUE_LIST of values of one type; an empty one gives FALSE. */
struct expr	*expr_in(struct arena *, const struct expr *,
		    const struct value *list);
struct expr	*expr_in_query(struct arena *, const struct expr *,
		    const struct query *);
struct expr	*expr_exists(struct arena *, const struct query *);

/* A query over a table with room for ncolumns, which the caller fills. */
struct query	*query_new(struct arena *, const char *table, size_t ncolumns);

#endif
