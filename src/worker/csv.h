#ifndef WORKER_CSV_H
#define WORKER_CSV_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

struct arena;
struct buf;
struct value;
struct value_list;

/*
 * Comma-separated text (RFC 4180) as a list of rows, each a list of texts;
 * all rows as wide as the first.  Empty lines are skipped.  ERR_VALUE with
 * the line.
 */
bool	 csv_parse(struct arena *, struct span, struct value *rows,
	    struct err *) MUST_CHECK;
/* A line of such a text; numbers, truth values and texts. */
void	 csv_write(struct arena *, struct buf *, const struct value_list *row);

#endif
