/* SPDX-License-Identifier: MIT */
/* The emulated files of the current machine. */
#ifndef TOOLS_TEXT_FILE_H
#define TOOLS_TEXT_FILE_H

/*
 * Return: the whole text of an emulated file, to be freed; NULL with errno set if
 * it cannot be read.
 */
char *text_file_read(const char *path);

#endif
