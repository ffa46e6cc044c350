/* What tables, columns and indexes there are. */
#include "base/buf.h"
#include "store/driver.h"

static bool
facts_ask(struct store *st, const char *text, size_t width, struct arena *a,
    struct rows *rows, struct err *err)
{
	struct sql	*s = store_sql(st, err);

	buf_str(s->text, text);
	for (size_t i = 0; i < width; i++)
		sql_await(s, COL_TEXT, 0);
	return store_exec(st, a, rows, NULL, err);
}

bool
store_facts(struct store *st, struct arena *a, struct rows *columns,
    struct rows *indexes, struct err *err)
{
	const struct sql_flavor	*flavor = store_sql(st, err)->flavor;

	return facts_ask(st, flavor->all_columns, 2, a, columns, err) &&
	    facts_ask(st, flavor->all_indexes, 3, a, indexes, err);
}

const char *
store_index_name(struct arena *a, const char *table,
    const struct index_def *ix)
{
	return index_name(a, table, ix);
}
