#!/bin/bash
# The golden cases through Apache with mod_fcgid (golden.inc).
. "$(dirname "$0")/lib.sh"
. "$here/apache.inc"
. "$here/golden.inc"

special='
auth 1~401 makes one header of two with the same name
auth 2~401 the same
bad_bytes 7=404 %00 in the path
bad_bytes 15~400 passes on as many bytes of the body as were announced
bad_bytes 16=500 waits for the rest of the body
bad_bytes 17=400 a length below zero
bad_bytes 18=400 a length above 64 bits
bad_bytes 19=500 a length above its own limit
bad_limits 2=414 a line of more than 8190 bytes
bad_limits 7=414 the same
methods 10=405 TRACE, as it is told to
methods 18=403 a path that is not given to Cardfile
methods 19=403 the same
too_large 3=414 a line of more than 8190 bytes
'

# Apache takes no bare space in a target.
encodes=-s

# mod_fcgid passes on no environment but what it is told to.
server_start() {
	e2e_apache fcgid alias env <<-END
	FcgidIPCDir $work/run/apache
	FcgidProcessTableFile $work/run/apache/fcgid
	$(env | sed -nE 's/^(CARDFILE_[A-Z0-9_]+)=(.*)$/FcgidInitialEnv \1 "\2"/p')
	$(e2e_fill apache.conf)
	END
}

golden_begin apache2
each_case manual case_send
each_case golden/odoo case_send
e2e_finish
