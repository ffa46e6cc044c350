#ifndef FUZZ_REQUEST_TEXT_H
#define FUZZ_REQUEST_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct arena;
struct buf;

#define OF(t, table)	table[pick(t, sizeof table / sizeof *table)]

/* The choices; at its end all are 0, which is the plain one everywhere. */
struct tape {
	struct arena	*a;
	const uint8_t	*p;
	size_t		 n;
	bool		 calm;
	const char	*model;		/* that is asked */
};

/* One of n; seldom is true once in n. */
size_t		 pick(struct tape *, size_t n);
bool		 seldom(struct tape *, size_t n);

/* As Python writes them, or as JSON. */
void		 put_value(struct buf *, struct tape *, bool json, int depth);
void		 put_quoted(struct buf *, struct tape *, bool json,
		    const char *);
void		 put_name(struct buf *, struct tape *, bool json);
void		 put_list(struct buf *, struct tape *, bool json, int depth);
void		 put_domain(struct buf *, struct tape *, bool json);
/* What a model is given and asked by its methods: request_vals.c. */
void		 put_dict(struct buf *, struct tape *, bool json, int depth);
void		 put_vals(struct buf *, struct tape *, bool json);
void		 put_groupby(struct buf *, struct tape *, bool json);
void		 put_columns(struct buf *, struct tape *, bool json);
void		 put_rows(struct buf *, struct tape *, bool json);

/* The value of a parameter, as Python writes it or as JSON. */
void		 put_param(struct buf *, struct tape *, const char *name,
		    bool json);
struct span	 param_text(struct tape *, const char *name);
/* A field and what may be meant for it. */
void		 put_pair_text(struct buf *, struct tape *, const char **name);
/* Changes, takes out and cuts bytes, once in n. */
struct span	 maybe_spoil(struct tape *, struct buf *, size_t n);

#endif
