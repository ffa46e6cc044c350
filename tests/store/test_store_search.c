/* A text index finds what a scan finds, whatever is written. */
#include "case.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

#define FX		struct fixture *fx = *state
#define N(array)	(sizeof array / sizeof array[0])

static const enum expr_op	 ops[] = {
	EXPR_LIKE, EXPR_ILIKE, EXPR_ILIKE_FLAT,
};

/* Letters that fold, grow, lose their accents or mean something. */
static const char *const	 letters[] = {
	"a", "b", "A", "B", "i", "I", "s", "S", "e", "E", " ", "%", "_", "\\",
	"\"", "'", "-",
	"\xc3\x9f",				/* sharp s */
	"\xe1\xba\x9e",				/* capital sharp s */
	"\xc4\xb0", "\xc4\xb1",			/* I with a dot, i without */
	"\xc3\xa9", "\xc3\x89", "e\xcc\x81",	/* e acute, one way and other */
	"\xcc\x81", "\xcc\x88", "\xcd\x85",	/* marks alone */
	"\xce\x90", "\xe1\xbe\xb3", "\xcf\x82",	/* Greek */
	"\xd0\x96", "\xd0\xb6", "\xd0\x99",	/* Cyrillic */
	"\xef\xac\x81",				/* ligature fi */
	"\xed\x95\x9c", "\xea\xb8\x80",		/* Hangul */
	"\xf0\x9f\x98\x80",			/* emoji */
	"\xe2\x84\xaa",				/* Kelvin */
};

static void
begin(struct fixture *fx)
{
	done(fx, store_begin(fx->st, TXN_WRITE, &fx->err));
}

static void
commit(struct fixture *fx)
{
	done(fx, store_commit(fx->st, &fx->err));
}

static void
make_indexes(struct fixture *fx)
{
	static const char *const	 txt[] = { "txt" };
	static const char *const	 name[] = { "name" };
	const struct index_def		 on_txt = { txt, 1, false, true };
	const struct index_def		 on_name = { name, 1, false, true };
	const struct table_def		 tables[] = {
		{ fx->item, NULL, 0, &on_txt, 1, false },
		{ fx->group, NULL, 0, &on_name, 1, false },
	};

	done(fx, store_change(fx->st, tables, 2, &fx->err));
}

static unsigned int
below(unsigned int n)
{
	return (unsigned int)random() % n;
}

static const char *
random_text(struct fixture *fx, unsigned int longest)
{
	struct buf	*b = buf_new(fx->a);

	for (unsigned int i = below(longest + 1); i > 0; i--)
		buf_str(b, letters[below(below(2) ? 8 : N(letters))]);
	return b->p;
}

static const char *
random_pattern(struct fixture *fx)
{
	struct buf	*b = buf_new(fx->a);

	if (below(8) != 0)
		buf_char(b, '%');
	buf_str(b, random_text(fx, 6));
	if (below(8) != 0)
		buf_char(b, '%');
	return b->p;
}

static struct expr *
search(struct fixture *fx, const struct expr *of, enum expr_op op,
    const char *pattern, bool indexed)
{
	struct expr	*e = expr_node(fx->a, op, COL_BOOL, 0, of,
	    v_text(fx, pattern));

	e->indexed = indexed;
	return e;
}

static const struct expr *
group_name(struct fixture *fx)
{
	return expr_lookup(fx->a, c_id(fx, "group_id"), fx->group,
	    c_text(fx, "name"));
}

/* Ids of the items that a condition selects. */
static const char *
selected(struct fixture *fx, const struct expr *where)
{
	struct rows	 rows = find(fx, c_id(fx, "id"), where, NULL);

	return joined(fx, &rows);
}

static size_t
same(struct fixture *fx, enum expr_op op, const char *pattern)
{
	const struct expr	*of[] = { c_text(fx, "txt"), group_name(fx) };
	const struct expr	*e[2][2], *boss;
	size_t			 found = 0;

	for (size_t i = 0; i < 2; i++) {
		e[i][0] = search(fx, of[i], op, pattern, false);
		e[i][1] = search(fx, of[i], op, pattern, true);
		found += strlen(selected(fx, e[i][0]));
		assert_string_equal(selected(fx, e[i][1]),
		    selected(fx, e[i][0]));
		assert_string_equal(
		    selected(fx, expr_unary(fx->a, EXPR_NOT, e[i][1])),
		    selected(fx, expr_unary(fx->a, EXPR_NOT, e[i][0])));
	}
	assert_string_equal(selected(fx, expr_or(fx->a, e[0][1], e[1][1])),
	    selected(fx, expr_or(fx->a, e[0][0], e[1][0])));
	boss = expr_lookup(fx->a, c_id(fx, "parent_id"), fx->item, of[1]);
	assert_string_equal(selected(fx, search(fx, boss, op, pattern, true)),
	    selected(fx, search(fx, boss, op, pattern, false)));
	return found;
}

static void
write_something(struct fixture *fx, int64_t *ids, size_t n)
{
	size_t		 i = below((unsigned int)n);
	int64_t		 changed;

	if (ids[i] != 0 && below(4) == 0) {
		done(fx, store_update(fx->st, fx->item, two(fx, EXPR_EQ,
		    c_id(fx, "parent_id"), v_int(fx, ids[i])),
		    &(struct assign){ "parent_id", value_null(), NULL }, 1,
		    &changed, &fx->err));
		done(fx, store_delete(fx->st, fx->item, by_id(fx, ids[i]),
		    &changed, &fx->err));
		ids[i] = 0;
	} else if (ids[i] != 0)
		item_set(fx, ids[i], "txt", below(8) == 0 ? value_null() :
		    value_text(random_text(fx, 12)));
	else
		ids[i] = item_add(fx, below(8) == 0 ? NULL :
		    random_text(fx, 12), value_int(0));
	if (ids[i] != 0 && below(4) == 0)
		item_set(fx, ids[i], "parent_id", value_int(ids[i]));
	if (ids[i] != 0 && below(2) == 0)
		item_set(fx, ids[i], "group_id", value_int(group_add(fx,
		    random_text(fx, 12), 0)));
}

static void
is_sound(struct fixture *fx)
{
	struct rows	 faults;

	done(fx, store_begin(fx->st, TXN_READ, &fx->err));
	done(fx, store_check(fx->st, fx->a, &faults, &fx->err));
	if (faults.n != 0)
		fail_msg("%s", faults.cells[0].u.text.p);
	commit(fx);
}

static void
finds_what_a_scan_finds(void **state)
{
	FX;
	int64_t	 ids[60] = { 0 };
	size_t	 found = 0;

	srandom(20);
	begin(fx);
	for (int i = 0; i < 60; i++)
		write_something(fx, ids, N(ids));
	make_indexes(fx);
	for (int round = 0; round < 12; round++) {
		for (int i = 0; i < 60; i++)
			found += same(fx, ops[below(3)], random_pattern(fx));
		if (round % 4 == 3)
			store_rollback(fx->st);
		else
			commit(fx);
		is_sound(fx);
		begin(fx);
		if (round % 4 == 3)
			memset(ids, 0, sizeof ids);
		for (int i = 0; i < 80; i++)
			write_something(fx, ids, N(ids));
	}
	commit(fx);
	is_sound(fx);
	assert_true(found > 1000);
}

static void
ids_and_counts_are_right(void **state)
{
	FX;
	struct assign	 set = { "txt", value_text("other text"), NULL };
	int64_t		 one, last, changed;

	begin(fx);
	make_indexes(fx);
	one = item_add(fx, "some text", value_int(1));
	last = item_add(fx, "more text", value_int(2));
	assert_int_equal(last, one + 1);
	done(fx, store_update(fx->st, fx->item, search(fx, c_text(fx, "txt"),
	    EXPR_ILIKE, "%TEXT", true), &set, 1, &changed, &fx->err));
	assert_int_equal(changed, 2);
	done(fx, store_delete(fx->st, fx->item, search(fx, c_text(fx, "txt"),
	    EXPR_ILIKE, "other%", true), &changed, &fx->err));
	assert_int_equal(changed, 2);
	assert_true(item_add(fx, "again", value_int(3)) > last);
	commit(fx);
	is_sound(fx);
}

static const char *
page(struct fixture *fx, const struct expr *where)
{
	struct query	*q = query_new(fx->a, fx->item, 1);
	struct order	 by = { c_id(fx, "id"), true, false };
	struct rows	 rows;

	q->columns[0] = by.expr;
	q->where = where;
	q->orders = &by;
	q->norders = 1;
	q->limit = 80;
	q->offset = 10;
	done(fx, store_select(fx->st, q, fx->a, &rows, &fx->err));
	return joined(fx, &rows);
}

/* So many rows that their index is left alone, beside a few. */
static void
pages_of_frequent_texts(void **state)
{
	FX;
	const struct expr	*txt = c_text(fx, "txt"), *e[2];
	struct assign		 set = { "txt", value_null(), txt };
	struct query		*all = query_new(fx->a, fx->item, 0);

	begin(fx);
	make_indexes(fx);
	for (int i = 0; i < 90; i++)
		item_add(fx, i % 9 == 0 ? "a rare one" : "seen often",
		    value_int(i));
	for (int i = 0; i < 7; i++)
		done(fx, store_insert_from(fx->st, fx->item, &set, 1, all,
		    &fx->err));
	for (size_t i = 0; i < 2; i++)
		e[i] = expr_or(fx->a, search(fx, txt, EXPR_ILIKE, "%RARE%",
		    i == 1), search(fx, txt, EXPR_LIKE, "%OFTEN%", i == 1));
	assert_string_equal(page(fx, e[1]), page(fx, e[0]));
	for (size_t i = 0; i < 2; i++)
		e[i] = expr_and(fx->a, search(fx, txt, EXPR_ILIKE, "%one%",
		    i == 1), search(fx, txt, EXPR_ILIKE, "%e%are%", i == 1));
	assert_string_equal(page(fx, e[1]), page(fx, e[0]));
	for (size_t i = 0; i < 2; i++)
		e[i] = search(fx, txt, EXPR_ILIKE, "%often", i == 1);
	assert_string_equal(page(fx, e[1]), page(fx, e[0]));
	assert_int_equal(count(fx, fx->item, e[1]), 80 * 128);
}

/* Another connection has the index's statements prepared. */
static void
indexes_go_and_come(void **state)
{
	FX;
	static const char *const	 txt[] = { "txt" };
	const struct index_def		 ix = { txt, 1, false, true };
	struct store			*mine = fx->st, *other = another(fx);

	for (int i = 0; i < 3; i++) {
		fx->st = mine;
		begin(fx);
		make_indexes(fx);
		item_add(fx, "a text", value_int(i));
		commit(fx);
		fx->st = other;
		begin(fx);
		item_add(fx, "another text", value_int(i));
		assert_int_equal(count(fx, fx->item, search(fx,
		    c_text(fx, "txt"), EXPR_LIKE, "%text%", true)), 2 * i + 2);
		if (i == 1)
			done(fx, store_drop_index(fx->st, fx->item, &ix,
			    &fx->err));
		commit(fx);
		is_sound(fx);
	}
	fx->st = mine;
	store_close(other);
}

static int64_t
found(struct fixture *fx, const char *pattern)
{
	return count(fx, fx->item, search(fx, c_text(fx, "txt"), EXPR_LIKE,
	    pattern, true));
}

/* What was written before a mark is found, whether or not somebody searched
 * behind the mark, and whether or not that was kept. */
static void
marks_and_texts(void **state)
{
	FX;

	begin(fx);
	make_indexes(fx);
	commit(fx);
	for (int i = 0; i < 4; i++) {
		bool	 asked = i % 2 == 1, keep = i >= 2;

		begin(fx);
		item_add(fx, "before it", value_int(i));
		done(fx, store_mark(fx->st, &fx->err));
		item_add(fx, "behind it", value_int(i));
		if (asked)
			assert_int_equal(found(fx, "%before%"), i + 1);
		done(fx, store_mark_end(fx->st, keep, &fx->err));
		commit(fx);
		is_sound(fx);
	}
	assert_int_equal(found(fx, "%before%"), 4);
	assert_int_equal(found(fx, "%behind%"), 2);
}

/* More than are kept back. */
static void
many_texts_at_once(void **state)
{
	FX;

	begin(fx);
	make_indexes(fx);
	for (int i = 0; i < 5000; i++)
		item_add(fx, "one of many", value_int(i));
	commit(fx);
	assert_int_equal(found(fx, "%many%"), 5000);
	is_sound(fx);
}

int
main(void)
{
#define CASE(f)	cmocka_unit_test_setup_teardown(f, fixture_open, fixture_close)
	const struct CMUnitTest	 cases[] = {
		CASE(finds_what_a_scan_finds), CASE(ids_and_counts_are_right),
		CASE(pages_of_frequent_texts), CASE(indexes_go_and_come),
		CASE(marks_and_texts), CASE(many_texts_at_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(cases, NULL, NULL);
}
