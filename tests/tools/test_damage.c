/* SPDX-License-Identifier: MIT */
/*
 * Proves that no damage to a trace, in whatever place, brings the program down: a
 * damaged file is refused with a message, or replayed with every event counted
 * (replaying.h checks the sum).
 */
#include "replaying.h"

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void ignore_text(void *ctx, const char *text)
{
}

static void replay_bytes(const char *bytes, size_t len)
{
	char *path = files_make(bytes, len);
	struct replaying run = { 0 };
	char *message = replaying_begin(&run, path, true);

	if (message)
		assert_true(strlen(message) > 0);
	free(message);
	replaying_end(&run);
	files_drop(path);
}

static void test_truncated(void **state)
{
	size_t len;
	char *bytes = files_read(*state, &len);
	uint64_t seed = 11;

	for (unsigned int i = 0; i < 25; i++)
		replay_bytes(bytes, next(&seed) % len);
	free(bytes);
}

static void test_flipped(void **state)
{
	size_t len;
	char *bytes = files_read(*state, &len);
	uint64_t seed = 12;

	for (unsigned int i = 0; i < 60; i++) {
		char *copy = malloc(len);

		memcpy(copy, bytes, len);
		for (unsigned int flips = 1 + next(&seed) % 4; flips; flips--) {
			size_t at = next(&seed) % len;

			/* Half of the time keep it text, so that the damage gets further. */
			if (i % 2)
				copy[at] = "0123456789abcdef= \n"[next(&seed) % 19];
			else
				copy[at] = (char)(copy[at] ^ (1 << next(&seed) % 8));
		}
		replay_bytes(copy, len);
		free(copy);
	}
	free(bytes);
}

/* Lines left out, doubled and swapped: each line is good, their order is not. */
static void test_shuffled_lines(void **state)
{
	size_t len;
	char *bytes = files_read(*state, &len);
	char *copy = malloc(2 * len);
	uint64_t seed = 13;

	for (unsigned int i = 0; i < 40; i++) {
		size_t filled = 0;

		for (char *line = bytes; *line;) {
			size_t line_len = strcspn(line, "\n") + 1;
			unsigned int times = line[0] == '@' ? 1 : (unsigned int)(next(&seed) % 3);

			for (; times; times--) {
				memcpy(copy + filled, line, line_len);
				filled += line_len;
				if (filled > 2 * len - 1024)
					break;
			}
			line += line_len;
		}
		replay_bytes(copy, filled < 2 * len ? filled : 2 * len);
	}
	free(copy);
	free(bytes);
}

int main(void)
{
	static char ftrace[] = SAMPLE("ftrace.txt"), log[] = SAMPLE("log.txt");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(test_truncated, ftrace),
		cmocka_unit_test_prestate(test_truncated, log),
		cmocka_unit_test_prestate(test_flipped, ftrace),
		cmocka_unit_test_prestate(test_flipped, log),
		cmocka_unit_test_prestate(test_shuffled_lines, ftrace),
	};

	/* Damaged sizes make the library complain, which is right and not the point here. */
	kalloc_set_console(ignore_text, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
