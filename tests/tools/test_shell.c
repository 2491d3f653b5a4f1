/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/scenario/shell.c, complete.c and history_path.c: what a session of lines
 * does and prints, that it goes on after each mistake, which words complete a line, and
 * where the history is.
 */
#include <sys/stat.h>

#include "scenario/complete.h"
#include "scenario/history_path.h"
#include "scenario/shell.h"
#include "scripting.h"

static const char *next; /* of the lines that are read */
static char prompts[256];

static char *read_next(const char *prompt)
{
	size_t len = strcspn(next, "\n");
	char *line;

	strncat(prompts, prompt, sizeof(prompts) - strlen(prompts) - 1);
	if (!*next)
		return NULL;
	line = strndup(next, len);
	next += len + (next[len] == '\n');
	return line;
}

static int shell(const char *lines, char **output)
{
	size_t size;
	FILE *out = open_memstream(output, &size);
	struct session_options options = {
		.name = "s", .out = out, .err = out, .keep_going = true, .interactive = true
	};
	struct session session;
	int status;

	next = lines;
	prompts[0] = '\0';
	session_init(&session, &options);
	status = shell_run(&session, read_next);
	session_fini(&session);
	fclose(out);
	return status;
}

static const struct {
	const char *lines;
	int status;
	const char *output;
} rows[] = {
	{ "", 0, "" },
	{ "1 + 2\n\"a\"\n# nothing\n\n(3)\n-4", 0, "3\na\n3\n-4\n" },
	{ "x = 5\nx\nx + 1", 0, "5\n6\n" },
	{ "kmalloc 100\nit size\nkfree it", 0, "memory of the slab layer, 100 bytes\n128\n" },
	{ "repeat 2 as i\nif i\nprint i\nend\nend\nprint 7", 0, "1\n7\n" },
	{ "foo bar\nprint 1", 2, "s:1: no verb 'foo': a line is a call" },
	{ "foo bar\nprint 1", 2, "\n1\n" },
	{ "1 +\nprint 1", 2, "s:1: a value is missing at the end of the line\n1\n" },
	{ "print x\nx = 1\nprint x", 2,
	  "s:1: no variable 'x': nothing was assigned to it; a text stands in double quotes\n1\n" },
	{ "\nkfree q", 2, "s:2: no variable 'q'" },
	{ "expect 1 == 2\nprint 3", 1, "s:1: not as expected: 1 == 2\n3\n" },
	{ "p = kmalloc 100", 1, "s:1: not given back: memory of the slab layer, 100 bytes\n" },
	{ "repeat 2\nprint 1", 2, "s:1: 'repeat' has no 'end'\n" },
	{ "print 1\nexit\nprint 2", 0, "1\n" },
	{ "  quit", 0, "" },
	{ "help kmalloc", 0, "  kmalloc size [gfp] [nid] " },
	{ "help free", 0, "\n  free(order[, zone]) " },
	{ "help", 0, "Functions\n" },
	{ "help nothing", 2, "s:1: help: neither a verb nor a function is called 'nothing'" },
	{ "p = alloc_pages\nexplain\ncat /proc/buddyinfo\nfree p", 0,
	  "A page, GFP_KERNEL, type Unmovable\n" },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *output;
		int status = shell(rows[i].lines, &output);

		if (status != rows[i].status || !strstr(output, rows[i].output))
			fail_msg("%s\nstatus %d, expected %d and '%s':\n%s", rows[i].lines, status,
				 rows[i].status, rows[i].output, output);
		free(output);
	}
}

/* A block is read to its end before anything runs. */
static void test_prompts(void **state)
{
	char *output;

	assert_int_equal(shell("repeat 1\nif 1\nend\nend\nprint 1", &output), 0);
	assert_string_equal(prompts, "kalloc> > > > kalloc> kalloc> ");
	free(output);
}

static const struct {
	const char *line;  /* what stands before the cursor */
	const char *words; /* in order; begins of it, if it ends in "..." */
} completions[] = {
	{ "alloc_p", "alloc_pages alloc_pages_bulk_array" },
	{ "p = alloc_c", "alloc_contig_pages" },
	{ "rep", "repeat" },
	{ "kfree my", "my_pages" },
	{ "my", "my_pages" },
	{ "alloc_pages o", "order order=" },
	{ "p = kmalloc 100 g", "get gfp=" },
	{ "kmalloc 1 GFP_NO", "GFP_NOFS GFP_NOIO GFP_NOWAIT" },
	{ "kmalloc 1 GFP_KERNEL|__GFP_NO", "__GFP_NOFAIL __GFP_NOMEMALLOC __GFP_NORETRY "
					   "__GFP_NOWARN" },
	{ "kmem_cache_create \"a\" 1 flags=SLAB_T", "SLAB_TYPESAFE_BY_RCU" },
	{ "expect my_pages p", "parts pcp pfn proc" },
	{ "cat /proc/bu", "/proc/buddyinfo" },
	{ "cat /proc/meminfo /proc/sys/vm/min", "/proc/sys/vm/min_free_kbytes" },
	{ "set /proc/sys/vm/comp", "/proc/sys/vm/compact_memory" },
	{ "cat /sys/kernel/s", "" },
	{ "banana", "" },
};

/* The word that a line ends in begins behind these. */
static size_t word_start(const char *line)
{
	size_t start = strlen(line);

	while (start && !strchr(" =|", line[start - 1]))
		start--;
	return start;
}

static void test_complete(void **state)
{
	struct session_options options = { .name = "s", .out = stdout, .err = stdout };
	struct session session;

	session_init(&session, &options);
	*session_variable(&session, names_id(&session.names, "my_pages", 8)) = value_number(1);
	names_id(&session.names, "my_text", 7);
	for (size_t i = 0; i < sizeof(completions) / sizeof(completions[0]); i++) {
		const char *line = completions[i].line;
		char **words = complete(&session, line, word_start(line), strlen(line));
		char all[1024] = "";

		for (char **word = words; *word; word++) {
			strcat(all, *all ? " " : "");
			strcat(all, *word);
		}
		if (strcmp(all, completions[i].words) != 0)
			fail_msg("'%s': '%s' instead of '%s'", line, all, completions[i].words);
		complete_fini(words);
	}
	/* At the beginning of a line all verbs can stand, and nothing that needs a value. */
	{
		char **words = complete(&session, "", 0, 0);
		size_t count = 0;

		for (; words[count]; count++)
			assert_string_not_equal(words[count], "pfn");
		assert_true(count > 40);
		complete_fini(words);
	}
	session_fini(&session);
}

static void assert_history(const char *state_home, const char *home, const char *expected)
{
	char *path;

	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	if (state_home)
		setenv("XDG_STATE_HOME", state_home, 1);
	if (home)
		setenv("HOME", home, 1);
	path = history_path();
	if (expected)
		assert_string_equal(path, expected);
	else
		assert_null(path);
	free(path);
}

static void test_history_path(void **state)
{
	char folder[] = "/tmp/kalloc-test-XXXXXX", expected[128], made[128];
	char *saved = getenv("HOME") ? strdup(getenv("HOME")) : NULL;
	struct stat found;

	assert_non_null(mkdtemp(folder));
	snprintf(expected, sizeof(expected), "%s/state/kalloc/history", folder);
	snprintf(made, sizeof(made), "%s/state", folder);
	assert_history(made, "/nowhere", expected);
	snprintf(made, sizeof(made), "%s/state/kalloc", folder);
	assert_int_equal(stat(made, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0700);
	rmdir(made);
	*strrchr(made, '/') = '\0';
	rmdir(made);

	snprintf(expected, sizeof(expected), "%s/.local/state/kalloc/history", folder);
	assert_history(NULL, folder, expected);
	/* A relative path is invalid, says the specification of the variable. */
	assert_history("relative", folder, expected);
	assert_history(NULL, NULL, NULL);
	assert_history(NULL, "", NULL);
	for (int i = 0; i < 3; i++) {
		*strrchr(expected, '/') = '\0';
		assert_int_equal(rmdir(expected), 0);
	}
	assert_int_equal(rmdir(folder), 0);
	if (saved)
		setenv("HOME", saved, 1);
	free(saved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_complete),
		cmocka_unit_test(test_history_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
