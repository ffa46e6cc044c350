/* cardfile model. */

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "orm/access.h"
#include "orm/field.h"
#include "orm/model.h"
#include "orm/registry.h"
#include "orm/rule.h"
#include "worker/admin_private.h"

static const char *const	 operations[ACCESS__MAX] = {
	[ACCESS_READ] = "read",
	[ACCESS_WRITE] = "write",
	[ACCESS_CREATE] = "create",
	[ACCESS_UNLINK] = "unlink",
};

static void
model_text(struct admin *a, struct value *dict, const char *key,
    const char *text)
{
	value_set(a->arena, dict, key, text == NULL ? value_null() :
	    value_text(text));
}

bool
admin_model_list(struct admin *a)
{
	struct value	 list = value_list(a->arena, 64), row;
	bool		 ok = admin_begin(a, NULL, ENV_READ);

	for (size_t i = 0; ok && i < registry_count(a->env.reg); i++) {
		const struct model	*m = registry_at(a->env.reg, i);

		row = value_dict(a->arena);
		model_text(a, &row, "model", m->name);
		model_text(a, &row, "name", m->description);
		value_set(a->arena, &row, "fields",
		    value_int((int64_t)m->nfields));
		model_text(a, &row, "made", m->manual ? "at run time" :
		    "by a module");
		value_push(a->arena, &list, row);
	}
	if (!ok || !admin_end(a, true))
		return false;
	admin_table(a, &list);
	return true;
}

/* Its own, or the one that every reference has. */
static bool
model_indexed(const struct field *f)
{
	return f->index || (f->column != NULL && !f->automatic &&
	    field_is_many2one(f));
}

/* What fields_get does not tell, added to what it tells. */
static void
model_field_more(struct admin *a, const struct field *f, struct value *d)
{
	value_set(a->arena, d, "index", value_bool(model_indexed(f)));
	value_set(a->arena, d, "text_index", value_bool(f->text_index));
	if (f->groups != NULL)
		model_text(a, d, "groups", f->groups);
}

static void
model_note(struct buf *b, const char *word, const char *more)
{
	buf_str(b, b->n == 0 ? "" : ", ");
	buf_str(b, word);
	if (more != NULL)
		buf_str(b, more);
}

/* A field's properties for people. */
static const char *
model_notes(struct admin *a, const struct field *f)
{
	struct buf	*b = buf_new(a->arena);

	if (f->required)
		model_note(b, "required", NULL);
	if (f->readonly)
		model_note(b, "readonly", NULL);
	if (f->related != NULL)
		model_note(b, "related to ", f->related);
	else if (f->compute != NULL)
		model_note(b, "computed", f->column == NULL ? NULL :
		    ", stored");
	if (model_indexed(f))
		model_note(b, "index", NULL);
	if (f->text_index)
		model_note(b, "text index", NULL);
	if (f->translate)
		model_note(b, "translated", NULL);
	if (f->groups != NULL)
		model_note(b, "only for ", f->groups);
	if (f->manual)
		model_note(b, "made at run time", NULL);
	return buf_text(b).p;
}

static struct value
model_field_row(struct admin *a, const struct field *f)
{
	struct value	 row = value_dict(a->arena);

	model_text(a, &row, "field", f->name);
	model_text(a, &row, "type", f->type->name);
	model_text(a, &row, "relation", f->relation);
	model_text(a, &row, "label", f->string);
	model_text(a, &row, "properties", model_notes(a, f));
	return row;
}

/* For programs a dictionary of fields, for people a row each. */
static bool
model_fields(struct admin *a, const struct model *m, struct value *out)
{
	if (!model_describe(&a->env, m, NULL, NULL, out))
		return false;
	for (size_t i = 0; i < m->nfields; i++) {
		struct value	*d = map_get(out->u.dict, m->fields[i].key);

		if (d != NULL)
			model_field_more(a, &m->fields[i], d);
	}
	return true;
}

static struct value
model_field_rows(struct admin *a, const struct model *m)
{
	struct value	 rows = value_list(a->arena, m->nfields);

	for (size_t i = 0; i < m->nfields; i++)
		if (!m->fields[i].secret)
			value_push(a->arena, &rows,
			    model_field_row(a, &m->fields[i]));
	return rows;
}

/* The name of a group out of groups; 0 is everybody. */
static const char *
model_group(const struct value *groups, int64_t id)
{
	for (size_t i = 0; id != 0 && i < groups->u.list->n; i++) {
		const struct value	*g = &groups->u.list->v[i];

		if (value_get(g, "id")->u.i == id)
			return value_get(g, "display_name")->u.text.p;
	}
	return "everybody";
}

static void
model_allowed(struct admin *a, struct value *row, const bool *allow)
{
	for (int k = 0; k < ACCESS__MAX; k++)
		value_set(a->arena, row, operations[k], value_bool(allow[k]));
}

static struct value
model_access(struct admin *a, const struct model *m,
    const struct value *groups)
{
	struct value	 rows = value_list(a->arena, m->naccess);

	for (size_t i = 0; i < m->naccess; i++) {
		struct value	 row = value_dict(a->arena);

		model_text(a, &row, "group",
		    model_group(groups, m->access[i].group));
		model_allowed(a, &row, m->access[i].allow);
		value_push(a->arena, &rows, row);
	}
	return rows;
}

static const char *
model_rule_groups(struct admin *a, const struct rule *r,
    const struct value *groups)
{
	struct buf	*b = buf_new(a->arena);

	if (r->groups == NULL)
		return "everybody";
	for (size_t i = 0; i < r->groups->n; i++)
		model_note(b, model_group(groups, r->groups->v[i]), NULL);
	return buf_text(b).p;
}

static struct value
model_rules(struct admin *a, const struct model *m,
    const struct value *groups)
{
	struct value	 rows = value_list(a->arena, m->nrules);

	for (size_t i = 0; i < m->nrules; i++) {
		const struct rule	*r = &m->rules[i];
		struct value		 row = value_dict(a->arena);

		model_text(a, &row, "rule", r->name);
		model_text(a, &row, "groups", model_rule_groups(a, r, groups));
		model_allowed(a, &row, r->allow);
		model_text(a, &row, "domain", r->domain);
		value_push(a->arena, &rows, row);
	}
	return rows;
}

static bool
model_about(struct admin *a, const struct model *m, struct value *out)
{
	const char		*name = "display_name";
	const struct names	 names = { &name, 1 };
	struct value		 groups, fields;

	*out = value_dict(a->arena);
	model_text(a, out, "model", m->name);
	model_text(a, out, "name", m->description);
	model_text(a, out, "table", m->table);
	model_text(a, out, "order", m->order);
	model_text(a, out, "api_name", m->api_name);
	if (!admin_records(a, "res.groups", &names, &groups) ||
	    !model_fields(a, m, &fields))
		return false;
	value_set(a->arena, out, "fields", fields);
	value_set(a->arena, out, "access", model_access(a, m, &groups));
	value_set(a->arena, out, "rules", model_rules(a, m, &groups));
	return true;
}

/* The lists of a dictionary as tables, what is short as lines above them. */
static void
model_show(struct admin *a, const struct model *m, const struct value *about)
{
	struct value	 head = value_dict(a->arena);
	struct value	 rows = model_field_rows(a, m);
	static const char *const	 words[] = {
		"model", "name", "table", "order", "api_name",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		value_set(a->arena, &head, words[i],
		    *value_get(about, words[i]));
	admin_put(a, &head, NULL);
	putchar('\n');
	admin_table(a, &rows);
	putchar('\n');
	admin_table(a, value_get(about, "access"));
	if (m->nrules != 0)
		putchar('\n');
	admin_table(a, value_get(about, "rules"));
}

bool
admin_model_describe(struct admin *a)
{
	const struct model	*m = NULL;
	struct value		 about;
	bool			 ok;

	if (!admin_begin(a, NULL, ENV_READ))
		return false;
	m = registry_model(a->env.reg, a->args[0]);
	ok = m == NULL ? err_set(&a->err, ERR_NOT_FOUND,
	    "there is no model %.80s: see cardfile model list", a->args[0]) :
	    model_about(a, m, &about);
	if (!admin_end(a, ok))
		return false;
	if (a->options[ADMIN_JSON] != NULL)
		admin_put(a, &about, NULL);
	else
		model_show(a, m, &about);
	return true;
}
