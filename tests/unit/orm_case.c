#include "orm_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/literal.h"
#include "base/map.h"
#include "orm/domain.h"
#include "orm/formula_private.h"
#include "orm/order.h"

#define N(array)	(sizeof array / sizeof array[0])
#define FIELDS		24

/* A field: its type, its target or formula, whether it has a column. */
struct case_field {
	const char	*name;
	const char	*type;
	const char	*more;
	bool		 stored;
};

static const struct case_field	 country_fields[] = {
	{ "id", "integer", NULL, true },
	{ "name", "char", NULL, true },
	{ "code", "char", NULL, true },
	{ "display_name", "char", NULL, false },
	{ "partner_ids", "one2many", "partner country_id", false },
};

static const struct case_field	 tag_fields[] = {
	{ "id", "integer", NULL, true },
	{ "name", "char", NULL, true },
	{ "parent_id", "many2one", "tag", true },
	{ "display_name", "char",
	    "if(parent_id, parent_id.display_name + ' / ', '') + name", true },
};

static const struct case_field	 partner_fields[] = {
	{ "id", "integer", NULL, true },
	{ "name", "char", NULL, true },
	{ "city", "char", NULL, true },
	{ "age", "integer", NULL, true },
	{ "weight", "float", NULL, true },
	{ "credit", "monetary", NULL, true },
	{ "active", "boolean", NULL, true },
	{ "is_company", "boolean", NULL, true },
	{ "born", "date", NULL, true },
	{ "seen", "datetime", NULL, true },
	{ "kind", "selection", NULL, true },
	{ "photo", "binary", NULL, true },
	{ "note", "html", NULL, true },
	{ "country_id", "many2one", "country", true },
	{ "parent_id", "many2one", "partner", true },
	{ "tag_id", "many2one", "tag", true },
	{ "password", "char", NULL, true },
	{ "child_ids", "one2many", "partner parent_id", false },
	{ "tag_ids", "many2many", "tag", false },
	{ "twice", "integer", "age * 2", false },
	{ "label", "char", "name + ' (' + country_id.code + ')'", false },
	{ "display_name", "char", "if(parent_id and not is_company, "
	    "parent_id.name + ', ', '') + name", true },
};

static struct model *
case_model(struct orm_case *c, const char *name)
{
	if (strcmp(name, "country") == 0)
		return &c->country;
	return strcmp(name, "tag") == 0 ? &c->tag : &c->partner;
}

/* "target" or "target inverse"; a many2many links partners to tags. */
static void
case_relation(struct orm_case *c, struct field *f, const char *more)
{
	size_t	 n = strcspn(more, " ");

	f->relation = arena_strndup(c->a, more, n);
	f->target = case_model(c, f->relation);
	if (more[n] != '\0')
		f->relation_field = more + n + 1;
	if (f->type != &field_many2many)
		return;
	f->link = "partner_tag";
	f->link_own = "partner_id";
	f->link_other = "tag_id";
}

static void
case_field(struct orm_case *c, struct field *f, const struct case_field *from)
{
	f->name = f->string = from->name;
	f->key = span_of(from->name);
	f->type = field_type_named(from->type);
	f->column = from->stored ? from->name : NULL;
	f->scale = strcmp(from->type, "monetary") == 0 ? 2 : -1;
	f->precision = 16;
	f->secret = strcmp(from->name, "password") == 0;
	if (strcmp(from->name, "kind") == 0)
		f->selection = literal(c, "[('a', 'A'), ('b', 'B')]");
	if (from->more == NULL)
		return;
	if (f->type == &field_many2one || f->type->column == COL_NONE)
		case_relation(c, f, from->more);
	else
		done(c, formula_parse(c->a, span_of(from->more), &f->compute,
		    &c->err));
}

static void
case_define(struct orm_case *c, const char *name,
    const struct case_field *from, size_t n, const char *order)
{
	struct model		*m = case_model(c, name);
	struct column_def	*columns = arena_array(c->a, n + 1,
	    sizeof *columns);
	struct table_def	 table = { .name = name, .columns = columns };

	m->name = m->table = m->description = name;
	m->order = order;
	m->by_name = map_new(c->a);
	m->fields = arena_array(c->a, FIELDS, sizeof *m->fields);
	columns[table.ncolumns++] = (struct column_def){ .name = "uuid",
	    .type = COL_TEXT };
	for (size_t i = 0; i < n; i++) {
		struct field	*f = &m->fields[m->nfields++];

		case_field(c, f, &from[i]);
		f->model = m;
		map_put(m->by_name, span_of(f->name), f);
		if (f->column == NULL || strcmp(f->name, "id") == 0)
			continue;
		columns[table.ncolumns++] = (struct column_def){
			.name = f->column,
			.type = field_column_type(f),
			.scale = f->scale < 0 ? 0 : (unsigned int)f->scale,
		};
	}
	m->rec_name = model_field(m, "name");
	m->display = model_field(m, "display_name");
	m->active = model_field(m, "active");
	m->parent = model_field(m, "parent_id");
	done(c, store_change(c->env.store, &table, 1, &c->err));
}

void
case_link(struct orm_case *c)
{
	struct model	*const models[] = { &c->country, &c->tag,
			    &c->partner };

	formula_link(c->a, models, N(models));
}

static void
case_changes(struct orm_case *c)
{
	static const struct column_def	 columns[] = {
		{ .name = "model", .type = COL_TEXT },
		{ .name = "operation", .type = COL_TEXT },
		{ .name = "time", .type = COL_DATETIME },
		{ .name = "user_id", .type = COL_ID },
		{ .name = "res_id", .type = COL_INT },
		{ .name = "res_uuid", .type = COL_TEXT },
	};
	const struct table_def		 table = { .name = "ir_change",
	    .columns = columns, .ncolumns = N(columns) };

	done(c, store_change(c->env.store, &table, 1, &c->err));
}

/* What can be told only when all models are there. */
static void
case_ends(struct orm_case *c)
{
	static const struct column_def	 columns[] = {
		{ .name = "partner_id", .type = COL_ID },
		{ .name = "tag_id", .type = COL_ID },
	};
	static const struct table_def	 table = { .name = "partner_tag",
	    .columns = columns, .ncolumns = 2, .link = true };
	struct model			*models[] = { &c->country, &c->partner };

	done(c, store_change(c->env.store, &table, 1, &c->err));
	for (size_t i = 0; i < N(models); i++)
		for (size_t j = 0; j < models[i]->nfields; j++) {
			struct field	*f = &models[i]->fields[j];

			if (f->relation_field != NULL)
				f->inverse = model_field(f->target,
				    f->relation_field);
		}
}

void
link_tag(struct orm_case *c, int64_t partner, int64_t tag)
{
	struct assign	 row[] = {
		{ .column = "partner_id", .value = value_int(partner) },
		{ .column = "tag_id", .value = value_int(tag) },
	};

	done(c, store_insert(c->env.store, "partner_tag", row, 2, NULL,
	    &c->err));
}

int
orm_case_open(void **state)
{
	struct store_options	 options = { .create = true };
	struct arena		*a = arena_new();
	struct orm_case		*c = arena_alloc(a, sizeof *c);

	c->a = a;
	c->conf.max_terms = 1000;
	c->conf.max_ids = 100000;
	c->env = (struct env){ .arena = a, .err = &c->err, .conf = &c->conf,
	    .su = true, .uid = 1 };
	c->directory = arena_strdup(a, "/tmp/orm-XXXXXX");
	assert_non_null(mkdtemp(c->directory));
	done(c, store_open(arena_printf(a, "sqlite:%s/t.db", c->directory),
	    &options, &c->env.store, &c->err));
	done(c, store_begin(c->env.store, TXN_WRITE, &c->err));
	case_define(c, "country", country_fields, N(country_fields), "name");
	case_define(c, "tag", tag_fields, N(tag_fields), "id");
	case_define(c, "partner", partner_fields, N(partner_fields),
	    "display_name, id");
	case_ends(c);
	c->models[0] = &c->country;
	c->models[1] = &c->tag;
	c->models[2] = &c->partner;
	case_changes(c);
	case_link(c);
	*state = c;
	return 0;
}

int
orm_case_close(void **state)
{
	static const char *const	 ends[] = {
		"", "-wal", "-shm", "-lock", "-journal",
	};
	struct orm_case			*c = *state;

	store_rollback(c->env.store);
	store_close(c->env.store);
	for (size_t i = 0; i < N(ends); i++)
		unlink(arena_printf(c->a, "%s/t.db%s", c->directory, ends[i]));
	rmdir(c->directory);
	arena_free(c->a);
	return 0;
}

void
done(struct orm_case *c, bool ok)
{
	if (!ok)
		fail_msg("%s (%s)", c->err.msg, c->err.cause);
}

void
refused(struct orm_case *c, bool ok, enum err_code code, const char *text)
{
	if (ok)
		fail_msg("not refused: %s", text);
	if (c->err.code != code || strstr(c->err.msg, text) == NULL)
		fail_msg("%d %s, not %s", c->err.code, c->err.msg, text);
	err_clear(&c->err);
}

struct value
literal(struct orm_case *c, const char *text)
{
	struct value	 v;

	done(c, literal_parse(c->a, span_of(arena_strdup(c->a, text)),
	    &parse_limits_default, &v, &c->err));
	return v;
}

static size_t
case_row(struct orm_case *c, const struct model *m, const char *vals,
    struct assign *row)
{
	struct value	 dict = literal(c, vals);
	size_t		 n = map_count(dict.u.dict);

	for (size_t i = 0; i < n; i++) {
		const struct field	*f;

		f = map_get(m->by_name, map_key(dict.u.dict, i));
		assert_non_null(f);
		row[i].column = f->name;
		done(c, f->type->convert(&c->env, f, CONVERT_ODOO,
		    map_at(dict.u.dict, i), &row[i].value));
	}
	return n;
}

int64_t
add(struct orm_case *c, const struct model *m, const char *vals)
{
	struct assign	 row[FIELDS] = { 0 };
	size_t		 n = case_row(c, m, vals, row);
	int64_t		 id = 0;

	done(c, store_insert(c->env.store, m->table, row, n, &id, &c->err));
	return id;
}

static const struct expr *
case_id(struct orm_case *c, int64_t id)
{
	return expr_binary(c->a, EXPR_EQ, expr_column(c->a, "id", COL_ID, 0),
	    expr_value(c->a, value_int(id)));
}

void
set(struct orm_case *c, const struct model *m, int64_t id, const char *vals)
{
	struct assign	 row[FIELDS] = { 0 };
	size_t		 n = case_row(c, m, vals, row);
	int64_t		 changed;

	done(c, store_update(c->env.store, m->table, case_id(c, id), row, n,
	    &changed, &c->err));
	assert_int_equal(changed, 1);
}

struct value
look(struct orm_case *c, const struct model *m, int64_t id,
    const struct expr *e)
{
	struct query	*q = query_new(c->a, m->table, 1);
	struct rows	 rows;

	done(c, e != NULL);
	q->columns[0] = e;
	q->where = case_id(c, id);
	done(c, store_select(c->env.store, q, c->a, &rows, &c->err));
	assert_int_equal(rows.n, 1);
	return rows.cells[0];
}

struct value
get(struct orm_case *c, const struct model *m, int64_t id, const char *field)
{
	return look(c, m, id, field_expr(&c->env, model_field(m, field)));
}

static const char *
case_ids(struct orm_case *c, const struct query *q)
{
	struct buf	*b = buf_new(c->a);
	struct rows	 rows;

	done(c, store_select(c->env.store, q, c->a, &rows, &c->err));
	for (size_t i = 0; i < rows.n; i++) {
		if (i != 0)
			buf_char(b, ',');
		buf_int(b, rows.cells[i].u.i);
	}
	return buf_text(b).p;
}

const char *
found(struct orm_case *c, const struct model *m, const char *domain)
{
	struct value		 v = literal(c, domain);
	struct query		*q = query_new(c->a, m->table, 1);
	struct order		 by_id = { 0 };
	const struct domain	*d;

	done(c, domain_parse(&c->env, &v, &d));
	done(c, domain_compile(&c->env, m, d, &q->where));
	q->columns[0] = by_id.expr = expr_column(c->a, "id", COL_ID, 0);
	q->orders = &by_id;
	q->norders = 1;
	return case_ids(c, q);
}

const char *
sorted(struct orm_case *c, const struct model *m, const char *order)
{
	struct query	*q = query_new(c->a, m->table, 1);

	q->columns[0] = expr_column(c->a, "id", COL_ID, 0);
	done(c, order_parse(&c->env, m, order, &q->orders, &q->norders));
	return case_ids(c, q);
}
