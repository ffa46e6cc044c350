#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct map;

/*
 * The configuration: defaults, then the file, then CARDFILE_KEY in the
 * environment.  One row of conf.def each.  Lives in the arena it was read in.
 */
struct conf {
#define CONF_TEXT(key, dflt, help)		const char *key;
#define CONF_FLAG(key, dflt, help)		bool key;
#define CONF_SIZE(key, dflt, min, max, help)	int64_t key;
#define CONF_WORD(key, dflt, words, help)	const char *key;
#include "base/conf.def"
#undef CONF_TEXT
#undef CONF_FLAG
#undef CONF_SIZE
#undef CONF_WORD
	struct map	*hosts;		/* [hosts] host = database */
	const char	*file;		/* where it was read, or NULL */
};

/*
 * Reads file, or if NULL $CARDFILE_CONF, or else the installed default path
 * (which may be missing; a file that was named may not).  An unknown key or
 * a bad value is ERR_VALUE with file and line, or the variable's name.
 */
bool	 conf_load(struct arena *, const char *file, const char *fallback,
	    struct conf *, struct err *) MUST_CHECK;
/* Sizes may be written 16M, 64K, 1G. */

#endif
