#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "store/query.h"
#include "store/store.h"

struct arena;
struct buf;

/*
 * All that differs in the text of two engines.  In a pattern "<" and ">"
 * stand for the operands (0 for one that is missing), "[" and "]" for their
 * scales, "^" for the scale of the result (-1: a float), "@" for the name.
 */
struct sql_flavor {
	char		 placeholder;		/* '?' or '$' before a number */
	const char	*types[COL__MAX];	/* as declared */
	const char	*texts[COL__MAX];	/* patterns; NULL: is text */
	const char	*id_type;
	const char	*calls[EXPR__MAX];	/* patterns */
	const char	*float_sum, *float_avg;	/* patterns */
	const char	*datetime_add, *datetime_trunc;	/* patterns */
	const char	*in_list;	/* pattern: ">" is a JSON array */
	const char	*ids, *ids_end;	/* around a query of the column id */
	const char	*limit_all;
	const char	*table_tail, *link_tail;
	const char	*columns;		/* name and type, of table 1 */
	const char	*generation, *generation_set;
	const char	*indexes_of;	/* names, of table 1 and column 2 */
	/* Statements, up to NULL: "<" is the table, ">" its column, "@" the
	 * name of the index. */
	const char	*const *text_make, *const *text_drop;
	const char	*all_columns;		/* table and column */
	const char	*all_indexes;		/* as store_facts gives them */
	const char	*text_indexes;		/* names of all */
	const char	*const *text_check;	/* as check, of the index "@" */
	/* Pattern: "<" is an id, "@" the index, ">" trigrams in quotes, all
	 * of which a row must have. */
	const char	*text_search;
	/* Pattern: the number of rows that it finds, "<" at most. */
	const char	*text_count;
	const char	*check;	/* a row of text for each fault */
};

/* What a column of the answer is to be read as. */
struct sql_column {
	enum col_type	 type;
	unsigned int	 scale;
};

struct sql_join;

#define SEARCH_TERMS	8	/* of a question that are looked at */
#define SEARCH_MANY	10000	/* rows for which an index is no help */

/*
 * One statement: text, bound values, columns awaited.  A store has one and
 * fills it again and again; the arrays live in the store's arena.
 */
struct sql {
	const struct sql_flavor	*flavor;
	struct arena		*arena;
	struct arena		*scratch;	/* emptied by sql_start */
	struct buf		*text;
	struct value		*args;
	size_t			 nargs;
	size_t			 args_cap;
	struct sql_column	*columns;
	size_t			 ncolumns;
	size_t			 columns_cap;
	struct sql_join		*joins;
	size_t			 njoins;
	size_t			 joins_cap;
	unsigned int		 aliases;
	unsigned int		 depth;
	/* patterns not to be looked for in an index */
	const struct expr	**frequent;
	size_t			 nfrequent;
	bool			 filter;	/* false and NULL are the same
						 * to what is being written */
	size_t			 expected;	/* rows, at a guess */
	bool			 once;		/* not to be kept prepared */
	bool			 indexes;	/* texts must be in theirs */
	struct err		*err;
	bool			 failed;	/* err says why */
};

/* The row that names belong to while an expression is written. */
struct sql_scope {
	unsigned int		 alias;
	unsigned int		 base;		/* the query's own alias */
	bool			 joins;		/* false: lookups by subquery */
	const char		*table;
	const struct sql_scope	*outer;
};

/* What a statement did besides giving rows. */
struct sql_effect {
	int64_t	 id;		/* of the row inserted */
	int64_t	 changed;	/* rows */
};

/* A row of drivers.def.  After false from exec the store asks only rollback. */
struct store_driver {
	const char			*scheme;
	const struct sql_flavor		*flavor;
	bool	(*open)(const char *dsn, const struct store_options *,
		    void **conn, struct err *);
	void	(*close)(void *conn);
	bool	(*begin)(void *conn, enum txn, struct err *);
	bool	(*commit)(void *conn, struct err *);
	void	(*rollback)(void *conn);
	void	(*budget)(void *conn, int64_t ms);
	/* arena and rows are NULL where no rows are awaited */
	bool	(*exec)(void *conn, const struct sql *, struct arena *,
		    struct rows *, struct sql_effect *, struct err *);
	bool	(*maintain)(void *conn, struct err *);
	bool	(*backup)(void *conn, const char *path, struct err *);
};

#define DRIVER(name)	extern const struct store_driver driver_##name;
#include "store/drivers.def"
#undef DRIVER

extern const struct sql_flavor	 flavor_sqlite;

/* sql.c: a statement from a tree; false: refused before it was asked. */
void	 sql_init(struct sql *, const struct sql_flavor *, struct arena *);
void	 sql_free(struct sql *);
void	 sql_start(struct sql *, struct err *);
bool	 sql_select(struct sql *, const struct query *);
bool	 sql_insert(struct sql *, const char *table, const struct assign *,
	    size_t n);
bool	 sql_insert_from(struct sql *, const char *table, const struct assign *,
	    const struct query *);
bool	 sql_update(struct sql *, const char *table, const struct expr *where,
	    const struct assign *, size_t n);
bool	 sql_delete(struct sql *, const char *table, const struct expr *where);

/* The words of a statement, for all that write one. */
void	 sql_name(struct sql *, const char *name);	/* quoted, checked */
void	 sql_word(struct sql *, const char *name);	/* checked */
void	 sql_bind(struct sql *, struct value);		/* placeholder, value */
void	 sql_await(struct sql *, enum col_type, unsigned int scale);
bool	 sql_fail(struct sql *, enum err_code, const char *what);
void	 sql_query(struct sql *, const struct sql_scope *outer,
	    const struct query *);
/* With the first column called so. */
void	 sql_query_as(struct sql *, const struct sql_scope *outer,
	    const struct query *, const char *name);

/* sql_join.c: one join for each row looked up. */
void	 sql_collect(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_joins(struct sql *, const struct sql_scope *);
void	 sql_lookup(struct sql *, const struct sql_scope *,
	    const struct expr *);
unsigned int sql_alias_new(struct sql *);
void	 sql_alias(struct sql *, unsigned int alias);	/* t0 */
void	 sql_qualified(struct sql *, unsigned int alias, const char *name);

bool	 sql_same(const struct expr *, const struct expr *);

/* What a construct holds of the parser's stack while its inside is read. */
enum sql_depth {
	DEPTH_FIRST = 1,	/* "(" */
	DEPTH_LATER = 3,	/* "(a AND" */
	DEPTH_CALL = 3,		/* "f(" */
	DEPTH_CASE = 5,		/* "CASE WHEN a THEN", "f(a," */
	DEPTH_QUERY = 6,	/* "(SELECT columns FROM table WHERE" */
	DEPTH_GROUP = 3,	/* after that: "GROUP BY" */
	DEPTH_ORDER = 5,	/* after that: "ORDER BY" */
};

/* sql_expr.c */
void	 sql_expr(struct sql *, const struct sql_scope *, const struct expr *);
/* One inside another; refused if it is too deep. */
void	 sql_inner(struct sql *, const struct sql_scope *,
	    const struct expr *, enum sql_depth);
/* Its first column is called name, if that is not NULL. */
void	 sql_nested(struct sql *, const struct sql_scope *outer,
	    const struct query *, const char *name, enum sql_depth);

/* sql_tree.c */
void	 sql_tree(struct sql *, const struct sql_scope *,
	    const struct expr *);

/* sql_call.c: what the flavor has a pattern for. */
void	 sql_pattern(struct sql *, const struct sql_scope *,
	    const char *pattern, const struct expr *);
/* Names alone: the operands are columns that belong to no row. */
void	 sql_names(struct sql *, const char *pattern, const struct expr *);
void	 sql_call(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_text(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_concat(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_like(struct sql *, const struct sql_scope *,
	    const struct expr *);
/* sql_search.c: what finds the rows in a text index, or false. */
bool	 sql_search(struct sql *, const struct sql_scope *,
	    const struct expr *);
/* The nth pattern that the rows of where depend on, or NULL. */
const struct expr *sql_search_term(const struct expr *where, size_t n);
/* Asks how many rows the index finds; false if it cannot be used. */
bool	 sql_search_count(struct sql *, const char *table,
	    const struct expr *term);
void	 sql_period(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_aggregate(struct sql *, const struct sql_scope *,
	    const struct expr *);
void	 sql_ids(struct sql *, const struct sql_scope *,
	    const struct expr *);

/* store.c: the arena must outlive the statement. */
void	*store_conn(struct store *);
struct sql *store_sql(struct store *, struct err *);
bool	 store_exec(struct store *, struct arena *, struct rows *,
	    struct sql_effect *, struct err *) MUST_CHECK;
/* A statement of its own kind: not kept. */
bool	 store_change_exec(struct store *, struct sql *, struct err *)
	    MUST_CHECK;
/* Name and type of each; no rows: there is no such table. */
bool	 store_columns(struct store *, const char *table, struct arena *,
	    struct rows *, struct err *) MUST_CHECK;
/* True inside a write transaction that has not failed. */
bool	 store_writable(struct store *, struct err *) MUST_CHECK;

/* index.c: readable as far as it goes; a hash keeps it apart from others. */
const char *index_name(struct arena *, const char *table,
	    const struct index_def *);
bool	 index_make(struct store *, const char *table,
	    const struct index_def *, struct err *) MUST_CHECK;
/* Adds a row of text for each text index that is not as it should be. */
bool	 index_check(struct store *, struct arena *, struct rows *,
	    struct err *) MUST_CHECK;
/* All that the column is in. */
bool	 index_drop_of(struct store *, const char *table, const char *column,
	    struct arena *, struct err *) MUST_CHECK;

#endif
