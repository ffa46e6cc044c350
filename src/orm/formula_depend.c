/* Which stored computed fields follow which fields: made once a registry. */

#include <string.h>

#include "base/arena.h"
#include "orm/field.h"
#include "orm/formula_private.h"

struct depend {
	struct model *const	*models;
	size_t			 nmodels;
	const struct field	*root;		/* the computed field */
	size_t			 nstored;	/* computed fields, so far */
};

static struct formula_place *
depend_place(const struct field *f)
{
	return &f->model->places[f - f->model->fields];
}

const struct formula_place *
formula_place(const struct field *f)
{
	return depend_place(f);
}

static bool
depend_same(const struct dependent *d, const struct formula_walk *w,
    const struct field *root)
{
	return d->field == root && d->npath == w->npath &&
	    (d->npath == 0 || memcmp(d->path, w->path,
	    d->npath * sizeof *d->path) == 0);
}

static void
depend_add(struct formula_walk *w, const struct field *f, bool moves)
{
	const struct depend	 *to = w->arg;
	struct formula_place	 *place = depend_place(f);
	const struct field	**path;
	struct dependent	 *new;

	for (const struct dependent *d = place->dependents; d != NULL;
	    d = d->next)
		if (depend_same(d, w, to->root) && d->moves == moves)
			return;
	path = arena_array(w->arena, w->npath + 1, sizeof *path);
	memcpy(path, w->path, w->npath * sizeof *path);
	new = arena_alloc(w->arena, sizeof *new);
	*new = (struct dependent){ to->root, path, w->npath, moves,
	    place->dependents };
	place->dependents = new;
}

/* Fields that keep their links in the same table, seen from the other end or
 * from the same. */
static void
depend_links(struct formula_walk *w, const struct field *link, bool other)
{
	const struct depend	*to = w->arg;
	const char		*own = other ? link->link_other :
	    link->link_own;

	for (size_t i = 0; i < to->nmodels; i++)
		for (size_t j = 0; j < to->models[i]->nfields; j++) {
			const struct field	*f = &to->models[i]->fields[j];

			if (f->link != NULL && strcmp(f->link, link->link) ==
			    0 && strcmp(f->link_own, own) == 0)
				depend_add(w, f, other);
		}
}

/* The id stands for the record's being there, at the end of a list. */
static bool
depend_meet(struct formula_walk *w, const struct field *f)
{
	const struct field	*last = w->npath == 0 ? NULL :
	    w->path[w->npath - 1];

	if (f->link != NULL && f->compute == NULL) {
		depend_links(w, f, false);
		return true;
	}
	if (f->column == NULL)
		return formula_walk(w, f);
	depend_add(w, f, last != NULL && last->inverse == f);
	if (last != NULL && last->link != NULL && f == &f->model->fields[0])
		depend_links(w, last, true);
	return true;
}

static void
depend_fields(struct arena *a, struct depend *to)
{
	for (size_t i = 0; i < to->nmodels; i++)
		for (size_t j = 0; j < to->models[i]->nfields; j++) {
			const struct field	*f = &to->models[i]->fields[j];
			struct formula_walk	 w = { .arena = a,
			    .meet = depend_meet, .arg = to };

			to->root = f;
			if (f->compute == NULL || f->column == NULL)
				continue;
			to->nstored++;
			(void)formula_walk(&w, f);
		}
}

/* Raises what follows a field above it; false if nothing was to be raised. */
static bool
depend_raise(const struct field *f)
{
	unsigned int	 rank = depend_place(f)->rank;
	bool		 raised = false;

	for (const struct dependent *d = depend_place(f)->dependents;
	    d != NULL; d = d->next) {
		struct formula_place	*after = depend_place(d->field);

		if (d->field == f || after->rank > rank)
			continue;
		after->rank = rank + 1;
		raised = true;
	}
	return raised;
}

/* One round more than there can be, if none follows itself, changes nothing. */
static void
depend_ranks(const struct depend *to)
{
	bool	 raised = true;

	for (size_t rounds = to->nstored + 1; raised && rounds > 0; rounds--) {
		raised = false;
		for (size_t i = 0; i < to->nmodels; i++)
			for (size_t j = 0; j < to->models[i]->nfields; j++) {
				const struct field	*f;

				f = &to->models[i]->fields[j];
				if (f->compute != NULL && f->column != NULL &&
				    depend_raise(f))
					raised = true;
			}
	}
}

void
formula_link(struct arena *a, struct model *const *models, size_t n)
{
	struct depend	 to = { .models = models, .nmodels = n };

	for (size_t i = 0; i < n; i++)
		models[i]->places = arena_array(a, models[i]->nfields,
		    sizeof *models[i]->places);
	depend_fields(a, &to);
	depend_ranks(&to);
}
