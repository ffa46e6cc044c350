#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/formula.h"
#include "orm/model.h"
#include "store/query.h"

int	 LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A field of each kind; user is one too, as there are no users here. */
static const struct {
	const char	*name, *type, *formula;
	int		 scale;
}	 fields[] = {
	{ "id", "integer", NULL, -1 },
	{ "t", "char", NULL, -1 },
	{ "n", "integer", NULL, -1 },
	{ "m", "monetary", NULL, 2 },
	{ "f", "float", NULL, -1 },
	{ "b", "boolean", NULL, -1 },
	{ "d", "date", NULL, -1 },
	{ "s", "datetime", NULL, -1 },
	{ "x", "binary", NULL, -1 },
	{ "user", "many2one", NULL, -1 },
	{ "l", "one2many", NULL, -1 },
	{ "k", "many2many", NULL, -1 },
	{ "c", "monetary", "sum(l, m * n) + user.m", 2 },
	{ "display_name", "char", "t + c", -1 },
};

#define FIELDS	(sizeof fields / sizeof fields[0])

static void
fuzz_field(struct arena *a, struct model *m, size_t i)
{
	struct field	*f = &m->fields[i];
	struct err	 err = { .code = ERR_OK };

	f->name = f->string = fields[i].name;
	f->key = span_of(f->name);
	f->type = field_type_named(fields[i].type);
	f->model = m;
	f->scale = fields[i].scale;
	if (f->type->column != COL_NONE && fields[i].formula == NULL)
		f->column = f->name;
	if (f->type == &field_many2one || f->type->column == COL_NONE)
		f->target = m;
	if (f->type == &field_one2many)
		f->inverse = model_field(m, "user");
	if (f->type == &field_many2many) {
		f->link = "links";
		f->link_own = "id1";
		f->link_other = "id2";
	}
	if (fields[i].formula != NULL && !formula_parse(a,
	    span_of(fields[i].formula), &f->compute, &err))
		abort();
	map_put(m->by_name, f->key, f);
}

static void
fuzz_model(struct arena *a, struct model *m)
{
	m->name = m->table = m->description = "m";
	m->order = "id";
	m->by_name = map_new(a);
	m->fields = arena_array(a, FIELDS, sizeof *m->fields);
	m->nfields = FIELDS;
	for (size_t i = 0; i < FIELDS; i++)
		fuzz_field(a, m, i);
	m->display = model_field(m, "display_name");
	m->rec_name = model_field(m, "t");
}

/* What is parsed is compiled or refused, with a reason either way. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena		*a = arena_new();
	struct span		 text = { (const char *)data, size };
	struct err		 err = { .code = ERR_OK };
	struct env		 env = { .arena = a, .err = &err, .su = true,
				    .uid = SUPERUSER };
	struct model		 m = { .name = NULL };
	const struct formula	*f;

	fuzz_model(a, &m);
	if ((!formula_parse(a, text, &f, &err) ||
	    formula_compile(&env, &m, f) == NULL) &&
	    (err.code != ERR_VALUE || err.msg[0] == '\0'))
		abort();
	arena_free(a);
	return 0;
}
