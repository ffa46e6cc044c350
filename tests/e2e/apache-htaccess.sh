#!/bin/bash
# Apache with mod_fcgid, by .htaccess and a control file in the document root
# alone; once more by FcgidWrapper, in a folder.
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
e2e_begin apache2
e2e_database
unset CARDFILE_CONF
mkdir "$work/www/wrapped"
e2e_fill htaccess > "$work/www/.htaccess"
{
	echo "#!$work/bin/cardfile.fcgi"
	cat "$conf"
} > "$work/www/cardfile.fcgi"
chmod 755 "$work/www/cardfile.fcgi"
cat > "$work/www/wrapped/.htaccess" <<END
AddHandler fcgid-script .rec
FcgidWrapper "$work/bin/cardfile.fcgi --config $conf" .rec
RewriteEngine On
RewriteRule ^restapi/(.*)$ api.rec/restapi/\$1 [L]
END
touch "$work/www/wrapped/api.rec" "$work/www/secret.db"
e2e_apache fcgid alias env rewrite <<END
FcgidIPCDir $work/run/apache
FcgidProcessTableFile $work/run/apache/fcgid
<Directory $work/www>
	AllowOverride All
	Require all granted
</Directory>
END
e2e_cases apache-htaccess "$url"
status=$(curl -s -o "$work/tmp/out" -w '%{http_code}' \
    -H "Authorization: Bearer $key" \
    "$url/wrapped/restapi/1.0/object/res.partner/search_count")
report "$([ "$status" = 200 ]; echo $?)" "FcgidWrapper in .htaccess" \
    "$status $(cat "$work/tmp/out")"
for file in secret.db .htaccess; do
	status=$(curl -s -o /dev/null -w '%{http_code}' "$url/$file")
	report "$([ "$status" = 403 ]; echo $?)" "$file is not handed out" \
	    "$status"
done
curl -s "$url/cardfile.fcgi" | grep -q data_dir
report $((1 - $?)) "the control file is not handed out"
e2e_finish
