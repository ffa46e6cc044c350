#include <stdint.h>

#include "base/arena.h"
#include "ser/parse.h"
#include "check_value.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena	*a = arena_new();
	struct span	 text = { (const char *)data, size };
	struct err	 err = { .code = ERR_OK };
	struct value	 v;
	size_t		 nodes = 0;

	if (parse_xml(a, text, &parse_limits_default, &v, &err))
		check_value(&v, 0, &nodes);
	else if (err.code != ERR_BAD_REQUEST || err.msg[0] == '\0')
		abort();
	arena_free(a);
	return 0;
}
