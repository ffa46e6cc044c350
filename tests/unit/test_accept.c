#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "http/request.h"

enum { JSON, XML, TEXT_XML, PDF };

static const char *const	 types[] = {
	"application/json", "application/xml", "text/xml", "application/pdf",
};

struct row {
	const char	*accept;
	size_t		 want;
};

static void
check(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t	 got = http_accept(rows[i].accept, types, 4);

		if (got != rows[i].want)
			fail_msg("%s: got %s", rows[i].accept, types[got]);
	}
}

#define CHECK(rows)	check(rows, sizeof rows / sizeof rows[0])

static void
test_plain(void **state)
{
	static const struct row	 rows[] = {
		{ NULL, JSON },
		{ "", JSON },
		{ "application/json", JSON },
		{ "application/xml", XML },
		{ "text/xml", TEXT_XML },
		{ "application/pdf", PDF },
		{ "Application/XML", XML },
		{ " application/xml ", XML },
		{ "application/xml; charset=utf-8", XML },
		{ "application/xml;version=1;q=0.5", XML },
		{ "text/html", JSON },
		{ "application/xmlx", JSON },
		{ "application/xm", JSON },
	};

	(void)state;
	CHECK(rows);
}

static void
test_quality(void **state)
{
	static const struct row	 rows[] = {
		{ "application/json;q=0.5, application/xml", XML },
		{ "application/json;q=0.5, application/xml;q=0.4", JSON },
		{ "application/xml;q=0.401,application/json;q=0.4", XML },
		{ "application/xml;q=0.1, application/json;q=0.100", JSON },
		{ "application/xml, application/json", JSON },
		{ "application/json;q=0, application/xml;q=0.001", XML },
		{ "application/json;q=0", JSON },
		{ "application/json ; Q=0.2 , application/xml ; q=0.3", XML },
		{ "application/json;q=1.000,application/xml;q=1", JSON },
	};

	(void)state;
	CHECK(rows);
}

static void
test_wildcards(void **state)
{
	static const struct row	 rows[] = {
		{ "*/*", JSON },
		{ "application/*", JSON },
		{ "text/*", TEXT_XML },
		{ "TEXT/*", TEXT_XML },
		{ "text/*, application/xml;q=0.9", TEXT_XML },
		{ "application/json;q=0, */*", XML },
		{ "application/json;q=0, */*;q=0.1", XML },
		{ "*/*, application/json;q=0.1", XML },
		{ "application/*;q=0.5, text/xml;q=0.4", JSON },
		{ "application/*;q=0.5, application/json;q=0.2", XML },
		{ "*/*;q=0.9, application/*;q=0.2", TEXT_XML },
		{ "application/xml, */*", XML },
		{ "*/*, application/xml", XML },
		{ "*/xml", JSON },
		{ "text/html,application/xhtml+xml,application/xml;q=0.9,"
		    "image/webp,*/*;q=0.8", XML },
		{ "application/json, text/javascript, */*; q=0.01", JSON },
	};

	(void)state;
	CHECK(rows);
}

static void
test_garbage(void **state)
{
	static const struct row	 rows[] = {
		{ ",", JSON },
		{ ",,application/xml,,", XML },
		{ ";q=1", JSON },
		{ "application/xml;q=", JSON },
		{ "application/xml;q=2", JSON },
		{ "application/xml;q=-1", JSON },
		{ "application/xml;q=1.001", JSON },
		{ "application/xml;q=0.1234", JSON },
		{ "application/xml;q=abc, text/xml;q=0.1", TEXT_XML },
		{ "xml", JSON },
		{ "/", JSON },
		{ "\xff\xfe, text/xml", TEXT_XML },
		{ "application/json;a=\",application/xml\";q=0.1, "
		    "text/xml;q=0.2", TEXT_XML },
		{ "\"unclosed, application/xml", JSON },
		{ "application/xml;;", XML },
	};

	(void)state;
	CHECK(rows);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_quality),
		cmocka_unit_test(test_wildcards),
		cmocka_unit_test(test_garbage),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
