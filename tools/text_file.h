/* SPDX-License-Identifier: MIT */
/* The emulated files of the current machine. */
#ifndef TOOLS_TEXT_FILE_H
#define TOOLS_TEXT_FILE_H

#include <stdio.h>

/*
 * Return: the whole text of an emulated file, to be freed; NULL with errno set if
 * it cannot be read.
 */
char *text_file_read(const char *path);

/*
 * Copy an emulated file, of text or of words, to @to.
 * Return: 0, or -1 with errno set if it cannot be read or written.
 */
int text_file_copy(const char *path, FILE *to);

#endif
