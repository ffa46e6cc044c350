#include "models/models.h"

static const struct observer	 observers[] = {
#define MODEL(name, prepare, created, written, unlinking, unlinked)	\
	{ name, prepare, created, written, unlinking, unlinked },
#include "models/models.def"
#undef MODEL
};

static const struct method	 methods[] = {
#define METHOD(model, name, args, flags, access, call)	\
	{ model, name, args, flags, access, call },
#include "models/methods.def"
#undef METHOD
};

const struct behaviour	 models_behaviour = {
	.observers = observers,
	.nobservers = sizeof observers / sizeof observers[0],
	.methods = methods,
	.nmethods = sizeof methods / sizeof methods[0],
};

bool
no_prepare(struct env *env, const struct model *m, const struct ids *ids,
    struct value *vals)
{
	(void)env;
	(void)m;
	(void)ids;
	(void)vals;
	return true;
}

bool
no_created(struct env *env, const struct model *m, int64_t id)
{
	(void)env;
	(void)m;
	(void)id;
	return true;
}

bool
no_written(struct env *env, const struct model *m, const struct ids *ids,
    const struct value *vals)
{
	(void)env;
	(void)m;
	(void)ids;
	(void)vals;
	return true;
}

bool
no_unlinking(struct env *env, const struct model *m, const struct ids *ids)
{
	(void)env;
	(void)m;
	(void)ids;
	return true;
}

bool
no_unlinked(struct env *env, const struct model *m, const struct ids *ids)
{
	(void)env;
	(void)m;
	(void)ids;
	return true;
}
