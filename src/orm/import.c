/* load: semantics 9.3. */

#include "orm/import.h"

#include "base/arena.h"
#include "base/map.h"
#include "orm/env.h"
#include "orm/external_id.h"
#include "orm/field.h"
#include "orm/import_private.h"
#include "orm/model.h"
#include "orm/rule.h"

#define IMPORT_ERRORS	200	/* that are told before it is given up */

void
import_say(struct import_run *run, const char *type,
    const struct import_column *column, const struct import_rows *rows,
    const char *message)
{
	struct arena	*a = run->env->arena;
	struct value	 m = value_dict(a), range = value_dict(a);

	value_set(a, &range, "from", value_int((int64_t)rows->from));
	value_set(a, &range, "to", value_int((int64_t)rows->to));
	value_set(a, &m, "type", value_text(type));
	value_set(a, &m, "message", value_text(arena_strdup(a, message)));
	value_set(a, &m, "record", value_int((int64_t)rows->from));
	value_set(a, &m, "rows", range);
	value_set(a, &m, "field", column == NULL ? value_bool(false) :
	    value_text(column->path));
	value_set(a, &m, "field_name", column == NULL ||
	    column->field == NULL ? value_bool(false) :
	    value_text(column->field->string));
	value_set(a, &m, "moreinfo", value_bool(false));
	value_push(a, &run->messages, m);
	if (*type == 'e')
		run->errors++;
}

bool
import_tells(const struct err *why)
{
	switch (why->code) {
	case ERR_ACCESS:
	case ERR_FOREIGN:
	case ERR_MISSING:
	case ERR_UNIQUE:
	case ERR_USER:
	case ERR_VALIDATION:
	case ERR_VALUE:
		return true;
	default:
		return false;
	}
}

/* The column of the field that was refused, or NULL. */
static const struct import_column *
import_column_of(const struct import_node *node, const struct err *why)
{
	for (size_t i = 0; i < node->n; i++)
		if (node->v[i].field != NULL &&
		    span_is(span_of(why->field), node->v[i].field->name) &&
		    span_is(span_of(why->model), node->model->name))
			return &node->v[i];
	return NULL;
}

/* A record that was refused is told, unless there is no going on. */
static bool
import_refused(struct import_run *run, const struct import_node *node,
    const struct import_rows *rows, const struct err *why)
{
	if (!import_tells(why)) {
		*run->env->err = *why;
		return false;
	}
	import_say(run, "error", import_column_of(node, why), rows,
	    why->msg);
	return env_mark_end(run->env, false);
}

static bool
import_store(struct env *env, const struct import *input,
    const struct model *m, const struct value *vals, int64_t *id,
    const char *name)
{
	struct ids	 ids = { id, 1 };

	if (!(*id != 0 ? model_write(env, m, &ids, vals) :
	    model_create(env, m, vals, id)))
		return false;
	return name == NULL || external_id_add(env, input->module, name, m,
	    *id, false);
}

/* All that one record needs lives in an arena of its own. */
static bool
import_one(struct import_run *run, struct arena *scratch,
    const struct import_node *node, const struct import_rows *rows,
    struct value *ids)
{
	struct env	 env = *run->env;
	struct err	 why = { 0 };
	size_t		 errors = run->errors;
	struct value	 vals;
	const char	*name;
	int64_t		 id;

	env.arena = scratch;
	if (!import_record(run, &env, node, rows, &vals, &id, &name))
		return false;
	if (run->errors != errors)
		return true;
	if (!env_mark(run->env))
		return false;
	env.err = &why;
	if (!import_store(&env, run->input, node->model, &vals, &id, name))
		return import_refused(run, node, rows, &why);
	value_push(run->env->arena, ids, value_int(id));
	if (run->env->reg != env.reg) {
		run->env->reg = env.reg;
		run->env->rules = NULL;
		rule_share(run->env);
	}
	return env_mark_end(run->env, true);
}

/* Rows that begin no record of their own belong to the one above. */
static bool
import_all(struct import_run *run, const struct import_node *node,
    struct arena *scratch, struct value *ids)
{
	const struct import	*in = run->input;
	struct import_rows	 rows = { 0, 0 };

	progress_start(in->progress, "importing", (int64_t)in->rows->n);
	for (; rows.from < in->rows->n; rows.from = rows.to + 1) {
		rows.to = rows.from;
		while (rows.to + 1 < in->rows->n &&
		    !import_begins(run, run->env, node, rows.to + 1))
			rows.to++;
		if (!import_one(run, scratch, node, &rows, ids))
			return false;
		arena_reset(scratch);
		if (run->errors >= IMPORT_ERRORS)
			return true;
		progress_add(in->progress,
		    (int64_t)(rows.to + 1 - rows.from));
	}
	return true;
}

static bool
import_rows_valid(struct env *env, const struct import *in)
{
	for (size_t i = 0; i < in->rows->n; i++)
		if (in->rows->v[i].type != VALUE_LIST ||
		    in->rows->v[i].u.list->n != in->columns.n)
			return env_fail(env, ERR_VALUE, "row %zu must be a "
			    "list of %zu values, one for each column", i,
			    in->columns.n);
	return true;
}

static bool
import_run(struct import_run *run, const struct import_node *node,
    struct value *ids)
{
	struct arena		*scratch = arena_new();
	const struct ids	*groups;
	bool			 ok;

	/* what is asked once must not live in a record's arena */
	rule_share(run->env);
	ok = env_groups(run->env, &groups) &&
	    import_all(run, node, scratch, ids);
	arena_free(scratch);
	return ok;
}

bool
import_load(struct env *env, const struct model *m, const struct import *in,
    struct value *result)
{
	struct arena		*a = env->arena;
	struct import_run	 run = { env, in, value_list(a, 4), 0,
	    map_new(a) };
	struct value		 ids = value_list(a, in->rows->n);
	struct import_node	 node;

	if (!import_columns(env, m, &in->columns, true, &node) ||
	    !import_rows_valid(env, in) || !env_mark(env) ||
	    !import_run(&run, &node, &ids) ||
	    !env_mark_end(env, run.errors == 0))
		return false;
	*result = value_dict(a);
	value_set(a, result, "ids", run.errors == 0 ? ids : value_bool(false));
	value_set(a, result, "messages", run.messages);
	value_set(a, result, "nextrow", value_int(0));
	return true;
}
