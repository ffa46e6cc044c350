#!/bin/bash
# Apache with mod_fcgid, configured in the server.
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
e2e_begin apache2
e2e_database
e2e_apache fcgid alias env <<END
FcgidIPCDir $work/run/apache
FcgidProcessTableFile $work/run/apache/fcgid
$(e2e_fill apache.conf)
END
e2e_cases apache-fcgid "$url"
e2e_finish
