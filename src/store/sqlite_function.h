#ifndef STORE_SQLITE_FUNCTION_H
#define STORE_SQLITE_FUNCTION_H

struct arena;
struct sqlite3;

/*
 * Gives a connection what flavor.c has it call.  scratch is emptied after
 * each call and lives as long as the connection.
 */
void	 sqlite_functions(struct sqlite3 *, struct arena *scratch);

#endif
