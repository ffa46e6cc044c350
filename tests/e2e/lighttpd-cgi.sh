#!/bin/bash
# Plain CGI under lighttpd.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
e2e_begin lighttpd
e2e_database
e2e_lighttpd lighttpd-cgi.conf
e2e_cases lighttpd-cgi "$url/cgi-bin/cardfile.cgi"
e2e_finish
