/* What the files of a module were when it was installed. */

#include <string.h>

#include "base/arena.h"
#include "base/value.h"
#include "orm/env.h"
#include "worker/app.h"
#include "worker/file.h"
#include "worker/loader.h"
#include "worker/loader_private.h"

/* The length keeps files apart that come one after the other. */
static bool
checksum_file(struct env *env, struct digest *d, const char *path)
{
	struct span	 text;

	if (!file_read(env->arena, path, &text, env->err))
		return false;
	digest_add(d, span_of(arena_printf(env->arena, "%zu ", text.n)));
	digest_add(d, text);
	return true;
}

static bool
checksum_iso_codes(struct app *app, struct env *env, struct digest *d)
{
	for (size_t i = 0; loader_iso_parts[i] != NULL; i++)
		if (!checksum_file(env, d, arena_printf(env->arena,
		    "%s/iso_%s.json", app->conf.iso_codes_dir,
		    loader_iso_parts[i])))
			return false;
	return true;
}

static bool
checksum_list(struct app *app, struct env *env, struct digest *d,
    const char *module, const struct value *names, const char *pattern[2])
{
	for (size_t i = 0; i < names->u.list->n; i++) {
		const char	*name = names->u.list->v[i].u.text.p;

		if (!(strcmp(name, "iso-codes") == 0 ?
		    checksum_iso_codes(app, env, d) :
		    checksum_file(env, d, arena_printf(env->arena,
		    "%s/%s/%s%s%s", app->conf.schema_dir, module, pattern[0],
		    name, pattern[1]))))
			return false;
	}
	return true;
}

bool
loader_checksum(struct app *app, struct env *env, const char *module,
    char out[SHA256_HEX])
{
	struct digest	*d = digest_new(env->arena);
	const char	*models[2] = { "models/", ".json" };
	const char	*data[2] = { "", "" };
	struct value	 file;

	if (!loader_describe(app, env, module, &file) ||
	    !checksum_file(env, d, arena_printf(env->arena,
	    "%s/%s/module.json", app->conf.schema_dir, module)) ||
	    !checksum_list(app, env, d, module, value_get(&file, "models"),
	    models) ||
	    !checksum_list(app, env, d, module, value_get(&file, "data"),
	    data))
		return false;
	digest_hex(d, out);
	return true;
}
