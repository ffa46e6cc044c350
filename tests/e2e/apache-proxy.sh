#!/bin/bash
# Apache with mod_proxy_fcgi to a master of ours.
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
e2e_begin apache2 spawn-fcgi
e2e_database
e2e_master 4
e2e_apache proxy proxy_fcgi reqtimeout <<END
$(e2e_fill apache-proxy.conf)
END
e2e_cases apache-proxy "$url"
e2e_finish
