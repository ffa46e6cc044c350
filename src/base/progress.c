#include "base/progress.h"

#include <stddef.h>

void
progress_start(struct progress *p, const char *what, int64_t total)
{
	if (p == NULL)
		return;
	p->what = what;
	p->done = 0;
	p->total = total;
	p->told = 0;
	p->tell(p);
}

void
progress_add(struct progress *p, int64_t done)
{
	if (p == NULL)
		return;
	p->done += done;
	p->tell(p);
}
