/* SPDX-License-Identifier: MIT */
/* Proves tools/scenario/token.c: each kind of token, how far it goes, and each bad one. */
#include "files.h"
#include "scenario/token.h"

static const struct {
	const char *text;
	enum token_kind kind;
	size_t len;
	long number;
	double fraction;
	const char *why;
} rows[] = {
	{ "name_1 x", TOKEN_NAME, 6, 0, 0, NULL },
	{ "  __GFP_ZERO|", TOKEN_NAME, 10, 0, 0, NULL },
	{ "0", TOKEN_NUMBER, 1, 0, 0, NULL },
	{ "4096 ", TOKEN_NUMBER, 4, 4096, 0, NULL },
	{ "64K", TOKEN_NUMBER, 3, 65536, 0, NULL },
	{ "64k*2", TOKEN_NUMBER, 3, 65536, 0, NULL },
	{ "3M", TOKEN_NUMBER, 2, 3 << 20, 0, NULL },
	{ "3G", TOKEN_NUMBER, 2, 3L << 30, 0, NULL },
	{ "1T", TOKEN_NUMBER, 2, 1L << 40, 0, NULL },
	{ "0x1f", TOKEN_NUMBER, 4, 31, 0, NULL },
	{ "0xFFK", TOKEN_NUMBER, 5, 255 << 10, 0, NULL },
	{ "9223372036854775807", TOKEN_NUMBER, 19, __LONG_MAX__, 0, NULL },
	{ "0.75]", TOKEN_FRACTION, 4, 0, 0.75, NULL },
	{ "12.5", TOKEN_FRACTION, 4, 0, 12.5, NULL },
	{ "\"a # b\" c", TOKEN_TEXT, 5, 0, 0, NULL },
	{ "\"\"", TOKEN_TEXT, 0, 0, 0, NULL },
	{ "==1", TOKEN_SIGN, 2, 0, 0, NULL },
	{ "=1", TOKEN_SIGN, 1, 0, 0, NULL },
	{ "<<", TOKEN_SIGN, 2, 0, 0, NULL },
	{ "<=", TOKEN_SIGN, 2, 0, 0, NULL },
	{ "<", TOKEN_SIGN, 1, 0, 0, NULL },
	{ "~x", TOKEN_SIGN, 1, 0, 0, NULL },
	{ "", TOKEN_END, 0, 0, 0, NULL },
	{ " \t\r\n1", TOKEN_END, 0, 0, 0, NULL },
	{ "# all of it", TOKEN_END, 0, 0, 0, NULL },
	{ "12abc", TOKEN_BAD, 5, 0, 0, "no number" },
	{ "12KB", TOKEN_BAD, 4, 0, 0, "no number" },
	{ "0x", TOKEN_BAD, 2, 0, 0, "no number" },
	{ "1.2.3", TOKEN_BAD, 5, 0, 0, "no number" },
	{ "0x1.5", TOKEN_BAD, 5, 0, 0, "no number" },
	{ "9223372036854775808", TOKEN_BAD, 19, 0, 0, "too large" },
	{ "99999999999999999999", TOKEN_BAD, 20, 0, 0, "too large" },
	{ "9007199254740992T", TOKEN_BAD, 17, 0, 0, "too large" },
	{ "\"open", TOKEN_BAD, 5, 0, 0, "closing quote" },
	{ "$", TOKEN_BAD, 1, 0, 0, "no meaning" },
	{ "\xc3\xa4", TOKEN_BAD, 1, 0, 0, "no meaning" },
};

static void test_kinds(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *cursor = rows[i].text;
		struct token token = token_next(&cursor);

		if (token.kind != rows[i].kind || token.len != rows[i].len ||
		    token.number != rows[i].number || token.fraction != rows[i].fraction ||
		    (rows[i].why && !strstr(token.why, rows[i].why)))
			fail_msg("'%s': kind %d, %zu long, %ld, %f", rows[i].text, token.kind,
				 token.len, token.number, token.fraction);
		if (token.kind == TOKEN_END)
			assert_true(token_next(&cursor).kind == TOKEN_END);
	}
}

static void test_sequence(void **state)
{
	const char *cursor = "p[i] = f (x)";
	static const char *const expected[] = { "p", "[", "i", "]", "=", "f", "(", "x", ")" };
	static const bool apart[] = { false, false, false, false, true, true, true, false, false };

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct token token = token_next(&cursor);

		assert_true(token_is(&token, expected[i]));
		assert_int_equal(token.apart, apart[i]);
	}
	assert_true(token_next(&cursor).kind == TOKEN_END);
}

static void test_words(void **state)
{
	const char *cursor = "  mem=64M slub_debug=\"F Z\" # x";
	struct token word = token_word(&cursor);

	assert_int_equal(word.len, 7);
	assert_memory_equal(word.at, "mem=64M", 7);
	word = token_word(&cursor);
	assert_int_equal(word.len, 16);
	assert_true(token_word(&cursor).kind == TOKEN_END);
	cursor = "a=\"b c";
	assert_true(token_word(&cursor).kind == TOKEN_BAD);
}

static void test_names(void **state)
{
	assert_true(token_is_name("_a9"));
	assert_false(token_is_name("9a"));
	assert_false(token_is_name(""));
	assert_false(token_is_name("a-b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
