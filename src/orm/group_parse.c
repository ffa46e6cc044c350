/* What a read_group is asked, taken apart. */

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "orm/access.h"
#include "orm/env.h"
#include "orm/field.h"
#include "orm/group.h"
#include "orm/group_private.h"

#define WORD	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" \
		"0123456789_"

#define NUMBERS	(1u << COL_INT | 1u << COL_FLOAT | 1u << COL_DECIMAL)
#define DATES	(1u << COL_DATE | 1u << COL_DATETIME)
#define PLAIN	(NUMBERS | DATES | 1u << COL_TEXT | 1u << COL_ID)
#define COUNTED	(PLAIN | 1u << COL_BOOL)

static const struct {
	const char	*name;
	enum expr_op	 op;
	unsigned int	 types;		/* that it takes */
} functions[] = {
	{ "sum",		EXPR_SUM,		NUMBERS },
	{ "avg",		EXPR_AVG,		NUMBERS },
	{ "min",		EXPR_MIN,		PLAIN },
	{ "max",		EXPR_MAX,		PLAIN },
	{ "count",		EXPR_COUNT,		COUNTED },
	{ "count_distinct",	EXPR_COUNT_DISTINCT,	COUNTED },
	{ "bool_and",		EXPR_BOOL_AND,		1u << COL_BOOL },
	{ "bool_or",		EXPR_BOOL_OR,		1u << COL_BOOL },
};
#define FUNCTIONS	(sizeof functions / sizeof functions[0])

static bool
group_bad(const struct grouping *g, const char *what, const char *item,
    const char *why)
{
	return env_fail(g->env, ERR_VALUE, "read_group of %s: \"%.60s\" in %s "
	    "%s", g->model->name, item, what, why);
}

/* The word at *p, which then stands behind it. */
static const char *
group_word(const struct grouping *g, const char **p)
{
	size_t	 n = strspn(*p, WORD);

	*p += n;
	return arena_strndup(g->env->arena, *p - n, n);
}

static bool
group_field(const struct grouping *g, const char *name,
    const struct field **f)
{
	*f = access_field(g->env, g->model, span_of(name));
	return *f != NULL || model_no_field(g->env, g->model, span_of(name));
}

static bool
key_unit(const struct grouping *g, struct group_key *key, const char *unit)
{
	static const char *const	 units[] = {
		"day", "week", "month", "quarter", "year",
	};
	enum col_type	 type = field_column_type(key->field);
	bool		 date = type == COL_DATE || type == COL_DATETIME;

	if (!date)
		return unit == NULL || group_bad(g, "groupby", key->item,
		    "is no date");
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(units[i], unit == NULL ? "month" : unit) == 0)
			key->unit = units[i];
	return key->unit != NULL || group_bad(g, "groupby", key->item,
	    "ends with none of day, week, month, quarter, year");
}

/* What a key's groups differ by. */
static const struct expr *
key_expr(const struct grouping *g, const struct group_key *key)
{
	struct arena		*a = g->env->arena;
	const struct expr	*e = field_expr(g->env, key->field);
	struct expr		*start;

	if (e == NULL || (e->type != COL_BOOL && key->unit == NULL))
		return e;
	if (e->type == COL_BOOL)
		return expr_if(a, e, expr_bool(a, true), expr_bool(a, false));
	start = expr_node(a, EXPR_DATE_TRUNC, COL_DATE, 0, e, NULL);
	start->name = key->unit;
	return start;
}

/* A many2many groups by what it links to. */
static bool
key_links(struct grouping *g, const struct group_key *key)
{
	if (key->field->link == NULL)
		return group_bad(g, "groupby", key->item,
		    "holds lists or bytes, which make no groups");
	if (g->links != NULL)
		return group_bad(g, "groupby", key->item,
		    "is the second many2many; one can be grouped by");
	g->links = key;
	return true;
}

static bool
key_parse(struct grouping *g, const char *item)
{
	struct group_key	*key = &g->keys[g->nkeys];
	const char		*p = item, *name = group_word(g, &p);

	key->item = item;
	if (*p != '\0' && *p != ':')
		return group_bad(g, "groupby", item,
		    "is neither a field nor a date:unit");
	if (!group_field(g, name, &key->field) ||
	    !key_unit(g, key, *p == ':' ? p + 1 : NULL))
		return false;
	for (size_t i = 0; i < g->nkeys; i++)
		if (strcmp(g->keys[i].item, item) == 0)
			return group_bad(g, "groupby", item, "comes twice");
	g->nkeys++;
	if (field_is_x2many(key->field))
		return key_links(g, key);
	key->expr = key_expr(g, key);
	if (key->expr == NULL)
		return false;
	return key->expr->type != COL_BYTES || key_links(g, key);
}

static bool
sum_name_free(const struct grouping *g, const char *alias)
{
	for (size_t i = 0; i < g->nsums; i++)
		if (strcmp(g->sums[i].alias, alias) == 0)
			return false;
	for (size_t i = 0; i < g->nkeys; i++)
		if (strcmp(g->keys[i].item, alias) == 0)
			return false;
	return strncmp(alias, "__", 2) != 0 && strcmp(alias, g->count) != 0;
}

static bool
sum_add(struct grouping *g, const char *item, const char *alias,
    const struct field *f, const char *function)
{
	struct group_sum	*sum = &g->sums[g->nsums];
	size_t			 i;

	for (i = 0; i < FUNCTIONS; i++)
		if (strcmp(functions[i].name, function) == 0)
			break;
	if (i == FUNCTIONS)
		return group_bad(g, "fields", item, "asks for none of sum, "
		    "avg, min, max, count, count_distinct, bool_and, bool_or");
	if (g->nsums == GROUP_SUMS)
		return group_bad(g, "fields", item, "is one too many");
	if (!sum_name_free(g, alias))
		return group_bad(g, "fields", item,
		    "gives a name that is taken");
	if (field_is_x2many(f) || (sum->expr = field_expr(g->env, f)) == NULL)
		return g->env->err->code != ERR_OK ? false :
		    group_bad(g, "fields", item, "is of a list");
	if ((functions[i].types & 1u << sum->expr->type) == 0)
		return group_bad(g, "fields", item,
		    "is of a field that this cannot be asked of");
	sum->alias = alias;
	sum->op = functions[i].op;
	sum->type = sum->op == EXPR_AVG ? COL_FLOAT :
	    sum->op == EXPR_COUNT || sum->op == EXPR_COUNT_DISTINCT ?
	    COL_INT : sum->expr->type;
	g->nsums++;
	return true;
}

/* Whether a field is summed without being told to. */
static bool
sum_natural(const struct field *f)
{
	enum col_type	 type = field_column_type(f);

	return (1u << type & NUMBERS) != 0 && !field_is_x2many(f);
}

static bool
sum_plain(struct grouping *g, const char *name)
{
	const struct field	*f;

	if (!group_field(g, name, &f))
		return false;
	if (!sum_natural(f) || !sum_name_free(g, name))
		return true;
	return sum_add(g, name, name, f, "sum");
}

/* "f", "f:sum", "alias:sum(f)" */
static bool
sum_parse(struct grouping *g, const char *item)
{
	const struct field	*f;
	const char		*p = item, *alias, *function, *name;

	name = alias = group_word(g, &p);
	if (*p == '\0')
		return sum_plain(g, name);
	function = *p++ == ':' ? group_word(g, &p) : "";
	if (*p == '(') {
		p++;
		name = group_word(g, &p);
		p += *p == ')' && p[1] == '\0' ? 1 : 0;
	}
	if (*function == '\0' || *p != '\0')
		return group_bad(g, "fields", item, "is none of field, "
		    "field:function, name:function(field)");
	return group_field(g, name, &f) && sum_add(g, item, alias, f,
	    function);
}

/* No fields: all numbers that are stored. */
static bool
sum_all(struct grouping *g)
{
	const struct model	*m = g->model;

	for (size_t i = 0; i < m->nfields; i++) {
		const struct field	*f = &m->fields[i];

		if (f->column != NULL && access_sees(g->env, f) &&
		    !sum_plain(g, f->name))
			return false;
	}
	return true;
}

static bool
order_find(const struct grouping *g, const char *name, struct group_by *by)
{
	size_t	 n = strlen(name);

	for (size_t i = 0; i < g->nkeys; i++) {
		const char	*item = g->keys[i].item;

		if (strcmp(item, name) == 0 || (strncmp(item, name, n) == 0 &&
		    item[n] == ':')) {
			*by = (struct group_by){ GROUP_KEY, i, false };
			return true;
		}
	}
	for (size_t i = 0; i < g->nsums; i++)
		if (strcmp(g->sums[i].alias, name) == 0) {
			*by = (struct group_by){ GROUP_SUM, i, false };
			return true;
		}
	*by = (struct group_by){ GROUP_COUNT, 0, false };
	return strcmp(name, "__count") == 0 || strcmp(name, g->count) == 0;
}

/* "credit desc", one of orderby. */
static bool
order_one(struct grouping *g, const char *text)
{
	const char	*p = text + strspn(text, " "), *name, *way;
	size_t		 n = strspn(p, WORD ":");

	name = arena_strndup(g->env->arena, p, n);
	p += n;
	p += strspn(p, " ");
	way = group_word(g, &p);
	p += strspn(p, " ");
	if (n == 0 || *p != '\0' || (*way != '\0' &&
	    strcasecmp(way, "asc") != 0 && strcasecmp(way, "desc") != 0))
		return group_bad(g, "orderby", text,
		    "is no field with asc or desc");
	if (g->norder == GROUP_KEYS)
		return group_bad(g, "orderby", text, "is one too many");
	if (!order_find(g, name, &g->order[g->norder]))
		return group_bad(g, "orderby", text,
		    "is neither grouped by nor one of fields");
	g->order[g->norder++].desc = strcasecmp(way, "desc") == 0;
	return true;
}

/* The order that is asked for; then, so that there is but one, the keys'. */
static bool
order_all(struct grouping *g)
{
	const char	*p = g->asked->page.order;

	while (p != NULL && *p != '\0') {
		size_t	 n = strcspn(p, ",");

		if (!order_one(g, arena_strndup(g->env->arena, p, n)))
			return false;
		p += n + (p[n] == ',');
	}
	for (size_t i = 0; i < g->nkeys; i++)
		g->order[g->norder++] = (struct group_by){ GROUP_KEY, i,
		    false };
	return true;
}

static const char *
count_name(const struct grouping *g)
{
	const char	*item = g->asked->groupby.v[0];

	return arena_printf(g->env->arena, "%.*s_count",
	    (int)strcspn(item, ":"), item);
}

bool
group_parse(struct grouping *g)
{
	const struct group_request	*asked = g->asked;
	size_t				 n = asked->groupby.n;

	if (asked->lazy && n > 1)
		n = 1;
	if (n > GROUP_KEYS)
		return env_fail(g->env, ERR_VALUE,
		    "more than %d groupby", GROUP_KEYS);
	g->count = asked->lazy && n != 0 ? count_name(g) : "__count";
	for (size_t i = 0; i < n; i++)
		if (!key_parse(g, asked->groupby.v[i]))
			return false;
	for (size_t i = 0; i < asked->fields.n; i++)
		if (!sum_parse(g, asked->fields.v[i]))
			return false;
	return (asked->fields.n != 0 || sum_all(g)) && order_all(g);
}
