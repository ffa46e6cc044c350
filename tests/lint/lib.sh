# What the lint tests share.  A test defines check(), which is given a tree
# and prints a line for each breach, and calls clean and catches.
set -u
top=${TOP_SRCDIR:-$(cd "$(dirname "$0")/../.." && pwd)}
count=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

report() {	# report STATUS NAME [DIAGNOSTICS]
	count=$((count + 1))
	[ "$1" = 0 ] && echo "ok $count - $2" || echo "not ok $count - $2"
	[ -z "${3-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
}

# A copy of the code that a breach may be planted in.
copy() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree"
	cp -R "$top/src" "$top/cgi-bin" "$work/tree"
	chmod -R u+w "$work/tree"
}

# The tree as it is has no breach.
clean() {
	local found
	found=$(check "$top")
	[ -z "$found" ]
	report $? "$1" "$found"
}

# catches NAME FILE TEXT: a file with that text is found out.
catches() {
	local found
	copy
	mkdir -p "$(dirname "$work/tree/$2")"
	printf '%b\n' "$3" > "$work/tree/$2"
	found=$(check "$work/tree")
	case $found in
	*"$2"*)	report 0 "planted: $1" ;;
	*)	report 1 "planted: $1" "$2 was not found out: $found" ;;
	esac
}

finish() {
	echo "1..$count"
}
