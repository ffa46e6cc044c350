/* Kinds of contents. */

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "models/ir_attachment.h"

#define OTHER	"application/octet-stream"

static const struct {
	const char	*bytes;
	size_t		 n;
	const char	*type;
}	 beginnings[] = {
	{ "%PDF-", 5, "application/pdf" },
	{ "\x89PNG\r\n\x1a\n", 8, "image/png" },
	{ "\xff\xd8\xff", 3, "image/jpeg" },
	{ "GIF87a", 6, "image/gif" },
	{ "GIF89a", 6, "image/gif" },
	{ "BM", 2, "image/bmp" },
	{ "\x1f\x8b", 2, "application/gzip" },
	{ "{\\rtf", 5, "application/rtf" },
};

static const struct {
	const char	*end, *type;
}	 ends[] = {
	{ ".csv", "text/csv" },
	{ ".css", "text/css" },
	{ ".doc", "application/msword" },
	{ ".docx", "application/vnd.openxmlformats-officedocument."
	    "wordprocessingml.document" },
	{ ".eml", "message/rfc822" },
	{ ".htm", "text/html" },
	{ ".html", "text/html" },
	{ ".ics", "text/calendar" },
	{ ".js", "application/javascript" },
	{ ".json", "application/json" },
	{ ".mp3", "audio/mpeg" },
	{ ".mp4", "video/mp4" },
	{ ".odp", "application/vnd.oasis.opendocument.presentation" },
	{ ".ods", "application/vnd.oasis.opendocument.spreadsheet" },
	{ ".odt", "application/vnd.oasis.opendocument.text" },
	{ ".ppt", "application/vnd.ms-powerpoint" },
	{ ".pptx", "application/vnd.openxmlformats-officedocument."
	    "presentationml.presentation" },
	{ ".svg", "image/svg+xml" },
	{ ".vcf", "text/vcard" },
	{ ".xls", "application/vnd.ms-excel" },
	{ ".xlsx", "application/vnd.openxmlformats-officedocument."
	    "spreadsheetml.sheet" },
	{ ".xml", "application/xml" },
	{ ".zip", "application/zip" },
};

static const char *
type_of_name(struct span name)
{
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t	 n = strlen(ends[i].end);

		if (name.n > n && strncasecmp(name.p + name.n - n,
		    ends[i].end, n) == 0)
			return ends[i].type;
	}
	return NULL;
}

/* Bytes below a space that a text has no use for. */
static bool
type_is_text(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' &&
		    strchr("\t\n\r\f", s.p[i]) == NULL)
			return false;
	return s.n > 0 && utf8_valid(s);
}

const char *
attachment_mimetype(struct span s, struct span name)
{
	const char	*type;

	for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++)
		if (s.n >= beginnings[i].n && memcmp(s.p, beginnings[i].bytes,
		    beginnings[i].n) == 0)
			return beginnings[i].type;
	if ((type = type_of_name(name)) != NULL)
		return type;
	if (s.n >= 4 && memcmp(s.p, "PK\3\4", 4) == 0)
		return "application/zip";
	return type_is_text(s) ? "text/plain" : OTHER;
}
