#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/date.h"

static int
setup(void **state)
{
	(void)state;
	crypto_init();
	crypto_init();		/* once more does no harm */
	return 0;
}

static void
test_sha256(void **state)
{
	char	 hex[2 * SHA256_SIZE + 1];

	(void)state;
	crypto_sha256_hex(span_of(""), hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	crypto_sha256_hex(span_of("abc"), hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
}

static void
test_random_differs(void **state)
{
	unsigned char	 a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	crypto_random(a, sizeof a);
	crypto_random(b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
test_token(void **state)
{
	char	 token[1001], other[33], same[33];
	int	 seen[128] = { 0 }, kinds = 0;

	(void)state;
	crypto_token(token, 1000);
	assert_int_equal(strlen(token), 1000);
	for (size_t i = 0; i < 1000; i++) {
		assert_true(isalnum((unsigned char)token[i]));
		kinds += seen[(unsigned char)token[i]]++ == 0;
	}
	assert_true(kinds > 50);
	crypto_token(other, 32);
	crypto_token(same, 32);
	assert_string_not_equal(other, same);
	crypto_token(other, 0);
	assert_string_equal(other, "");
}

static void
test_uuid(void **state)
{
	static const char	 form[] =
	    "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
	char			 uuid[37], other[37];

	(void)state;
	crypto_uuid(uuid);
	crypto_uuid(other);
	assert_string_not_equal(uuid, other);
	for (size_t i = 0; i < sizeof form; i++) {
		if (form[i] == 'x')
			assert_non_null(strchr("0123456789abcdef", uuid[i]));
		else if (form[i] == 'y')
			assert_non_null(strchr("89ab", uuid[i]));
		else
			assert_int_equal(uuid[i], form[i]);
	}
}

static void
test_equal(void **state)
{
	(void)state;
	assert_true(crypto_equal(span_of(""), span_of("")));
	assert_true(crypto_equal(span_of("abc"), span_of("abc")));
	assert_false(crypto_equal(span_of("abc"), span_of("abd")));
	assert_false(crypto_equal(span_of("Abc"), span_of("abc")));
	assert_false(crypto_equal(span_of("abc"), span_of("ab")));
}

static void
test_password(void **state)
{
	struct arena	*a = arena_new();
	struct err	 err = { .code = ERR_OK };
	char		*phc, *other;

	(void)state;
	assert_true(password_hash(a, span_of("s\xc3\xa9same"), &phc, &err));
	assert_true(password_hash(a, span_of("s\xc3\xa9same"), &other, &err));
	assert_string_not_equal(phc, other);
	assert_int_equal(strncmp(phc, "$argon2id$v=19$m=19456,t=2,p=1$", 31),
	    0);
	assert_true(password_verify(span_of("s\xc3\xa9same"), phc));
	assert_false(password_verify(span_of("sesame"), phc));
	assert_false(password_verify(span_of(""), phc));
	phc[strlen(phc) - 2] ^= 1;
	assert_false(password_verify(span_of("s\xc3\xa9same"), phc));
	arena_free(a);
}

/* Made by another implementation. */
static void
test_password_of_others(void **state)
{
	static const char	 usual[] =
	    "$argon2id$v=19$m=19456,t=2,p=1$cFBwUmNhZ0VLREc3dFhXbQ$"
	    "t2+TPm6lGLCLR/bQXZeyi+AvBS8J6vkq71MPo33AKeo";
	static const char	 small[] =
	    "$argon2id$v=19$m=64,t=3,p=2$dFV5a29mbmNSQ2x1RmphQQ$"
	    "em0UERqgcVAlxVGSscb9lv9sUe0xtfsu817I5U0VQZM";

	(void)state;
	assert_true(password_verify(span_of("correct horse"), usual));
	assert_false(password_verify(span_of("Correct horse"), usual));
	assert_true(password_verify(span_of("a"), small));
	assert_false(password_verify(span_of("b"), small));
}

static void
test_password_empty(void **state)
{
	static const char	 empty[] =
	    "$argon2id$v=19$m=64,t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ$"
	    "3W3HlnWrYtCtgKIlXHrbbkjMjflcoV79nHJ3NzTed38";
	struct arena		*a = arena_new();
	struct err		 err = { .code = ERR_OK };
	char			*phc;

	(void)state;
	assert_false(password_hash(a, span_of(""), &phc, &err));
	assert_int_equal(err.code, ERR_VALIDATION);
	assert_false(password_verify(span_of(""), empty));
	assert_false(password_verify((struct span){ NULL, 0 }, empty));
	arena_free(a);
}

/* A refusal takes as long as an answer, within a wide margin. */
static void
test_password_costs_the_same(void **state)
{
	static const char *const	 phc[] = {
		"$argon2id$v=19$m=19456,t=2,p=1$cFBwUmNhZ0VLREc3dFhXbQ$"
		"t2+TPm6lGLCLR/bQXZeyi+AvBS8J6vkq71MPo33AKeo", NULL, "broken"
	};
	int64_t				 ticks[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		ticks[i] = -clock_ticks();
		assert_false(password_verify(span_of(i == 3 ? "" : "wrong"),
		    phc[i % 3]));
		ticks[i] += clock_ticks();
	}
	for (size_t i = 1; i < 4; i++)
		assert_true(ticks[i] * 5 > ticks[0]);
}

static void
test_password_broken(void **state)
{
	static const char *const	 bad[] = {
		NULL, "", "secret", "$argon2id$v=19$", "$argon2i$v=19$m=64,"
		"t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ$3W3HlnWrYtCtgKIlXHrbbkjM",
		"$argon2id$v=19$m=64,t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ$",
		"$argon2id$v=19$m=64,t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ",
		"$argon2id$v=19$m=64,t=3,p=2$$3W3HlnWrYtCtgKIlXHrbbkjM",
		"$argon2id$v=19$m=99999999,t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ$"
		"3W3HlnWrYtCtgKIlXHrbbkjMjflcoV79nHJ3NzTed38",
		"$argon2id$v=19$m=64,t=99999999,p=2$RWFOMDdSOVVXT2JzSXVIWQ$"
		"3W3HlnWrYtCtgKIlXHrbbkjMjflcoV79nHJ3NzTed38",
		"$argon2id$v=19$m=0,t=3,p=2$RWFOMDdSOVVXT2JzSXVIWQ$"
		"3W3HlnWrYtCtgKIlXHrbbkjMjflcoV79nHJ3NzTed38",
		"$argon2id$v=19$m=64,t=3,p=2$RWFO!DdSOVVXT2JzSXVIWQ$"
		"3W3HlnWrYtCtgKIlXHrbbkjMjflcoV79nHJ3NzTed38"
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(password_verify(span_of("x"), bad[i]));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_random_differs),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_password_of_others),
		cmocka_unit_test(test_password_empty),
		cmocka_unit_test(test_password_costs_the_same),
		cmocka_unit_test(test_password_broken),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, NULL);
}
