#include "base/span.h"

#include <string.h>

struct span
span_of(const char *s)
{
	if (s == NULL)
		return (struct span){ "", 0 };
	return (struct span){ s, strlen(s) };
}

bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
span_is(struct span a, const char *s)
{
	return span_equal(a, span_of(s));
}

bool
span_starts(struct span a, const char *s)
{
	size_t	 n = strlen(s);

	return a.n >= n && memcmp(a.p, s, n) == 0;
}

struct span
span_trim(struct span s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.p[0]) != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && strchr(" \t\r\n", s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}
