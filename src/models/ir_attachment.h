#ifndef MODELS_IR_ATTACHMENT_H
#define MODELS_IR_ATTACHMENT_H

#include "base/span.h"

/* What contents are, by how they begin, else by the end of their name. */
const char	*attachment_mimetype(struct span contents, struct span name);

#endif
