#!/bin/bash
# What stands in the tables (*.def) stands in the documents, and the other
# way round.  methods.sh and manual.sh see to methods, keys and commands.
. "$(dirname "$0")/lib.sh"

# firsts DEF: the first word of each row
firsts() {
	grep -vE '^(/| )\*' "$1" | sed -nE 's/^[A-Z_]+\("?([^",)]+)"?[,)].*/\1/p'
}

# section PAGE HEADING: what stands below that heading
section() {
	awk -v heading="$2" '/^##/ { on = $0 == heading } on' "$1"
}

# quoted: the words in backticks, a line each
quoted() {
	grep -o '`[^`]*`' | tr -d '`'
}

# differ FILE NAME: rows on standard input that only one of them has
differ() {
	sort -u > "$work/rows"
	sort -u "$1" > "$work/said"
	comm -23 "$work/rows" "$work/said" | sed "s/\$/: $2, not documented/"
	comm -13 "$work/rows" "$work/said" | sed "s/\$/: no such $2/"
}

# Each of these prints what a tree has, and leaves in a file of its name in
# $work what the documents say.
defs() {	# TREE
	(cd "$1/src" && find . -name '*.def' | sed 's|^\./||')
	section "$1/docs/architecture.md" '## The tables' |
	    grep -oE '^\| `[a-z]+/[a-z_]+\.def`(, `[a-z]+/[a-z_]+\.def`)*' |
	    quoted > "$work/defs"
}

operators() {	# TREE
	firsts "$1/src/orm/operators.def"
	section "$1/docs/api/odoo-rest.md" '## Domains' |
	    awk '/^$/ && on { exit } sub(/.*Operators:/, "") { on = 1 } on' |
	    tr '\n' ' ' | quoted > "$work/operators"
}

types() {	# TREE
	firsts "$1/src/orm/fields.def"
	section "$1/docs/api/odoo-rest.md" '## Values' |
	    sed -nE 's/^\| ([a-z0-9, ]+) \|.*/\1/p' |
	    grep -vxE 'field|nothing' | sed 's/, /\n/g' > "$work/types"
}

functions() {	# TREE
	firsts "$1/src/orm/formulas.def"
	section "$1/docs/extending.md" '## Expressions' |
	    grep '^| `' | cut -d '|' -f 2 | quoted |
	    grep -oE '^[a-z_]+(\(|$)' | tr -d '(' |
	    grep -vxE 'and|or|not|name|user' > "$work/functions"
}

# Attributes that are for model files alone.
own=' locked name_search parent_archived parent_store secret '

# What may be said at run time, by its own name or that of model files.
attributes() {	# TREE
	local said column word
	said=$(section "$1/docs/api/odoo-rest.md" \
	    '## Models and fields at run time' | quoted)
	sed -nE 's/^META\([A-Z]+, ([a-z0-9_]+),[ \t]*"([a-z_]+)"\)/\1 \2/p' \
	    "$1/src/orm/meta.def" "$1/src/orm/meta_model.def" |
	while read -r column word; do
		[[ $own = *" $column "* ]] ||
		    grep -qxE "$column|$word" <<< "$said" ||
		    echo "$column: attribute, not documented"
	done
}

check() {	# TREE
	local table
	for table in defs operators types functions; do
		"$table" "$1" > "$work/have"
		differ "$work/$table" "${table%s}" < "$work/have"
	done
	attributes "$1"
}

plant() {	# NAME FILE LINE: a row more is found out
	copy
	cp -R "$top/docs" "$work/tree"
	chmod -R u+w "$work/tree"
	printf '%s\n' "$3" >> "$work/tree/$2"
	check "$work/tree" | grep -q planted
	report $? "planted: $1"
}

clean "the documents know the tables, and the tables the documents"
plant "an operator" src/orm/operators.def 'OPERATOR("planted",	"", X)'
plant "a type" src/orm/fields.def 'FIELD_TYPE(planted)'
plant "a function" src/orm/formulas.def 'FORMULA("planted",	1, 1, f)'
plant "an attribute" src/orm/meta.def 'META(TEXT, planted,	"planted")'
plant "a table" src/orm/planted.def '/* nothing */'
finish
