/* SPDX-License-Identifier: MIT */
/*
 * Proves src/base/text.c: at every buffer size the text counts its whole length,
 * keeps what fits, terminates it, and writes nothing past the buffer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "text.h"

#define GUARD 0x5a

static const char whole[] = "Node 0, zone Normal 12 345 6789\n";

/* The same text, in pieces that fall on and between every boundary. */
static void add_pieces(struct text *text)
{
	text_add(text, "Node %d, ", 0);
	text_add(text, "%s", "");
	text_add(text, "zone %s", "Normal");
	for (int i = 0, digits = 12; i < 3; i++, digits = i == 1 ? 345 : 6789)
		text_add(text, " %d", digits);
	text_add(text, "\n");
}

static void every_size_keeps_the_promise(void **state)
{
	for (size_t size = 0; size <= sizeof(whole) + 4; size++) {
		char expected[64];
		char buf[64];
		struct text text;

		memset(buf, GUARD, sizeof(buf));
		memset(expected, GUARD, sizeof(expected));
		snprintf(expected, size, "%s", whole);

		text = text_on(buf, size);
		add_pieces(&text);
		assert_int_equal(text.len, strlen(whole));
		if (size)
			assert_string_equal(buf, expected);
		for (size_t i = size; i < sizeof(buf); i++)
			assert_int_equal(buf[i], GUARD);
	}
}

static void terminated_after_every_step(void **state)
{
	char buf[8];
	struct text text = text_on(buf, sizeof(buf));

	assert_int_equal(buf[0], '\0');
	for (size_t n = 1; n <= 20; n++) {
		text_add(&text, "x");
		assert_int_equal(text.len, n);
		assert_int_equal(strlen(buf), min(n, sizeof(buf) - 1));
	}
}

static void no_buffer_counts_only(void **state)
{
	struct text text = text_on(NULL, 0);

	add_pieces(&text);
	assert_int_equal(text.len, strlen(whole));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_size_keeps_the_promise),
		cmocka_unit_test(terminated_after_every_step),
		cmocka_unit_test(no_buffer_counts_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
