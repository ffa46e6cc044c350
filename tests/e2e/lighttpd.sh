#!/bin/bash
# lighttpd starts one master by bin-path.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd
e2e_database
e2e_lighttpd lighttpd.conf
e2e_cases lighttpd "$url"

# As after "make install" in a prefix that has no var/lib yet.
out=$("$work/bin/cardfile" init deep --data "$work/a/b/data" 2>&1)
report $? "init makes the directories above the data" "$out"
[ "$(stat -c %a "$work/a/b/data")" = 700 ]
report $? "which is nobody else's"
e2e_finish
