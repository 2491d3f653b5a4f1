/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "memory.h"
#include "same_file.h"

/* The folder that @path lies in; @name: its last slash, NULL: it has none. */
static int folder_stat(const char *path, const char *name, struct stat *status)
{
	char *folder = name ? memory_text(path, (size_t)(name - path) + 1) : NULL;
	int err = stat(folder ? folder : ".", status);

	free(folder);
	return err;
}

/* Whether @path and @other, none of which exists, would be one file. */
static bool same_place(const char *path, const char *other)
{
	const char *name = strrchr(path, '/'), *other_name = strrchr(other, '/');
	struct stat one, two;

	if (strcmp(name ? name + 1 : path, other_name ? other_name + 1 : other) != 0)
		return false;
	return folder_stat(path, name, &one) == 0 && folder_stat(other, other_name, &two) == 0 &&
	       one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

bool same_file(const char *path, const char *other)
{
	struct stat one, two;

	if (!path || !other)
		return false;
	if (stat(path, &one))
		return stat(other, &two) != 0 && same_place(path, other);
	return stat(other, &two) == 0 && S_ISREG(one.st_mode) && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}
