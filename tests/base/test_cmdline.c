/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/cmdline.c: command lines split into the words a kernel would see, quotes kept together,
 * and every number format read to its last digit: nothing is accepted that is
 * not wholly a number, and nothing overflows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmdline.h"

struct expected_word {
	const char *name;
	const char *value; /* NULL: a bare name */
};

struct split_case {
	const char *text;
	struct expected_word words[4]; /* ended by a NULL name */
};

static const struct split_case split_cases[] = {
	{ "", { { 0 } } },
	{ " \t\n ", { { 0 } } },
	{ "quiet", { { "quiet", NULL } } },
	{ "mem=1G", { { "mem", "1G" } } },
	{ "  mem=1G\tnr_cpus=4\nslab_nomerge  ",
	  { { "mem", "1G" }, { "nr_cpus", "4" }, { "slab_nomerge", NULL } } },
	{ "numa=fake=2", { { "numa", "fake=2" } } },
	{ "mem=", { { "mem", "" } } },
	{ "=5", { { "", "5" } } },
	{ "name=\"two words\" next", { { "name", "two words" }, { "next", NULL } } },
	{ "name=\"\"", { { "name", "" } } },
	{ "name=a\"b c\"d", { { "name", "a\"b c\"d" } } },
	{ "name=\"a=b c=d\"", { { "name", "a=b c=d" } } },
};

static void assert_text(const char *text, size_t len, const char *expected)
{
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(text, expected, len);
}

static void words_are_split(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(split_cases); i++) {
		const struct expected_word *expected = split_cases[i].words;
		const char *cursor = split_cases[i].text;
		struct cmdline_word word;

		for (; expected->name; expected++) {
			assert_int_equal(cmdline_next(&cursor, &word), 1);
			assert_text(word.name, word.name_len, expected->name);
			assert_int_equal(word.value != NULL, expected->value != NULL);
			if (expected->value)
				assert_text(word.value, word.value_len, expected->value);
		}
		assert_int_equal(cmdline_next(&cursor, &word), 0);
		assert_int_equal(cmdline_next(&cursor, &word), 0);
	}
}

static void unclosed_quote_is_refused(void **state)
{
	static const char *const texts[] = { "\"", "a=\"", "a=\"b c", "a=b\"", "a=\"b\"\" c" };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *cursor = texts[i];
		struct cmdline_word word;

		assert_int_equal(cmdline_next(&cursor, &word), -EINVAL);
	}
}

static void error_comes_after_good_words(void **state)
{
	const char *cursor = "mem=1G bad=\"x";
	struct cmdline_word word;

	assert_int_equal(cmdline_next(&cursor, &word), 1);
	assert_text(word.name, word.name_len, "mem");
	assert_int_equal(cmdline_next(&cursor, &word), -EINVAL);
}

struct bytes_case {
	const char *text;
	int err;
	unsigned long bytes;
};

static const struct bytes_case bytes_cases[] = {
	{ "0", 0, 0 },
	{ "1", 0, 1 },
	{ "007", 0, 7 },
	{ "4096", 0, 4096 },
	{ "1k", 0, 1UL << 10 },
	{ "1K", 0, 1UL << 10 },
	{ "3m", 0, 3UL << 20 },
	{ "3M", 0, 3UL << 20 },
	{ "2g", 0, 2UL << 30 },
	{ "2G", 0, 2UL << 30 },
	{ "1t", 0, 1UL << 40 },
	{ "1T", 0, 1UL << 40 },
	{ "1p", 0, 1UL << 50 },
	{ "1P", 0, 1UL << 50 },
	{ "0x0", 0, 0 },
	{ "0x1f", 0, 0x1f },
	{ "0XAbC", 0, 0xabc },
	{ "0x10k", 0, 0x10UL << 10 },
	{ "18446744073709551615", 0, ~0UL },
	{ "0xffffffffffffffff", 0, ~0UL },
	{ "16383p", 0, 16383UL << 50 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "99999999999999999999", -ERANGE, 0 },
	{ "0x10000000000000000", -ERANGE, 0 },
	{ "16384p", -ERANGE, 0 },
	{ "18014398509481984k", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ "k", -EINVAL, 0 },
	{ "0x", -EINVAL, 0 },
	{ "0xg", -EINVAL, 0 },
	{ "0xk", -EINVAL, 0 },
	{ "1kk", -EINVAL, 0 },
	{ "1k1", -EINVAL, 0 },
	{ "1kb", -EINVAL, 0 },
	{ "1e", -EINVAL, 0 },
	{ "1.5g", -EINVAL, 0 },
	{ "ten", -EINVAL, 0 },
};

static void numbers_are_read_whole_or_not_at_all(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bytes_cases); i++) {
		const struct bytes_case *c = &bytes_cases[i];
		unsigned long bytes = 12345;

		assert_int_equal(cmdline_bytes(c->text, strlen(c->text), &bytes), c->err);
		assert_int_equal(bytes, c->err ? 12345 : c->bytes);
	}
}

/* The text is given by its length: what lies behind it does not count. */
static void length_ends_the_number(void **state)
{
	unsigned long bytes;

	assert_int_equal(cmdline_bytes("64M,junk", 3, &bytes), 0);
	assert_int_equal(bytes, 64UL << 20);
	assert_int_equal(cmdline_bytes("0x1234", 4, &bytes), 0);
	assert_int_equal(bytes, 0x12);
	assert_int_equal(cmdline_bytes("0x1234", 2, &bytes), -EINVAL);
	assert_int_equal(cmdline_bytes("7", 0, &bytes), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split),
		cmocka_unit_test(unclosed_quote_is_refused),
		cmocka_unit_test(error_comes_after_good_words),
		cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
		cmocka_unit_test(length_ends_the_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
