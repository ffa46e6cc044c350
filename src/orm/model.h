#ifndef ORM_MODEL_H
#define ORM_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/value.h"

struct access_row;
struct domain;
struct env;
struct expr;
struct field_type;
struct formula;
struct formula_place;
struct map;
struct observer;
struct query;
struct rule;

struct ids {
	int64_t	*v;
	size_t	 n;
};

struct names {
	const char	**v;
	size_t		  n;
};

enum ondelete { ONDELETE_SET_NULL, ONDELETE_RESTRICT, ONDELETE_CASCADE };

/* A field of a model.  Belongs to the registry's generation. */
struct field {
	const char			*name;
	struct span			 key;		/* the name again */
	const char			*string;	/* label */
	const char			*help;		/* or NULL */
	const struct field_type		*type;
	const struct model		*model;
	/* NULL: none in the table */
	const char			*column;
	/* model name, or NULL */
	const char			*relation;
	const struct model		*target;	/* the same, linked */
	/* one2many: name of the target's many2one */
	const char			*relation_field;
	const struct field		*inverse;	/* the same, linked */
	/* many2many: table, its column for our records, for the target's */
	const char			*link, *link_own, *link_other;
	const struct field		*mirror; /* its other end, or NULL */
	/* a relation's domain: a list, or NULL */
	struct value			 domain;
	const struct formula		*compute;	/* or NULL */
	const char			*related;	/* path; or NULL */
	struct value			 dflt;		/* NULL: none */
	const struct formula		*dflt_compute;	/* beats dflt */
	const char			*currency_field;	/* or NULL */
	/* external ids with commas between, or NULL; the same resolved */
	const char			*groups;
	const struct ids		*group_ids;	/* NULL: everybody */
	/* list of [key, label] */
	struct value			 selection;
	enum ondelete			 ondelete;
	int				 size;		/* of char; 0: any */
	int				 precision;	/* digits in all */
	/* after the point; -1: double */
	int				 scale;
	bool				 required;
	bool				 readonly;
	/* id, log fields: not written */
	bool				 automatic;
	/* not there for anybody */
	bool				 secret;
	bool				 copy;
	bool				 translate;
	bool				 index;
	bool				 text_index;	/* answers ilike */
	bool				 manual;	/* made at run time */
	int64_t				 id;	/* in ir.model.fields */
};

/* A model.  Belongs to the registry's generation. */
struct model {
	const char		*name;		/* "res.partner" */
	const char		*description;	/* "Partner" */
	const char		*table;		/* "res_partner" */
	const char		*order;		/* default order, as text */
	const char		*api_name;
	const struct field	*rec_name;	/* or NULL */
	const struct field	*active;	/* or NULL */
	const struct field	*display;	/* display_name */
	const struct field	*parent;	/* of the hierarchy, or NULL */
	/* child_of goes on below archived records; so does a search for just
	 * the children of some, for the second (semantics 1.10) */
	bool			 parent_store, parent_archived;
	/* list of the fields that name_search looks at; or NULL */
	struct value		 name_search;
	/* in the order they are shown */
	struct field		*fields;
	size_t			 nfields;
	struct map		*by_name;	/* name -> struct field */
	const struct access_row	*access;
	size_t			 naccess;
	const struct rule	*rules;		/* active record rules */
	size_t			 nrules;
	const struct observer	*observer;	/* behaviour in C, or NULL */
	struct formula_place	*places;	/* formula_private.h */
	bool			 locked;	/* changed by migrate alone */
	bool			 manual;	/* made at run time */
	int64_t			 id;		/* in ir.model */
};

/* Also NULL for a secret field: it is not there for anybody. */
const struct field	*model_field(const struct model *, const char *name);
const struct field	*model_field_span(const struct model *, struct span);

/* ERR_VALUE: the model has no such field. */
bool	 model_no_field(struct env *, const struct model *, struct span name);
/* ERR_MISSING: a record that is named is not there. */
bool	 model_missing(struct env *);

/* What to take of a result: order NULL is the model's own, limit 0 all. */
struct page {
	const char	*order;
	int64_t		 offset;
	int64_t		 limit;
};

/* Records as they are shown: n rows of nfields values; the same row stands
 * twice where an id does. */
struct records {
	const struct model		*model;
	const struct field *const	*fields;
	size_t				 nfields;
	struct value			**rows;
	size_t				 n;
};

/*
 * The operations.  All check the user's rights and leave the reason for a
 * refusal in env->err.  domain NULL is every record; archived records are
 * left out unless the domain names the active field or the context says
 * active_test: False (semantics 1.11).
 */
bool	 model_search(struct env *, const struct model *,
	    const struct domain *, const struct page *, struct ids *);
bool	 model_count(struct env *, const struct model *,
	    const struct domain *, int64_t *);
/* What a search for the domain asks of a row; NULL: nothing. */
bool	 model_where(struct env *, const struct model *,
	    const struct domain *, const struct expr **);
/*
 * In the order of ids, repeated as there; ids that do not exist are left
 * out.  fields NULL: all that may be seen.  id is always the first cell.
 */
bool	 model_read(struct env *, const struct model *, const struct ids *,
	    const struct names *fields, struct records *);
/* vals is a dictionary of fields.  ERR_VALUE, ERR_VALIDATION, ERR_UNIQUE. */
bool	 model_create(struct env *, const struct model *,
	    const struct value *vals, int64_t *id);
/* The same values for all; ERR_MISSING if one does not exist. */
bool	 model_write(struct env *, const struct model *, const struct ids *,
	    const struct value *vals);
/*
 * A new record with the values of another, but for those of the dictionary
 * dflt (or NULL): fields whose copy is set, lines of a one2many among them.
 * The name of the copy ends in " (copy)".
 */
bool	 model_copy(struct env *, const struct model *, int64_t id,
	    const struct value *dflt, int64_t *made);
bool	 model_unlink(struct env *, const struct model *, const struct ids *);
/* fields_get: a dictionary of dictionaries; NULL or empty lists mean all. */
bool	 model_describe(struct env *, const struct model *,
	    const struct names *fields, const struct names *attributes,
	    struct value *out);
/* Those of ids that exist, sorted, each once.  Checks no rights. */
bool	 model_exists(struct env *, const struct model *, const struct ids *,
	    struct ids *);

bool	 ids_has(const struct ids *, int64_t);
/* Sorted ids, each once. */
void	 ids_once(struct env *, const struct ids *, struct ids *out);
/* Where id stands in sorted ids. */
bool	 ids_find(const struct ids *, int64_t id, size_t *at);
/* Those of sorted ids that are not among other sorted ones. */
void	 ids_without(struct env *, const struct ids *,
	    const struct ids *without, struct ids *out);
/* To a list that began as { 0 } and that nothing but ids_add has changed. */
void	 ids_add(struct env *, struct ids *, int64_t);
/* As a list of VALUE_INT. */
struct value	 ids_value(struct env *, const struct ids *);
/* The column of a row holds one of them. */
const struct expr	*ids_in(struct env *, const char *column,
			    const struct ids *);
/* What a query of one column, of ids, finds, as it comes. */
bool	 ids_select(struct env *, const struct query *, struct ids *);

#endif
