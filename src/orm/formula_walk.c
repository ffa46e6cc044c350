/* The fields that a formula's value comes from, and the way to each. */

#include <string.h>

#include "base/value.h"
#include "orm/field_private.h"
#include "orm/formula_private.h"

#define WALK_DEPTH	16	/* formulas in formulas */

static bool	 walk_domain(struct formula_walk *, const struct model *,
		    const struct value *);

static bool
walk_meet(struct formula_walk *w, const struct field *f)
{
	return ++w->met <= REACH_FIELDS && w->meet(w, f);
}

/* Through a relation; which records a list has is decided there too. */
static bool
walk_step(struct formula_walk *w, const struct field *f)
{
	const struct model	*m = f->target;

	if (w->npath == FORMULA_STEPS)
		return false;
	w->path[w->npath++] = f;
	return !field_is_x2many(f) ||
	    (walk_meet(w, &m->fields[0]) &&
	    (f->inverse == NULL || walk_meet(w, f->inverse)) &&
	    (m->active == NULL || walk_meet(w, m->active)) &&
	    walk_domain(w, m, &f->domain));
}

/* Leaves the way to the path's end open; end NULL: it is no relation. */
static bool
walk_path(struct formula_walk *w, const struct model *m, struct span path,
    const struct model **end)
{
	struct span	 rest = path;

	*end = NULL;
	while (rest.n != 0) {
		struct span		 name = formula_split(rest, &rest);
		const struct field	*f = model_field_span(m, name);

		if (f == NULL)
			return true;
		if (!walk_meet(w, f))
			return false;
		if (f->target == NULL || (rest.n == 0 && !field_is_x2many(f)))
			return true;
		if (!walk_step(w, f))
			return false;
		*end = m = f->target;
	}
	return true;
}

/* The names in a domain, and in what "any" asks of the other side. */
static bool
walk_domain(struct formula_walk *w, const struct model *m,
    const struct value *domain)
{
	size_t	 npath = w->npath;

	for (size_t i = 0; domain->type == VALUE_LIST &&
	    i < domain->u.list->n; i++) {
		const struct value	*term = &domain->u.list->v[i];
		const struct value	*v = term->type == VALUE_LIST ?
		    term->u.list->v : NULL;
		const struct model	*end;

		if (v == NULL || term->u.list->n != 3 ||
		    v[0].type != VALUE_TEXT)
			continue;
		if (!walk_path(w, m, v[0].u.text, &end) ||
		    (end != NULL && !walk_domain(w, end, &v[2])))
			return false;
		w->npath = npath;
	}
	return true;
}

static bool
walk_formula(struct formula_walk *w, const struct model *m,
    const struct formula *f)
{
	size_t			 npath = w->npath, first = 0;
	const struct model	*end = m;
	bool			 ok;

	if (f->kind == FORMULA_PATH) {
		ok = walk_path(w, m, f->name, &end);
		w->npath = npath;
		return ok;
	}
	if (f->kind == FORMULA_CALL &&
	    f->function->compile == formula_aggregate) {
		if (f->args[0]->kind != FORMULA_PATH ||
		    !walk_path(w, m, f->args[0]->name, &end))
			return false;
		first = 1;
	}
	for (size_t i = first; end != NULL && i < f->nargs; i++)
		if (!walk_formula(w, end, f->args[i]))
			return false;
	w->npath = npath;
	return true;
}

/* A display name without a formula is that of rec_name. */
static bool
walk_display(struct formula_walk *w, const struct field *name)
{
	if (name == NULL)
		return true;
	return walk_meet(w, name) && (!field_is_many2one(name) ||
	    (walk_step(w, name) && walk_meet(w, name->target->display)));
}

bool
formula_walk(struct formula_walk *w, const struct field *f)
{
	size_t	 npath = w->npath;
	bool	 ok;

	if (w->depth == WALK_DEPTH)
		return false;
	w->depth++;
	ok = f->compute != NULL ? walk_formula(w, f->model, f->compute) :
	    f != f->model->display || walk_display(w, f->model->rec_name);
	w->depth--;
	w->npath = npath;
	return ok;
}
