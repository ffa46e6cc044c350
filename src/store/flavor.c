#include "store/driver.h"

/* fold() and decimal_text() are functions of ours: see sqlite.c. */
const struct sql_flavor	 flavor_sqlite = {
	.placeholder = '?',
	.types = {
		[COL_BOOL] = "INTEGER",
		[COL_INT] = "INTEGER",
		[COL_FLOAT] = "REAL",
		[COL_DECIMAL] = "INTEGER",
		[COL_TEXT] = "TEXT",
		[COL_BYTES] = "BLOB",
		[COL_DATE] = "INTEGER",
		[COL_DATETIME] = "INTEGER",
		[COL_ID] = "INTEGER",
	},
	.texts = {
		[COL_NONE] = "CAST(< AS TEXT)",
		[COL_BOOL] = "CASE < WHEN 1 THEN 'true'"
		    " WHEN 0 THEN 'false' END",
		[COL_INT] = "CAST(< AS TEXT)",
		[COL_FLOAT] = "CAST(< AS TEXT)",
		[COL_DECIMAL] = "decimal_text(<, >)",
		[COL_BYTES] = "CAST(< AS TEXT)",
		[COL_DATE] = "date(< * 86400, 'unixepoch')",
		[COL_DATETIME] = "datetime(<, 'unixepoch')",
		[COL_ID] = "CAST(< AS TEXT)",
	},
	.id_type = "INTEGER PRIMARY KEY AUTOINCREMENT",
	.like = "< LIKE > ESCAPE '\\'",
	.ilike = "fold(<) LIKE fold(>) ESCAPE '\\'",
	.in_list = "< IN (SELECT value FROM json_each(>))",
	.limit_all = "-1",
	.table_tail = " STRICT",
	.link_tail = " STRICT, WITHOUT ROWID",
	.columns = "SELECT name, type FROM pragma_table_info(?1)",
	.generation = "PRAGMA user_version",
	.generation_set = "PRAGMA user_version = ",
	.check = "SELECT integrity_check FROM pragma_integrity_check"
	    " WHERE integrity_check <> 'ok' UNION ALL"
	    " SELECT \"table\" || coalesce(' ' || rowid, '')"
	    " || ' refers to a missing row of ' || parent"
	    " FROM pragma_foreign_key_check",
};
