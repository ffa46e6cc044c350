#ifndef ORM_EXTERNAL_ID_H
#define ORM_EXTERNAL_ID_H

#include <stdbool.h>
#include <stdint.h>

struct env;
struct ids;
struct map;
struct model;

/* The record that "module.name" means: a row of ir.model.data. */
struct external_id {
	const char	*model;		/* "" if there is none */
	int64_t		 id;		/* 0 if there is none */
	bool		 noupdate;
};

/* module is that of a name without one.  Checks no rights. */
bool	 external_id_find(struct env *, const char *module, const char *name,
	    struct external_id *);
/* Gives a record a name that is free.  ERR_VALIDATION: not fit for one. */
bool	 external_id_add(struct env *, const char *module, const char *name,
	    const struct model *, int64_t id, bool noupdate);
/* The name means nothing any more. */
bool	 external_id_forget(struct env *, const char *module,
	    const char *name);
/* Id, as the bytes of an int64_t -> "module.name", of those that have one. */
bool	 external_id_names(struct env *, const struct model *,
	    const struct ids *, struct map **);
/* The same; those without get one: __export__.TABLE_ID_HASH. */
bool	 external_id_export(struct env *, const struct model *,
	    const struct ids *, struct map **);

#endif
