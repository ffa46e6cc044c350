#ifndef TESTS_UNIT_MATRIX_CASE_H
#define TESTS_UNIT_MATRIX_CASE_H

#include "base_case.h"

#include "orm/access.h"

#define MATRIX_ITEMS	4

/* Whom a rule or a line is for.  INSIDE: Contact Creation, OTHER: Settings. */
enum matrix_who { ALL, INSIDE, EMPLOYEE, OTHER };

/* What a rule asks of an item. */
enum matrix_test { X, Y, MINE, NOTHING, NEVER };

#define R	(1u << ACCESS_READ)
#define W	(1u << ACCESS_WRITE)
#define C	(1u << ACCESS_CREATE)
#define U	(1u << ACCESS_UNLINK)

/* The operations that a line of ir.model.access allows. */
struct matrix_line {
	unsigned int	 operations;
	enum matrix_who	 who;
};

struct matrix_rule {
	enum matrix_who	 who;
	enum matrix_test test;
	unsigned int	 operations;	/* 0: no more rules */
};

struct matrix_user {
	const char	*login;
	bool		 super, inside;
};

/* An item as far as rules look at it. */
struct matrix_item {
	int64_t		 id;
	bool		 x, y, mine;
};

/*
 * Items of m.item: number i has x where i is odd and y where i is 2 or 3.
 * All lie in the first box, have the one tag, and note i points to item i.
 * All models but m.item are open to everybody.
 */
struct matrix {
	struct base_case		*c;
	const struct matrix_line	*line;
	const struct matrix_rule	*rules;
	const struct matrix_user	*user;
	struct matrix_item		 items[MATRIX_ITEMS];
	int64_t				 notes[MATRIX_ITEMS];
	int64_t				 box, empty, tag;
};

/* Adds the module "matrix" to the program's database. */
int	 matrix_make(void **state);
/* Line and rules are committed, the records not. */
void	 matrix_open(struct matrix *);
/* What follows is asked by the user. */
void	 matrix_as(struct matrix *, const struct matrix_user *);

#endif
