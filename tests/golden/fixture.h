#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>

#include "auth/token.h"

#define FIXTURE_DATABASE	"manual"
#define FIXTURE_ADMIN_PASSWORD	"admin of the manual"
#define FIXTURE_DEMO_PASSWORD	"demo of the manual"

/*
 * Makes the database of tests/data/manual in dir (which is there, and best
 * empty), with an API key for admin and one for demo.  Needs TOP_SRCDIR, or
 * to run in the source tree.  What went wrong goes to standard error.
 */
bool	 fixture_make(const char *dir, char key[TOKEN_SIZE],
	    char demo_key[TOKEN_SIZE]);
/* Removes dir and the files in it; its databases are closed. */
void	 fixture_drop(const char *dir);

#endif
