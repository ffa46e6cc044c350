#!/bin/bash
# The golden cases through lighttpd (golden.inc); the GETs of the manual by
# curl as well, which gets the same bodies.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
. "$here/golden.inc"

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

server_start() {
	e2e_lighttpd lighttpd.conf
}

golden_begin lighttpd curl
sed 's/--workers 4/--workers 2/' "$confs/lighttpd.conf" \
    > "$work/conf/lighttpd.conf"
confs=$work/conf
each_case manual case_send case_curl
each_case golden/odoo case_send
e2e_finish
