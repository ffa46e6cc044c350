#!/bin/bash
# cardfile model: what it lists and describes, for people and for programs.
. "$(dirname "$0")/lib.sh"

e2e_begin
e2e_database
cardfile=$work/bin/cardfile

# has TEXT PATTERN...: the text has a line for each pattern
has() {
	local text=$1 pattern
	shift
	for pattern in "$@"; do
		grep -qE -- "$pattern" <<< "$text" || return 1
	done
}

# The value that a Python expression gives of $v, the result read as JSON.
json() {
	python3 -c 'import json, sys
v = json.load(sys.stdin)
print(eval("(%s)" % sys.argv[1]))' "$1"
}

out=$("$cardfile" model list)
has "$out" '^model +name +fields +made$' '^res\.partner +Partner +[0-9]+ ' \
    '^ir\.model\.fields +Fields +'
report $? "model list" "$out"
[ "$("$cardfile" model list --json | json \
    '[m["name"] for m in v if m["model"] == "res.country"]')" = \
    "['Country']" ]
report $? "model list for programs"
out=$("$cardfile" model describe res.users)
has "$out" '^model: res.users$' '^field +type +relation +label' \
    '^login +char +- +Login +required$' \
    '^partner_id +many2one +res\.partner ' '^group +read +write +create' \
    '^[A-Za-z /]+ +yes +no +no +no$' && ! grep -q '^password_hash' <<< "$out"
report $? "model describe" "$out"
out=$("$cardfile" model describe res.partner --json)
want="(True, True, 'res.country', False, 'display_name, id', True, True, True)"
[ "$(json 'v["fields"]["name"]["required"], v["fields"]["name"]["index"],
    v["fields"]["country_id"]["relation"], v["fields"]["street"]["index"],
    v["order"], all(len(a) == 5 for a in v["access"]), len(v["access"]) > 1,
    "everybody" in [r["groups"] for r in v["rules"]]' <<< "$out")" = "$want" ]
report $? "model describe for programs" "$out"
out=$("$cardfile" model describe res.nothing 2>&1)
[ $? = 1 ] && has "$out" 'there is no model res.nothing'
report $? "a model that there is none of" "$out"
out=$("$cardfile" model describe 2>&1)
[ $? = 2 ] && has "$out" '^usage: cardfile model describe MODEL'
report $? "a model is wanted" "$out"
out=$("$cardfile" model list --database nobody 2>&1)
[ $? = 1 ] && has "$out" 'no such database'
report $? "a database that there is none of" "$out"
e2e_finish
