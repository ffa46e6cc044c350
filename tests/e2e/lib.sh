# What the end-to-end tests share.  A test calls e2e_begin with the programs
# it needs, then e2e_database, starts servers by e2e_start, and ends with
# e2e_finish.  All it makes is below $work; all it starts is ended on exit.
set -u
LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")" && pwd)
top=${TOP_SRCDIR:-$(cd "$here/../.." && pwd)}
program=${CARDFILE:-${TOP_BUILDDIR:-$top/build}/cardfile}
schema=${SCHEMA:-$top/schema}
confs=$top/cgi-bin
count=0
failed=0
work=
pids=()
export LC_ALL PATH PYTHONDONTWRITEBYTECODE=1

# report STATUS NAME [DIAGNOSTICS]
report() {
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | tail -n 30 | sed 's/^/# /'
}

e2e_cleanup() {
	e2e_stop_all
	[ -z "$work" ] || rm -rf "$work"
}

# e2e_begin PROGRAM...
e2e_begin() {
	local p
	for p in python3 "$@"; do
		if ! command -v "$p" > /dev/null; then
			echo "1..0 # SKIP no $p here"
			exit 0
		fi
	done
	if [ ! -x "$program" ]; then
		echo "Bail out! no program $program"
		exit 1
	fi
	work=$(mktemp -d "${TMPDIR:-/tmp}/cardfile.XXXXXX") || exit 1
	trap e2e_cleanup EXIT
	trap 'exit 1' HUP INT TERM
	# Servers run as somebody with few rights, also in the tests of root.
	owner=()
	if [ "$(id -u)" = 0 ]; then
		user=www-data
		id "$user" > /dev/null 2>&1 || user=nobody
		owner=(setpriv "--reuid=$user" "--regid=$(id -g "$user")"
		    --clear-groups --)
	fi
	chmod 755 "$work"
	mkdir -p "$work/bin" "$work/etc/cardfile" "$work/run/cardfile" \
	    "$work/run/lighttpd" "$work/log" "$work/www" "$work/tmp"
	cp "$program" "$work/bin/cardfile"
	ln -s cardfile "$work/bin/cardfile.fcgi"
	cat > "$work/etc/cardfile/cardfile.conf" <<-END
	data_dir = $work/data
	schema_dir = $schema
	max_body = 1M
	END
	conf=$work/etc/cardfile/cardfile.conf
	socket=$work/run/cardfile/cardfile.sock
	export CARDFILE_CONF=$conf
}

# e2e_own FILE...: the servers' user may write it.
e2e_own() {
	[ ${#owner[@]} = 0 ] || chown -R "$user" "$@"
}

# A database with an API key in $key.
e2e_database() {
	local out
	mkdir -m 700 "$work/data"
	if ! out=$("$work/bin/cardfile" init demo --module base 2>&1) ||
	    ! key=$("$work/bin/cardfile" key add --user admin --name e2e \
	    2> "$work/log/key"); then
		echo "Bail out! no database: $out $(cat "$work/log/key")"
		exit 1
	fi
	e2e_own "$work/data" "$work/run" "$work/log" "$work/tmp"
}

# A port that is free now.
e2e_port() {
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# e2e_fill FILE: one of the configurations that we ship, for this test.
e2e_fill() {
	sed -e "s|@bindir@|$work/bin|g" -e "s|@sysconfdir@|$work/etc|g" \
	    -e "s|@runstatedir@|$work/run|g" \
	    -e "s|@localstatedir@|$work/var|g" "$confs/$1"
}

# e2e_start NAME COMMAND...: its log is $work/log/NAME, its id $pid.
e2e_start() {
	local name=$1
	shift
	touch "$work/log/$name"
	e2e_own "$work/log/$name"
	"${owner[@]}" "$@" < /dev/null >> "$work/log/$name" 2>&1 &
	pid=$!
	pids+=("$pid")
}

# e2e_gone PID: waits for it, and ends it by force after 20 seconds.
e2e_gone() {
	local i
	for ((i = 0; i < 1000; i++)); do
		kill -0 "$1" 2> /dev/null || break
		[ "$(cut -d ' ' -f 3 "/proc/$1/stat" 2> /dev/null)" = Z ] &&
		    break
		sleep 0.02
	done
	kill -KILL "$1" 2> /dev/null
	wait "$1" 2> /dev/null
}

e2e_stop() {
	kill -TERM "$1" 2> /dev/null
	e2e_gone "$1"
}

e2e_stop_all() {
	local p
	for p in "${pids[@]}"; do
		e2e_stop "$p"
	done
	pids=()
}

# e2e_ready URL|SOCKET: it takes connections.
e2e_ready() {
	local i host=${1#*://}
	for ((i = 0; i < 500; i++)); do
		case $1 in
		/*)	e2e_answers "$1" ;;
		*)	(exec 3<> "/dev/tcp/${host/://}") ;;
		esac 2> /dev/null && break
		sleep 0.02
	done
	report $((i == 500)) "takes connections" "$(tail -n 20 "$work"/log/*)"
}

# e2e_answers SOCKET: a connection to it is taken.
e2e_answers() {
	python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).connect(sys.argv[1])' "$1"
}

# e2e_cases SERVER URL: the table of cases.py.
e2e_cases() {
	python3 "$here/cases.py" --server "$1" --url "$2" --key "$key" \
	    --start "$count" --count "$work/count"
	e2e_ran $? "the table of cases"
}

# e2e_ran STATUS NAME: a program that wrote its own lines has ended.
e2e_ran() {
	count=$(cat "$work/count" 2> /dev/null || echo "$count")
	report "$1" "$2 ran through"
}

# e2e_lines TEXT: lines of TAP without numbers, and others.
e2e_lines() {
	local line
	while read -r line; do
		case $line in
		'ok - '*)	report 0 "${line#ok - }" ;;
		'not ok - '*)	report 1 "${line#not ok - }" ;;
		*)		printf '%s\n' "$line" ;;
		esac
	done <<< "$1"
}

# $master is the process that the server $pid has started, once it is there.
e2e_child() {
	local n
	for ((n = 0; n < 100; n++)); do
		master=$(cat "/proc/$pid/task/$pid/children")
		[ -z "$master" ] || return 0
		sleep 0.1
	done
	return 1
}

# A master on $socket, as spawn-fcgi starts it.
e2e_master() {
	e2e_start master spawn-fcgi -n -s "$socket" -M 0600 -- \
	    "$work/bin/cardfile.fcgi" --workers "$1"
	master=$pid
	e2e_ready "$socket"
}

# Our processes that run still.
e2e_left() {
	local p
	for p in /proc/[0-9]*; do
		case $(readlink "$p/exe") in
		"$work/bin/"*)
			echo "${p#/proc/}"
			;;
		esac
	done
}

e2e_finish() {
	local left log i
	e2e_stop_all
	for ((i = 0; i < 50; i++)); do
		left=$(e2e_left)
		[ -z "$left" ] && break
		sleep 0.1
	done
	report "$([ -z "$left" ]; echo $?)" "no process is left" "$left"
	for i in $left; do
		kill -KILL "$i"
	done
	log=$(cat "$work"/log/* | grep -aE 'Sanitizer|runtime error' | head)
	report "$([ -z "$log" ]; echo $?)" "no finding of a sanitizer" "$log"
	if [ "$failed" != 0 ]; then
		for log in "$work"/log/*; do
			echo "# --- ${log##*/}"
			tail -n 15 "$log" | sed 's/^/# /'
		done
	fi
	echo "1..$count"
}
