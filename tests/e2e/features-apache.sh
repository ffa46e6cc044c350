#!/bin/bash
# features.py through Apache with mod_fcgid, which starts as many processes
# as it wants, and answers 500 itself to what is too large.
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
. "$here/features.inc"
features_begin apache2
e2e_apache fcgid alias env <<END
FcgidIPCDir $work/run/apache
FcgidProcessTableFile $work/run/apache/fcgid
$(e2e_fill apache.conf)
END
features_run --serving 2 --too-large 500
e2e_finish
