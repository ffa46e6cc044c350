#!/bin/bash
# Plain CGI under Apache, and by a control file in a folder.
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
e2e_begin apache2
e2e_database
unset CARDFILE_CONF
{
	echo "#!$work/bin/cardfile.fcgi"
	cat "$conf"
} > "$work/www/card.cgi"
chmod 755 "$work/www/card.cgi"
e2e_apache cgid alias env <<END
ScriptSock $work/run/apache/cgid
$(e2e_fill apache-cgi.conf)
<Directory $work/www>
	AddHandler cgi-script .cgi
	Options +ExecCGI
	CGIPassAuth On
	Require all granted
</Directory>
END
e2e_cases apache-cgi "$url/cgi-bin/cardfile.cgi"
for query in '' '?--workers+9' '?--config+/etc/passwd'; do
	status=$(curl -s -o "$work/tmp/out" -w '%{http_code}' \
	    -H "Authorization: Bearer $key" \
	    "$url/card.cgi/restapi/1.0/object/res.partner/search_count$query")
	report "$([ "$status" = 200 ]; echo $?)" "control file${query:+, $query}" \
	    "$status $(cat "$work/tmp/out")"
done
e2e_finish
