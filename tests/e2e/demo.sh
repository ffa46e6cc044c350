#!/bin/bash
# The lines that scripts/demo tells people to try work, and those that come
# with an answer have that answer, over a fresh database.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd curl
mkdir -m 700 "$work/data"
out=$("$work/bin/cardfile" init demo --module base --demo) &&
    key=$("$work/bin/cardfile" key add --user admin --name demo)
report $? "a database as scripts/demo makes it" "$out"
e2e_own "$work/data" "$work/run" "$work/log" "$work/tmp"
e2e_lighttpd lighttpd.conf
cat > "$work/env" << END_OF_ENV
API_KEY=$key
LOGIN=admin
PASSWORD=$(sed -n 's/^admin_password: //p' <<< "$out")
DATABASE=demo
BASE_URL=$url
END_OF_ENV
lines=$(bash -c 'set -eu; demo=$1; eval "$(sed -n "/^show() {/,/^}/p" "$2")"
    show' show "$work" "$top/scripts/demo")
report $? "scripts/demo prints them" "$lines"
tried=0 compared=0 title=
while read -r line; do
	case $line in
	'#   '*)
		compared=$((compared + 1))
		[ "$answer" = "${line#'#   '}" ]
		report $? "the answer is as shown: $title" "$answer"
		;;
	'# '*)	title=${line#'# '} ;;
	curl*|id=*)
		tried=$((tried + 1))
		answer=
		eval "${line//curl /curl -fsS }" > "$work/tmp/answer" \
		    2> "$work/tmp/said"
		code=$?
		answer=$(cat "$work/tmp/answer")
		[ $code = 0 ] && ! grep -q '"code"\|<code' <<< "$answer"
		report $? "$title" "$answer $(cat "$work/tmp/said")"
		;;
	esac
done <<< "$lines"
[ "$tried" -gt 10 ] && [ "$compared" -ge 3 ]
report $? "$tried lines, $compared answers"
e2e_finish
