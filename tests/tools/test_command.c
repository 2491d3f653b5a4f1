/* SPDX-License-Identifier: MIT */
/*
 * Proves the command as its user meets it: exit status and message for good and
 * for bad arguments and files, and that the replay's report carries its figures.
 */
#include <sys/wait.h>

#include "files.h"

/* Run "kalloc ARGUMENTS", gather what it prints. Return: its exit status, -1 if it crashed. */
static int run(const char *arguments, char *output, size_t size)
{
	const char *kalloc = getenv("KALLOC");
	char line[1024];
	FILE *pipe;
	size_t len;
	int status;

	assert_non_null(kalloc);
	snprintf(line, sizeof(line), "exec 2>&1; '%s' %s", kalloc, arguments);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	len = fread(output, 1, size - 1, pipe);
	output[len] = '\0';
	while (fgetc(pipe) != EOF)
		;
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const struct {
	const char *arguments;
	int status;
	const char *expected;
} rows[] = {
	{ "--help", 0, "replay TRACE" },
	{ "--version", 0, "kalloc " },
	{ "boot --help", 0, "--list" },
	{ "replay --help", 0, "--cmdline" },
	{ "", 2, "Usage" },
	{ "frobnicate", 2, "unknown command 'frobnicate'" },
	{ "boot", 2, "no CMDLINE" },
	{ "boot mem=64M", 0, "Page map by type" },
	{ "boot mem=64M --map=order", 0, "Page map by free order" },
	{ "boot mem=64M --map=colour", 2, "--map=colour" },
	{ "boot mem=64M -- cat /proc/buddyinfo", 0, "Node 0, zone" },
	{ "boot mem=64M -- cat /proc/nothing", 2, "/proc/nothing: No such file" },
	{ "boot mem=64M -- cat", 2, "cat needs a path" },
	{ "boot mem=64M nr_cpus=2", 2, "'nr_cpus=2' is not 'cat'" },
	{ "boot mem=64M --list", 0, "/proc/slabinfo" },
	{ "boot mem=64M >/dev/full", 1, "standard output: No space left" },
	{ "boot mem=64M --list >/dev/full", 1, "standard output: No space left" },
	{ "boot no_such_parameter=1", 2, "no_such_parameter" },
	{ "boot mem=banana", 2, "mem=banana" },
	{ "replay", 2, "no TRACE" },
	{ "replay /nonexistent/trace", 2, "/nonexistent/trace: No such file" },
	{ "replay /dev/null", 2, "/dev/null: not a regular file" },
	{ "replay \"$KALLOC\"", 2, "binary data" },
	{ "replay --caches=many x", 2, "--caches=many" },
	{ "replay --cmdline=nonsense=1 " SAMPLE("ftrace.txt"), 2, "nonsense" },
	{ "replay " SAMPLE("ftrace.txt"), 0, "Verdict: 1 unmatched frees" },
	{ "replay --map=none " SAMPLE("perf.txt"), 0, "Verdict: 0 unmatched frees" },
	{ "replay " SAMPLE("log.txt"), 0, "with the objects born before" },
};

static void test_rows(void **state)
{
	static char output[65536];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = run(rows[i].arguments, output, sizeof(output));

		if (status != rows[i].status || !strstr(output, rows[i].expected))
			fail_msg("kalloc %s: status %d, expected %d and '%s':\n%s",
				 rows[i].arguments, status, rows[i].status, rows[i].expected,
				 output);
	}
}

static void test_truncated_names_the_line(void **state)
{
	static char output[65536];
	size_t len;
	char *bytes = files_read(SAMPLE("ftrace.txt"), &len);
	char *path = files_make(bytes, len - 20);
	char arguments[64];

	snprintf(arguments, sizeof(arguments), "replay %s", path);
	assert_int_equal(run(arguments, output, sizeof(output)), 2);
	assert_non_null(strstr(output, path));
	assert_non_null(strstr(output, "line 24"));
	files_drop(path);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_truncated_names_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
