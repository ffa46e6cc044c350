#!/bin/bash
# Models and fields change while four workers serve readers.
. "$(dirname "$0")/lib.sh"
e2e_begin spawn-fcgi
e2e_database
e2e_master 4
out=$(python3 "$here/custom.py" --socket "$socket" --key "$key" \
    --seconds "${SECONDS_OF_CHANGE:-4}" 2>&1)
code=$?
while read -r line; do
	case $line in
	ok*)	report 0 "${line#ok * - }" ;;
	not*)	report 1 "${line#not ok * - }" ;;
	*)	printf '%s\n' "$line" ;;
	esac
done <<< "$out"
report "$code" "the changes ran through"
said=$(grep -aiE 'locked|schema has changed|no such' "$work"/log/*)
report "$([ -z "$said" ]; echo $?)" "nothing was locked or missing" "$said"
out=$("$work/bin/cardfile" check demo 2>&1)
report $? "the database is sound" "$out"
e2e_finish
