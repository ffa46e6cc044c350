/*
 * Targets and mounts through request_parse: the lines of the input are
 * REQUEST_URI, PATH_INFO, SCRIPT_NAME, Authorization and Accept.
 * Built alone it makes its own inputs (fuzz_path [rounds]); with
 * -DLIBFUZZER -fsanitize=fuzzer clang's library does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/utf8.h"
#include "http/request.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz_path: %s\n", what);
	abort();
}

static void
check_request(const struct request *r)
{
	check(r->target.n >= r->path.n, "the path is not of the target");
	check(r->path.n == 0 || (r->path.p >= r->target.p &&
	    r->path.p + r->path.n <= r->target.p + r->target.n),
	    "the path is outside the target");
	check(r->path.n == 0 || r->path.p[0] == '/', "the path has no slash");
	for (size_t i = 0; i < r->nsegments; i++) {
		struct span	 s = r->segments[i];

		check(s.n != 0 && utf8_valid(s), "a segment is no text");
		check(!span_is(s, ".") && !span_is(s, ".."), "a segment climbs");
		check(s.p[s.n] == '\0', "a segment does not end");
	}
	for (size_t i = 0; i < r->query.n; i++)
		check(utf8_valid(r->query.v[i].name) &&
		    utf8_valid(r->query.v[i].value), "a parameter is no text");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const	 names[] = {
		"REQUEST_URI=", "PATH_INFO=", "SCRIPT_NAME=",
		"HTTP_AUTHORIZATION=", "HTTP_ACCEPT=",
	};
	static const struct http_limits	 limits = { 1000, 1000 };
	static const char *const	 types[] = { "a/b", "c/d" };
	struct arena			*a = arena_new();
	const char			*vars[8] = { "REQUEST_METHOD=GET" };
	char				*text, *rest;
	struct request			 r = { 0 };
	struct err			 err = { 0 };
	const char			*value;

	rest = text = arena_strndup(a, (const char *)data, n);
	for (size_t i = 0; i < 5 && rest != NULL; i++)
		vars[i + 1] = arena_printf(a, "%s%s", names[i],
		    strsep(&rest, "\n"));
	if (request_parse(&r, a, vars, n % 3 == 0 ? "/api" : NULL, &limits,
	    &err))
		check_request(&r);
	else
		check(err.code != ERR_OK && err.msg[0] != '\0', "no error");
	check(r.id[0] != '\0', "no id");
	err_clear(&err);
	check(request_authorization(&r, &value, &err) == (err.code == ERR_OK),
	    "authorization and error differ");
	check(http_accept(request_var(&r, "HTTP_ACCEPT"), types, 2) < 2,
	    "accepted what is not offered");
	arena_free(a);
	return 0;
}

#ifndef LIBFUZZER
static const char *const	 seeds[] = {
	"/restapi/1.0/object/res.partner?fields=['name']&limit=2",
	"http://host:80/api//a%20b/%2e%2E/c#x\n/a b/c\n/api",
	"/api/restapi/1.0/\n/restapi/1.0/\n/api/x.fcgi\nOAuth a=\"b\", c=\"d\"",
	"/%C3%A9%FF/%00\n\n/\nBearer a, Bearer b\na/b;q=0.5, c/*;q=1,*/*;q=0",
	"/a/b/c\n/b/c\n/a\nBasic YTpi\n*/*",
};

/* Makes an input from a seed: bytes changed, taken out and doubled. */
static size_t
mutate(const char *seed, char *out, size_t room)
{
	static const char	 signs[] = "/%?#&=.+\n\"\\,; 2eEfF0\xff\xc3\xa9";
	size_t			 n = strlen(seed);

	memcpy(out, seed, n);
	for (int i = rand() % 8; i > 0 && n > 1; i--) {
		size_t	 at = (size_t)rand() % n;

		if (rand() % 2 == 0)
			out[at] = signs[(size_t)rand() % (sizeof signs - 1)];
		else if (rand() % 2 == 0)
			memmove(out + at, out + at + 1, --n - at);
		else if (2 * n - at < room) {
			memmove(out + n, out + at, n - at);
			n += n - at;
		}
	}
	return n;
}

int
main(int argc, char *argv[])
{
	int	 rounds = argc > 1 ? atoi(argv[1]) : 20000;
	char	 input[1024];

	crypto_init();
	srand(1);
	for (int i = 0; i < rounds; i++) {
		const char	*seed = seeds[i % 5];
		size_t		 n = mutate(seed, input, sizeof input);

		LLVMFuzzerTestOneInput((const uint8_t *)input, n);
	}
	printf("1..1\nok 1 - %d paths\n", rounds);
	return 0;
}
#endif
