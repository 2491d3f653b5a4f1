/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <sys/stat.h>

#include "same_file.h"

bool same_file(const char *path, const char *other)
{
	struct stat one, two;

	if (!path || !other)
		return false;
	if (stat(path, &one))
		return strcmp(path, other) == 0;
	return stat(other, &two) == 0 && S_ISREG(one.st_mode) && one.st_dev == two.st_dev &&
	       one.st_ino == two.st_ino;
}
