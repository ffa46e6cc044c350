/* The tables that keep the links of many2many fields. */

#include <string.h>

#include "base/arena.h"
#include "orm/definition_private.h"
#include "orm/field.h"
#include "store/store.h"

#define TABLE_MAX	63	/* bytes of a table's name */

/* Two names in the order of the alphabet, so that both ends agree. */
static const char *
definition_link_name(struct arena *a, const struct field_row *row,
    const char *own, const char *other)
{
	bool		 manual = row->state != NULL &&
	    strcmp(row->state, "manual") == 0;
	const char	*x = strcmp(own, other) < 0 ? own : other;

	return arena_printf(a, "%s%s_%s_rel", manual ? "x_" : "", x,
	    x == own ? other : own);
}

static bool
definition_link_valid(const struct field_row *row, const struct field *f,
    struct err *err)
{
	if (strlen(f->link) > TABLE_MAX)
		return err_set(err, ERR_VALIDATION, "field %s of %s: the name "
		    "of its table, %s, is too long: give a relation_table",
		    row->name, row->model, f->link);
	if ((row->relation_table != NULL &&
	    !definition_name_valid(f->link, false)) ||
	    (row->column1 != NULL &&
	    !definition_name_valid(f->link_own, false)) ||
	    (row->column2 != NULL &&
	    !definition_name_valid(f->link_other, false)) ||
	    strcmp(f->link_own, f->link_other) == 0)
		return err_set(err, ERR_VALIDATION, "field %s of %s: "
		    "relation_table, column1 and column2 must be names, the "
		    "columns two", row->name, row->model);
	return true;
}

/* Where a many2many keeps its links (semantics 8.2). */
bool
definition_many2many(struct arena *a, const struct field_row *row,
    struct field *f, struct err *err)
{
	const char	*own, *other;
	bool		 self;

	if (strcmp(row->ttype, "many2many") != 0 || row->relation == NULL)
		return true;
	own = definition_table(a, row->model);
	other = definition_table(a, row->relation);
	self = strcmp(own, other) == 0;
	f->link = row->relation_table != NULL ? row->relation_table :
	    definition_link_name(a, row, own, other);
	f->link_own = row->column1 != NULL ? row->column1 :
	    self ? "id1" : arena_printf(a, "%s_id", own);
	f->link_other = row->column2 != NULL ? row->column2 :
	    self ? "id2" : arena_printf(a, "%s_id", other);
	return definition_link_valid(row, f, err);
}

/* The columns in the order of the alphabet: the table is the same from both
 * ends. */
bool
definition_link(struct arena *a, const struct field_row *row,
    struct table_def *t, struct err *err)
{
	struct column_def	*c = arena_array(a, 2, sizeof *c);
	struct index_def	*ix = arena_alloc(a, sizeof *ix);
	const char		**second = arena_array(a, 1, sizeof *second);
	struct field		 f;
	size_t			 own;

	if (!definition_field(a, row, &f, err))
		return false;
	own = strcmp(f.link_own, f.link_other) < 0 ? 0 : 1;
	c[own].name = f.link_own;
	c[own].references = definition_table(a, row->model);
	c[1 - own].name = f.link_other;
	c[1 - own].references = definition_table(a, row->relation);
	c[0].type = c[1].type = COL_ID;
	c[0].not_null = c[1].not_null = true;
	second[0] = c[1].name;
	*ix = (struct index_def){ .columns = second, .n = 1 };
	*t = (struct table_def){ .name = f.link, .columns = c, .ncolumns = 2,
	    .indexes = ix, .nindexes = 1, .link = true };
	return true;
}
