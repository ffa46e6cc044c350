#include "store/driver.h"

/* What SQLite does not know by itself is in sqlite_function.c. */
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
		[COL_DECIMAL] = "decimal_text(<, [)",
		[COL_BYTES] = "CAST(< AS TEXT)",
		[COL_DATE] = "date(< * 86400, 'unixepoch')",
		[COL_DATETIME] = "datetime(<, 'unixepoch')",
		[COL_ID] = "CAST(< AS TEXT)",
	},
	.id_type = "INTEGER PRIMARY KEY AUTOINCREMENT",
	.calls = {
		[EXPR_LIKE] = "(< LIKE > ESCAPE '\\')",
		[EXPR_ILIKE] = "(fold(<) LIKE fold(>) ESCAPE '\\')",
		[EXPR_ILIKE_FLAT] = "(flat(<) LIKE flat_pattern(>)"
		    " ESCAPE '\\')",
		[EXPR_COALESCE] = "coalesce(<,>)",
		[EXPR_LOWER] = "lower_text(<)",
		[EXPR_UPPER] = "upper_text(<)",
		[EXPR_ADD] = "exact_add(<,[,>,],^)",
		[EXPR_SUB] = "exact_sub(<,[,>,],^)",
		[EXPR_MUL] = "exact_mul(<,[,>,],^)",
		[EXPR_DIV] = "exact_div(<,[,>,],^)",
		[EXPR_NUMBER] = "exact_as(<,[,^)",
		[EXPR_DATE_ADD] = "date_add(<,>,'@')",
		[EXPR_DATE_TRUNC] = "date_start(<,'@')",
		[EXPR_COUNT] = "count(<)",
		[EXPR_COUNT_DISTINCT] = "count(DISTINCT <)",
		[EXPR_SUM] = "exact_sum(<,[,^)",
		[EXPR_AVG] = "exact_avg(<,[,^)",
		[EXPR_MIN] = "min(<)",
		[EXPR_MAX] = "max(<)",
		[EXPR_BOOL_AND] = "min(<)",
		[EXPR_BOOL_OR] = "max(<)",
	},
	.float_sum = "sum(<)",
	.float_avg = "avg(<)",
	.datetime_add = "datetime_add(<,>,'@')",
	.datetime_trunc = "datetime_start(<,>,'@')",
	/* The order of the query inside is kept. */
	.ids = "(SELECT coalesce(group_concat(id),'') FROM (",
	.ids_end = "))",
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
