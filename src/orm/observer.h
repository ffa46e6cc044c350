#ifndef ORM_OBSERVER_H
#define ORM_OBSERVER_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct ids;
struct model;
struct value;

/*
 * A model's behaviour in C: a row of models.def, given to the ORM by app.
 * Members may be NULL.  Each returns false with env->err set to refuse.
 * prepare may replace values before they are converted (ids NULL: create);
 * vals is what the caller gave.  unlinking is asked before anything is gone,
 * unlinked told when all is.
 */
struct observer {
	const char	*model;
	bool	(*prepare)(struct env *, const struct model *,
		    const struct ids *, struct value *vals);
	bool	(*created)(struct env *, const struct model *, int64_t id);
	bool	(*written)(struct env *, const struct model *,
		    const struct ids *, const struct value *vals);
	bool	(*unlinking)(struct env *, const struct model *,
		    const struct ids *);
	bool	(*unlinked)(struct env *, const struct model *,
		    const struct ids *);
};

#endif
