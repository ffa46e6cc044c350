#!/bin/bash
# features.py through lighttpd with eight workers.
. "$(dirname "$0")/lib.sh"
. "$here/lighttpd.inc"
. "$here/features.inc"
features_begin lighttpd
mkdir "$work/conf"
sed 's/--workers 4/--workers 8/' "$confs/lighttpd.conf" \
    > "$work/conf/lighttpd.conf"
confs=$work/conf
e2e_lighttpd lighttpd.conf
features_run
e2e_finish
