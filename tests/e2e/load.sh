#!/bin/bash
# Eight clients write through lighttpd while its master is told to reload and
# workers are told to leave or killed.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd
e2e_database
e2e_lighttpd lighttpd.conf
e2e_child
python3 "$here/load.py" --url "$url" --key "$key" --master $master \
    --start "$count" --count "$work/count"
e2e_ran $? "the load"
report "$(kill -0 $master; echo $?)" "the master is still the same"
out=$("$work/bin/cardfile" check demo 2>&1)
report $? "the database is sound" "$out"
e2e_finish
