#include "store/fake.h"

#include "base/arena.h"
#include "base/buf.h"
#include "store/driver.h"

struct answer {
	struct answer		*next;
	enum err_code		 code;
	struct value		 cells;		/* a list */
	size_t			 n;
	size_t			 width;
	struct sql_effect	 effect;
};

struct fake {
	struct arena	 *arena;
	struct answer	 *first;
	struct answer	**last;
	enum err_code	  txn;			/* of the next one */
	struct value	  texts;		/* asked: a list of texts */
	struct value	  values;		/* bound: a list of lists */
};

static bool
fake_open(const char *dsn, const struct store_options *options, void **conn,
    struct err *err)
{
	struct arena	*a = arena_new();
	struct fake	*f = arena_alloc(a, sizeof *f);

	(void)dsn;
	(void)options;
	(void)err;
	f->arena = a;
	f->last = &f->first;
	f->texts = value_list(a, 0);
	f->values = value_list(a, 0);
	*conn = f;
	return true;
}

static void
fake_close(void *conn)
{
	struct fake	*f = conn;

	arena_free(f->arena);
}

struct fake *
fake_of(struct store *st)
{
	return store_conn(st);
}

static struct answer *
fake_answer(struct fake *f)
{
	struct answer	*answer = arena_alloc(f->arena, sizeof *answer);

	answer->cells = value_list(f->arena, 0);
	answer->effect = (struct sql_effect){ 1, 1 };
	*f->last = answer;
	f->last = &answer->next;
	return answer;
}

void
fake_rows(struct fake *f, const struct value *cells, size_t n, size_t width)
{
	struct answer	*answer = fake_answer(f);

	for (size_t i = 0; i < n * width; i++)
		value_push(f->arena, &answer->cells,
		    value_copy(f->arena, &cells[i]));
	answer->n = n;
	answer->width = width;
}

void
fake_effect(struct fake *f, int64_t id, int64_t changed)
{
	fake_answer(f)->effect = (struct sql_effect){ id, changed };
}

void
fake_failure(struct fake *f, enum err_code code)
{
	fake_answer(f)->code = code;
}

void
fake_fail_transaction(struct fake *f, enum err_code code)
{
	f->txn = code;
}

size_t
fake_asked(const struct fake *f)
{
	return f->texts.u.list->n;
}

const char *
fake_text(const struct fake *f, size_t i)
{
	return i < fake_asked(f) ? f->texts.u.list->v[i].u.text.p : "";
}

const struct value *
fake_values(const struct fake *f, size_t i)
{
	return i < fake_asked(f) ? &f->values.u.list->v[i] : NULL;
}

static void
fake_note(struct fake *f, struct span text, const struct value *args,
    size_t n)
{
	struct value	 said = value_span(text);
	struct value	 list = value_list(f->arena, n);

	value_push(f->arena, &f->texts, value_copy(f->arena, &said));
	for (size_t i = 0; i < n; i++)
		value_push(f->arena, &list, value_copy(f->arena, &args[i]));
	value_push(f->arena, &f->values, list);
}

static bool
fake_transaction(struct fake *f, const char *word, struct err *err)
{
	enum err_code	 code = f->txn;

	fake_note(f, span_of(word), NULL, 0);
	f->txn = ERR_OK;
	return code == ERR_OK || err_set(err, code, "It was to fail");
}

static bool
fake_begin(void *conn, enum txn txn, struct err *err)
{
	return fake_transaction(conn,
	    txn == TXN_WRITE ? "begin write" : "begin read", err);
}

static bool
fake_commit(void *conn, struct err *err)
{
	return fake_transaction(conn, "commit", err);
}

static void
fake_rollback(void *conn)
{
	fake_note(conn, span_of("rollback"), NULL, 0);
}

static void
fake_budget(void *conn, int64_t ms)
{
	(void)conn;
	(void)ms;
}

static bool
fake_exec(void *conn, const struct sql *q, struct arena *a,
    struct rows *rows, struct sql_effect *effect, struct err *err)
{
	struct fake	*f = conn;
	struct answer	 none = { .effect = { 1, 1 } }, *answer = f->first;
	struct value	 cells;

	fake_note(f, buf_text(q->text), q->args, q->nargs);
	if (answer == NULL)
		answer = &none;
	else if ((f->first = answer->next) == NULL)
		f->last = &f->first;
	if (answer->code != ERR_OK)
		return err_set(err, answer->code, "It was to fail");
	if (effect != NULL)
		*effect = answer->effect;
	if (rows == NULL)
		return true;
	*rows = (struct rows){ NULL, answer->n, q->ncolumns };
	if (answer->n == 0)
		return true;
	if (answer->width != q->ncolumns)
		return err_set(err, ERR_INTERNAL, "The answer has %zu columns, "
		    "the question %zu", answer->width, q->ncolumns);
	cells = value_copy(a, &answer->cells);
	rows->cells = cells.u.list->v;
	return true;
}

static bool
fake_maintain(void *conn, struct err *err)
{
	(void)conn;
	(void)err;
	return true;
}

static bool
fake_backup(void *conn, const char *path, struct err *err)
{
	struct fake	*f = conn;

	return fake_transaction(f, arena_printf(f->arena, "backup %s", path),
	    err);
}

const struct store_driver	 driver_fake = {
	.scheme = "fake",
	.flavor = &flavor_sqlite,
	.open = fake_open,
	.close = fake_close,
	.begin = fake_begin,
	.commit = fake_commit,
	.rollback = fake_rollback,
	.budget = fake_budget,
	.exec = fake_exec,
	.maintain = fake_maintain,
	.backup = fake_backup,
};
