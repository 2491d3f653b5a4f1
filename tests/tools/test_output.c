/* SPDX-License-Identifier: MIT */
/*
 * Proves tools/output.c: a file takes its place whole or not at all, what was there before stays
 * until then, and nothing lies beside it afterwards.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"
#include "output.h"

static void assert_content(const char *path, const char *text)
{
	char beside[4096];
	size_t len;
	char *bytes = files_read(path, &len);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(bytes, text, len);
	free(bytes);
	snprintf(beside, sizeof(beside), "%s.new", path);
	assert_int_equal(access(beside, F_OK), -1);
}

static void write_output(const char *path, const char *text)
{
	struct output *output = output_open(path);

	assert_non_null(output);
	fputs(text, output_stream(output));
	assert_int_equal(output_finish(output), 0);
}

static void test_takes_its_place(void **state)
{
	char *path = files_make("old", 3), link[4096];
	struct stat status;

	write_output(path, "new");
	assert_content(path, "new");
	snprintf(link, sizeof(link), "%s.link", path);
	assert_int_equal(symlink(path, link), 0);
	write_output(link, "through a link");
	assert_content(path, "through a link");
	assert_int_equal(lstat(link, &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	unlink(path);
	write_output(link, "where there was none");
	assert_content(path, "where there was none");
	unlink(link);
	files_drop(path);
}

/* What lies beside it is somebody's. */
static void test_beside_is_taken(void **state)
{
	char *path = files_make("old", 3), beside[4096], next[4096];
	struct output *output;

	snprintf(beside, sizeof(beside), "%s.new", path);
	snprintf(next, sizeof(next), "%s.new1", path);
	write_output(beside, "kept");
	output = output_open(path);
	assert_non_null(output);
	assert_int_equal(access(next, F_OK), 0);
	fputs("new", output_stream(output));
	assert_int_equal(output_finish(output), 0);
	assert_content(beside, "kept");
	assert_int_equal(access(next, F_OK), -1);
	unlink(beside);
	assert_content(path, "new");
	files_drop(path);
}

static void test_drop(void **state)
{
	char *path = files_make("old", 3);
	struct output *output = output_open(path);

	assert_non_null(output);
	fputs("new", output_stream(output));
	errno = ENOSPC;
	output_drop(output);
	assert_int_equal(errno, ENOSPC);
	assert_content(path, "old");
	files_drop(path);
}

/* The host takes no more than some bytes. */
static void test_is_not_whole(void **state)
{
	char *path = files_make("old", 3);
	struct output *output = output_open(path);
	struct rlimit before, few;

	assert_non_null(output);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	few = (struct rlimit){ 1000, before.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	for (int i = 0; i < 100000; i++)
		fputs("new", output_stream(output));
	assert_int_equal(output_finish(output), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	assert_content(path, "old");
	files_drop(path);
}

/* Standard error goes to the file: nothing that was printed is lost, neither way. */
static void test_is_printed_to(void **state)
{
	char *path = files_make("", 0);
	int fd = open(path, O_WRONLY), before = dup(STDERR_FILENO);

	assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
	fputs("printed, ", stderr);
	write_output("/dev/stderr", "written, ");
	write_output(path, "and again, ");
	fputs("and printed", stderr);
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	close(before);
	close(fd);
	assert_content(path, "printed, written, and again, and printed");
	files_drop(path);
}

static void test_cannot(void **state)
{
	struct output *output;

	assert_null(output_open("/nonexistent/file"));
	assert_int_equal(errno, ENOENT);
	assert_null(output_open("/"));
	assert_int_equal(errno, EISDIR);
	/* What cannot be replaced is written itself. */
	output = output_open("/dev/full");
	assert_non_null(output);
	fputs("new", output_stream(output));
	assert_int_equal(output_finish(output), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(access("/dev/full.new", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_its_place),
		cmocka_unit_test(test_beside_is_taken),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_is_not_whole),
		cmocka_unit_test(test_is_printed_to),
		cmocka_unit_test(test_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
