#include "request_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

static const char *const	 fields[] = {
	"name", "id", "country_id", "is_company", "customer", "active",
	"parent_id", "date", "credit_limit", "color", "type", "comment",
	"image", "create_date", "write_uid", "display_name", "__last_update",
	"company_type", "parent_name", "state_id", "login", "user_id",
	"signature", "code", "model", "res_id", "note", "lang", "email",
	"date_localization", "ean13", "country_id.code", "country_id.name",
	"parent_id.parent_id.name", "state_id.country_id.currency_id.name",
	"create_uid.partner_id.country_id.id", "user_id.company_id.partner_id",
	"parent_id.parent_id.parent_id.parent_id.parent_id.parent_id."
	    "parent_id.parent_id.parent_id.name",
	"password", "key", "user_id.password", "uuid", "no_field", "name.id",
	"country_id.", ".name", "", "name)--", "\"name\"", "NAME",
	"child_ids", "category_id", "bank_ids", "child_ids.name",
	"category_id.parent_id.name", "child_ids.category_id.color",
	"groups_id", "company_ids", "model_id", "field_id", "x_name", "x_f1",
	"x_f2", "x_f3", "x_f4", "x_f1.x_f2", "x_f2.name",
};

static const char *const	 operators[] = {
	"=", "!=", "in", "not in", "ilike", "like", "=ilike", "=like", "<",
	">", "<=", ">=", "<>", "not like", "not ilike", "=?", "child_of",
	"parent_of", "==", "glob", "iS nOt", "", "= 1 oR 1=", "\n",
};

static const char *const	 texts[] = {
	"A", "Wavre", "a%", "%", "_%_%_", "2017-07-12", "2017-07-12 13:34:22",
	"2017-02-30", "9999-12-31", "0000-00-00", "12", "1e5", "-0", "nan",
	"'; DrOp TaBlE x; --", "\" oR \"\"=\"", "x') uNiOn aLl sElEcT 1 --",
	"\\", "%\\%", "\xc3\xa9\xe5\xa4\xa9\xf0\x9f\x8e\x89", "\xc3(", "\xff",
	"\xed\xa0\x80", "\xc0\xaf", "\xe2\x80\xa8\xc2\x85", "\x01\x1f\x7f",
	"\r\nX-Evil: 1", "<script>alert(1)</script>", "<p on=x>", "]]>&amp;<",
	"\\0", "\\x00", "\\ud83c", "\\ud83c\\udf89", "\\N{DIGIT ONE}", "{}",
	"[]", "False", "../../x", "QUJD", "contact", "\xce\x90\xe1\xbe\xb7",
	"\xef\xb7\xba", "\xc4\xb0\xc3\x9f", "", " ", "\t", "&x=1", "#", "+",
};

static const char *const	 numbers[] = {
	"12", "0", "1", "20", "-1", "482", "9223372036854775807",
	"9223372036854775808", "-9223372036854775808", "1.5", "1e308",
	"1e999", "-1e-320", "0x10", "1_0", "010", "NaN", "-Infinity", "1.",
	"123456789012345678901234567890", "922337203685477580.75", "5j",
	"0.1", "99999999999999999.995", "--1", "1e5", "2147483648", "100000",
};

static size_t
choice(struct tape *t)
{
	if (t->n == 0)
		return 0;
	t->n--;
	return *t->p++;
}

/* A calm one likes what stands first in the tables: that is good. */
size_t
pick(struct tape *t, size_t n)
{
	size_t	 i = choice(t) % n;

	return t->calm ? i * choice(t) >> 8 : i;
}

bool
seldom(struct tape *t, size_t n)
{
	if (t->calm && n >= 8)
		n = n > 32 ? 256 : n * 8;
	return choice(t) % n == n - 1;
}

/* A text in quotes; not always are its own quotes escaped. */
void
put_quoted(struct buf *b, struct tape *t, bool json, const char *s)
{
	char	 quote = json || seldom(t, 4) ? '"' : '\'';
	bool	 raw = seldom(t, 12);

	buf_char(b, quote);
	for (; *s != '\0'; s++) {
		if (!raw && (*s == quote || (*s == '\\' && !seldom(t, 4))))
			buf_char(b, '\\');
		buf_char(b, *s);
	}
	if (!seldom(t, 60))
		buf_char(b, quote);
}

static void
put_text(struct buf *b, struct tape *t, bool json)
{
	static const int	 lengths[] = { 60, 100, 256, 257, 2000, 9000 };
	const char		*s = OF(t, texts);
	struct buf		*much;

	if (seldom(t, 24)) {
		much = buf_new(t->a);
		for (int n = OF(t, lengths); n > 0; n--)
			buf_str(much, s);
		s = much->n == 0 ? "" : much->p;
	}
	if (!json && seldom(t, 10))
		buf_char(b, "ubrURf"[pick(t, 6)]);
	put_quoted(b, t, json, s);
}

void
put_name(struct buf *b, struct tape *t, bool json)
{
	if (seldom(t, 16))
		put_value(b, t, json, 1);
	else
		put_quoted(b, t, json, OF(t, fields));
}

static void
put_word(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 words[][2] = {
		{ "True", "true" }, { "False", "false" }, { "None", "null" },
	};

	buf_str(b, OF(t, words)[json || seldom(t, 5)]);
}

void
put_list(struct buf *b, struct tape *t, bool json, int depth)
{
	bool	 tuple = !json && seldom(t, 3);
	size_t	 n = seldom(t, 20) ? 300 : pick(t, 5);

	buf_char(b, tuple ? '(' : '[');
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			buf_char(b, ',');
		if (n == 300)
			buf_printf(b, "%zu", i);
		else
			put_value(b, t, json, depth - 1);
	}
	if (tuple && n == 1)
		buf_char(b, ',');
	buf_char(b, tuple ? ')' : ']');
}

static void
put_nest(struct buf *b, struct tape *t)
{
	static const int	 depths[] = { 5, 30, 31, 32, 33, 100, 3000 };
	int			 n = OF(t, depths), brace = (int)pick(t, 3);

	for (int i = 0; i < n; i++)
		buf_str(b, brace == 0 ? "[" : brace == 1 ? "(" : "{\"a\":");
	buf_char(b, '1');
	for (int i = 0; i < n; i++)
		buf_char(b, "])}"[brace]);
}

void
put_value(struct buf *b, struct tape *t, bool json, int depth)
{
	switch (depth <= 0 ? pick(t, 3) : pick(t, 7)) {
	case 0:
		put_text(b, t, json);
		break;
	case 1:
		buf_str(b, OF(t, numbers));
		break;
	case 2:
		put_word(b, t, json);
		break;
	case 3:
		put_dict(b, t, json, depth);
		break;
	case 4:
		if (seldom(t, 20))
			put_nest(b, t);
		else
			put_list(b, t, json, depth);
		break;
	default:
		put_list(b, t, json, depth);
		break;
	}
}

/* ("child_ids", "any", [...]), which may hold another one. */
static void
put_any(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 paths[] = {
		"child_ids", "parent_id", "category_id", "bank_ids",
		"user_id", "country_id", "x_f2", "x_f3", "name",
	};

	buf_printf(b, "[\"%s\",\"%s\",", OF(t, paths), seldom(t, 3) ?
	    "not any" : "any");
	if (seldom(t, 8))
		put_value(b, t, json, 1);
	else
		put_domain(b, t, json);
	buf_char(b, ']');
}

static void
put_term(struct buf *b, struct tape *t, bool json)
{
	bool	 tuple = !json && seldom(t, 2);

	if (seldom(t, 12)) {
		put_any(b, t, json);
		return;
	}
	buf_char(b, tuple ? '(' : '[');
	put_name(b, t, json);
	buf_char(b, ',');
	put_quoted(b, t, json, OF(t, operators));
	buf_char(b, ',');
	put_value(b, t, json, 2);
	buf_char(b, tuple ? ')' : ']');
}

void
put_domain(struct buf *b, struct tape *t, bool json)
{
	static const size_t	 many[] = { 500, 900, 1001 };
	size_t			 n = 1 + pick(t, 6), members;

	buf_char(b, '[');
	if (seldom(t, 60)) {
		members = pick(t, 100);
		for (size_t i = OF(t, many); i > 0; i--) {
			buf_str(b, "\"|\",[\"id\",\"in\",[1");
			for (size_t j = members; j > 0; j--)
				buf_str(b, ",2");
			buf_str(b, "]],");
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			buf_char(b, ',');
		if (i + 1 < n && seldom(t, 4)) {
			buf_printf(b, "\"%c\"", "!|&x"[pick(t, 4)]);
			continue;
		}
		put_term(b, t, json);
	}
	buf_char(b, ']');
}

static void
put_order(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 ways[] = {
		"", " desc", " asc", " dEsC ", " nulls first", ";", "--", ".x",
	};
	size_t		 n = 1 + pick(t, 3);
	const char	*same = OF(t, fields);

	buf_str(b, json ? "\"" : "");
	if (seldom(t, 16) && same[0] >= 'a')
		for (size_t i = pick(t, 80); i > 0; i--)
			buf_printf(b, "%s,", same);
	for (size_t i = 0; i < n; i++) {
		const char	*name = OF(t, fields);

		if (strchr(name, '"') == NULL)
			buf_printf(b, "%s%s%s", i == 0 ? "" : ",", name,
			    OF(t, ways));
	}
	buf_str(b, json ? "\"" : "");
}

static void
put_ids(struct buf *b, struct tape *t, bool json)
{
	static const int	 some[] = {
		12, 1, 7, 14, 17, 20, 2, 3, 74, 999999,
	};
	size_t			 n = 1 + pick(t, 4);

	if (!seldom(t, 3)) {
		buf_str(b, json ? "[" : "");
		for (size_t i = 0; i < n; i++)
			buf_printf(b, "%s%d", i == 0 ? "" : ",",
			    OF(t, some));
		buf_str(b, json ? "]" : "");
		return;
	}
	if (json || seldom(t, 4)) {
		put_list(b, t, json, 1);
		return;
	}
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : ",", seldom(t, 6) ?
		    OF(t, texts) : OF(t, numbers));
}

static void
put_names(struct buf *b, struct tape *t, bool json)
{
	size_t	 n = pick(t, 5);

	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i != 0)
			buf_char(b, ',');
		put_name(b, t, json);
	}
	buf_char(b, ']');
}

static void
put_operation(struct buf *b, struct tape *t, bool json)
{
	static const char *const	 words[] = {
		"read", "write", "create", "unlink", "Read", "drop", "",
	};

	buf_char(b, '[');
	put_quoted(b, t, json, OF(t, words));
	buf_char(b, ']');
}

static void
put_context(struct buf *b, struct tape *t, bool json)
{
	buf_printf(b, "{\"lang\": \"fr_BE\", \"active_test\": %s",
	    json ? "false" : "False");
	if (seldom(t, 6)) {
		buf_str(b, ", \"allowed_company_ids\": ");
		put_list(b, t, json, 1);
	}
	if (seldom(t, 2)) {
		buf_printf(b, ", \"default_%s\": ", OF(t, fields));
		put_value(b, t, json, 2);
	}
	buf_char(b, '}');
}

void
put_param(struct buf *b, struct tape *t, const char *name, bool json)
{
	static const struct {
		const char	*name;
		void		(*put)(struct buf *, struct tape *, bool);
	} kinds[] = {
		{ "domain", put_domain }, { "fields", put_names },
		{ "allfields", put_names }, { "attributes", put_names },
		{ "ids", put_ids }, { "order", put_order },
		{ "operation", put_operation }, { "context", put_context },
		{ "vals", put_vals }, { "default", put_vals },
		{ "groupby", put_groupby }, { "fields_list", put_names },
		{ "fields_to_export", put_columns }, { "data", put_rows },
		{ "columns", put_columns }, { "orderby", put_order },
	};

	if (seldom(t, 24))
		name = "";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0) {
			kinds[i].put(b, t, json);
			return;
		}
	if (strcmp(name, "limit") == 0 || strcmp(name, "offset") == 0)
		buf_str(b, OF(t, numbers));
	else
		put_value(b, t, json, 3);
}

/* Changes, takes out, doubles and cuts bytes. */
static struct span
spoil(struct tape *t, struct buf *b)
{
	static const char	 signs[] = "\0'\"[](){},:%\\\xff\xc3<>&=-\n9e";
	char			*p;

	if (b->n == 0)
		return span_of("");
	p = b->p;
	for (size_t i = pick(t, 4); i > 0 && b->n > 1; i--) {
		size_t	 at = (pick(t, 256) << 8 | pick(t, 256)) % b->n;

		switch (pick(t, 4)) {
		case 0:
			p[at] = signs[pick(t, sizeof signs - 1)];
			break;
		case 1:
			memmove(p + at, p + at + 1, --b->n - at);
			break;
		case 2:
			p[at] = (char)pick(t, 256);
			break;
		default:
			b->n = at + 1;
			break;
		}
	}
	return buf_text(b);
}

struct span
maybe_spoil(struct tape *t, struct buf *b, size_t n)
{
	if (seldom(t, n))
		return spoil(t, b);
	return b->n == 0 ? span_of("") : buf_text(b);
}

void
put_pair_text(struct buf *b, struct tape *t, const char **name)
{
	*name = OF(t, fields);
	if (seldom(t, 3))
		put_value(b, t, false, 2);
	else
		buf_str(b, OF(t, texts));
}

struct span
param_text(struct tape *t, const char *name)
{
	struct buf	*b = buf_new(t->a);

	put_param(b, t, name, seldom(t, 4));
	return maybe_spoil(t, b, 10);
}
