/* SPDX-License-Identifier: MIT */
/*
 * The report as a file: the page of tools/page, which is part of the program, with a
 * document in it.
 */
#ifndef RECORDER_PAGE_FILE_H
#define RECORDER_PAGE_FILE_H

#include <stddef.h>

#include "output.h"

/* Write it to @file and put that in place. Return: 0, or -1 with errno set. Either way it is gone. */
int page_file_finish(struct output *file, const char *document, size_t len);

#endif
