#!/bin/bash
# The manual's requests and the golden cases through lighttpd, byte by byte,
# each case over a fresh copy of the fixture's database; the GETs of the
# manual by curl as well, which gets the same bodies.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
golden=${TOP_BUILDDIR:-$top/build}/tests/golden
cases=0
settings=()

# What lighttpd answers itself (=, 0: it closes) or changes (~) and so has
# another answer than the case: case, request=status, why.
special='
bad_bytes 1=400 bytes that are no UTF-8 in the query
bad_bytes 2=400 the same
bad_bytes 4=400 %00 in the query
bad_bytes 5=400 no UTF-8 in the query
bad_bytes 6=400 %00 in the query
bad_bytes 7=400 %00 in the path
bad_bytes 8=400 no UTF-8 in the path
bad_bytes 15~400 passes on as many bytes of the body as were announced
bad_bytes 16=0 waits for the rest of the body
bad_bytes 17=400 a length below zero
bad_bytes 18=400 a length above 64 bits
bad_bytes 19=0 waits for the rest of the body
bad_limits 2=431 a head of more than 8 KiB
bad_limits 7=431 the same
bad_limits 8=431 the same
methods 9=501 a method in small letters
methods 18=404 a path that is not given to Cardfile
methods 19=403 the same, a folder of the server
methods 21=400 a target that names another host than Host:
too_large 3=431 a head of more than 8 KiB
'

# The lines with # of a case as our environment.
settings_of() {
	[ ${#settings[@]} = 0 ] || unset "${settings[@]%%=*}"
	export CARDFILE_NOW='2017-07-14 09:00:00'
	mapfile -t settings < <(sed -nE '/^#/!q
	    s/^#now (.*)/CARDFILE_NOW=\1/p
	    s/^#conf ([a-z0-9_]+) (.*)/CARDFILE_\U\1\E=\2/p' "$1")
	[ ${#settings[@]} = 0 ] || export "${settings[@]}"
}

# lighttpd over a fresh copy, as a case wants it.
case_start() {
	settings_of "$1"
	cases=$((cases + 1))
	export CARDFILE_DATA_DIR=$work/data-$cases
	cp -a "$work/fixture" "$CARDFILE_DATA_DIR"
	e2e_own "$CARDFILE_DATA_DIR"
	e2e_lighttpd lighttpd.conf
}

case_stop() {
	e2e_stop_all
	rm -rf "$CARDFILE_DATA_DIR"
}

# case_send CASE.req FORM: the requests, their lines of TAP counted.
case_send() {
	local name=${1##*/} own
	own=$(awk -v name="${name%.req}" '$1 == name { print $2 }' <<< "$special")
	# shellcheck disable=SC2086
	(cd "$top/tests" && "$golden/live" -b "$work/bodies" 127.0.0.1 \
	    "$port" "$admin" "$demo" "${1#"$top/tests/"}" "$2" $own) \
	    > "$work/lines" 2>> "$work/log/live"
	case $? in
	0)	;;
	1)	failed=$((failed + 1)) ;;
	*)	report 1 "live ran $1" "$(cat "$work/log/live")" ;;
	esac
	cat "$work/lines"
	count=$((count + $(grep -cE '^(not )?ok' "$work/lines")))
}

# case_curl CASE.req FORM: the GETs again, encoded as little as may be.
case_curl() {
	local n=0 method target body
	while read -r method target; do
		n=$((n + 1))
		[ "$method" = GET ] || continue
		target=${target% HTTP/1.1}
		body=$work/body
		curl -gsS -o "$body" -H "Authorization: Bearer $admin" \
		    -H "Accept: application/$2" "$url${target// /%20}" \
		    2> "$work/log/curl" && cmp "$body" "$work/bodies/$n" \
		    >> "$work/log/curl" 2>&1
		report $? "curl, ${1##*/} $n" "$(cat "$work/log/curl")"
	done < <(grep -E '^[A-Z]+ /.* HTTP/1\.1$' "$1")
}

# each_case FOLDER FUNCTION...: called with each CASE.req and FORM.
each_case() {
	local req form step
	for req in "$top/tests/$1"/*.req; do
		for form in json xml; do
			[ -e "${req%.req}.$form" ] || continue
			case_start "$req"
			for step in "${@:2}"; do
				"$step" "$req" "$form"
			done
			case_stop
		done
	done
}

e2e_begin lighttpd curl
export TOP_SRCDIR=$top CARDFILE_NOW='2017-07-14 09:00:00'
echo "schema_dir = $schema" > "$conf"
mkdir -m 700 "$work/fixture" "$work/bodies" "$work/conf"
sed 's/--workers 4/--workers 2/' "$confs/lighttpd.conf" \
    > "$work/conf/lighttpd.conf"
confs=$work/conf
if ! keys=$("$golden/make_fixture" "$work/fixture"); then
	echo "Bail out! no fixture"
	exit 1
fi
read -r admin demo <<< "$keys"
e2e_own "$work/run" "$work/log" "$work/tmp"
each_case manual case_send case_curl
each_case golden/odoo case_send
e2e_finish
