#!/bin/bash
# The table of methods in docs/api/odoo-rest.md has the rows that there are.
. "$(dirname "$0")/lib.sh"

# rows FILE: its METHOD rows, each as a line of the table
rows() {
	grep -vE '^(/| )\*' "$1" | tr '\n\t' '  ' | sed 's/METHOD(/\n/g' | awk '
	!NF { next }
	{
		gsub(/"[ ]+"/, "")
		n = split($0, part, "\"")
		own = n > 5 ? 2 : 0
		model = own ? "`" part[2] "`" : "all"
		name = part[2 + own]
		split(part[n], rest, /, */)
		args = ""
		m = split(part[4 + own], arg, /, /)
		for (i = 1; i <= m; i++) {
			sub(/:.*/, "", arg[i])
			args = args (i > 1 ? ", " : "") "`" arg[i] "`"
		}
		flags = rest[2]
		access = rest[3]
		sub(/^ACCESS_/, "", access)
		line = "| " model " | `" name "`" (flags ~ /RECORDS/ ? " *" : "")
		line = line " | " args " | " (flags ~ /WRITE/ ? "yes" : "")
		line = line " | " (access ~ /FREE/ ? "" : tolower(access)) " |"
		gsub(/  +/, " ", line)
		print line
	}'
}

# differ DEF OWN_DEF PAGE: a line for each row that only one of them has
differ() {
	{ rows "$1"; rows "$2"; } | sort > "$work/rows"
	grep -E '^\| (all|`[a-z._]+`) \| `[a-z_]+`( \*)? (\|[^|]*){3}\|$' "$3" |
	    sed -E 's/  +/ /g' | sort > "$work/said"
	comm -23 "$work/rows" "$work/said" | sed 's/$/  (not documented)/'
	comm -13 "$work/rows" "$work/said" | sed 's/$/  (no such row)/'
}

def=$top/src/orm/methods.def
own=$top/src/models/methods.def
page=$top/docs/api/odoo-rest.md
[ "$(rows "$def" | grep -c '^| all | `')" = "$(grep -c '^METHOD(' "$def")" ]
report $? "every row is read"
found=$(differ "$def" "$own" "$page")
[ -z "$found" ]
report $? "the table of methods has the rows of methods.def" "$found"
cp "$def" "$work/planted.def"
chmod u+w "$work/planted.def"
echo 'METHOD("planted", "a:int=0, b:any", METHOD_WRITE, ACCESS_READ, planted)' \
    >> "$work/planted.def"
[ "$(differ "$work/planted.def" "$own" "$page")" = \
    '| all | `planted` | `a`, `b` | yes | read |  (not documented)' ]
report $? "planted: a method without words"
sed 's/^| all | `unlink` \* .*/| all | `unlink` | | yes | unlink |/' "$page" \
    > "$work/planted.md"
[ "$(differ "$def" "$own" "$work/planted.md" | wc -l)" = 2 ]
report $? "planted: a wrong row"
finish
