#ifndef WORKER_CSV_H
#define WORKER_CSV_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

struct arena;
struct value;

/*
 * Comma-separated text (RFC 4180) as a list of rows, each a list of texts;
 * all rows as wide as the first.  Empty lines are skipped.  ERR_VALUE with
 * the line.
 */
bool	 csv_parse(struct arena *, struct span, struct value *rows,
	    struct err *) MUST_CHECK;

#endif
