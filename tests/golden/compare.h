#ifndef GOLDEN_COMPARE_H
#define GOLDEN_COMPARE_H

#include <stdbool.h>

struct answer;
struct arena;

/*
 * Whether the answer is as a case wants it: status line, headers that must
 * be there ("!Name" must not), an empty line, the body.  A body is equal but
 * for the blanks that its lines begin with and for line breaks; {*} in it
 * stands for any text.  Less is asked for by
 *
 * Compare: manual	the body is the manual's text, a Python literal;
 *			"..." stands for more members; keys in any order
 * Shape: KEY ...	there: of these keys the type counts alone, of * all
 * Order: free		there: of lists of numbers the order does not count
 * Compare: parts	each line is somewhere in the body
 *
 * why says what is wrong.
 */
bool	 compare(struct arena *, const char *expected, const struct answer *,
	    const char **why);

#endif
