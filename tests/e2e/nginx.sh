#!/bin/bash
# nginx and spawn-fcgi with a master of ours.
. "$(dirname "$0")/lib.sh"
. "$here/nginx.inc"
e2e_begin nginx spawn-fcgi
e2e_database
e2e_master 4
e2e_nginx
e2e_cases nginx "$url"
e2e_finish
