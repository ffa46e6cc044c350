#!/bin/bash
# cardfile migrate: a database of version 1 becomes what init makes now; a
# second run and a kill in the middle change nothing.
. "$(dirname "$0")/lib.sh"

# helper COMMAND DATABASE...: of migrate.py
helper() {
	local command=$1 args=() name
	shift
	for name; do
		args+=("$work/data/$name.db")
	done
	python3 "$here/migrate.py" "$command" "${args[@]}"
}

# old: the database of version 1, in the data directory
old() {
	rm -rf "$work/data/old".* "$work/data/databases"
	python3 "$here/migrate.py" make "$top/tests/data/version1.sql" \
	    "$work/data/old.db"
	chmod 600 "$work/data/old.db"
	"$cardfile" list --rebuild > "$work/log/list"
}

# change STATEMENT...: of the old database, by its back door
change() {
	python3 "$here/migrate.py" run "$work/data/old.db" "$@"
}

e2e_begin sqlite3
cardfile=$work/bin/cardfile
echo "iso_codes_dir = $top/tests/data/iso-codes" >> "$conf"
mkdir -m 700 "$work/data"
"$cardfile" init fresh > "$work/log/init" || exit
old

out=$("$cardfile" user list --database old 2>&1)
[ $? = 1 ] && grep -q 'run cardfile migrate old' <<< "$out"
report $? "a database of version 1 is refused, and the command is named" "$out"
change "update res_partner set name = 'Renamed' where id = (select res_id from
    ir_model_data where module = 'base' and name = 'main_partner')" \
    "update ir_model_access set perm_unlink = 1 where id = (select res_id from
    ir_model_data where name = 'access_res_country_all')" \
    "delete from ir_model_access where id = (select res_id from
    ir_model_data where name = 'access_res_lang_all')" \
    "update res_partner set display_name = 'stale' where id = 8" \
    "update res_partner set title = null where title = (select res_id from
    ir_model_data where name = 'res_partner_title_doctor')" \
    "delete from res_partner_title where id = (select res_id from
    ir_model_data where name = 'res_partner_title_doctor')"
out=$("$cardfile" migrate old 2>&1) && grep -qE '^old +1 +2 +2$' <<< "$out"
report $? "migrated from 1 to 2" "$out"
found=$(helper compare old fresh)
[ -z "$found" ]
report $? "models, tables and rights are those of a new database" "$found"
out=$("$cardfile" check old 2>&1)
report $? "it is sound, and stored computed fields are right" "$out"
[ "$(sqlite3 "$work/data/old.db" "select p.name from res_partner p
    join ir_model_data d on d.res_id = p.id where d.name = 'main_partner'
    and d.module = 'base'")" = Renamed ]
report $? "what is noupdate keeps what users made of it"
[ "$(sqlite3 "$work/data/old.db" "select count(*) from res_partner_title t
    join ir_model_data d on d.res_id = t.id and d.model = 'res.partner.title'
    where d.name = 'res_partner_title_doctor'")" = 0 ]
report $? "and stays away where users deleted it"
out=$("$cardfile" user list 2>&1 --database old)
grep -q bob <<< "$out"
report $? "users are there" "$out"
groups=$(sqlite3 "$work/data/old.db" "select count(*) from
    res_groups_users_rel r join res_users u on u.id = r.uid
    where u.login = 'bob'")
[ "$groups" = 1 ]
report $? "and in their groups" "$groups"
key=$("$cardfile" key add --user bob --database old) && [ ${#key} = 40 ]
report $? "it can be written" "$key"

helper dump old > "$work/tmp/before"
out=$("$cardfile" migrate old 2>&1) && grep -qE '^old +2 +2 +0$' <<< "$out"
report $? "a second run has nothing to do" "$out"
helper dump old > "$work/tmp/after"
cmp "$work/tmp/before" "$work/tmp/after"
report $? "and changes nothing"
out=$("$cardfile" migrate --all --json) && [ "$out" = '[{"database":"fresh",'\
'"from":2,"to":2,"modules":0},{"database":"old","from":2,"to":2,'\
'"modules":0}]' ]
report $? "all of them, for programs" "$out"
out=$("$cardfile" migrate 2>&1)
[ $? = 2 ] && grep -q -- --all <<< "$out"
report $? "a database is wanted" "$out"
out=$("$cardfile" migrate nobody 2>&1)
[ $? = 1 ] && grep -q 'no such database' <<< "$out"
report $? "a database that there is none of" "$out"

# Files of a module that have changed since.
cp -R "$schema" "$work/tmp/schema"
sed -i "s|^schema_dir = .*|schema_dir = $work/tmp/schema|" "$conf"
new='"extra": {"type": "integer", "default": 7, "index": true}'
sed -i "s/\"barcode\": {[^}]*},//; s/\"vat\": {/$new, &/" \
    "$work/tmp/schema/base/models/res.partner.json"
out=$("$cardfile" migrate old 2>&1) && grep -qE '^old +2 +2 +1$' <<< "$out"
report $? "a module whose files have changed is loaded again" "$out"
columns=$(sqlite3 "$work/data/old.db" "select name from
    pragma_table_info('res_partner') where name in ('extra', 'barcode')")
[ "$columns" = extra ] && [ "$(sqlite3 "$work/data/old.db" \
    "select distinct extra from res_partner")" = 7 ] &&
    "$cardfile" check old &&
    ! "$cardfile" model describe res.partner --database old | grep -q barcode
report $? "a field more, with its default, and one less" "$columns"
helper dump old > "$work/tmp/before"
sed -i 's/"vat": {/"bad": {"type": "char", "compute": "no_such"}, &/' \
    "$work/tmp/schema/base/models/res.partner.json"
out=$("$cardfile" migrate old 2>&1)
[ $? = 1 ] && grep -q no_such <<< "$out" && helper dump old |
    cmp - "$work/tmp/before"
report $? "a module with a fault changes nothing" "$out"
rm -r "$work/tmp/schema/base"
out=$("$cardfile" migrate old 2>&1)
[ $? = 1 ] && grep -q 'No such file' <<< "$out"
report $? "a module that is not there any more" "$out"
sed -i "s|^schema_dir = .*|schema_dir = $schema|" "$conf"

change "update cardfile_identity set version = 3"
helper dump old > "$work/tmp/before"
out=$("$cardfile" migrate old 2>&1)
[ $? = 1 ] && grep -q 'newer program' <<< "$out" && helper dump old |
    cmp - "$work/tmp/before"
report $? "a database that is newer is refused" "$out"

# Killed: the old database or the new one, whatever the moment.
old
helper dump old > "$work/tmp/first"
killed=0
done=0
fault=
for ((i = 1; i <= 60 && done < 2 && killed < 40; i++)); do
	"$cardfile" migrate old > "$work/log/killed" 2>&1 &
	pid=$!
	sleep "0.0$((i % 10))$((i * 7 % 10))"
	kill -9 "$pid" 2> "$work/log/kill"
	wait "$pid" 2> "$work/log/kill"
	version=$(sqlite3 "$work/data/old.db" \
	    "select version from cardfile_identity")
	if [ "$version" = 1 ]; then
		killed=$((killed + 1))
		helper dump old | cmp - "$work/tmp/first" > "$work/log/kill" ||
		    fault="half a migration after kill $i"
	else
		done=$((done + 1))
		fault=$(helper compare old fresh)
		old
	fi
	[ -z "$fault" ] || break
done
[ -z "$fault" ] && [ "$killed" -gt 0 ]
report $? "killed $killed times, migrated $done times" "$fault"
e2e_finish
