/*
 * Bodies through multipart_parse and params_parse; the first line of the
 * input is the content type.  Built alone it makes its own inputs
 * (fuzz_multipart [rounds]); with -DLIBFUZZER -fsanitize=fuzzer clang's
 * library does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "http/request.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_params(const struct params *p, size_t n)
{
	size_t	 all = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct param	*v = &p->v[i];

		all += v->value.n;
		if (!utf8_valid(v->name) || !utf8_valid(v->value) ||
		    v->name.p[v->name.n] != '\0' ||
		    v->value.p[v->value.n] != '\0')
			abort();
	}
	if (all > n)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena	*a = arena_new();
	const char	*text = (const char *)data, *end;
	struct params	 parts = { NULL, 0 }, pairs = { NULL, 0 };
	struct err	 err = { 0 };
	struct span	 body;
	size_t		 line;

	end = n == 0 ? NULL : memchr(text, '\n', n);
	line = end == NULL ? n : (size_t)(end - text);
	/* Exactly as long as it is, so that a step too far shows. */
	body.n = end == NULL ? 0 : n - line - 1;
	body.p = malloc(body.n + 1);
	memcpy((char *)body.p, text + n - body.n, body.n);
	((char *)body.p)[body.n] = '\0';
	if (multipart_parse(a, body, arena_strndup(a, text, line), &parts,
	    &err))
		check_params(&parts, body.n);
	else if (err.code == ERR_OK || err.msg[0] == '\0')
		abort();
	err_clear(&err);
	if (params_parse(a, body, &pairs, &err))
		check_params(&pairs, body.n);
	else if (err.code == ERR_OK)
		abort();
	free((char *)body.p);
	arena_free(a);
	return 0;
}

#ifndef LIBFUZZER
#define TYPE	"multipart/form-data; boundary="

static const char *const	 seeds[] = {
	TYPE "XX\n--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1"
	    "\r\n--XX\r\nContent-Disposition: form-data; filename=x; name=b"
	    "\r\nContent-Type: text/plain\r\n\r\n\r\n--XX--\r\n",
	TYPE "\"-\"\n---\r\nContent-Disposition: form-data; name=\"\\\"\\\\\""
	    "\r\n\r\n--\r\n--\r\n-----",
	"x\na=1&b=%C3%A9&c=+%2&&=&d",
};

/* Makes an input from a seed: bytes changed, taken out and doubled. */
static size_t
mutate(const char *seed, char *out, size_t room)
{
	static const char	 signs[] = "-\r\n\";=\\ X%&+\xff";
	size_t			 n = strlen(seed);

	memcpy(out, seed, n);
	for (int i = rand() % 6; i > 0 && n > 1; i--) {
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
	char	 input[2048];

	srand(1);
	for (int i = 0; i < rounds; i++) {
		size_t	 n = mutate(seeds[i % 3], input, sizeof input);

		LLVMFuzzerTestOneInput((const uint8_t *)input, n);
	}
	printf("1..1\nok 1 - %d bodies\n", rounds);
	return 0;
}
#endif
