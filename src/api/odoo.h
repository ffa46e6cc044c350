#ifndef API_ODOO_H
#define API_ODOO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"
#include "orm/model.h"

struct call;
struct domain;
struct method;

/*
 * What a request of the Odoo API brings besides its path (spec 2.1): query,
 * form, and the keys of a body, which beat them.  A text is a Python
 * literal, else JSON, else just text.
 */
struct odoo_args {
	struct call	*c;
	struct value	 body;		/* NULL: none, or a form */
};

bool	 odoo_args(struct call *, struct odoo_args *);

/*
 * One parameter each.  None, False and "" count as not given.  Of the wrong
 * kind: ERR_VALUE.
 */
bool	 odoo_arg_names(const struct odoo_args *, const char *name,
	    struct names *);			/* none: n is 0 */
bool	 odoo_arg_number(const struct odoo_args *, const char *name,
	    int64_t *);				/* none: 0 */
bool	 odoo_arg_flag(const struct odoo_args *, const char *name,
	    bool *);				/* none: as it was */
bool	 odoo_arg_text(const struct odoo_args *, const char *name,
	    const char **);			/* none: NULL */
bool	 odoo_arg_domain(const struct odoo_args *,
	    const struct domain **);		/* none: NULL */
bool	 odoo_arg_ids(const struct odoo_args *, struct ids *, bool *given);
/* Into the call's env. */
bool	 odoo_arg_context(const struct odoo_args *);
bool	 odoo_context(struct call *, const struct value *);
/*
 * The values of a create or write, by the places of spec 2.1.  If they are
 * the whole body, it holds no other parameter and is used up.
 */
bool	 odoo_arg_vals(struct odoo_args *, struct value *, bool *given);
/* As it came, or as what the text spells; false if there is none. */
bool	 odoo_arg_raw(const struct odoo_args *, const char *name,
	    struct value *);
void	 odoo_arg_spelled(const struct odoo_args *, struct value *);
/* Whether query or form have it. */
bool	 odoo_arg_given(const struct odoo_args *, const char *name);

/* The model in the path; ERR_USER if there is none of that name. */
bool	 odoo_model(struct call *, const struct model **);
/* The model, and the parameters. */
bool	 odoo_ask(struct call *, const struct model **, struct odoo_args *);
/* The method that the path names; NULL if there is none. */
const struct method	*odoo_called(const struct call *);
/* The path's id; 0, which no record has, if it is beyond 64 bit. */
int64_t	 odoo_id(const struct call *);
/* C1: the key of the answer. */
const char	*odoo_key(const struct call *, const struct model *);
/* ERR_NOT_FOUND. */
bool	 odoo_absent(struct call *);
/* Answers with records; fields NULL: all.  An absent one is ERR_NOT_FOUND. */
bool	 odoo_put_one(struct call *, const struct model *, int64_t id,
	    const struct names *fields);
bool	 odoo_put_set(struct call *, const struct model *, const struct ids *,
	    const struct names *fields);
/* Answers with what ids, domain, order, offset, limit, count ask for. */
bool	 odoo_find(struct call *, const struct model *,
	    const struct odoo_args *);

/* The handlers: odoo.c, odoo_object.c (reading), odoo_write.c,
 * odoo_method.c. */
bool	 odoo_version(struct call *);
bool	 odoo_read(struct call *);
bool	 odoo_list(struct call *);
bool	 odoo_search(struct call *);
bool	 odoo_search_count(struct call *);
bool	 odoo_fields_get(struct call *);
bool	 odoo_check_access_rights(struct call *);
bool	 odoo_create(struct call *);
bool	 odoo_write(struct call *);
bool	 odoo_write_set(struct call *);
bool	 odoo_unlink(struct call *);
bool	 odoo_unlink_set(struct call *);
bool	 odoo_method(struct call *);
/* explain=access */
bool	 odoo_explain(struct call *, bool *answered);
bool	 odoo_method_writes(const struct call *, const char *const *vars);

#endif
