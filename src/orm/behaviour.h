#ifndef ORM_BEHAVIOUR_H
#define ORM_BEHAVIOUR_H

#include <stddef.h>

struct method;
struct observer;

/* What models do in C, beyond what every model does: given to the ORM by
 * app, from the tables of models/. */
struct behaviour {
	const struct observer	*observers;
	size_t			 nobservers;
	const struct method	*methods;
	size_t			 nmethods;
};

#endif
