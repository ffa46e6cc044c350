#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "http/request.h"

#define Q_MAX	1000

const char *
request_var(const struct request *r, const char *name)
{
	size_t	 n = strlen(name);

	for (const char *const *v = r->vars; *v != NULL; v++)
		if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
			return *v + n + 1;
	return NULL;
}

bool
request_is(const struct request *r, const char *method)
{
	return span_is(r->method, method);
}

/* A header that servers may also hand on empty. */
static const char *
header_var(const struct request *r, const char *name)
{
	const char	*value = request_var(r, name);

	return value == NULL || *value == '\0' ? NULL : value;
}

/* Where the element of a list ends; commas in quotes do not end it. */
static const char *
element_end(const char *p)
{
	bool	 quoted = false;

	for (; *p != '\0' && (quoted || *p != ','); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			p++;
	}
	return p;
}

static struct span
trimmed(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	while (p < end && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return (struct span){ p, (size_t)(end - p) };
}

static bool
token_char(char c)
{
	return c != '\0' && (isalnum((unsigned char)c) ||
	    strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* name=value, and not the end of a base64 text. */
static bool
is_parameter(struct span text)
{
	size_t	 i = 0;

	while (i < text.n && token_char(text.p[i]))
		i++;
	if (i == 0)
		return false;
	while (i < text.n && text.p[i] == ' ')
		i++;
	return i + 1 < text.n && text.p[i] == '=' && text.p[i + 1] != '=';
}

/* Only a credential of parameters has commas, and only between them. */
static bool
is_one_credential(const char *value)
{
	const char	*p = value + strcspn(value, " \t,"), *end;
	bool		 params;

	end = element_end(p);
	params = is_parameter(trimmed(p, end));
	while (*end != '\0') {
		struct span	 text;

		p = end + 1;
		end = element_end(p);
		text = trimmed(p, end);
		if (text.n != 0 && (!params || !is_parameter(text)))
			return false;
	}
	return true;
}

bool
request_authorization(const struct request *r, const char **value,
    struct err *err)
{
	const char	*usual, *other;

	usual = header_var(r, "HTTP_AUTHORIZATION");
	if (usual == NULL)
		usual = header_var(r, "REDIRECT_HTTP_AUTHORIZATION");
	other = header_var(r, "HTTP_X_AUTHORIZATION");
	if (usual != NULL && other != NULL && strcmp(usual, other) != 0)
		return err_set(err, ERR_BAD_REQUEST,
		    "Authorization and X-Authorization differ");
	if (usual == NULL)
		usual = other;
	if (usual != NULL && !is_one_credential(usual))
		return err_set(err, ERR_BAD_REQUEST,
		    "more than one credential in Authorization");
	*value = usual;
	return true;
}

/* 0 to 1 with three digits at most, in thousandths. */
static bool
parse_q(struct span text, int *q)
{
	int	 unit = Q_MAX;

	if (text.n == 0 || text.n > 5 || (text.p[0] != '0' && text.p[0] != '1'))
		return false;
	*q = (text.p[0] - '0') * Q_MAX;
	if (text.n > 1 && text.p[1] != '.')
		return false;
	for (size_t i = 2; i < text.n; i++) {
		if (!isdigit((unsigned char)text.p[i]))
			return false;
		unit /= 10;
		*q += (text.p[i] - '0') * unit;
	}
	return *q <= Q_MAX;
}

/* The q among the parameters of a range; all others are passed over. */
static bool
range_q(struct span params, int *q)
{
	const char	*p = params.p, *end = params.p + params.n;

	*q = Q_MAX;
	while (p < end) {
		const char	*next = memchr(p, ';', (size_t)(end - p));
		struct span	 text;

		next = next == NULL ? end : next;
		text = trimmed(p, next);
		if (text.n >= 2 && tolower((unsigned char)text.p[0]) == 'q' &&
		    text.p[1] == '=')
			return parse_q((struct span){ text.p + 2, text.n - 2 },
			    q);
		p = next + 1;
	}
	return true;
}

/* How exactly a range names the type: 0 not, 1 by *, 2 by type, 3 in full. */
static int
range_match(struct span range, const char *type)
{
	size_t	 major = strcspn(type, "/") + 1;

	if (span_is(range, "*/*"))
		return 1;
	if (range.n == strlen(type) && strncasecmp(range.p, type, range.n) == 0)
		return 3;
	if (range.n == major + 1 && range.p[major] == '*' &&
	    strncasecmp(range.p, type, major) == 0)
		return 2;
	return 0;
}

/* What the header thinks of a type: q, and how exactly it named it. */
static int
accept_q(const char *accept, const char *type, int *exact)
{
	const char	*p = accept, *end, *semi;
	int		 best = 0, q, match;

	*exact = 0;
	for (;; p = end + 1) {
		struct span	 range, params;

		end = element_end(p);
		semi = memchr(p, ';', (size_t)(end - p));
		semi = semi == NULL ? end : semi;
		range = trimmed(p, semi);
		params = trimmed(semi == end ? end : semi + 1, end);
		match = range_match(range, type);
		if (match >= *exact && match != 0 && range_q(params, &q)) {
			best = match > *exact || q > best ? q : best;
			*exact = match;
		}
		if (*end == '\0')
			return best;
	}
}

size_t
http_accept(const char *accept, const char *const *types, size_t n)
{
	size_t	 chosen = 0;
	int	 best = 0, best_exact = 0;

	for (size_t i = 0; accept != NULL && i < n; i++) {
		int	 exact, q = accept_q(accept, types[i], &exact);

		if (q > best || (q == best && q != 0 && exact > best_exact)) {
			chosen = i;
			best = q;
			best_exact = exact;
		}
	}
	return chosen;
}
