/* make_fixture DIR: the fixture's database (fixture.h) in that directory,
 * which is there; prints the API keys of admin and of demo. */

#include <stdio.h>

#include "base/crypto.h"
#include "exchange.h"
#include "fixture.h"

int
main(int argc, char **argv)
{
	struct keys	 keys;

	if (argc != 2) {
		fprintf(stderr, "usage: make_fixture DIR\n");
		return 2;
	}
	crypto_init();
	if (!fixture_make(argv[1], keys.admin, keys.demo))
		return 1;
	printf("%s %s\n", keys.admin, keys.demo);
	return 0;
}
