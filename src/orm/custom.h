#ifndef ORM_CUSTOM_H
#define ORM_CUSTOM_H

#include <stdbool.h>

struct env;
struct ids;
struct value;

#define CUSTOM_MODELS	1000	/* made at run time, at most */
#define CUSTOM_FIELDS	500	/* the same, of one model */

/*
 * Models and fields made at run time (semantics 8).  The ordinary operations
 * change their rows in ir.model and ir.model.fields; whoever has changed some
 * calls custom_apply, which brings the tables to what the rows say, in the
 * same transaction, and gives env the registry of that.  fields are those
 * made or written (NULL: none); what is gone it finds itself.  It refuses
 * what does not hold together: nothing is then to be committed.
 */
bool	 custom_apply(struct env *, const struct ids *fields);
/* The rules for the rows themselves; made: they are new. */
bool	 custom_check_models(struct env *, const struct ids *, bool made);
bool	 custom_check_fields(struct env *, const struct ids *);
/* ERR_VALIDATION if it cannot name a model (or field) made at run time. */
bool	 custom_name(struct env *, const char *name, bool model);
/*
 * id or name (the other NULL) of a model: the other one, NULL where there is
 * none.  ERR_VALIDATION if both are given and do not agree.
 */
bool	 custom_model_of(struct env *, const struct value *id,
	    const struct value *name, struct value *other);
/*
 * For a database whose models were changed by more than one hand: refuses if
 * they do not hold together, and brings every stored computed field up to
 * date.
 */
bool	 custom_whole(struct env *);
/* Drops columns that no field has any more. */
bool	 custom_sweep(struct env *);
/* Adds a text for each table, column or index that is not what the
 * meta-models say. */
bool	 custom_check(struct env *, struct value *faults);

#endif
