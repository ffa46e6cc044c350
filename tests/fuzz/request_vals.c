/* What records are made of: values, commands, models, fields, rows. */

#include "request_text.h"

#include <string.h>

#include "base/buf.h"

/* Of a field, what it takes: as JSON and as a Python literal. */
static const char *const	 pairs[][2] = {
	{ "name", "\"Peter Mitchell\"" }, { "name", "\"B\\u00e9\"" },
	{ "country_id", "482" }, { "zip", "\"106\"" }, { "color", "7" },
	{ "is_company", "true" }, { "active", "false" }, { "parent_id", "7" },
	{ "credit_limit", "-1.5e3" }, { "date", "\"2017-07-01\"" },
	{ "type", "\"invoice\"" }, { "image", "\"QUJD\"" },
	{ "parent_id", "false" }, { "comment", "null" },
	{ "login", "\"new\"" }, { "partner_id", "7" }, { "company_id", "1" },
	{ "x_f1", "\"one\"" }, { "x_f2", "1" }, { "x_name", "\"X\"" },
	{ "name_ref", "\"res.partner,7\"" }, { "key", "\"k\"" },
	{ "value", "\"v\"" }, { "datas", "\"QUJD\"" }, { "code", "\"c\"" },
};

static const char *const	 lines[] = {
	"child_ids", "category_id", "bank_ids", "user_ids", "x_f3", "x_f4",
	"groups_id", "company_ids", "users", "implied_ids", "state_ids",
	"model_access", "rule_groups", "name",
};

static const char *const	 types[] = {
	"char", "integer", "many2one", "one2many", "many2many", "selection",
	"boolean", "float", "monetary", "text", "html", "date", "datetime",
	"binary", "reference", "many2one_reference", "", "json",
};

static const char *const	 targets[] = {
	"res.partner", "x_a", "x_b", "res.users", "res.country", "ir.model",
	"res.groups", "ir.change", "no.model",
};

static const char *const	 formulas[] = {
	"x_f1", "name", "x_f1 + x_f2", "x_f2.x_f1", "sum(x_f3.x_f1)",
	"count(child_ids)", "if(active, name, x_f1)", "parent_id.x_f2",
	"upper(name) + lower(x_f1)", "round(credit_limit, 2)", "x_f2.password",
	"max(child_ids, sum(child_ids.credit_limit))", "1 / 0", "(((", "",
	"create_uid.partner_id.parent_id.name", "not x_f1", "-x_f1 * 3",
	"date_add(today(), 1, 'day')", "child_ids", "x_f4", "display_name",
};

static void
put_command(struct buf *b, struct tape *t, bool json, int depth)
{
	size_t	 kind = pick(t, 8);

	buf_printf(b, "[%zu", kind);
	if (kind == 0 || seldom(t, 12)) {
		buf_str(b, ", 0, ");
		put_dict(b, t, json, depth);
	} else if (kind == 6) {
		buf_str(b, ", 0, ");
		put_list(b, t, json, 1);
	} else if (kind != 5) {
		buf_printf(b, ", %zu", pick(t, 40));
		if (kind == 1) {
			buf_str(b, ", ");
			put_dict(b, t, json, depth);
		}
	}
	buf_char(b, ']');
}

static void
put_commands(struct buf *b, struct tape *t, bool json, int depth)
{
	size_t	 n = 1 + pick(t, 4);

	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			buf_char(b, ',');
		if (depth <= 0 || seldom(t, 12))
			put_value(b, t, json, depth - 1);
		else
			put_command(b, t, json, depth - 1);
	}
	buf_char(b, ']');
}

void
put_dict(struct buf *b, struct tape *t, bool json, int depth)
{
	size_t	 n = 1 + pick(t, 4);

	buf_char(b, '{');
	for (size_t i = 0; i < n; i++) {
		const char	*const *pair = OF(t, pairs);

		if (i != 0)
			buf_str(b, ", ");
		if (depth > 0 && seldom(t, 4)) {
			buf_printf(b, "\"%s\": ", OF(t, lines));
			put_commands(b, t, json, depth - 1);
		} else if (depth < 3 || !seldom(t, 3)) {
			buf_printf(b, "\"%s\": %s", pair[0], pair[1]);
		} else {
			put_name(b, t, json);
			buf_char(b, ':');
			put_value(b, t, json, depth - 1);
		}
	}
	buf_char(b, '}');
}

/* Attributes of a field, some of which do not fit its type. */
static void
put_attributes(struct buf *b, struct tape *t)
{
	static const char *const	 others[] = {
		"\"required\": true", "\"index\": true", "\"size\": 3",
		"\"size\": -1", "\"digits\": \"[12, 2]\"", "\"copied\": false",
		"\"translate\": true", "\"store\": false",
		"\"selection\": \"[('a', 'A'), ('b', 'B')]\"",
		"\"selection\": \"[\"", "\"on_delete\": \"cascade\"",
		"\"on_delete\": \"restrict\"", "\"text_index\": true",
		"\"domain\": \"[('id', '>', 1)]\"",
		"\"domain\": \"[('nothing', '=', 1)]\"",
		"\"help\": \"h\"", "\"readonly\": true", "\"groups\": [[6, 0, "
		    "[1]]]", "\"state\": \"base\"", "\"secret\": true",
		"\"relation_table\": \"x_rel\"", "\"column1\": \"a\"",
		"\"default_value\": \"1\"", "\"currency_field\": \"x_f2\"",
	};
	const char	*type = OF(t, types);
	bool		 related;

	buf_printf(b, "\"ttype\": \"%s\", \"field_description\": \"F\"",
	    type);
	if (strstr(type, "2") != NULL || seldom(t, 16))
		buf_printf(b, ", \"relation\": \"%s\"", OF(t, targets));
	if (strncmp(type, "one", 3) == 0 || seldom(t, 16))
		buf_printf(b, ", \"relation_field\": \"x_f%zu\"",
		    1 + pick(t, 4));
	if (type[0] == 's' && !seldom(t, 8))
		buf_str(b, ", \"selection\": \"[('a', 'A')]\"");
	if (seldom(t, 4)) {
		related = seldom(t, 3);
		buf_printf(b, ", \"%s\": \"%s\"", related ? "related" :
		    "compute", OF(t, formulas));
	}
	for (size_t i = pick(t, 3); i > 0; i--)
		buf_printf(b, ", %s", OF(t, others));
}

static void
put_field(struct buf *b, struct tape *t, bool owner)
{
	buf_printf(b, "{\"name\": \"x_f%zu\", ", 1 + pick(t, 9));
	if (owner && !seldom(t, 6))
		buf_printf(b, "\"model\": \"%s\", ", OF(t, targets));
	else if (owner)
		buf_printf(b, "\"model_id\": %zu, ", 100 + pick(t, 8));
	put_attributes(b, t);
	buf_char(b, '}');
}

static void
put_model(struct buf *b, struct tape *t)
{
	size_t	 n = pick(t, 4);

	buf_printf(b, "{\"name\": \"M\", \"model\": \"x_%s\"", seldom(t, 6) ?
	    "a" : "b");
	if (seldom(t, 4))
		buf_printf(b, ", \"order\": \"%s\"", seldom(t, 2) ? "x_f1" :
		    "x_f2 desc, id");
	if (seldom(t, 6))
		buf_str(b, ", \"rec_name\": \"x_f1\"");
	if (n != 0)
		buf_str(b, ", \"field_id\": [");
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%s[%s, ", i == 0 ? "" : ", ", seldom(t, 8) ?
		    "1, 520" : "0, 0");
		put_field(b, t, false);
		buf_char(b, ']');
	}
	buf_str(b, n != 0 ? "]}" : "}");
}

static void
put_rule(struct buf *b, struct tape *t)
{
	static const char *const	 domains[] = {
		"[]", "[('id', '=', user.id)]", "[('id', 'in', company_ids)]",
		"[('create_uid', '=', user.id)]", "['|']", "[(1, '=', 1)]",
		"[('parent_id', 'child_of', user.partner_id.id)]", "user.id",
		"[('x_f1', '=', user.password)]", "[('x_f1', '!=', False)]",
		"[('x_f2.x_f1', '=', company_id)]", "[('a', '=', user.",
		"[('child_ids', 'any', [('id', '!=', user.company_id.id)])]",
	};

	buf_printf(b, "{\"name\": \"r\", \"model_id\": %zu, "
	    "\"domain_force\": \"%s\", \"perm_%s\": false}",
	    1 + pick(t, 40), OF(t, domains), seldom(t, 2) ? "read" : "write");
}

void
put_vals(struct buf *b, struct tape *t, bool json)
{
	if (t->model == NULL || seldom(t, 12))
		put_dict(b, t, json, 3);
	else if (strcmp(t->model, "ir.model") == 0)
		put_model(b, t);
	else if (strcmp(t->model, "ir.model.fields") == 0)
		put_field(b, t, true);
	else if (strcmp(t->model, "ir.rule") == 0)
		put_rule(b, t);
	else
		put_dict(b, t, json, 3);
}

void
put_groupby(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 grains[] = {
		":day", ":week", ":month", ":quarter", ":year", ":sum",
		":count_distinct", ":avg", ":min", ":max", ":bool_or",
		":array_agg", ":count", ":x", ":",
	};
	static const char *const	 by[] = {
		"country_id", "create_date", "date", "name", "active",
		"category_id", "parent_id", "type", "color", "credit_limit",
		"id", "display_name", "x_f1", "x_f2", "x_f3", "child_ids",
		"image", "write_date", "a:sum(color)", "__count",
	};
	size_t	 n = pick(t, 4);

	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			buf_char(b, ',');
		if (seldom(t, 12))
			put_value(b, t, json, 1);
		else
			buf_printf(b, "\"%s%s\"", OF(t, by), seldom(t, 2) ?
			    OF(t, grains) : "");
	}
	buf_char(b, ']');
}

static const char *const	 columns[] = {
	"name", "id", ".id", "parent_id", "parent_id/id", "parent_id/.id",
	"child_ids/name", "child_ids/color", "child_ids/child_ids/name",
	"category_id", "category_id/id", "country_id", "country_id/code",
	"active", "date", "x_f1", "x_f2", "x_f3/x_f1", "field_id/name",
	"field_id/ttype", "model", "login", "groups_id/id", "password",
	"child_ids", "/", "name/", "image", "create_uid/name", "code",
};

void
put_columns(struct buf *b, struct tape *t, bool json)
{
	size_t	 n = 1 + pick(t, 5);

	(void)json;
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s\"%s\"", i == 0 ? "" : ",", OF(t, columns));
	buf_char(b, ']');
}

/* Rows of texts, not always as many as there are columns. */
void
put_rows(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 cells[] = {
		"", "A", "x_a", "x_b", "base.be", "__import__.a", "a", "7",
		"12", "Belgium", "yes", "2017-07-12", "char", "integer",
		"x_f1", "Bronze,Silver", "1e5", "no.such", "base.main_company",
	};
	size_t	 rows = seldom(t, 12) ? 60 : 1 + pick(t, 4);
	size_t	 width = 1 + pick(t, 5);

	buf_char(b, '[');
	for (size_t i = 0; i < rows; i++) {
		buf_str(b, i == 0 ? "[" : ",[");
		for (size_t j = 0; j < width; j++) {
			buf_str(b, j == 0 ? "" : ",");
			if (seldom(t, 10))
				put_value(b, t, json, 1);
			else
				buf_printf(b, "\"%s\"", OF(t, cells));
		}
		buf_char(b, ']');
	}
	buf_char(b, ']');
}
