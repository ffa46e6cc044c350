#ifndef TESTS_UNIT_ORM_CASE_H
#define TESTS_UNIT_ORM_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/err.h"
#include "base/value.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/model.h"
#include "store/query.h"
#include "store/store.h"

/* Three models made by hand, in a database of their own, inside a write. */
struct orm_case {
	struct arena		*a;
	struct err		 err;
	struct conf		 conf;
	struct env		 env;
	char			*directory;
	struct model		 country, tag, partner;
	const struct model	*models[3];
};

int	 orm_case_open(void **state);
int	 orm_case_close(void **state);
/* After a field's formula was changed. */
void	 case_link(struct orm_case *);

/* Fails the case and says what err says. */
void	 done(struct orm_case *, bool ok);
/* Fails the case unless refused for this reason with this text in it. */
void	 refused(struct orm_case *, bool ok, enum err_code, const char *text);

/* A Python literal. */
struct value	 literal(struct orm_case *, const char *text);
/* A row of these values (a dictionary), converted, not recomputed. */
int64_t	 add(struct orm_case *, const struct model *, const char *vals);
void	 link_tag(struct orm_case *, int64_t partner, int64_t tag);
void	 set(struct orm_case *, const struct model *, int64_t id,
	    const char *vals);
/* The expression over the row with this id. */
struct value	 look(struct orm_case *, const struct model *, int64_t id,
		    const struct expr *);
struct value	 get(struct orm_case *, const struct model *, int64_t id,
		    const char *field);
/* The ids of those that the domain finds, as "1,2". */
const char	*found(struct orm_case *, const struct model *,
		    const char *domain);
const char	*sorted(struct orm_case *, const struct model *,
		    const char *order);

#endif
