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
	COL_IDS,		/* EXPR_IDS alone: comes back as a list */
	COL__MAX
};

enum expr_op {
	EXPR_VALUE,		/* value, always bound */
	EXPR_COLUMN,		/* name: of the innermost query's row */
	EXPR_OUTER,		/* name: of the row of the query around, or
				 * of one so many queries further out */
	EXPR_LOOKUP,		/* args[1] over the row of table name whose
				 * id is args[0]; NULL if there is none */
	EXPR_TRUE, EXPR_FALSE,
	EXPR_AND, EXPR_OR, EXPR_NOT,
	EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE,
	EXPR_IS_NULL,
	EXPR_IN,		/* args[0] in value (a list without NULL) */
	EXPR_IN_QUERY,		/* args[0] in the one column of query */
	EXPR_EXISTS,		/* query has a row */
	/*
	 * args[0] is among the rows that query gives, or below (above) them.
	 * Its columns: id, the id of the row that a row hangs on, and, if
	 * there are three, what a row below must meet.  Circles do no harm.
	 */
	EXPR_BELOW, EXPR_ABOVE,
	EXPR_LIKE,	/* args[0] like args[1]; \ escapes, case counts */
	EXPR_ILIKE,		/* the same with both sides folded */
	EXPR_ILIKE_FLAT,	/* the same without accents besides */
	EXPR_TEXT,		/* args[0] as text */
	EXPR_IF,		/* args[1] if args[0] is true, else args[2] */
	EXPR_CONCAT,		/* text of args[0] and args[1], NULL as "" */
	EXPR_COALESCE,		/* args[0], or args[1] where that is NULL */
	EXPR_LOWER, EXPR_UPPER,	/* of a text, all of Unicode */
	EXPR_LENGTH,		/* of a text, in characters */
	/*
	 * Numbers.  The result is of the node's type and scale, exact for
	 * integers and decimals, rounded once, half away from zero; NULL
	 * where an operand is, or the divisor is 0; ERR_VALUE where it does
	 * not fit.  The operands may differ in type and scale.
	 */
	EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV,
	EXPR_NUMBER,		/* args[0] as the node's type and scale */
	/* Dates and times.  name: "day" "week" "month" "quarter" "year". */
	EXPR_DATE_ADD,		/* args[0] plus args[1] (an integer) of name;
				 * beyond a month's end is its last day */
	EXPR_DATE_TRUNC,	/* args[0] back to the start of name, as a
				 * date; args[1], if any: seconds added to a
				 * datetime first */
	EXPR_SELECT,		/* the one cell of query's one row, or NULL */
	EXPR_IDS,		/* the ids that query gives, in its order */
	/* Over the rows of the query (or group) that the node stands in;
	 * args[0] NULL in COUNT: rows.  NULL over nothing, but for COUNT. */
	EXPR_COUNT, EXPR_COUNT_DISTINCT, EXPR_SUM, EXPR_AVG, EXPR_MIN,
	EXPR_MAX, EXPR_BOOL_AND, EXPR_BOOL_OR,
	EXPR__MAX
};

/* One node of a condition or a computed column.  Never changed once made. */
struct expr {
	enum expr_op		  op;
	enum col_type		  type;		/* of the result */
	unsigned int		  scale;	/* COL_DECIMAL */
	unsigned int		  further;	/* OUTER */
	const char		 *name;
	/* LIKE and its kin: the column args[0] has a text index */
	bool			  indexed;
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
	/* one row for each of their values */
	const struct expr	**groups;
	size_t			  ngroups;
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
struct expr	*expr_outer_far(struct arena *, const char *name,
		    enum col_type, unsigned int further);
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
 * A node of any kind with up to two operands; name and query, where it has
 * them, are set by the caller.
 */
struct expr	*expr_node(struct arena *, enum expr_op, enum col_type,
		    unsigned int scale, const struct expr *,
		    const struct expr *);
bool		 expr_is_aggregate(const struct expr *);
/*
 * The expression with each column of its own row replaced by what of gives
 * for it; NULL if of gives NULL or the row is needed otherwise: by a query, or
 * by an aggregate.
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
