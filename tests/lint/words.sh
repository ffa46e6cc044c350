#!/bin/bash
# What must not be written where: goto and notes to do anywhere, free() above
# store, SQL outside store.
. "$(dirname "$0")/lib.sh"

# Whole statements in any case, single words where they are in capitals.
statement='select [^"]* from|insert (or [a-z]+ )?into|update [a-z_%"]+ set'
statement="$statement|delete from|pragma [a-z_]+|begin immediate"
statement="$statement|(create|drop|alter) (unique )?(table|index|trigger|view)"
word='SELECT|PRAGMA|SAVEPOINT|ORDER BY|GROUP BY|(LEFT|INNER) JOIN|UNION ALL'
in_string='"([^"]*[^A-Za-z"])?'

check() {
	(
	cd "$1" || exit
	find src cgi-bin -name '*.[ch]' -o -name '*.def' | sort | xargs grep -nwE \
	    'TODO|FIXME|HACK' | sed 's/$/  (finish it, or XXX: with the reason)/'
	find src cgi-bin -name '*.[ch]' | sort | xargs grep -nE \
	    '^[^"]*\<goto [a-z_]+;' | sed 's/$/  (no goto)/'
	find src cgi-bin -name '*.[ch]' ! -path 'src/base/*' \
	    ! -path 'src/store/*' | sort | xargs grep -nE \
	    '(^|[^A-Za-z0-9_])free\(' | sed 's/$/  (memory above store is in arenas)/'
	find src cgi-bin -name '*.[ch]' ! -path 'src/store/*' | sort |
	    xargs grep -nE "$in_string($word)([^A-Za-z]|\$)" |
	    sed 's/$/  (SQL is made in store)/'
	find src cgi-bin -name '*.[ch]' ! -path 'src/store/*' | sort |
	    xargs grep -niE "$in_string($statement)([^A-Za-z]|\$)" |
	    sed 's/$/  (SQL is made in store)/'
	)
}

clean "no goto, no free, no SQL, no notes where they must not be"
catches "goto" src/store/planted.c '\tgoto out;'
catches "a note to do" src/base/planted.h '/* TODO: later */'
catches "free in orm" src/orm/planted.c '\tfree(p);'
catches "free in ser" src/ser/planted.c '\tif (p)free(p);'
catches "a select in orm" src/orm/planted.c 'char *q = "SELECT id";'
catches "an update in api" src/api/planted.c 'q("update res_users set x");'
catches "a pragma in worker" src/worker/planted.c 'q("PRAGMA x");'
catches "a delete in auth" src/auth/planted.c 'q("x; DELETE FROM y");'
finish
