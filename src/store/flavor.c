#include "store/driver.h"

/*
 * The trigrams of the column's flat text, with no copy of the text itself:
 * the view gives it where the index asks for it.  The index is made from rows
 * in the order of their ids, or it would take ten times as long; and in more
 * memory than it has later.
 */
static const char *const	 sqlite_text_make[] = {
	"CREATE VIEW \"@_text\" AS SELECT id, flat(>) AS text"
	    " FROM < NOT INDEXED WHERE > IS NOT NULL",
	"CREATE VIRTUAL TABLE \"@\" USING fts5(text, content='@_text',"
	    " content_rowid='id', columnsize=0, detail=none,"
	    " tokenize='trigram case_sensitive 1')",
	"CREATE TRIGGER \"@_insert\" AFTER INSERT ON <"
	    " WHEN new.> IS NOT NULL BEGIN"
	    " SELECT text_note('@', new.id, NULL, new.>); END",
	"CREATE TRIGGER \"@_delete\" AFTER DELETE ON <"
	    " WHEN old.> IS NOT NULL BEGIN"
	    " SELECT text_note('@', old.id, old.>, NULL); END",
	"CREATE TRIGGER \"@_update\" AFTER UPDATE OF > ON <"
	    " WHEN old.> IS NOT new.> BEGIN"
	    " SELECT text_note('@', old.id, old.>, new.>); END",
	"INSERT INTO \"@\"(\"@\", rank) VALUES ('hashsize', 16777216)",
	"INSERT INTO \"@\"(\"@\") VALUES ('rebuild')",
	"INSERT INTO \"@\"(\"@\", rank) VALUES ('hashsize', 1048576)",
	NULL
};

static const char *const	 sqlite_text_drop[] = {
	"DROP TRIGGER IF EXISTS \"@_insert\"",
	"DROP TRIGGER IF EXISTS \"@_delete\"",
	"DROP TRIGGER IF EXISTS \"@_update\"",
	"DROP TABLE IF EXISTS \"@\"",
	"DROP VIEW IF EXISTS \"@_text\"",
	NULL
};

/* What the index holds against what it ought to. */
static const char *const	 sqlite_text_check[] = {
	"CREATE VIRTUAL TABLE temp.\"@_terms\" USING"
	    " fts5vocab(main, '@', 'instance')",
	"SELECT 'the text index @ does not agree with its table' WHERE"
	    " (SELECT trigram_sum(term, doc) FROM temp.\"@_terms\") IS NOT"
	    " (SELECT trigram_sum(text, id) FROM \"@_text\")",
	"DROP TABLE temp.\"@_terms\"",
	NULL
};

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
		[EXPR_LENGTH] = "length(<)",
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
	.indexes_of = "SELECT DISTINCT i.name FROM pragma_index_list(?1) AS i,"
	    " pragma_index_info(i.name) AS c"
	    " WHERE i.origin = 'c' AND c.name = ?2",
	.all_columns = "SELECT t.name, c.name FROM pragma_table_list AS t,"
	    " pragma_table_info(t.name) AS c WHERE t.schema = 'main'"
	    " AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
	.all_indexes = "SELECT s.tbl_name, s.name, c.name"
	    " FROM sqlite_schema AS s, pragma_index_info(s.name) AS c"
	    " WHERE s.type = 'index' AND s.sql IS NOT NULL AND c.seqno = 0"
	    " UNION ALL SELECT name, name, '' FROM pragma_table_list"
	    " WHERE schema = 'main' AND type = 'virtual'",
	.text_make = sqlite_text_make,
	.text_drop = sqlite_text_drop,
	.text_indexes = "SELECT name FROM sqlite_schema WHERE type = 'table'"
	    " AND sql LIKE 'CREATE VIRTUAL TABLE % USING fts5(text,%'",
	.text_check = sqlite_text_check,
	.text_search = "< IN (SELECT rowid FROM \"@\" WHERE \"@\" MATCH >)",
	.text_count = "SELECT count(*) FROM (SELECT 1 FROM \"@\""
	    " WHERE \"@\" MATCH > LIMIT <)",
	.check = "SELECT integrity_check FROM pragma_integrity_check"
	    " WHERE integrity_check <> 'ok' UNION ALL"
	    " SELECT \"table\" || coalesce(' ' || rowid, '')"
	    " || ' refers to a missing row of ' || parent"
	    " FROM pragma_foreign_key_check",
};
