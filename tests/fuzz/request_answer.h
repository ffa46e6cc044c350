#ifndef FUZZ_REQUEST_ANSWER_H
#define FUZZ_REQUEST_ANSWER_H

#include <stdbool.h>

#include "base/span.h"

struct arena;

/* What the server did with a case. */
struct answer {
	int		 status;
	const char	*head;
	struct span	 body;
	bool		 is_xml, changed;
	double		 seconds;
};

bool		 holds(struct span, const char *word);
/* What is wrong with an answer in itself, or NULL. */
const char	*answer_fault(const struct answer *, struct arena *);

#endif
