#!/bin/bash
# Includes go down only, name folder and file, and keep private headers
# private.  Foreign headers have one home each.
. "$(dirname "$0")/lib.sh"

# folder: what it may include besides itself
layers='
base	:
store	: base
ser	: base
http	: base
orm	: base store
workflow: base orm
models	: base orm workflow
report	: base ser orm
auth	: base http orm
api	: base ser http orm models workflow report auth
worker	: base store ser http orm models workflow report auth api
cgi-bin	: base worker
'
private='store/driver.h store/sqlite_private.h ser/ser_private.h'
# header: the files that may include it
foreign='
sqlite3.h	: store/sqlite
libpq-fe.h	: store/pgsql.c
json-c/		: ser/parse_json.c
json.h		: ser/parse_json.c
libxml/		: ser/parse_xml.c ser/parse_rpc.c report/template.c
libxslt/	: report/template.c
archive		: orm/backup.c
gcrypt.h	: base/crypto.c
utf8proc.h	: base/utf8.c
ini.h		: base/conf.c
fcgi		: worker/fcgi.c
pango		: report/layout.c report/pdf.c
cairo		: report/layout.c report/pdf.c
'

check() {
	(cd "$1" && find src cgi-bin -name '*.[ch]' | sort | xargs awk \
	    -v layers="$layers" -v private="$private" -v foreign="$foreign" '
	BEGIN {
		n = split(layers, line, "\n")
		for (i = 1; i <= n; i++) {
			split(line[i], part, /[ \t]*:/)
			m = split(part[2], below, " ")
			for (j = 1; j <= m; j++)
				may[part[1], below[j]] = 1
			known[part[1]] = 1
		}
		nforeign = split(foreign, line, "\n")
		for (i = 1; i <= nforeign; i++) {
			split(line[i], part, /[ \t]*: /)
			header[i] = part[1]
			home[i] = part[2]
		}
		n = split(private, line, " ")
		for (i = 1; i <= n; i++)
			hidden[line[i]] = 1
	}
	FNR == 1 {
		file = FILENAME
		sub(/^src\//, "", file)
		split(file, part, "/")
		here = part[1]
		if (!(here in known))
			print FILENAME ": no such layer"
	}
	/^#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		n = split(part[2], path, "/")
		to = path[1]
		if (n != 2)
			print FILENAME ":" FNR ": wants \"folder/name.h\""
		else if (to != here && !((here, to) in may))
			print FILENAME ":" FNR ": " here " includes " to
		else if (to != here && part[2] in hidden)
			print FILENAME ":" FNR ": " part[2] " is private"
	}
	/^#[ \t]*include[ \t]*</ {
		split($0, part, /[<>]/)
		for (i = 1; i <= nforeign; i++)
			if (header[i] != "" && index(part[2], header[i]) == 1 &&
			    !lives(file, home[i]))
				print FILENAME ":" FNR ": <" part[2] "> belongs in " home[i]
	}
	function lives(name, homes,	list, k, n) {
		n = split(homes, list, " ")
		for (k = 1; k <= n; k++)
			if (index(name, list[k]) == 1)
				return 1
		return 0
	}')
}

clean "includes go down only, foreign headers have one home"
catches "base includes store" src/base/planted.c '#include "store/store.h"'
catches "orm includes ser" src/orm/planted.h '#include "ser/ser.h"'
catches "api includes store" src/api/planted.c '#include "store/store.h"'
catches "ser includes http" src/ser/planted.c '#include "http/request.h"'
catches "workflow includes models" src/workflow/planted.c \
    '#include "models/models.h"'
catches "a name without its folder" src/orm/planted.c '#include "env.h"'
catches "a private header" src/orm/planted.c '#include "store/driver.h"'
catches "a new folder" src/util/planted.c '/* nothing */'
catches "sqlite3.h in orm" src/orm/planted.c '#include <sqlite3.h>'
catches "json-c in api" src/api/planted.c '#include <json-c/json.h>'
catches "libxml2 in orm" src/orm/planted.c '# include <libxml/tree.h>'
catches "gcrypt in auth" src/auth/planted.c '#include <gcrypt.h>'
catches "fcgiapp.h in cgi-bin" cgi-bin/planted.c '#include <fcgiapp.h>'
finish
