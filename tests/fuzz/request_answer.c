#include "request_answer.h"

#include <libxml/parser.h>

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/value.h"
#include "ser/parse.h"

static bool
xml_good(struct span s)
{
	xmlDocPtr	 doc;

	if (s.n == 0)		/* {} */
		return true;
	doc = xmlReadMemory(s.p, (int)s.n, NULL, NULL, XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_HUGE);
	xmlFreeDoc(doc);
	return doc != NULL;
}

static bool
json_good(struct arena *a, struct span s)
{
	static const struct parse_limits	 limits = {
		.depth = 300, .nodes = 50000000, .keys = 100000,
	};
	struct value	 v;
	struct err	 err = { 0 };

	return parse_json(a, s, &limits, &v, &err) && v.type == VALUE_DICT;
}

bool
holds(struct span s, const char *word)
{
	return memmem(s.p, s.n, word, strlen(word)) != NULL;
}

/* The word that no error may have, or NULL; no case has one of them. */
static const char *
leak(struct span s)
{
	static const char *const	 words[] = {
		"sqlite", "SQL", "SELECT", "INSERT", "UPDATE ", "DELETE ",
		"WHERE", "near \"", "syntax error", "no such column",
		"no such table", "constraint failed", "bad parameter",
		"json-c", "libxml", "xmlParse", "utf8proc", "gcrypt", "/src/",
		"/tmp/",
		".db", "res_partner.", "out of memory", "malformed", "(null)",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (holds(s, words[i]))
			return words[i];
	return NULL;
}

static bool
length_right(const struct answer *w)
{
	const char	*p = strstr(w->head, "Content-Length: ");

	if (p == NULL)
		return w->status == 204 && w->body.n == 0;
	return strtoull(p + 16, NULL, 10) == w->body.n;
}

const char *
answer_fault(const struct answer *w, struct arena *a)
{
	if (!length_right(w))
		return "Content-Length is wrong";
	if (w->status == 204)
		return NULL;
	if (w->is_xml && !xml_good(w->body))
		return "the body is no XML";
	if (!w->is_xml && !json_good(a, w->body))
		return "the body is no JSON";
	if (w->status >= 400 && leak(w->body) != NULL)
		return leak(w->body);
	return NULL;
}
