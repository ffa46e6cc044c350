#include <limits.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/value.h"
#include "ser/parse.h"

#define ATTRIBUTES_MAX	64	/* of one element: libxml2 compares all pairs */
#define NAMESPACES_MAX	8	/* elements that declare some: slow there too */
#define XML_OPTIONS	(XML_PARSE_NONET | XML_PARSE_NOCDATA | \
			XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR | \
			XML_PARSE_NOWARNING)

/* The conversion of one document. */
struct convert {
	struct arena			*arena;
	const struct parse_limits	*limits;
	struct err			*err;
	size_t				 nodes;
};

static bool	 convert_element(struct convert *, xmlNode *, size_t depth,
		    struct value *);

static bool
xml_fail(struct err *err, const char *what)
{
	return err_set(err, ERR_BAD_REQUEST, "the XML %s", what);
}

/* Moves behind the first end at or after p; NULL if there is none. */
static const char *
xml_skip(const char *p, const char *last, const char *end)
{
	const char	*found = memmem(p, (size_t)(last - p), end,
			    strlen(end));

	return found == NULL ? NULL : found + strlen(end);
}

/* Skips the start tag at p and counts its attributes; NULL: too many. */
static const char *
xml_scan_tag(const char *p, const char *last, size_t *namespaces)
{
	const char	*tag = p;
	size_t		 attributes = 0;
	char		 quote = '\0';

	for (; p < last && (quote != '\0' || *p != '>'); p++) {
		if (quote != '\0')
			quote = *p == quote ? '\0' : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == '=' && ++attributes > ATTRIBUTES_MAX)
			return NULL;
	}
	if (memmem(tag, (size_t)(p - tag), "xmlns", 5) != NULL &&
	    ++*namespaces > NAMESPACES_MAX)
		return NULL;
	return p;
}

/*
 * What must not reach libxml2, because it costs too much there or opens
 * files: a DTD, too many elements, too many attributes.
 */
static bool
xml_scan(struct span text, const struct parse_limits *limits,
    struct err *err)
{
	const char	*p = text.p, *last = text.p + text.n;
	size_t		 elements = 0, namespaces = 0;

	while ((p = memchr(p, '<', (size_t)(last - p))) != NULL) {
		struct span	 rest = { p, (size_t)(last - p) };

		if (span_starts(rest, "<!--"))
			p = xml_skip(p + 4, last, "-->");
		else if (span_starts(rest, "<![CDATA["))
			p = xml_skip(p, last, "]]>");
		else if (span_starts(rest, "<?"))
			p = xml_skip(p, last, "?>");
		else if (span_starts(rest, "<!"))
			return xml_fail(err, "must not have a DOCTYPE");
		else if (span_starts(rest, "</"))
			p++;
		else if (elements++ == limits->nodes)
			return xml_fail(err, "has too many elements");
		else if ((p = xml_scan_tag(p, last, &namespaces)) == NULL)
			return xml_fail(err, "has too many attributes");
		if (p == NULL)
			return xml_fail(err, "does not end");
	}
	return true;
}

/* A second look, by the parser itself: no DTD, whatever the scan saw. */
static void
xml_refuse_dtd(void *arg, const xmlChar *name, const xmlChar *id,
    const xmlChar *system)
{
	(void)name;
	(void)id;
	(void)system;
	xmlStopParser(arg);
}

/* By itself it would go on to look for more, at a cost for each. */
static void
xml_stop(void *arg, xmlError *bad)
{
	if (bad->level == XML_ERR_FATAL)
		xmlStopParser(arg);
}

/* What is wrong, without the name of the parser's function in front. */
static struct span
xml_said(const xmlError *bad)
{
	const char	*p = bad->message;
	size_t		 word = strcspn(p, ": \n");

	if (p[word] == ':' && p[word + 1] == ' ')
		p += word + 2;
	return (struct span){ p, strcspn(p, "\n") };
}

/* The document, which the caller frees, or NULL. */
static xmlDoc *
xml_read(struct span text, struct err *err)
{
	xmlParserCtxt	*x = xmlNewParserCtxt();
	const xmlError	*bad;
	struct span	 said;
	xmlDoc		*doc;

	if (x == NULL) {
		err_set(err, ERR_INTERNAL, "the XML could not be read");
		return NULL;
	}
	x->sax->internalSubset = xml_refuse_dtd;
	x->sax->serror = xml_stop;
	doc = xmlCtxtReadMemory(x, text.p, (int)text.n, NULL, "UTF-8",
	    XML_OPTIONS);
	bad = xmlCtxtGetLastError(x);
	if (doc == NULL && bad != NULL && bad->message != NULL) {
		said = xml_said(bad);
		err_set(err, ERR_BAD_REQUEST, "line %d: %.*s", bad->line,
		    (int)said.n, said.p);
	} else if (doc == NULL)
		xml_fail(err, "is not well-formed");
	xmlFreeParserCtxt(x);
	return doc;
}

static bool
xml_named(const xmlNode *n, const char *name)
{
	return strcmp((const char *)n->name, name) == 0;
}

static xmlNode *
xml_first(const xmlNode *n)
{
	return xmlFirstElementChild((xmlNode *)n);
}

static bool
convert_fail(struct convert *c, const xmlNode *n, const char *what)
{
	return err_set(c->err, ERR_BAD_REQUEST, "line %ld: %s %s",
	    xmlGetLineNo(n), (const char *)n->name, what);
}

static bool
xml_blank(const char *p)
{
	return p[strspn(p, " \t\r\n")] == '\0';
}

/* The text of an element, in the arena. */
static struct span
xml_text(struct convert *c, const xmlNode *n)
{
	struct buf	*b;

	if (n->children == NULL)
		return (struct span){ "", 0 };
	if (n->children->next == NULL && n->children->type == XML_TEXT_NODE)
		return span_of(arena_strdup(c->arena,
		    (const char *)n->children->content));
	b = buf_new(c->arena);
	for (const xmlNode *t = n->children; t != NULL; t = t->next)
		if (t->type == XML_TEXT_NODE)
			buf_str(b, (const char *)t->content);
	return buf_text(b);
}

/* Counts a value and all that is in it against the limit. */
static bool
convert_count(struct convert *c, const struct value *v)
{
	if (c->nodes++ == c->limits->nodes)
		return xml_fail(c->err, "has too many values");
	if (v->type == VALUE_LIST)
		for (size_t i = 0; i < v->u.list->n; i++)
			if (!convert_count(c, &v->u.list->v[i]))
				return false;
	if (v->type == VALUE_DICT)
		for (size_t i = 0; i < map_count(v->u.dict); i++)
			if (!convert_count(c, map_at(v->u.dict, i)))
				return false;
	return true;
}

/* A literal if the text is one, else the text. */
static bool
convert_leaf(struct convert *c, const xmlNode *n, struct value *out)
{
	struct span	 text = xml_text(c, n);
	struct err	 none = { .code = ERR_OK };

	if (!literal_parse(c->arena, text, c->limits, out, &none))
		*out = value_span(text);
	return convert_count(c, out);
}

static bool
convert_text(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	(void)depth;
	*out = value_span(xml_text(c, n));
	return convert_count(c, out);
}

static bool
convert_null(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	(void)depth;
	*out = value_null();
	if (!xml_blank(xml_text(c, n).p))
		return convert_fail(c, n, "is null and must be empty");
	return convert_count(c, out);
}

static bool
convert_int(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	(void)depth;
	if (!convert_leaf(c, n, out))
		return false;
	return out->type == VALUE_INT ||
	    convert_fail(c, n, "is no integer of 64 bit");
}

static bool
convert_float(struct convert *c, xmlNode *n, size_t depth,
    struct value *out)
{
	(void)depth;
	if (!convert_leaf(c, n, out))
		return false;
	if (out->type == VALUE_INT)
		*out = value_float((double)out->u.i);
	return out->type == VALUE_FLOAT || convert_fail(c, n, "is no number");
}

static bool
convert_bool(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	(void)depth;
	if (!convert_leaf(c, n, out))
		return false;
	if (out->type == VALUE_INT && (out->u.i == 0 || out->u.i == 1))
		*out = value_bool(out->u.i == 1);
	return out->type == VALUE_BOOL ||
	    convert_fail(c, n, "is neither true nor false");
}

/* Elements only: text between them must be white space. */
static bool
convert_only_elements(struct convert *c, xmlNode *n)
{
	for (const xmlNode *t = n->children; t != NULL; t = t->next)
		if (t->type == XML_TEXT_NODE &&
		    !xml_blank((const char *)t->content))
			return convert_fail(c, n,
			    "has text beside its elements");
	return true;
}

static bool
convert_list(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	struct value	 item;

	*out = value_list(c->arena, 0);
	if (!convert_only_elements(c, n) || !convert_count(c, out))
		return false;
	for (n = xml_first(n); n != NULL; n = xmlNextElementSibling(n)) {
		if (!xml_named(n, "item"))
			return convert_fail(c, n,
			    "stands where an item must stand");
		if (!convert_element(c, n, depth + 1, &item))
			return false;
		value_push(c->arena, out, item);
	}
	return true;
}

static bool
convert_dict(struct convert *c, xmlNode *n, size_t depth, struct value *out)
{
	struct value	*item;
	struct span	 key;

	*out = value_dict(c->arena);
	if (!convert_only_elements(c, n) || !convert_count(c, out))
		return false;
	for (n = xml_first(n); n != NULL; n = xmlNextElementSibling(n)) {
		key = span_of((const char *)n->name);
		if (map_get(out->u.dict, key) != NULL)
			return convert_fail(c, n, "is given twice");
		if (map_count(out->u.dict) == c->limits->keys)
			return convert_fail(c, n, "is one key too many");
		item = arena_alloc(c->arena, sizeof *item);
		if (!convert_element(c, n, depth + 1, item))
			return false;
		map_put(out->u.dict, key, item);
	}
	return true;
}

/* <items> stands for the list in it, and so does <ids> below a field. */
static bool
xml_wraps(const xmlNode *only, size_t depth)
{
	if (only == NULL || xmlNextElementSibling((xmlNode *)only) != NULL)
		return false;
	if (xml_named(only, "items"))
		return true;
	return depth > 1 && xml_named(only, "ids") &&
	    xml_first(only) != NULL && xml_named(xml_first(only), "item");
}

/* No type is given: the children decide. */
static bool
convert_untyped(struct convert *c, xmlNode *n, size_t depth,
    struct value *out)
{
	xmlNode	*first = xml_first(n);

	if (first == NULL && !xml_named(n, "items"))
		return convert_leaf(c, n, out);
	if (xml_wraps(first, depth))
		return convert_only_elements(c, n) &&
		    convert_element(c, first, depth + 1, out);
	if (first == NULL || xml_named(first, "item"))
		return convert_list(c, n, depth, out);
	return convert_dict(c, n, depth, out);
}

/* The words of the type attribute: those we write, and usual others. */
static const struct xml_type {
	const char	*name;
	bool		 leaf;
	bool		(*convert)(struct convert *, xmlNode *, size_t,
			    struct value *);
} xml_types[] = {
	{ "str",	true,	convert_text },
	{ "string",	true,	convert_text },
	{ "int",	true,	convert_int },
	{ "integer",	true,	convert_int },
	{ "float",	true,	convert_float },
	{ "number",	true,	convert_float },
	{ "bool",	true,	convert_bool },
	{ "boolean",	true,	convert_bool },
	{ "null",	true,	convert_null },
	{ "list",	false,	convert_list },
	{ "dict",	false,	convert_dict },
};

static bool
convert_typed(struct convert *c, xmlNode *n, const char *type, size_t depth,
    struct value *out)
{
	for (size_t i = 0; i < sizeof xml_types / sizeof *xml_types; i++) {
		if (strcmp(type, xml_types[i].name) != 0)
			continue;
		if (xml_types[i].leaf && xml_first(n) != NULL)
			return convert_fail(c, n, "must hold text only");
		return xml_types[i].convert(c, n, depth, out);
	}
	return convert_fail(c, n, "has a type that is not known");
}

static bool
convert_element(struct convert *c, xmlNode *n, size_t depth,
    struct value *out)
{
	xmlChar	*attribute;
	bool	 ok;

	if (depth > c->limits->depth)
		return convert_fail(c, n, "is nested too deep");
	if ((attribute = xmlGetNoNsProp(n, (const xmlChar *)"type")) == NULL)
		return convert_untyped(c, n, depth, out);
	ok = convert_typed(c, n, (const char *)attribute, depth, out);
	xmlFree(attribute);
	return ok;
}

static bool
convert_root(struct convert *c, xmlNode *root, struct value *out)
{
	struct value	 content;

	if (root == NULL)
		return xml_fail(c->err, "has no element");
	if (!xml_named(root, "vals") && !xml_named(root, "args") &&
	    !xml_named(root, "kwargs"))
		return err_set(c->err, ERR_BAD_REQUEST, "Bad Request");
	if (!convert_element(c, root, 1, &content))
		return false;
	*out = value_dict(c->arena);
	value_set(c->arena, out, (const char *)root->name, content);
	return true;
}

bool
parse_xml(struct arena *a, struct span text,
    const struct parse_limits *limits, struct value *out, struct err *err)
{
	struct convert	 c = { a, limits, err, 0 };
	xmlDoc		*doc;
	bool		 ok;

	if (text.n >= INT_MAX || !utf8_valid(text))
		return xml_fail(err, "is not UTF-8 or contains NUL");
	if (!xml_scan(text, limits, err) ||
	    (doc = xml_read(text, err)) == NULL)
		return false;
	ok = convert_root(&c, xmlDocGetRootElement(doc), out);
	xmlFreeDoc(doc);
	return ok;
}
