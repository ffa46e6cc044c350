/* cardfile export. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/literal.h"
#include "orm/domain.h"
#include "orm/field.h"
#include "orm/import.h"
#include "ser/ser.h"
#include "worker/admin_private.h"
#include "worker/csv.h"

#define EXPORT_PART	500	/* records fetched at once */

/* A file being written. */
struct export_file {
	FILE		*f;
	const char	*path;		/* NULL: standard output */
	const char	*part;		/* its name until it is whole */
	bool		 json;
	struct names	 columns;
	size_t		 rows;
};

static bool
export_failed(struct admin *a, const struct export_file *x)
{
	return err_set(&a->err, ERR_UNAVAILABLE, "%s: %s",
	    x->path == NULL ? "standard output" : x->path, strerror(errno));
}

static bool
export_open(struct admin *a, const char *path, struct export_file *x)
{
	x->f = stdout;
	if (strcmp(path, "-") == 0)
		return true;
	x->path = path;
	x->part = arena_printf(a->arena, "%s.part", path);
	x->f = fopen(x->part, "we");
	return x->f != NULL || export_failed(a, x);
}

/* The file appears under its name when it is whole. */
static bool
export_close(struct admin *a, struct export_file *x, bool ok)
{
	if (x->f == NULL)
		return false;
	if (ok && (fflush(x->f) != 0 || ferror(x->f) != 0 ||
	    (x->path != NULL && fsync(fileno(x->f)) != 0)))
		ok = export_failed(a, x);
	if (x->path == NULL)
		return ok;
	fclose(x->f);
	if (ok && rename(x->part, x->path) != 0)
		ok = export_failed(a, x);
	if (!ok)
		unlink(x->part);
	return ok;
}

/* Columns that are values of the record itself and can be read back. */
static void
export_all_columns(struct admin *a, const struct model *m,
    struct names *columns)
{
	columns->v = arena_array(a->arena, m->nfields + 1,
	    sizeof *columns->v);
	columns->v[columns->n++] = "id";
	for (size_t i = 0; i < m->nfields; i++) {
		const struct field	*f = &m->fields[i];

		if (f->automatic || f->secret || f->compute != NULL ||
		    f->column == NULL)
			continue;
		columns->v[columns->n++] = field_is_many2one(f) ?
		    arena_printf(a->arena, "%s/id", f->name) : f->name;
	}
}

static void
export_columns(struct admin *a, const struct model *m, struct names *columns)
{
	const char	*p = a->options[ADMIN_FIELDS];

	if (p == NULL) {
		export_all_columns(a, m, columns);
		return;
	}
	columns->v = arena_array(a->arena, strlen(p) + 1, sizeof *columns->v);
	for (; *p != '\0'; p += strspn(p, ", ")) {
		size_t	 n = strcspn(p, ", ");

		columns->v[columns->n++] = arena_strndup(a->arena, p, n);
		p += n;
	}
}

static bool
export_domain(struct admin *a, const struct domain **d)
{
	const char	*text = a->options[ADMIN_DOMAIN];
	struct value	 v;

	*d = NULL;
	return text == NULL || (literal_parse(a->arena, span_of(text),
	    &parse_limits_default, &v, &a->err) &&
	    domain_parse(&a->env, &v, d));
}

static void
export_json_row(struct export_file *x, struct arena *scratch,
    const struct value *row)
{
	struct buf	*b = buf_new(scratch);
	struct ser	*s = ser_new(scratch, SER_JSON, SER_NULL_FALSE, b);

	ser_object_open(s, NULL);
	for (size_t i = 0; i < x->columns.n; i++)
		ser_put(s, x->columns.v[i], NULL, &row->u.list->v[i]);
	ser_object_close(s);
	ser_finish(s);
	fputs(x->rows == 0 ? "[\n" : ",\n", x->f);
	fwrite(b->p, 1, b->n, x->f);
}

static void
export_put(struct export_file *x, struct arena *scratch,
    const struct value *rows)
{
	for (size_t i = 0; i < rows->u.list->n; i++) {
		struct buf	*b = buf_new(scratch);

		if (x->json)
			export_json_row(x, scratch, &rows->u.list->v[i]);
		else {
			csv_write(scratch, b, rows->u.list->v[i].u.list);
			fwrite(b->p, 1, b->n, x->f);
		}
		x->rows++;
	}
}

static void
export_head(struct admin *a, struct export_file *x)
{
	struct value	 row = value_list(a->arena, x->columns.n);
	struct buf	*b = buf_new(a->arena);

	for (size_t i = 0; i < x->columns.n; i++)
		value_push(a->arena, &row, value_text(x->columns.v[i]));
	csv_write(a->arena, b, row.u.list);
	fwrite(b->p, 1, b->n, x->f);
}

/* Part by part, so that memory does not grow with the table. */
static bool
export_parts(struct admin *a, const struct model *m, const struct ids *ids,
    struct export_file *x)
{
	struct progress	*progress = admin_progress(a);
	struct arena	*scratch = arena_new();
	struct ids	 part = { ids->v, 0 };
	bool		 ok = true;

	progress_start(progress, "exporting", (int64_t)ids->n);
	for (size_t left = ids->n; ok && left > 0; left -= part.n) {
		struct env	 env = a->env;
		struct value	 rows;

		part.v += part.n;
		part.n = left < EXPORT_PART ? left : EXPORT_PART;
		env.arena = scratch;
		ok = export_rows(&env, m, &part, &x->columns, &rows);
		if (ok)
			export_put(x, scratch, &rows);
		arena_reset(scratch);
		progress_add(progress, (int64_t)part.n);
	}
	arena_free(scratch);
	admin_clear(a);
	return ok;
}

static bool
export_records(struct admin *a, struct export_file *x, size_t *records)
{
	struct value		 archived = value_dict(a->arena);
	const struct model	*m;
	const struct domain	*d;
	struct page		 page = { .order = "id" };
	struct ids		 ids;

	value_set(a->arena, &archived, "active_test", value_bool(false));
	env_set_context(&a->env, &archived);
	if (!admin_as_user(a) || !admin_model(a, a->args[0], &m) ||
	    !export_domain(a, &d) ||
	    !model_search(&a->env, m, d, &page, &ids))
		return false;
	*records = ids.n;
	export_columns(a, m, &x->columns);
	if (!x->json)
		export_head(a, x);
	if (!export_parts(a, m, &ids, x))
		return false;
	if (x->json)
		fputs(x->rows == 0 ? "[]\n" : "\n]\n", x->f);
	return true;
}

bool
admin_export(struct admin *a)
{
	struct export_file	 x = { .f = NULL };
	struct value		 v = value_dict(a->arena);
	size_t			 records = 0;
	bool			 ok;

	/* external ids may have to be made */
	if (!admin_format(a, a->args[1], &x.json) ||
	    !admin_begin(a, a->options[ADMIN_DATABASE], ENV_WRITE))
		return false;
	ok = export_open(a, a->args[1], &x) &&
	    export_records(a, &x, &records);
	ok = admin_end(a, ok);
	if (!export_close(a, &x, ok))
		return false;
	if (x.path == NULL)
		return true;
	value_set(a->arena, &v, "records", value_int((int64_t)records));
	admin_put(a, &v, NULL);
	return true;
}
