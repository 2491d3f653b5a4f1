/* SPDX-License-Identifier: MIT */
/*
 * What a program's arguments say of files: --cat=FILE prints one, --write=FILE=TEXT writes to
 * one. They are the program's own, if it has any, and the machine's.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/printk.h>
#include <linux/string.h>

#include <kalloc/kalloc.h>
#include <kalloc/kernel/program.h>

#include "core.h"

long kalloc_file_read(const char *path, char *buf, unsigned long size) __weak;
long kalloc_file_write(const char *path, const char *text) __weak;

static long text_read(const char *path, char *buf, unsigned long size)
{
	return kalloc_file_read ? kalloc_file_read(path, buf, size) : kalloc_read(path, buf, size);
}

static bool file_cat(const char *path)
{
	unsigned long size = 1UL << 20;
	char *text = host_zalloc(size);
	long bytes = text_read(path, text, size);

	if (bytes >= (long)size) {
		host_free(text);
		size = (unsigned long)bytes + size;
		text = host_zalloc(size);
		bytes = text_read(path, text, size);
	}
	if (bytes > 0)
		host_print(text, min((unsigned long)bytes, size - 1));
	else if (bytes < 0)
		printk("kalloc: --cat=%s: error %ld\n", path, bytes);
	host_free(text);
	return bytes >= 0;
}

static bool file_write(char *path)
{
	char *text = strchr(path, '=');
	long bytes;

	if (!text) {
		printk("kalloc: --write=%s: no =TEXT\n", path);
		return false;
	}
	*text++ = '\0';
	bytes = kalloc_file_write ? kalloc_file_write(path, text) : kalloc_write(path, text);
	if (bytes < 0)
		printk("kalloc: --write=%s: error %ld\n", path, bytes);
	return bytes >= 0;
}

bool files_do(int argc, char **argv)
{
	bool good = true;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strncmp(argv[i], "--cat=", 6))
			good &= file_cat(argv[i] + 6);
		else if (!strncmp(argv[i], "--write=", 8))
			good &= file_write(argv[i] + 8);
	}
	return good;
}
