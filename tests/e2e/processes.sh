#!/bin/bash
# The master and its workers, without a front server.
. "$(dirname "$0")/lib.sh"
e2e_begin
e2e_database
python3 "$here/processes.py" --work "$work" --key "$key" --start "$count" \
    --count "$work/count"
e2e_ran $? "the tests of processes"
out=$("$work/bin/cardfile" check demo 2>&1)
report $? "the database is sound" "$out"
e2e_finish
