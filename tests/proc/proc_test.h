/* SPDX-License-Identifier: MIT */
/*
 * For the tests of src/proc: a machine to read from, and comparing the shape of a
 * file with that of a real kernel's.
 */
#ifndef PROC_TEST_H
#define PROC_TEST_H

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <kalloc/kalloc.h>

#include "machine.h"
#include "text.h"

#define TEST_ENTER(m, cmdline)                           \
	struct kalloc_machine *m = kalloc_boot(cmdline); \
	assert_non_null(m);                              \
	kalloc_enter(m)

/* The whole file, to be freed. */
static inline char *file_text(const char *path)
{
	long len = kalloc_read(path, NULL, 0);
	size_t size = (size_t)len + 4096;
	char *text = test_malloc(size);

	assert_true(len >= 0);
	assert_true(kalloc_read(path, text, size) < (long)size);
	return text;
}

/* The number behind the first "<name> " at the start of a line, blanks before either. */
static inline unsigned long file_number(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \n");
		if (strncmp(line, name, len) == 0 && line[len] == ' ')
			return strtoul(line + len, NULL, 10);
	}
	fail_msg("no line %s", name);
	return 0;
}

/*
 * Every number becomes one '#'; with @keep_width, it and the blanks before it as many
 * as they are wide, so that columns must agree too. To be freed.
 */
static inline char *shape_of(const char *text, bool keep_width)
{
	char *shape = test_malloc(strlen(text) + 1), *out = shape;

	for (const char *p = text; *p;) {
		size_t blanks = keep_width ? strspn(p, " ") : 0;
		size_t digits = strspn(p + blanks, "0123456789");
		bool is_number = digits && (p == text || !isalpha((unsigned char)p[-1]) || blanks);

		if (!is_number) {
			*out++ = *p++;
			continue;
		}
		for (size_t i = 0; i < (keep_width ? blanks + digits : 1); i++)
			*out++ = '#';
		p += blanks + digits;
	}
	*out = '\0';
	return shape;
}

static inline void assert_same_shape(const char *text, const char *sample, bool keep_width)
{
	char *ours = shape_of(text, keep_width), *kernels = shape_of(sample, keep_width);

	assert_string_equal(ours, kernels);
	test_free(ours);
	test_free(kernels);
}

#endif
