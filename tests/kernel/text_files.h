/* SPDX-License-Identifier: MIT */
/* Files of text, read and written by kernel code as a program would. */
#ifndef TESTS_KERNEL_TEXT_FILES_H
#define TESTS_KERNEL_TEXT_FILES_H

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/string.h>
#include <kunit/test.h>

#define D    "/sys/kernel/debug/"
#define ROOM 16384

static char text[ROOM];

/* A file's text, read @piece bytes at a time. Return: an error, or how long it is. */
static inline long text_get(const char *path, size_t piece)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	loff_t pos = 0;
	ssize_t done;

	memset(text, 0, sizeof(text));
	if (IS_ERR(file))
		return PTR_ERR(file);
	do
		done = kernel_read(file, text + pos, min_t(size_t, piece, ROOM - 1 - pos), &pos);
	while (done > 0);
	filp_close(file, NULL);
	return done < 0 ? done : (long)pos;
}

static inline long text_put(const char *path, const char *what)
{
	struct file *file = filp_open(path, O_WRONLY, 0);
	loff_t pos = 0;
	ssize_t done;

	if (IS_ERR(file))
		return PTR_ERR(file);
	done = kernel_write(file, what, strlen(what), &pos);
	filp_close(file, NULL);
	return done;
}

static inline void text_expect(struct kunit *test, const char *path, const char *expected)
{
	KUNIT_EXPECT_EQ_MSG(test, text_get(path, 100), (long)strlen(expected), "%s: %s", path,
			    text);
	KUNIT_EXPECT_STREQ_MSG(test, text, expected, "%s", path);
}

#endif
