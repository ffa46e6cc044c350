#ifndef TESTS_UNIT_BASE_CASE_H
#define TESTS_UNIT_BASE_CASE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/value.h"
#include "orm/database.h"
#include "orm/env.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "worker/app.h"

/*
 * A database with the modules base and "shelf" (models of base_case.c), made
 * once a program; each case runs in a write transaction that is rolled back.
 * Users: admin (1), demo (an employee), editor (also of Contact Creation),
 * manager (also of Access Rights).
 */
struct base_case {
	struct app	 app;
	struct err	 err;
	struct env	 env;
	struct arena	*a;		/* of the case */
	char		 dir[64];	/* data, schema */
	char		 data[96];	/* the data directory */
};

int	 base_case_make(void **state);		/* group setup */
int	 base_case_drop(void **state);		/* group teardown */
int	 base_case_open(void **state);		/* setup: as admin */
int	 base_case_close(void **state);

/* Fails the case and says what err says. */
void	 done(struct base_case *, bool ok);
/* Fails the case unless refused for this reason with this text in it. */
void	 refused(struct base_case *, bool ok, enum err_code, const char *text);
/* Rolls back and begins anew, as the same user. */
void	 again(struct base_case *);
void	 as(struct base_case *, const char *login);
/* A Python literal as the context of what follows; NULL: none. */
void	 context(struct base_case *, const char *text);

const struct model	*model(struct base_case *, const char *name);
struct value		 literal(struct base_case *, const char *text);
struct ids		 one(struct base_case *, int64_t id);
/* vals are Python literals. */
bool	 create(struct base_case *, const char *name, const char *vals,
	    int64_t *id);
bool	 change(struct base_case *, const char *name, struct ids,
	    const char *vals);
int64_t	 add(struct base_case *, const char *name, const char *vals);
/* What a read shows of a field. */
struct value	 get(struct base_case *, const char *name, int64_t id,
		    const char *field);
void	 assert_text(struct base_case *, const char *name, int64_t id,
	    const char *field, const char *text);	/* NULL: unset */
bool	 there(struct base_case *, const char *name, int64_t id);
/* Those that a search finds; domain is a literal or NULL. */
bool	 find(struct base_case *, const char *name, const char *domain,
	    const char *order, struct ids *);
/* How many rows of ir.change fit, as the superuser. */
int64_t	 changes(struct base_case *, const char *name, int64_t id,
	    const char *operation);
/* Processor time used so far, in milliseconds. */
int64_t	 spent(void);

#endif
