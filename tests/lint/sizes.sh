#!/bin/bash
# 500 lines a file, 60 lines a function, 80 columns with tabs of 8.
. "$(dirname "$0")/lib.sh"

check() {
	(cd "$1" && find src cgi-bin -name '*.[ch]' | sort | while read -r f; do
		expand "$f" | awk -v file="$f" '
		length($0) > 80 && $0 !~ /[\200-\377]/ {
			print file ":" FNR ": " length($0) " columns"
		}
		/^{/ { start = FNR }
		/^}/ && start {
			if (FNR - start - 1 > 60)
				print file ":" start ": function of " \
				    FNR - start - 1 " lines"
			start = 0
		}
		END {
			if (FNR > 500)
				print file ": " FNR " lines"
		}'
	done)
}

lines() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "\\t;\\n" }'
}

clean "files, functions and lines are short"
catches "501 lines" src/orm/planted.c "$(lines 501)"
catches "61 lines in a function" src/orm/planted.c "f(void)\n{\n$(lines 61)}"
catches "81 columns" src/orm/planted.h "$(printf '%081d' 0)"
catches "tabs count 8" src/orm/planted.h "\t$(printf '%073d' 0)"
finish
