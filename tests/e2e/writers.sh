#!/bin/bash
# 32 writing processes on one database: none is locked out, none starves.
. "$(dirname "$0")/lib.sh"
. "$here/nginx.inc"
e2e_begin nginx spawn-fcgi
e2e_database
e2e_master 32
e2e_nginx
out=$(python3 "$here/writers.py" --url "$url" --key "$key" 2>&1)
read -r least most all bad <<END
$out
END
echo "# slowest $least, fastest $most, all $all, failed $bad"
report "$([ "$bad" = 0 ]; echo $?)" "no write failed" "$out"
report "$([ $((2 * least)) -ge "$most" ]; echo $?)" \
    "the slowest wrote half as much as the fastest, or more" "$out"
locked=$(grep -ai 'database is locked' "$work"/log/*)
report "$([ -z "$locked" ]; echo $?)" "no database was locked" "$locked"
there=$(curl -s -g -H "Authorization: Bearer $key" "$url/restapi/1.0/object/\
res.partner/search_count?domain=[('name','like','e2e-writer-')]")
report "$([ "$there" = "{\"count\":$all}" ]; echo $?)" \
    "all that was written is there" "$there, not $all"
out=$("$work/bin/cardfile" check demo 2>&1)
report $? "the database is sound" "$out"
e2e_finish
