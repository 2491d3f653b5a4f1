/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_SAME_FILE_H
#define TOOLS_SAME_FILE_H

#include <stdbool.h>

/*
 * Whether writing to @path would take the place of @other: both name one regular file, or
 * neither exists yet and both would be one. A pipe or a terminal is never the same. Either
 * may be NULL: then not.
 */
bool same_file(const char *path, const char *other);

#endif
