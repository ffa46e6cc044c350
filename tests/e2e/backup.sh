#!/bin/bash
# cardfile backup and restore: archives made while others write, archives that
# are refused, what remains after a failure and after a kill.
. "$(dirname "$0")/lib.sh"

cardfile=
run() {
	"$cardfile" "$@"
}

# The records of a database, without its identity, as text.
records() {
	python3 "$here/backup.py" records "$work/data/$1.db"
}

# remains NAME: what there is of a database, besides others
remains() {
	find "$work/data" -mindepth 1 -maxdepth 1 \( -name "$1.*" -o \
	    -name ".*" \) -printf '%f\n' | sort
}

# refuse NAME TEXT ARCHIVE: a restore fails so, and leaves nothing
refuse() {
	local out
	if out=$(run restore "$3" never --new-identity 2>&1); then
		report 1 "$1" "restored"
	elif ! grep -q -- "$2" <<< "$out"; then
		report 1 "$1" "$out"
	else
		[ -z "$(remains never)" ]
		report $? "$1" "remains: $(remains never)"
	fi
}

e2e_begin sqlite3 zstd
e2e_database
cardfile=$work/bin/cardfile
backup=$work/tmp/demo.backup

out=$(run backup demo "$backup" 2>&1) && [ -z "$out" ] &&
    [ "$(stat -c %a "$backup")" = 600 ] && [ ! -e "$backup.part" ]
report $? "a backup" "$out"
run backup demo "$backup"
report $? "a second one takes its place"
out=$(run restore "$backup" other 2>&1)
[ $? = 1 ] && grep -q -- --new-identity <<< "$out"
report $? "the identity of a database that is here is refused" "$out"
out=$(run restore "$backup" other --new-identity --json 2> "$work/log/said") &&
    grep -q '"database":"other"' <<< "$out" &&
    grep -q 'make new ones' "$work/log/said"
report $? "another identity" "$out $(cat "$work/log/said")"
records demo > "$work/tmp/demo" && records other > "$work/tmp/other" &&
    grep -q "^res_country .*'BE'" "$work/tmp/demo" &&
    cmp "$work/tmp/demo" "$work/tmp/other"
report $? "the same records"
run check other && run user list --database other | grep -q admin
report $? "the copy is sound and in use"
[ "$(run list | cut -f 2,3 | tr '\t' '\n' | sort -u | wc -l)" = 4 ]
report $? "no tag and no deployment id twice" "$(run list)"
out=$(run restore "$backup" other --new-identity 2>&1)
[ $? = 1 ] && grep -q 'there is a database other' <<< "$out"
report $? "a name that is taken is refused" "$out"
touch "$work/data/taken.side"
out=$(run restore "$backup" taken --new-identity 2>&1)
[ $? = 1 ] && grep -q 'taken.side' <<< "$out" &&
    [ "$(remains taken)" = taken.side ]
report $? "a file of that name is refused, and stays" "$out"
rm "$work/data/taken.side"
out=$(run backup demo - | run restore - piped --new-identity 2>&1) &&
    records piped | cmp - "$work/tmp/demo"
report $? "through a pipe" "$out"
out=$(run restore "$backup" ../x --new-identity 2>&1)
[ $? = 1 ] && grep -q 'cannot name a database' <<< "$out"
report $? "a name that is none" "$out"
out=$(run backup nobody "$work/tmp/none" 2>&1)
[ $? = 1 ] && [ ! -e "$work/tmp/none" ] && [ ! -e "$work/tmp/none.part" ]
report $? "a backup of nothing leaves no file" "$out"
out=$(run backup demo "$work/missing/file" 2>&1)
[ $? = 1 ] && grep -q 'No such file' <<< "$out"
report $? "a backup to nowhere" "$out"

# The identity goes with a database that has left this directory.
mkdir -m 700 "$work/second"
out=$(run restore "$backup" moved --data "$work/second" 2>&1) &&
    [ "$(run list | grep '^demo' | cut -f 2-)" = \
    "$(run list --data "$work/second" | cut -f 2-)" ]
report $? "elsewhere it keeps its identity" "$out"
run user list --data "$work/second" | grep -q admin
report $? "and is the database there"

# The key file.
head -c 32 /dev/urandom > "$work/data/demo.key"
out=$(run backup demo "$work/tmp/nokey" 2>&1) &&
    grep -q 'demo.key is not in the archive' <<< "$out"
report $? "the key stays out, and that is said" "$out"
out=$(run restore "$work/tmp/nokey" nokey --new-identity 2>&1) &&
    grep -q 'cannot be read' <<< "$out" && [ ! -e "$work/data/nokey.key" ]
report $? "restore says what does not work without it" "$out"
out=$(run backup demo "$work/tmp/key" --with-key 2>&1 &&
    run restore "$work/tmp/key" key --new-identity 2>&1) &&
    cmp "$work/data/demo.key" "$work/data/key.key" &&
    [ "$(stat -c %a "$work/data/key.key")" = 600 ]
report $? "with the key" "$out"
rm "$work/data/demo.key"

# Files beside the database.
mkdir -p "$work/data/demo.files"
printf 'a large one' > "$work/tmp/file"
sum=$(sha256sum < "$work/tmp/file" | cut -d ' ' -f 1)
cp "$work/tmp/file" "$work/data/demo.files/$sum"
echo 'not ours' > "$work/data/demo.files/notes"
out=$(run backup demo "$work/tmp/files" 2>&1 &&
    run restore "$work/tmp/files" files --new-identity 2>&1) &&
    cmp "$work/tmp/file" "$work/data/files.files/$sum" &&
    [ "$(find "$work/data/files.files" -type f | wc -l)" = 1 ]
report $? "files of the database, and no others" "$out"
sqlite3 "$work/data/demo.db" "insert into ir_attachment
    (name, type, datas, store_fname) values ('a', 'binary', x'', '$sum')"
out=$(run check demo && run backup demo "$work/tmp/named" 2>&1 &&
    run restore "$work/tmp/named" named --new-identity 2>&1 &&
    run check named)
report $? "a file that a record names" "$out"
mv "$work/data/demo.files/$sum" "$work/tmp/away"
out=$(run check demo 2>&1)
[ $? = 1 ] && grep -q "file $sum of an attachment" <<< "$out"
report $? "check misses it where it is not" "$out"
run backup demo "$work/tmp/lacking"
refuse "and so does restore" "lacks a file $sum" "$work/tmp/lacking"
mv "$work/tmp/away" "$work/data/demo.files/$sum"
sqlite3 "$work/data/demo.db" "delete from ir_attachment"
touch -d '2 hours ago' "$work/data/demo.files/$sum"
cp -p "$work/data/demo.files/$sum" "$work/tmp/kept"
out=$(run check demo --fix 2>&1) && grep -q '1 files removed' <<< "$out" &&
    [ ! -e "$work/data/demo.files/$sum" ]
report $? "check --fix removes what no record names" "$out"
cp -p "$work/tmp/kept" "$work/data/demo.files/$sum"
echo x >> "$work/data/demo.files/$sum"
out=$(run backup demo "$work/tmp/damaged" 2>&1)
[ $? = 1 ] && grep -q damaged <<< "$out" && [ ! -e "$work/tmp/damaged" ]
report $? "a damaged file is found by the backup" "$out"
rm -r "$work/data/demo.files"

# Archives that are none of ours.
python3 "$here/backup.py" archives "$backup" "$work/tmp/bad"
report $? "bad archives are made"
while IFS=$'\t' read -r file why; do
	refuse "refused: $file" "$why" "$work/tmp/bad/$file"
done < "$work/tmp/bad/list"
out=$(run restore "$work/tmp/bad/good" good 2>&1 --new-identity)
report $? "the same archive unharmed, as tar and gzip" "$out"

# While others write.
: > "$work/log/writer"
(for ((i = 0; i < 40; i++)); do
	run user add "writer$i" --database demo || echo failed
done) > "$work/log/writer" 2>&1 &
writer=$!
for ((i = 0; i < 4; i++)); do
	out=$(run backup demo "$work/tmp/busy$i" 2>&1 &&
	    run restore "$work/tmp/busy$i" "busy$i" --new-identity 2>&1 &&
	    run check "busy$i") || break
done
report $(($i == 4 ? 0 : 1)) "backups while another writes" "$out"
wait "$writer"
! grep -q failed "$work/log/writer"
report $? "and the writer never fails" "$(cat "$work/log/writer")"

# Killed in the middle: half of the archive, then nothing more.
mkfifo "$work/tmp/pipe"
"$cardfile" restore - half --new-identity < "$work/tmp/pipe" \
    2> "$work/log/half" &
pid=$!
exec 7> "$work/tmp/pipe"
head -c 40000 "$backup" >&7
for ((i = 0; i < 100; i++)); do
	[ -e "$work/data/.restore-half/half.db" ] && break
	sleep 0.05
done
out=$(run restore "$backup" half --new-identity 2>&1)
[ $? = 1 ] && grep -q 'under way' <<< "$out"
report $? "two restores of one name" "$out"
run list > "$work/log/list" && [ -e "$work/data/.restore-half" ]
report $? "list leaves alone what is under way"
kill -9 "$pid"
wait "$pid" 2> /dev/null
exec 7>&-
[ -n "$(remains half)" ] && run list > "$work/log/list" &&
    [ -z "$(remains half)" ]
report $? "list clears up after a kill" "$(remains half)"

# Killed while it put its files in place: only what was its own goes.
stage() {
	mkdir -m 700 "$work/data/.restore-stage"
	cp "$work/data/other.db" "$work/data/.restore-stage/stage.db"
}
stage
ln "$work/data/.restore-stage/stage.db" "$work/data/stage.db"
mkdir "$work/data/stage.files"
touch "$work/data/stage.key"
run list > "$work/log/list" && [ -z "$(remains stage)" ]
report $? "what a killed restore had put in place goes" "$(remains stage)"
stage
touch "$work/data/stage.db"
run list > "$work/log/list" && [ "$(remains stage)" = stage.db ]
report $? "what is not its own stays" "$(remains stage)"
rm "$work/data/stage.db"
stage
out=$(run restore "$backup" stage --new-identity 2>&1) && run check stage
report $? "and the name can be restored at once" "$out"
[ -z "$(find "$work/data" "$work/tmp" -name '.*' -o -name '*.part')" ]
report $? "nothing hidden is left"
e2e_finish
