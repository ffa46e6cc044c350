#!/bin/bash
# Every header compiles alone, and twice in a row.
. "$(dirname "$0")/lib.sh"

check() {
	(cd "$1" && find src -name '*.h' | sort | while read -r f; do
		name=${f#src/}
		printf '#include "%s"\n#include "%s"\nextern int unused;\n' \
		    "$name" "$name" | ${CC:-gcc} -std=c11 -D_GNU_SOURCE -Wall \
		    -Wextra -Werror -Isrc -fsyntax-only -x c - 2>"$work/errors" ||
		    { echo "$f does not compile alone:"; head -3 "$work/errors"; }
	done)
}

clean "every header compiles alone"
catches "a missing declaration" src/orm/planted.h \
    'size_t planted(void);'
catches "no guard" src/orm/planted.h 'struct planted { int x; };'
finish
