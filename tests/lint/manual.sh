#!/bin/bash
# The manual pages: sound; cardfile.conf.5 names every key of conf.def,
# cardfile.1 every command and option.
. "$(dirname "$0")/lib.sh"

# keys CONF.DEF PAGE: a line for each key that only one of them has
keys() {
	sed -nE 's/^CONF_[A-Z]+\(([a-z_]+),.*/\1/p' "$1" | sort > "$work/keys"
	sed -nE 's/^\.It Ic ([a-z_]+)( .*)?$/\1/p' "$2" | sort > "$work/said"
	comm -23 "$work/keys" "$work/said" | sed 's/$/ is not documented/'
	comm -13 "$work/keys" "$work/said" | sed 's/$/ is no key/'
}

# defaults CONF.DEF PAGE: a line for each number that differs
defaults() {
	sed -nE 's/^CONF_SIZE\(([a-z_]+),[ \t]*([0-9]+),.*/\1 \2/p' "$1" |
	while read -r key value; do
		grep -qE "^\.It Ic $key = $value\$" "$2" ||
		    echo "the default of $key is $value"
	done
}

def=$top/src/base/conf.def
page=$top/docs/cardfile.conf.5
found=$(keys "$def" "$page"; defaults "$def" "$page")
[ -z "$found" ]
report $? "cardfile.conf.5 documents the keys that there are" "$found"
cp "$def" "$work/planted.def"
chmod u+w "$work/planted.def"
echo 'CONF_FLAG(planted, false, "planted")' >> "$work/planted.def"
[ "$(keys "$work/planted.def" "$page")" = "planted is not documented" ]
report $? "planted: a key without words"
sed 's/^\.It Ic workers.*/.It Ic wrokers = 4/' "$page" > "$work/planted.5"
[ "$(keys "$def" "$work/planted.5" | wc -l)" = 2 ]
report $? "planted: a wrong key"
sed 's/^\(\.It Ic workers = \).*/\199/' "$page" > "$work/planted.5"
[ -n "$(defaults "$def" "$work/planted.5")" ]
report $? "planted: a wrong default"

# commands DEF PAGE: a line for each command that only one of them has
commands() {
	sed -nE 's/^ADMIN_COMMAND\([a-z_]+,[ \t]*"([a-z ]+)".*/\1/p' "$1" |
	    sort > "$work/commands"
	sed -nE '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Cm ([a-z]+( [a-z]+)?)( (Ar|Fl|Op) .*)?$/\1/p' \
	    "$2" | sort > "$work/said"
	comm -23 "$work/commands" "$work/said" | sed 's/$/ is not documented/'
	comm -13 "$work/commands" "$work/said" | sed 's/$/ is no command/'
}

def=$top/src/worker/admin_commands.def
page=$top/docs/cardfile.1
found=$(commands "$def" "$page")
[ -z "$found" ]
report $? "cardfile.1 documents the commands that there are" "$found"
cp "$def" "$work/planted.def"
chmod u+w "$work/planted.def"
echo 'ADMIN_COMMAND(admin_x,	"plant", "", 0, 0, 0, "x")' >> "$work/planted.def"
[ "$(commands "$work/planted.def" "$page")" = "plant is not documented" ]
report $? "planted: a command without words"
found=$(sed -nE 's/^ADMIN_OPTION\([A-Z_]+,[ \t]*"([a-z-]+)".*/\1/p' \
    "$top/src/worker/admin_options.def" | while read -r option; do
	grep -q -- "Fl -$option" "$page" || echo "--$option is not documented"
done)
[ -z "$found" ]
report $? "cardfile.1 documents the options that there are" "$found"

for page in cardfile.1 cardfile.conf.5 cardfile.fcgi.8; do
	if ! command -v mandoc >/dev/null; then
		count=$((count + 1))
		echo "ok $count - $page # SKIP no mandoc"
		continue
	fi
	found=$(mandoc -T lint -W warning "$top/docs/$page")
	[ -z "$found" ]
	report $? "$page is sound" "$found"
done
finish
