#!/bin/bash
# No mutable file-scope state: nothing of ours is in .data or .bss.
. "$(dirname "$0")/lib.sh"

lib=${TOP_BUILDDIR:-$top/build}/libcore.a
if nm "$lib" 2>/dev/null | grep -q __asan_; then
	echo "1..0 # SKIP sanitizers add state of their own"
	exit 0
fi

# check ARCHIVE-OR-OBJECT
check() {
	${NM:-nm} -A -f sysv "$1" 2>/dev/null | awk -F '|' '
	$4 ~ /OBJECT|TLS/ || $3 ~ /C/ {
		if ($7 ~ /^\.t?(data|bss)/ && $7 !~ /^\.data\.rel\.ro/ ||
		    $7 ~ /COM/)
			print $1 $7
	}'
}

compile() {
	printf '%b\n' "$1" | ${CC:-gcc} -O2 -fPIE -x c -c -o "$work/planted.o" -
	found=$(check "$work/planted.o")
}

[ -s "$lib" ]
report $? "libcore.a is there"
found=$(check "$lib")
[ -z "$found" ]
report $? "no mutable file-scope variables" "$found"
compile 'static int n;\nint f(void) { return ++n; }'
[ -n "$found" ]
report $? "planted: a static counter"
compile 'int *f(void) { static int n = 1; return &n; }'
[ -n "$found" ]
report $? "planted: a static in a function"
compile '_Thread_local int n = 2;'
[ -n "$found" ]
report $? "planted: one for each thread"
compile 'static const char *const t[] = { "a" };\nconst char *f(int i) { return t[i]; }'
[ -z "$found" ]
report $? "a constant table is none" "$found"
finish
