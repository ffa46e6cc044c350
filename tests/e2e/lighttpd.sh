#!/bin/bash
# lighttpd starts one master by bin-path.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd
e2e_database
e2e_lighttpd lighttpd.conf
e2e_cases lighttpd "$url"
e2e_finish
