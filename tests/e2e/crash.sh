#!/bin/bash
# crash.py through lighttpd: $KILLS workers are killed.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd
e2e_database
e2e_lighttpd lighttpd.conf
e2e_child
out=$(python3 "$here/crash.py" --url "$url" --key "$key" --master $master \
    --kills "${KILLS:-25}" 2>&1)
code=$?
e2e_lines "$out"
report "$code" "crash.py ran through"
out=$("${owner[@]}" "$work/bin/cardfile" check demo 2>&1)
report $? "the database is sound" "$out"
e2e_finish
