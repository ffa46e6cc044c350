#ifndef ORM_DEFINITION_H
#define ORM_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;
struct assign;
struct expr;
struct field;
struct model;
struct table_def;
struct value;

#define NAME_MAX_BYTES	51	/* of a model's or field's name */

#define META_TYPE_TEXT	const char *
#define META_TYPE_FLAG	bool
#define META_TYPE_SIZE	int64_t

/* A row of ir.model.fields: where model files and the registry meet. */
struct field_row {
	int64_t	 id;
#define META(kind, column, word)	META_TYPE_##kind column;
#include "orm/meta.def"
#undef META
};

/* A row of ir.model. */
struct model_row {
	int64_t	 id;
#define META(kind, column, word)	META_TYPE_##kind column;
#include "orm/meta_model.def"
#undef META
};

/* A model file, checked but not yet linked to other models. */
struct definition {
	struct model_row	 row;
	struct field_row	*fields;
	size_t			 nfields;
	/* lists of column lists, or NULL */
	const struct value	*indexes;
	const struct value	*unique;
	/* the model is another module's */
	bool			 extends;
};

/*
 * Reads a model file.  fresh: the model is not there yet, so that its
 * automatic fields are added.  ERR_VALIDATION names what is wrong.
 */
bool	 definition_read(struct arena *, const struct value *file,
	    const char *module, bool fresh, struct definition *, struct err *)
	    MUST_CHECK;
/* Whether a row's attributes go together; what names the field. */
bool	 definition_check(const struct field_row *, const char *what,
	    struct err *) MUST_CHECK;
/* The fields that every model has; the number of them. */
size_t	 definition_automatic_rows(struct arena *, const struct model_row *,
	    struct field_row **);
/* The row's field, but for target and model, which the registry links. */
bool	 definition_field(struct arena *, const struct field_row *,
	    struct field *, struct err *) MUST_CHECK;
/* The table (and link tables) that a definition wants; *n of them. */
bool	 definition_tables(struct arena *, const struct definition *,
	    struct table_def **, size_t *n, struct err *) MUST_CHECK;
/* "res.partner" -> "res_partner" */
const char	*definition_table(struct arena *, const char *model);
/* [a-z][a-z0-9_.]* up to NAME_MAX_BYTES; dots only where allowed. */
bool		 definition_name_valid(const char *, bool dots);
bool		 definition_automatic(const char *field);

/* The columns of a row in the order of the .def files, and back. */
size_t	 meta_field_columns(struct arena *, const struct expr ***);
void	 meta_field_row(const struct value *cells, struct field_row *);
void	 meta_field_keep(struct arena *, struct field_row *);	/* its texts */
size_t	 meta_field_assigns(struct arena *, const struct field_row *,
	    struct assign **, size_t room);
size_t	 meta_model_columns(struct arena *, const struct expr ***);
void	 meta_model_row(const struct value *cells, struct model_row *);
size_t	 meta_model_assigns(struct arena *, const struct model_row *,
	    struct assign **, size_t room);

#endif
