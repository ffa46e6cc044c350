#!/bin/bash
# The socket comes from systemd as descriptor 3; nginx is before it.
. "$(dirname "$0")/lib.sh"
. "$here/nginx.inc"
e2e_begin nginx systemd-socket-activate systemd-analyze curl
e2e_database
e2e_start master systemd-socket-activate -l "$socket" \
    -E "CARDFILE_CONF=$conf" "$work/bin/cardfile.fcgi" --workers 2
e2e_ready "$socket"
e2e_nginx
e2e_cases nginx "$url"

# The unit files, for a user and paths that are here.
units=$work/etc/units
mkdir "$units"
for unit in cardfile.socket cardfile.service; do
	e2e_fill "$unit" | sed -e 's/=cardfile$/=daemon/' > "$units/$unit"
done
out=$(systemd-analyze verify --man=no "$units/cardfile.socket" \
    "$units/cardfile.service" 2>&1)
case $out in
*"$units"* | *cardfile.*)
	report 1 "the unit files are sound" "$out"
	;;
*)
	report 0 "the unit files are sound"
	;;
esac
e2e_finish
