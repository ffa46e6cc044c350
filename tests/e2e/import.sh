#!/bin/bash
# cardfile import and export: files to records and back.
. "$(dirname "$0")/lib.sh"

e2e_begin
e2e_database
cardfile=$work/bin/cardfile

cat > "$work/in.csv" << 'END'
id,name,parent_id/id,country_id/id,is_company,color,comment
boss,"Boss, Ltd.",,base.be,1,3,"two
lines with ""quotes"""
clerk, Clerk ,boss,base.fr,no,,
END
out=$("$cardfile" import res.partner "$work/in.csv" 2>&1)
[ "$out" = "records: 2" ]
report $? "import of a CSV file" "$out"
columns=id,name,parent_id/id,country_id/id,is_company,color,comment
"$cardfile" export res.partner "$work/out.csv" --fields "$columns" \
    --domain "[('ref','=',False),('id','>',2),('name','in',['Boss, Ltd.',' Clerk '])]" \
    > /dev/null
[ "$(tr -d '\r' < "$work/out.csv")" = "$columns
__import__.boss,\"Boss, Ltd.\",,base.be,1,3,\"two
lines with \"\"quotes\"\"\"
__import__.clerk, Clerk ,__import__.boss,base.fr,0,0," ]
report $? "export of a CSV file" "$(cat "$work/out.csv")"

# What was written is read back and changes nothing.
for form in csv json; do
	"$cardfile" export res.partner "$work/all.$form" > /dev/null &&
	"$cardfile" import res.partner "$work/all.$form" > /dev/null &&
	"$cardfile" export res.partner "$work/again.$form" > /dev/null &&
	cmp "$work/all.$form" "$work/again.$form"
	report $? "$form there and back"
done

cat > "$work/bad.csv" << 'END'
id,name,country_id,is_company
one,Good,,1
two,Bad,Atlantis,perhaps
three,,,
END
before=$("$cardfile" export res.partner - --fields id,name)
out=$("$cardfile" import res.partner "$work/bad.csv" 2>&1)
[ $? = 1 ] && grep -q 'row 2, country_id: there is no record named "Atlantis"' \
    <<< "$out" && grep -q 'row 2, is_company: ' <<< "$out" &&
    grep -q 'row 3, name: ' <<< "$out" &&
    grep -q 'nothing was imported' <<< "$out"
report $? "each wrong cell is told" "$out"
[ "$before" = "$("$cardfile" export res.partner - --fields id,name)" ]
report $? "and nothing is kept"
out=$("$cardfile" import res.partner "$work/bad.csv" --json 2> /dev/null)
[ $? = 1 ] && python3 -c 'import json, sys
v = json.load(sys.stdin)
assert v["records"] == 0 and len(v["messages"]) == 3
assert v["messages"][0]["rows"] == {"from": 1, "to": 1}' <<< "$out"
report $? "messages for programs" "$out"

echo '[{"name": "J1", "color": 5}, {"name": "J2", "active": false}]' \
    > "$work/in.json"
[ "$("$cardfile" import res.partner "$work/in.json")" = "records: 2" ]
report $? "import of a JSON file"
echo "name" > "$work/empty"
[ "$("$cardfile" import res.partner "$work/empty" --format csv)" = \
    "records: 0" ]
report $? "no rows"

# refuses PATTERN STATUS ARGUMENT...
refuses() {
	local pattern=$1 status=$2 out
	shift 2
	out=$("$cardfile" "$@" 2>&1)
	[ $? = "$status" ] && grep -q -- "$pattern" <<< "$out"
	report $? "refused: $*" "$out"
}
printf 'name\n"open' > "$work/open.csv"
printf 'name\nA\xff\n' > "$work/bytes.csv"
printf '{"name": 1}' > "$work/object.json"
refuses 'there is no model res.nothing' 1 import res.nothing "$work/in.csv"
refuses 'no such field' 1 import res.users "$work/in.csv"
refuses 'quote is not closed' 1 import res.partner "$work/open.csv"
refuses 'not UTF-8' 1 import res.partner "$work/bytes.csv"
refuses 'list of objects' 1 import res.partner "$work/object.json"
refuses 'neither csv nor json' 2 import res.partner "$work/in.xls"
refuses 'No such file' 1 import res.partner "$work/nothing.csv"
refuses 'usage: cardfile import' 2 import res.partner
refuses 'no such field' 1 export res.partner - --fields nonsuch
refuses 'must be a list' 1 export res.partner - --domain 5
"$cardfile" user add clerk > /dev/null
refuses 'not allowed to create' 1 import res.partner "$work/in.json" \
    --user clerk
[ ! -e "$work/out.xls" ] && [ -z "$(ls "$work"/*.part 2> /dev/null)" ]
report $? "nothing half written is left"
e2e_finish
