#ifndef ORM_ACCESS_H
#define ORM_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

struct env;
struct field;
struct model;
struct names;

enum access {
	ACCESS_READ, ACCESS_WRITE, ACCESS_CREATE, ACCESS_UNLINK, ACCESS__MAX
};

/* A row of ir.model.access. */
struct access_row {
	int64_t	 group;			/* 0: everybody */
	bool	 allow[ACCESS__MAX];
};

/*
 * The field of that name, as far as the user is concerned: NULL too if it is
 * kept from him (secret, or for groups that he is not in).  The superuser
 * sees all but what is secret.  Whoever takes a name from outside asks here.
 */
const struct field	*access_field(struct env *, const struct model *,
			    struct span);
bool			 access_sees(struct env *, const struct field *);

/* Whether the user is in the group that has the external id; nobody is in
 * one that is not there.  False is a failure to find out. */
bool			 access_in_group(struct env *, const char *xmlid,
			    bool *in);

/* "read", "write", "create", "unlink"; ACCESS__MAX for another word. */
enum access	 access_named(const char *);
const char	*access_name(enum access);
/* ERR_VALUE for another word. */
bool		 access_parse(struct env *, const char *, enum access *);
/* False, ERR_ACCESS, if the user may not; the superuser may all. */
bool		 access_check(struct env *, const struct model *, enum access);
/* Whether he may do all that is named; raise: false, ERR_ACCESS, if not. */
bool		 access_check_all(struct env *, const struct model *,
		    const struct names *, bool raise, bool *all);
/* The same as an answer, but for locked models; false is a failure to find
 * out. */
bool		 access_allowed(struct env *, const struct model *, enum access,
		    bool *allowed);

#endif
