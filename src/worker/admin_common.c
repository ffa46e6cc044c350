/* What the commands share: configuration, transaction, results. */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/map.h"
#include "orm/database.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "ser/ser.h"
#include "store/store.h"
#include "worker/admin_private.h"

bool
admin_open(struct admin *a)
{
	if (!app_open(&a->app, a->options[ADMIN_CONFIG],
	    a->options[ADMIN_DATA], &a->err))
		return false;
	if (a->options[ADMIN_DATABASE] != NULL)
		a->app.conf.default_database = a->options[ADMIN_DATABASE];
	return true;
}

bool
admin_begin(struct admin *a, const char *name, enum env_txn txn)
{
	struct databases	*dbs = a->app.dbs;
	struct database		*db;

	db = name == NULL ? databases_default(dbs, &a->err) :
	    databases_named(dbs, name, &a->err);
	if (db == NULL || !database_open(db, &a->err))
		return false;
	a->env = (struct env){
		.db = db, .conf = &a->app.conf, .arena = a->arena,
		.err = &a->err, .uid = SUPERUSER, .su = true,
	};
	store_set_budget(db->store, 0);
	return env_begin(&a->env, txn);
}

bool
admin_end(struct admin *a, bool ok)
{
	if (ok && env_commit(&a->env))
		return true;
	env_rollback(&a->env);
	return false;
}

void
admin_text(struct buf *b, const struct value *v)
{
	char	 date[DATETIME_SIZE];

	switch (v->type) {
	case VALUE_TEXT:
		for (size_t i = 0; i < v->u.text.n; i++) {
			unsigned char	 c = (unsigned char)v->u.text.p[i];

			buf_char(b, c < ' ' || c == 127 ? '?' : (char)c);
		}
		break;
	case VALUE_INT:
		buf_int(b, v->u.i);
		break;
	case VALUE_BOOL:
		buf_str(b, v->u.b ? "yes" : "no");
		break;
	case VALUE_DATETIME:
		datetime_format(v->u.i, date);
		buf_str(b, date);
		break;
	case VALUE_LIST:
		if (v->u.list->n == 2)
			admin_text(b, &v->u.list->v[1]);
		break;
	default:
		buf_char(b, '-');
		break;
	}
}

static void
admin_line(struct buf *b, const struct value *dict)
{
	for (size_t i = 0; i < map_count(dict->u.dict); i++) {
		if (i > 0)
			buf_char(b, '\t');
		admin_text(b, map_at(dict->u.dict, i));
	}
	buf_char(b, '\n');
}

static void
admin_plain(struct buf *b, const struct value *v, const char *only)
{
	if (v->type == VALUE_LIST) {
		for (size_t i = 0; i < v->u.list->n; i++)
			admin_line(b, &v->u.list->v[i]);
		return;
	}
	if (only != NULL) {
		if (value_get(v, only) == NULL)
			return;
		admin_text(b, value_get(v, only));
		buf_char(b, '\n');
		return;
	}
	for (size_t i = 0; i < map_count(v->u.dict); i++) {
		buf_span(b, map_key(v->u.dict, i));
		buf_str(b, ": ");
		admin_text(b, map_at(v->u.dict, i));
		buf_char(b, '\n');
	}
}

void
admin_put(struct admin *a, const struct value *v, const char *only)
{
	struct buf	*b = buf_new(a->arena);
	struct ser	*s;

	if (a->options[ADMIN_JSON] == NULL)
		admin_plain(b, v, only);
	else {
		s = ser_new(a->arena, SER_JSON, 0, b);
		ser_put(s, NULL, NULL, v);
		ser_finish(s);
		buf_char(b, '\n');
	}
	fwrite(b->p, 1, b->n, stdout);
}

#define PROGRESS_TICKS	200000	/* between two lines, microseconds */
#define LINE_CLEAR	"\r\033[K"

static void
admin_tell(struct progress *p)
{
	int64_t	 now = clock_ticks();

	if (p->told != 0 && now - p->told < PROGRESS_TICKS)
		return;
	p->told = now;
	fprintf(stderr, LINE_CLEAR "%s", p->what);
	if (p->total > 0)
		fprintf(stderr, ": %d %%",
		    (int)((double)p->done * 100 / (double)p->total));
	else if (p->done >= 1 << 20)
		fprintf(stderr, ": %lld MiB", (long long)(p->done >> 20));
}

struct progress *
admin_progress(struct admin *a)
{
	if (!isatty(STDERR_FILENO))
		return NULL;
	a->progress.tell = admin_tell;
	return &a->progress;
}

void
admin_clear(struct admin *a)
{
	if (a->progress.told != 0)
		fputs(LINE_CLEAR, stderr);
	a->progress.told = 0;
}

void
admin_note(struct admin *a, const char *fmt, ...)
{
	va_list	 ap;

	admin_clear(a);
	fputs("cardfile: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool
admin_records(struct admin *a, const char *model, const struct names *fields,
    struct value *out)
{
	struct env		*env = &a->env;
	const struct model	*m = registry_model(env->reg, model);
	struct value		 context = value_dict(a->arena);
	struct page		 page = { "id", 0, 0 };
	struct ids		 ids;
	struct records		 rec;

	value_set(a->arena, &context, "active_test", value_bool(false));
	env->context = &context;
	if (!model_search(env, m, NULL, &page, &ids) ||
	    !model_read(env, m, &ids, fields, &rec))
		return false;
	*out = value_list(a->arena, rec.n);
	for (size_t i = 0; i < rec.n; i++) {
		struct value	 row = value_dict(a->arena);

		for (size_t j = 0; j < rec.nfields; j++)
			value_set(a->arena, &row, rec.fields[j]->name,
			    rec.rows[i][j]);
		value_push(a->arena, out, row);
	}
	return true;
}
