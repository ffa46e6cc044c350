#ifndef MODELS_MODELS_H
#define MODELS_MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "orm/behaviour.h"
#include "orm/method.h"
#include "orm/observer.h"

/* The rows of models.def and methods.def. */
extern const struct behaviour	 models_behaviour;

typedef bool observer_prepare(struct env *, const struct model *,
	    const struct ids *, struct value *);
typedef bool observer_created(struct env *, const struct model *, int64_t);
typedef bool observer_written(struct env *, const struct model *,
	    const struct ids *, const struct value *);
typedef bool observer_unlinking(struct env *, const struct model *,
	    const struct ids *);
typedef bool observer_unlinked(struct env *, const struct model *,
	    const struct ids *);

#define MODEL(name, prepare, created, written, unlinking, unlinked)	\
	observer_prepare	prepare;				\
	observer_created	created;				\
	observer_written	written;				\
	observer_unlinking	unlinking;				\
	observer_unlinked	unlinked;
#include "models/models.def"
#undef MODEL

#define METHOD(model, name, args, flags, access, call)	method_call call;
#include "models/methods.def"
#undef METHOD

/* ERR_VALIDATION unless the state that is given, if any, is manual. */
bool	 ir_model_state(struct env *, const char *model,
	    const struct value *vals);

#endif
