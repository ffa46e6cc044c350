#ifndef TESTS_STORE_CASE_H
#define TESTS_STORE_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/value.h"
#include "store/query.h"
#include "store/store.h"

/*
 * What each case starts with: a store opened at STORE_URL, or at a file of
 * its own that goes with it, and the usual table of records.
 */
struct fixture {
	struct arena	*a;
	struct store	*st;
	struct err	 err;
	const char	*url;
	const char	*directory;	/* NULL if STORE_URL was given */
	const char	*item;		/* name of the table */
	const char	*group;		/* the table it refers to */
};

int	 fixture_open(void **state);
int	 fixture_close(void **state);

/* Fails the case and says what err says. */
void	 done(struct fixture *, bool ok);
/* Fails the case unless it was refused for this reason; clears err. */
void	 refused(struct fixture *, bool ok, enum err_code);
struct store *another(struct fixture *);

/* A name that no other case or run has used. */
const char	*name_new(struct fixture *, const char *word);

/*
 * item: n integer, txt text, flag boolean, f float, d decimal(2), b bytes,
 * day date, at datetime, parent_id item, group_id group.
 * group: name text, boss_id group.
 */
int64_t	 group_add(struct fixture *, const char *name, int64_t boss);
int64_t	 item_add(struct fixture *, const char *txt, struct value n);
int64_t	 item_set(struct fixture *, int64_t id, const char *column,
	    struct value);

/* Nodes, short. */
const struct expr	*c_int(struct fixture *, const char *name);
const struct expr	*c_id(struct fixture *, const char *name);
const struct expr	*c_text(struct fixture *, const char *name);
const struct expr	*v_int(struct fixture *, int64_t);
const struct expr	*v_text(struct fixture *, const char *);
const struct expr	*two(struct fixture *, enum expr_op,
			    const struct expr *, const struct expr *);
const struct expr	*by_id(struct fixture *, int64_t id);

const struct expr	*node(struct fixture *, enum expr_op, enum col_type,
			    const struct expr *, const struct expr *);
const struct expr	*decimal(struct fixture *, enum expr_op,
			    unsigned int scale, const struct expr *,
			    const struct expr *);
struct expr		*period(struct fixture *, enum expr_op,
			    enum col_type, const char *name,
			    const struct expr *, const struct expr *);

/* The expression's value in the only item. */
struct value	 value_of(struct fixture *, const struct expr *);
void		 is_null(struct fixture *, const struct expr *);

/* SELECT column FROM item WHERE where ORDER BY order (or id). */
struct rows	 find(struct fixture *, const struct expr *column,
		    const struct expr *where, const struct order *);
int64_t		 count(struct fixture *, const char *table,
		    const struct expr *where);
/* The txt of those found by id, as one text: "a,b". */
const char	*texts(struct fixture *, const struct expr *where);
const char	*joined(struct fixture *, const struct rows *);
struct value	 item_get(struct fixture *, int64_t id, const char *column,
		    enum col_type, unsigned int scale);

#endif
