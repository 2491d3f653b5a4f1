/* SPDX-License-Identifier: MIT */
/* Files for the tests of tools/: the samples beside the tests, and throw-away ones. */
#ifndef TESTS_TOOLS_FILES_H
#define TESTS_TOOLS_FILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SAMPLE(name) TEST_DATA "/" name

static inline int under_valgrind(void)
{
	return getenv("KALLOC_UNDER_VALGRIND") != NULL;
}

/* The path of a new file that holds bytes[0..len); files_drop() removes it. */
static inline char *files_make(const void *bytes, size_t len)
{
	char *path = strdup("kalloc-test-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	return path;
}

static inline void files_drop(char *path)
{
	unlink(path);
	free(path);
}

/* All bytes of a file, terminated; free() gives them back. */
static inline char *files_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *bytes;

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	*len = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(*len + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *len, file), *len);
	bytes[*len] = '\0';
	fclose(file);
	return bytes;
}

/* The path of a new file like @path, but with @to where @from first stands. */
static inline char *files_edit(const char *path, const char *from, const char *to)
{
	size_t len, edited_len;
	char *bytes = files_read(path, &len), *at = strstr(bytes, from), *edited, *made;

	if (!at)
		fail_msg("%s: no '%s' in it", path, from);
	edited_len = len - strlen(from) + strlen(to);
	edited = malloc(edited_len + 1);
	assert_non_null(edited);
	sprintf(edited, "%.*s%s%s", (int)(at - bytes), bytes, to, at + strlen(from));
	made = files_make(edited, edited_len);
	free(edited);
	free(bytes);
	return made;
}

#endif
