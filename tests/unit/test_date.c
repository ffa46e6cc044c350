#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "base/date.h"

static void
test_every_day_as_libc(void **state)
{
	(void)state;
	for (int64_t day = -719162; day <= 2932896; day++) {
		char		 text[DATE_SIZE];
		int64_t		 back;
		int		 y, m, d;

		date_to_civil(day, &y, &m, &d);
		assert_int_equal(date_from_civil(y, m, d), day);
		date_format(day, text);
		assert_true(date_parse(span_of(text), &back) && back == day);
		if (day % 97 == 0) {
			time_t		 t = (time_t)day * 86400;
			struct tm	 tm;

			gmtime_r(&t, &tm);
			assert_int_equal(tm.tm_year + 1900, y);
			assert_int_equal(tm.tm_mon + 1, m);
			assert_int_equal(tm.tm_mday, d);
		}
	}
}

static void
test_known(void **state)
{
	char	 text[DATETIME_SIZE];
	int64_t	 n;

	(void)state;
	assert_true(date_parse(span_of("1970-01-01"), &n) && n == 0);
	assert_true(date_parse(span_of("0001-01-01"), &n) && n == -719162);
	assert_true(date_parse(span_of("9999-12-31"), &n) && n == 2932896);
	assert_true(datetime_parse(span_of("2017-07-12 13:34:22"), &n));
	assert_int_equal(n, 1499866462);
	datetime_format(n, text);
	assert_string_equal(text, "2017-07-12 13:34:22");
	datetime_format(-1, text);
	assert_string_equal(text, "1969-12-31 23:59:59");
	assert_true(datetime_parse(span_of(text), &n) && n == -1);
}

static void
test_out_of_range_is_clamped(void **state)
{
	char	 text[DATE_SIZE];

	(void)state;
	date_format(INT64_MIN, text);
	assert_string_equal(text, "0001-01-01");
	date_format(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31");
}

static void
test_refused(void **state)
{
	static const char *const	 dates[] = {
		"", "2017", "2017-02-29", "1900-02-29", "2017-00-01",
		"2017-13-01", "2017-04-31", "2017-01-00", "0000-01-01",
		"2017-1-01", "2017-01-1 ", "2017/01/01", "+017-01-01",
		"2017-01-01 ", "2017-01-0a", " 2017-01-1", "2017-01-01T"
	};
	static const char *const	 times[] = {
		"2017-01-01", "2017-01-01T00:00:00", "2017-01-01 24:00:00",
		"2017-01-01 00:60:00", "2017-01-01 00:00:60",
		"2017-01-01 0:00:000", "2017-02-30 00:00:00",
		"2017-01-01 00:00:00Z", "2017-01-01 00:00", ""
	};
	int64_t				 n;

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		assert_false(date_parse(span_of(dates[i]), &n));
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		assert_false(datetime_parse(span_of(times[i]), &n));
	assert_true(date_parse(span_of("2016-02-29"), &n));
	assert_true(date_parse(span_of("2000-02-29"), &n));
}

static void
test_clock(void **state)
{
	int64_t	 ticks = clock_ticks();

	(void)state;
	unsetenv("CARDFILE_NOW");
	assert_true(llabs(clock_now() - time(NULL)) <= 1);
	setenv("CARDFILE_NOW", "2017-07-12 13:34:22", 1);
	assert_int_equal(clock_now(), 1499866462);
	setenv("CARDFILE_NOW", "yesterday", 1);
	assert_true(llabs(clock_now() - time(NULL)) <= 1);
	assert_true(clock_ticks() >= ticks);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_every_day_as_libc),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_out_of_range_is_clamped),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_clock),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
